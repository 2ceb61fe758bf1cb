"""What we read of QuickBooks Online's JSON: the few fields of each document that Dunwell needs, nearly all optional.

Decoding alone; what the values mean is `translate`'s job. Attributes without a value are absent, and now and then null;
amounts come as JSON numbers or as quoted ones, and become exact decimals either way.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from msgspec import Meta, Raw, Struct, field

Instant = Annotated[datetime, Meta(tz=True)]
"""Always with an offset, Pacific in practice whatever the company's zone."""


class Shape(Struct, rename="pascal", kw_only=True, gc=False):
    pass


class Ref(Struct, gc=False):
    value: str | None = None


class MetaData(Shape):
    last_updated_time: Instant | None = None


class Identified(Shape):
    id: str


class Document(Identified):
    """What every document has. `status` is there on removed things only."""

    sync_token: str | None = None
    meta_data: MetaData | None = None
    status: str | None = field(default=None, name="status")


class Email(Shape):
    address: str | None = None


class Phone(Shape):
    free_form_number: str | None = None


class Address(Shape):
    country: str | None = None


class Customer(Document):
    display_name: str | None = None
    active: bool | None = None
    primary_email_addr: Email | None = None
    primary_phone: Phone | None = None
    mobile: Phone | None = None
    bill_addr: Address | None = None
    currency_ref: Ref | None = None
    parent_ref: Ref | None = None
    bill_with_parent: bool | None = None


class Transaction(Document):
    """What invoices, payments and credit memos share."""

    doc_number: str | None = None
    txn_date: date | None = None
    customer_ref: Ref | None = None
    currency_ref: Ref | None = None
    total_amt: Decimal | None = None
    private_note: str | None = None


class Invoice(Transaction):
    due_date: date | None = None
    balance: Decimal | None = None
    deposit: Decimal | None = None
    sales_term_ref: Ref | None = None
    email_status: str | None = None
    bill_email: Email | None = None
    invoice_link: str | None = None


class LinkedTxn(Shape):
    txn_id: str | None = None
    txn_type: str | None = None


class PaymentLine(Shape):
    amount: Decimal | None = None
    linked_txn: list[LinkedTxn] | None = None


class Payment(Transaction):
    unapplied_amt: Decimal | None = None
    payment_ref_num: str | None = None
    line: list[PaymentLine] | None = None


class CreditMemo(Transaction):
    remaining_credit: Decimal | None = None
    balance: Decimal | None = None


class Term(Document):
    discount_percent: Decimal | None = None
    discount_days: int | None = None


class ListEntry(Document):
    """An item or a tax code, as the owner chooses it."""

    name: str | None = None
    fully_qualified_name: str | None = None
    description: str | None = None
    type: str | None = None
    active: bool | None = None


class NameValue(Shape):
    name: str | None = None
    value: str | None = None


class CompanyInfo(Shape):
    company_name: str | None = None
    legal_name: str | None = None
    country: str | None = None
    email: Email | None = None
    customer_communication_email_addr: Email | None = None
    default_time_zone: str | None = None
    name_value: list[NameValue] | None = None


class AccountingPrefs(Shape):
    book_close_date: date | None = None


class CurrencyPrefs(Shape):
    home_currency: Ref | None = None
    multi_currency_enabled: bool | None = None


class SalesPrefs(Shape):
    custom_txn_numbers: bool | None = None


class Preferences(Shape):
    accounting_info_prefs: AccountingPrefs | None = None
    currency_prefs: CurrencyPrefs | None = None
    sales_forms_prefs: SalesPrefs | None = None


class Rows(Shape):
    """A `QueryResponse`, its records still as bytes, so that one bad record is set aside alone."""

    customer: list[Raw] | None = None
    invoice: list[Raw] | None = None
    payment: list[Raw] | None = None
    credit_memo: list[Raw] | None = None
    term: list[Raw] | None = None
    item: list[Raw] | None = None
    tax_code: list[Raw] | None = None
    attachable: list[Raw] | None = None
    company_info: list[Raw] | None = None
    preferences: list[Raw] | None = None
    fault: dict[str, Any] | None = None


class QueryAnswer(Shape):
    query_response: Rows


class ChangesPart(Shape):
    query_response: list[Rows] = []
    fault: dict[str, Any] | None = None


class ChangesAnswer(Struct):
    parts: list[ChangesPart] = field(name="CDCResponse")


class BatchItem(Shape):
    bid: str = field(name="bId")
    query_response: Rows | None = None
    fault: dict[str, Any] | None = None


class BatchAnswer(Struct):
    items: list[BatchItem] = field(name="BatchItemResponse")


class WrittenBatch(Struct):
    """The same after writes: an item holds what was made, or its fault."""

    items: list[dict[str, Any]] = field(name="BatchItemResponse")
