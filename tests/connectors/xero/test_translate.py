"""Translate: what Xero's records mean here, and that one bad record never costs more than itself."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import SkipRecord
from connectors.xero import gather, shapes, translate
from connectors.xero.shapes import envelope
from connectors.xero.zones import iana_zone
from engine.books import CreditKind, DocumentStatus, InvoiceStatus, Page

INVOICE: dict[str, Any] = {
    "Type": "ACCREC",
    "InvoiceID": "i1",
    "InvoiceNumber": "INV-0412",
    "Reference": "PO 7781",
    "Contact": {"ContactID": "c1", "Name": "Harbour Joinery Ltd", "Addresses": []},
    "Date": "/Date(1767571200000+0000)/",
    "DueDate": "/Date(1771545600000+0000)/",
    "ExpectedPaymentDate": "/Date(1771977600000+0000)/",
    "Status": "AUTHORISED",
    "CurrencyCode": "NZD",
    "Total": 1840.00,
    "AmountDue": 1280.00,
    "SentToContact": True,
    "UpdatedDateUTC": "/Date(1768262461337+0000)/",
}
PAYMENT: dict[str, Any] = {
    "PaymentID": "p1",
    "PaymentType": "ACCRECPAYMENT",
    "Status": "AUTHORISED",
    "Date": "/Date(1768176000000+0000)/",
    "Amount": 500.00,
    "Invoice": {"InvoiceID": "i1", "CurrencyCode": "NZD", "Contact": {"ContactID": "c1"}},
    "UpdatedDateUTC": "/Date(1768176042000+0000)/",
}
CREDIT: dict[str, Any] = {
    "CreditNoteID": "n1",
    "CreditNoteNumber": "CN-0031",
    "Type": "ACCRECCREDIT",
    "Status": "AUTHORISED",
    "Contact": {"ContactID": "c1"},
    "Date": "/Date(1768262400000+0000)/",
    "CurrencyCode": "NZD",
    "Total": 60.00,
    "RemainingCredit": 20.00,
    "Allocations": [{"AllocationID": "a1", "Amount": 40.00, "Invoice": {"InvoiceID": "i1"}}],
}
CONTACT: dict[str, Any] = {
    "ContactID": "c1",
    "ContactStatus": "ACTIVE",
    "Name": "Harbour Joinery Ltd",
    "EmailAddress": " accounts@harbour.example ",
    "DefaultCurrency": "NZD",
    "Addresses": [{"AddressType": "STREET", "Country": "Fiji"}, {"AddressType": "POBOX", "Country": "New Zealand"}],
    "Phones": [
        {"PhoneType": "DEFAULT", "PhoneNumber": "5550100", "PhoneAreaCode": "3", "PhoneCountryCode": "64"},
        {"PhoneType": "MOBILE", "PhoneNumber": "021"},
    ],
    "ContactPersons": [
        {"FirstName": "Ana", "LastName": "Ruiz", "EmailAddress": "ana@harbour.example", "IncludeInEmails": True},
        {"FirstName": "Bo", "EmailAddress": "bo@harbour.example", "IncludeInEmails": "false"},
        {"FirstName": "No address"},
    ],
}


def raw(record: dict[str, Any], **changes: Any) -> bytes:
    return json.dumps(record | changes).encode()


Shape = TypeVar("Shape", bound=shapes.Shape)


def found(shape: type[Shape], record: dict[str, Any], **changes: Any) -> Shape:
    return msgspec.json.decode(raw(record, **changes), type=shape)


def test_an_authorised_sales_invoice_is_open_with_its_days_and_cents() -> None:
    invoice = translate.invoice(found(shapes.Invoice, INVOICE))
    assert invoice is not None
    assert (invoice.status, invoice.number, invoice.customer_id) == (InvoiceStatus.OPEN, "INV-0412", "c1")
    assert (invoice.issued_on, invoice.due_on) == (date(2026, 1, 5), date(2026, 2, 20))
    assert (invoice.total, invoice.stated_balance, invoice.currency) == (184000, 128000, "NZD")
    assert invoice.expected_on == date(2026, 2, 25)
    assert invoice.updated_at == datetime(2026, 1, 13, 0, 1, 1, 337000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("DRAFT", InvoiceStatus.DRAFT),
        ("SUBMITTED", InvoiceStatus.DRAFT),
        ("PAID", InvoiceStatus.PAID),
        ("VOIDED", InvoiceStatus.VOIDED),
        ("DELETED", InvoiceStatus.DELETED),
    ],
)
def test_every_status_has_its_meaning(theirs: str, ours: InvoiceStatus) -> None:
    invoice = translate.invoice(found(shapes.Invoice, INVOICE, Status=theirs))
    assert invoice is not None
    assert invoice.status is ours


def test_a_bill_is_none_of_our_business() -> None:
    assert translate.invoice(found(shapes.Invoice, INVOICE, Type="ACCPAY")) is None


def test_amounts_are_exact_whether_they_come_as_numbers_or_as_text() -> None:
    as_number = b'{"Total": 0.1, "AmountDue": 9007199254740.93}'
    as_text = b'{"Total": "0.1", "AmountDue": "9007199254740.93"}'
    for amounts in (as_number, as_text):
        whole = raw({**INVOICE, "Total": 0})[:-1] + b"," + amounts[1:]
        invoice = translate.invoice(msgspec.json.decode(whole, type=shapes.Invoice))
        assert invoice is not None
        assert (invoice.total, invoice.stated_balance) == (10, 900719925474093)


def test_yen_have_no_cents_and_dinars_have_three_places() -> None:
    yen = translate.invoice(found(shapes.Invoice, INVOICE, CurrencyCode="JPY", Total=1840, AmountDue=1840))
    dinars = translate.invoice(found(shapes.Invoice, INVOICE, CurrencyCode="KWD", Total=1.234, AmountDue=1.234))
    assert yen is not None
    assert dinars is not None
    assert (yen.total, dinars.total) == (1840, 1234)


def test_dates_are_read_in_both_forms_and_never_shifted_to_another_day() -> None:
    for text in ("/Date(1771545600000)/", "/Date(1771545600000+1300)/", "2026-02-20T00:00:00", "2026-02-20"):
        invoice = translate.invoice(found(shapes.Invoice, INVOICE, DueDate=text))
        assert invoice is not None
        assert invoice.due_on == date(2026, 2, 20)


def test_a_draft_may_lack_its_due_date_but_an_open_invoice_may_not() -> None:
    draft = translate.invoice(found(shapes.Invoice, INVOICE, Status="DRAFT", DueDate=None))
    assert draft is not None
    assert draft.due_on == draft.issued_on
    with pytest.raises(SkipRecord, match="DueDate is missing: expected a date"):
        translate.invoice(found(shapes.Invoice, INVOICE, DueDate=None))


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("Status", "PARKED", "Status is 'PARKED': expected one of DRAFT, SUBMITTED, AUTHORISED"),
        ("Type", "ACCBOTH", "Type is 'ACCBOTH': expected one of ACCREC"),
        ("CurrencyCode", "QQQ", "CurrencyCode is 'QQQ': expected an ISO 4217 currency code"),
        ("Total", None, "Total is missing"),
        ("Total", "NaN", "expected an amount"),
        ("Total", "1e400", "expected an amount"),
        ("Total", 10**14, "expected an amount of a plausible size"),
        ("Date", "yesterday", "Date is 'yesterday': expected a date such as"),
        ("Date", "/Date(999999999999999)/", "expected a date such as"),
        ("Contact", None, "Contact.ContactID is missing"),
    ],
)
def test_what_makes_no_sense_is_named_with_field_value_and_expectation(field: str, value: Any, complaint: str) -> None:
    with pytest.raises(SkipRecord, match=complaint.replace("(", r"\(")):
        translate.invoice(found(shapes.Invoice, INVOICE, **{field: value}))


def test_a_payment_is_applied_to_its_invoice_in_the_invoices_currency() -> None:
    translated = translate.payment(found(shapes.Payment, PAYMENT))
    assert translated is not None
    payment, (allocation,) = translated
    assert (payment.total, payment.unapplied, payment.customer_id) == (50000, 0, "c1")
    assert (allocation.invoice_id, allocation.amount, allocation.currency) == ("i1", 50000, "NZD")


def test_a_deleted_payment_says_so_and_still_names_its_invoice() -> None:
    translated = translate.payment(found(shapes.Payment, PAYMENT, Status="DELETED"))
    assert translated is not None
    assert translated[0].status is DocumentStatus.DELETED
    assert translated[1][0].invoice_id == "i1"


@pytest.mark.parametrize("refund", ["ARCREDITPAYMENT", "AROVERPAYMENTPAYMENT", "ACCPAYPAYMENT"])
def test_refunds_and_payments_of_bills_are_not_money_received(refund: str) -> None:
    assert translate.payment(found(shapes.Payment, PAYMENT, PaymentType=refund)) is None


def test_a_credit_note_brings_its_allocations_and_what_is_left() -> None:
    translated = translate.credit(CreditKind.CREDIT_NOTE, found(shapes.Credit, CREDIT))
    assert translated is not None
    credit, (allocation,) = translated
    assert (credit.total, credit.remaining, credit.number) == (6000, 2000, "CN-0031")
    assert (allocation.source_kind, allocation.amount, allocation.allocated_on) == (
        "credit_note",
        4000,
        date(2026, 1, 13),
    )


def test_an_allocation_taken_back_counts_no_more() -> None:
    gone = {"Amount": 5, "Invoice": {"InvoiceID": "i2"}, "IsDeleted": True}
    translated = translate.credit(CreditKind.CREDIT_NOTE, found(shapes.Credit, CREDIT, Allocations=[gone]))
    assert translated is not None
    assert translated[1] == ()


@pytest.mark.parametrize(
    ("kind", "type_", "is_ours"),
    [
        (CreditKind.OVERPAYMENT, "RECEIVE-OVERPAYMENT", True),
        (CreditKind.OVERPAYMENT, "SPEND-OVERPAYMENT", False),
        (CreditKind.PREPAYMENT, "ARPREPAYMENT", True),
        (CreditKind.PREPAYMENT, "APPREPAYMENT", False),
        (CreditKind.CREDIT_NOTE, "ACCPAYCREDIT", False),
    ],
)
def test_only_what_we_owe_customers_is_credit(kind: CreditKind, type_: str, is_ours: bool) -> None:
    record = {key: value for key, value in CREDIT.items() if key != "CreditNoteID"}
    ids = {"overpayment": "OverpaymentID", "prepayment": "PrepaymentID", "credit_note": "CreditNoteID"}
    translated = translate.credit(kind, found(shapes.Credit, record, Type=type_, **{ids[kind.value]: "x1"}))
    assert (translated is not None) == is_ours


def test_a_contact_is_a_customer_with_its_people() -> None:
    customer = translate.customer(found(shapes.Contact, CONTACT))
    assert (customer.name, customer.email) == ("Harbour Joinery Ltd", "accounts@harbour.example")
    assert (customer.phone, customer.country, customer.currency) == ("+64 3 5550100", "NZ", "NZD")
    assert [(person.name, person.is_included) for person in customer.people] == [("Ana Ruiz", True), ("Bo", False)]


def test_archived_and_merged_contacts_say_so() -> None:
    customer = translate.customer(found(shapes.Contact, CONTACT, ContactStatus="ARCHIVED", MergedToContactID="c2"))
    assert (customer.is_active, customer.merged_into_id) == (False, "c2")


def test_a_company_knows_its_zone_and_the_later_of_its_locks() -> None:
    company = translate.company(
        raw({
            "Name": "Kōwhai Ltd",
            "BaseCurrency": "NZD",
            "CountryCode": "NZ",
            "Timezone": "NEWZEALANDSTANDARDTIME",
            "PeriodLockDate": "/Date(1743379200000+0000)/",
            "EndOfYearLockDate": "/Date(1711843200000+0000)/",
            "Class": "A_PLAN_OF_TOMORROW",
        }),
        "tenant-1",
        False,
    )  # fmt: skip
    assert (company.time_zone, company.country, company.lock_on) == ("Pacific/Auckland", "NZ", date(2025, 3, 31))


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("GMTSTANDARDTIME", "Europe/London"),
        ("AUSEASTERNSTANDARDTIME", "Australia/Sydney"),
        ("EASTERNSTANDARDTIME(MEXICO)", "America/Cancun"),
        ("UTC02", "Etc/GMT+2"),
        ("UTC+12", "Etc/GMT-12"),
        ("KAMCHATKASTANDARDTIME", "Asia/Kamchatka"),
        ("MARSSTANDARDTIME", ""),
    ],
)
def test_zones_have_names_that_everybody_knows(theirs: str, ours: str) -> None:
    assert iana_zone(theirs) == ours


def test_one_bad_record_is_set_aside_and_the_rest_of_the_page_goes_on() -> None:
    body = b'{"Invoices":[' + b",".join([raw(INVOICE), raw(INVOICE, InvoiceID="i2", Status="PARKED"), b'"?"']) + b"]}"
    page = gathered(gather.INVOICES, body)
    aside = page.set_aside
    assert [invoice.id for invoice in page.invoices] == ["i1"]
    assert [(each.entity, each.id) for each in aside] == [("invoice", "i2"), ("invoice", "")]
    assert aside[0].reason.startswith("Status is 'PARKED'")
    assert '"PARKED"' in aside[0].excerpt


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def broken(draw: st.DrawFn, whole: dict[str, Any]) -> bytes:
    """A record with some of its fields replaced by whatever JSON can hold."""
    fields = draw(st.sets(st.sampled_from(sorted(whole)), min_size=1, max_size=3))
    return json.dumps(whole | {field: draw(json_values) for field in fields}).encode()


WHOLE = [
    (gather.INVOICES, INVOICE),
    (gather.PAYMENTS, PAYMENT),
    (gather.CREDIT_NOTES, CREDIT),
    (gather.CONTACTS, CONTACT),
    (gather.OVERPAYMENTS, CREDIT | {"Type": "RECEIVE-OVERPAYMENT", "OverpaymentID": "o1"}),
]


@st.composite
def broken_pages(draw: st.DrawFn) -> tuple[gather.Collection, list[bytes]]:
    collection, whole = draw(st.sampled_from(WHOLE))
    return collection, draw(st.lists(broken(whole) | st.just(raw(whole)), max_size=4))


@given(broken_pages())
def test_a_page_reads_the_same_as_its_records_one_by_one(case: tuple[gather.Collection, list[bytes]]) -> None:
    """However broken: what makes no sense is set aside alone, and every other record goes on."""
    collection, records = case
    page = gathered(collection, answer_of(collection, records))
    alone = [gathered(collection, answer_of(collection, [record, b"0"])) for record in records]
    whole = [each.customers + each.invoices + each.payments + each.credits + each.allocations for each in alone]
    read = page.customers + page.invoices + page.payments + page.credits + page.allocations
    assert sorted(map(repr, read)) == sorted(repr(found) for records in whole for found in records)
    # The "0" beside each record was set aside as well.
    assert page.set_aside == tuple(aside for each in alone for aside in each.set_aside if aside.excerpt != "0")
    assert all(each.reason and len(each.excerpt) <= 2000 for each in page.set_aside)


def answer_of(collection: gather.Collection, records: list[bytes]) -> bytes:
    return b'{"%s":[%s]}' % (collection.key.encode(), b",".join(records))


def gathered(collection: gather.Collection, body: bytes) -> Page:
    gathering = gather.Gathering()
    gathering.add(collection, envelope(body, collection.key, collection.shape))
    return gathering.page("")
