"""What we read of FreshBooks' JSON: the few fields of each object that Dunwell needs, nearly all optional.

Decoding alone; what the values mean is `translate`'s job. Ids come as numbers, now and then as text; amounts as text
beside their currency. Source: freshbooks-sdk 1.3.0, and the samples of FreshBooks' API pages.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Raw, Struct

Id = int | str | None


class Shape(Struct, kw_only=True, gc=False):
    pass


class Amount(Shape):
    amount: Decimal | None = None
    code: str | None = None


class Row(Shape):
    """What every object has. `updated` is in US/Eastern, without saying so; `vis_state` 1 means deleted."""

    id: Id = None
    vis_state: int | None = None
    updated: str | None = None


class Client(Row):
    organization: str | None = None
    fname: str | None = None
    lname: str | None = None
    email: str | None = None
    bus_phone: str | None = None
    mob_phone: str | None = None
    home_phone: str | None = None
    currency_code: str | None = None
    p_country: str | None = None


class CreditLine(Shape):
    amount: Amount | None = None


class Creditor(Row):
    """A client with `include[]=credit_balance`."""

    currency_code: str | None = None
    credit_balance: list[CreditLine] | None = None


class Invoice(Row):
    customerid: Id = None
    invoice_number: str | None = None
    create_date: date | None = None
    due_date: date | None = None
    date_paid: date | None = None
    po_number: str | None = None
    amount: Amount | None = None
    paid: Amount | None = None
    outstanding: Amount | None = None
    v3_status: str | None = None
    display_status: str | None = None


class Payment(Row):
    invoiceid: Id = None
    clientid: Id = None
    amount: Amount | None = None
    date: date | None = None
    note: str | None = None
    from_credit: bool | None = None


NOTHING = Raw(b"null")
"""In the place of one object that is not there: the decoder takes no optional bytes."""


class Result(Struct):
    """One page of a list, or one object: records still as bytes, so that one bad record is set aside alone."""

    clients: list[Raw] | None = None
    invoices: list[Raw] | None = None
    payments: list[Raw] | None = None
    client: Raw = NOTHING
    invoice: Raw = NOTHING
    payment: Raw = NOTHING
    pages: int | None = None
    total: int | None = None


class Response(Struct):
    result: Result


class Answer(Struct):
    response: Response


class Address(Shape):
    country: str | None = None


class Business(Shape):
    name: str | None = None
    account_id: str | None = None
    address: Address | None = None


class Membership(Shape):
    role: str | None = None
    business: Business | None = None


class Me(Shape):
    identity_id: Id = None
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    confirmed_at: str | None = None
    subscription_statuses: dict[str, str | None] | None = None
    business_memberships: list[Membership] | None = None


class MeAnswer(Struct):
    response: Me
