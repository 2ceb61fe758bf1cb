"""QuickBooks Online's documents in our words, from its own JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import SkipRecord
from connectors.quickbooks.translate import Facts, Gone, read, read_terms
from engine.books import (
    AllocationRecord,
    CreditRecord,
    CustomerRecord,
    DocumentStatus,
    InvoiceRecord,
    InvoiceStatus,
    PaymentRecord,
)

FACTS = Facts("USD", {"7": (Decimal(2), 10)})
META = {"CreateTime": "2026-02-02T10:04:11-08:00", "LastUpdatedTime": "2026-02-20T08:30:00-08:00"}
INVOICE: dict[str, Any] = {
    "Id": "412",
    "SyncToken": "1",
    "DocNumber": "1069",
    "TxnDate": "2026-02-02",
    "DueDate": "2026-03-04",
    "CustomerRef": {"value": "58", "name": "Larkspur Café"},
    "SalesTermRef": {"value": "7"},
    "TotalAmt": 291.60,
    "Balance": 191.60,
    "Deposit": 0,
    "EmailStatus": "EmailSent",
    "BillEmail": {"Address": "ap@larkspur.example"},
    "MetaData": META,
    "SomethingNew": {"deep": [1, 2]},
}
CUSTOMER: dict[str, Any] = {
    "Id": "58",
    "SyncToken": "3",
    "DisplayName": "Larkspur Café",
    "Active": True,
    "PrimaryEmailAddr": {"Address": "ap@larkspur.example, boss@larkspur.example"},
    "PrimaryPhone": {"FreeFormNumber": "(555) 555-0101"},
    "MetaData": META,
}
PAYMENT: dict[str, Any] = {
    "Id": "430",
    "SyncToken": "0",
    "TxnDate": "2026-02-20",
    "CustomerRef": {"value": "58"},
    "TotalAmt": 150.00,
    "UnappliedAmt": 50.00,
    "PaymentRefNum": "10244",
    "Line": [{"Amount": 100.00, "LinkedTxn": [{"TxnId": "412", "TxnType": "Invoice"}]}],
    "MetaData": META,
}
CREDIT: dict[str, Any] = {
    "Id": "440",
    "SyncToken": "0",
    "DocNumber": "1071",
    "TxnDate": "2026-03-04",
    "CustomerRef": {"value": "58"},
    "TotalAmt": 25.00,
    "RemainingCredit": 10.00,
    "Balance": 10.00,
    "MetaData": META,
}
DOCUMENTS = {"invoice": INVOICE, "customer": CUSTOMER, "payment": PAYMENT, "credit_note": CREDIT}


def raw(document: object) -> bytes:
    return json.dumps(document).encode()


def records(entity: str, document: dict[str, Any], facts: Facts = FACTS) -> tuple[Any, ...]:
    found = read(entity, raw(document), facts).records
    assert not isinstance(found, Gone)
    return found


def invoice(**changed: Any) -> InvoiceRecord:
    (record,) = records("invoice", INVOICE | changed)
    assert isinstance(record, InvoiceRecord)
    return record


def allocations(document: dict[str, Any]) -> list[tuple[str, int]]:
    found = [record for record in records("payment", document) if isinstance(record, AllocationRecord)]
    return [(record.invoice_id, record.amount) for record in found]


def line(amount: float, kind: str, id: str) -> dict[str, Any]:
    return {"Amount": amount, "LinkedTxn": [{"TxnId": id, "TxnType": kind}]}


class TestInvoices:
    def test_every_word_of_it(self) -> None:
        assert invoice() == InvoiceRecord(
            id="412",
            customer_id="58",
            number="1069",
            status=InvoiceStatus.OPEN,
            issued_on=date(2026, 2, 2),
            due_on=date(2026, 3, 4),
            currency="USD",
            total=29160,
            stated_balance=19160,
            is_sent=True,
            discount_percent=Decimal(2),
            discount_days=10,
            email="ap@larkspur.example",
            version="1",
            updated_at=datetime(2026, 2, 20, 16, 30, tzinfo=UTC),
        )

    @pytest.mark.parametrize(
        ("changed", "status"),
        [
            ({}, InvoiceStatus.OPEN),
            ({"Balance": 0}, InvoiceStatus.PAID),
            ({"Balance": 0, "TotalAmt": 0, "PrivateNote": "Voided - wrong customer"}, InvoiceStatus.VOIDED),
            # Wholly discounted, and not voided for that.
            ({"Balance": 0, "TotalAmt": 0}, InvoiceStatus.PAID),
            # A user may write the word himself.
            ({"PrivateNote": "Voided cheque returned"}, InvoiceStatus.OPEN),
        ],
    )
    def test_where_it_stands_is_derived(self, changed: dict[str, Any], status: InvoiceStatus) -> None:
        assert invoice(**changed).status == status

    def test_a_deposit_is_paid_at_issue(self) -> None:
        assert invoice(Deposit=100, Balance=191.60).paid_at_issue == 10000

    def test_without_a_due_date_it_is_due_when_dated(self) -> None:
        assert invoice(DueDate=None).due_on == date(2026, 2, 2)

    def test_it_may_have_no_number(self) -> None:
        assert invoice(DocNumber=None).number == ""

    @pytest.mark.parametrize(
        ("currency", "amount", "minor"), [("JPY", 1200, 1200), ("KWD", 1.234, 1234), ("EUR", "10.50", 1050)]
    )
    def test_amounts_are_in_the_currencys_own_minor_units(self, currency: str, amount: object, minor: int) -> None:
        record = invoice(CurrencyRef={"value": currency}, TotalAmt=amount, Balance=amount)
        assert (record.currency, record.total, record.stated_balance) == (currency, minor, minor)

    def test_an_amount_never_passes_through_a_float(self) -> None:
        (record,) = read("invoice", raw(INVOICE).replace(b"291.6", b"9999999999999.99"), FACTS).records  # type: ignore[misc]  # one invoice
        assert record.total == 999999999999999

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "http://pay.example/1"])
    def test_only_a_safe_pay_link_is_taken_over(self, url: str) -> None:
        assert invoice(InvoiceLink=url).url == ""
        assert invoice(InvoiceLink="https://pay.example/1").url == "https://pay.example/1"

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"Balance": "a lot"}, "Balance is 'a lot', expected decimal"),
            ({"Balance": None}, "Balance is missing, expected an amount"),
            ({"Balance": "NaN"}, "Balance is 'NaN', expected an amount"),
            ({"TotalAmt": 1e300}, "TotalAmt is '1E+300', expected an amount of at most 15 digits"),
            ({"TxnDate": "2026-02-31"}, "TxnDate is '2026-02-31', expected"),
            ({"TxnDate": None}, "TxnDate is missing, expected a date"),
            ({"CustomerRef": None}, "CustomerRef is '', expected an id"),
            ({"CustomerRef": {"value": "58' OR '1"}}, "CustomerRef is"),
            ({"CurrencyRef": {"value": "dollars"}}, "CurrencyRef is 'dollars', expected an ISO 4217 code"),
            ({"EmailStatus": "Pondering"}, "EmailStatus is 'Pondering', expected"),
            ({"status": "Frozen"}, "status is 'Frozen', expected"),
        ],
    )
    def test_what_makes_no_sense_is_told_with_field_and_value(self, changed: dict[str, Any], told: str) -> None:
        with pytest.raises(SkipRecord) as caught:
            invoice(**changed)
        assert (caught.value.entity, caught.value.record_id) == ("invoice", "412")
        assert caught.value.reason.startswith(told)


class TestPayments:
    def test_money_and_where_it_went(self) -> None:
        payment, allocation = records("payment", PAYMENT)
        assert payment == PaymentRecord(
            id="430",
            customer_id="58",
            status=DocumentStatus.POSTED,
            paid_on=date(2026, 2, 20),
            currency="USD",
            total=15000,
            unapplied=5000,
            reference="10244",
            version="0",
            updated_at=datetime(2026, 2, 20, 16, 30, tzinfo=UTC),
        )
        assert (allocation.source_kind, allocation.source_id, allocation.invoice_id) == ("payment", "430", "412")
        assert (allocation.amount, allocation.allocated_on) == (10000, date(2026, 2, 20))

    def test_a_credit_application_counts_on_the_invoice_side_only(self) -> None:
        applied = PAYMENT | {"TotalAmt": 0, "UnappliedAmt": 0}
        applied["Line"] = [line(25, "Invoice", "412"), line(25, "CreditMemo", "440")]
        assert allocations(applied) == [("412", 2500)]
        assert records("payment", applied)[0].status == DocumentStatus.POSTED, "a zero payment is no void"

    def test_a_payment_topped_up_by_a_credit_explains_each_invoice_whole(self) -> None:
        """100 of money and 25 of credit pay two invoices of 75 and 50."""
        mixed = PAYMENT | {"TotalAmt": 100, "UnappliedAmt": 0}
        mixed["Line"] = [line(75, "Invoice", "412"), line(50, "Invoice", "413"), line(25, "CreditMemo", "440")]
        assert allocations(mixed) == [("412", 7500), ("413", 5000)]

    def test_two_lines_to_one_invoice_stay_two(self) -> None:
        twice = PAYMENT | {"Line": [line(60, "Invoice", "412"), line(40, "Invoice", "412")]}
        assert allocations(twice) == [("412", 6000), ("412", 4000)]
        assert [record.position for record in records("payment", twice)[1:]] == [0, 1]

    @pytest.mark.parametrize("kind", ["JournalEntry", "Expense", "Check", "CreditCardCredit", "Deposit", "New"])
    def test_what_is_no_invoice_is_no_allocation(self, kind: str) -> None:
        assert allocations(PAYMENT | {"Line": [line(100, kind, "9")]}) == []

    def test_a_voided_payment_pays_nothing(self) -> None:
        voided = PAYMENT | {"TotalAmt": 0, "UnappliedAmt": 0, "Line": [], "PrivateNote": "Voided"}
        (record,) = records("payment", voided)
        assert (record.status, record.total, record.unapplied) == (DocumentStatus.VOIDED, 0, 0)

    def test_a_line_that_names_two_invoices_cannot_be_understood(self) -> None:
        links = [{"TxnId": "412", "TxnType": "Invoice"}, {"TxnId": "413", "TxnType": "Invoice"}]
        with pytest.raises(SkipRecord, match="2 invoices"):
            records("payment", PAYMENT | {"Line": [{"Amount": 100, "LinkedTxn": links}]})


class TestCustomersAndCredits:
    def test_a_customer(self) -> None:
        (record,) = records("customer", CUSTOMER)
        assert record == CustomerRecord(
            id="58",
            name="Larkspur Café",
            email="ap@larkspur.example, boss@larkspur.example",
            phone="(555) 555-0101",
            currency="USD",
            version="3",
            updated_at=datetime(2026, 2, 20, 16, 30, tzinfo=UTC),
        )

    def test_a_sub_customer_knows_its_parent(self) -> None:
        (record,) = records("customer", CUSTOMER | {"ParentRef": {"value": "12"}, "BillWithParent": True})
        assert (record.parent_id, record.is_billed_with_parent) == ("12", True)

    def test_a_name_is_kept_as_it_is_but_for_what_no_database_takes(self) -> None:
        (record,) = records("customer", CUSTOMER | {"DisplayName": "<b>Robert'); DROP\u0000 TABLE</b>"})
        assert record.name == "<b>Robert'); DROP TABLE</b>"

    def test_a_credit_memo(self) -> None:
        (record,) = records("credit_note", CREDIT)
        assert isinstance(record, CreditRecord)
        assert (record.number, record.total, record.remaining) == ("1071", 2500, 1000)

    def test_a_credit_without_its_remaining_part_is_read_by_its_balance(self) -> None:
        (record,) = records("credit_note", {k: v for k, v in CREDIT.items() if k != "RemainingCredit"})
        assert record.remaining == 1000


@pytest.mark.parametrize("entity", DOCUMENTS)
def test_a_tombstone_is_gone_and_nothing_else(entity: str) -> None:
    """It has no balance: read as a document, it would look paid."""
    found = read(entity, raw({"domain": "QBO", "status": "Deleted", "Id": "398", "MetaData": META}), FACTS)
    assert found.records == (Gone(entity, "398"),)


def test_terms_with_a_discount_are_kept_and_others_are_not() -> None:
    found = [
        {"Id": "7", "DiscountPercent": 2, "DiscountDays": 10, "DueDays": 30},
        {"Id": "8", "DueDays": 30},
        {"Id": "9", "DiscountPercent": 1, "DiscountDayOfMonth": 10},
        {"Id": "10", "DiscountPercent": "NaN", "DiscountDays": 10},
        {"Id": "11", "DiscountPercent": "lots"},
        "not a term",
    ]
    assert read_terms([raw(one) for one in found]) == {"7": (Decimal(2), 10)}  # type: ignore[arg-type]  # Raw decodes as bytes do


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["2026-02-31", "1e999", "USD"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def mangled(draw: st.DrawFn) -> tuple[str, object]:
    """A good document with some of its fields replaced by anything."""
    entity = draw(st.sampled_from(sorted(DOCUMENTS)))
    document = dict(DOCUMENTS[entity])
    for field in draw(st.lists(st.sampled_from([*sorted(document), "status", "PrivateNote"]), max_size=4)):
        document[field] = draw(JSON)
    return entity, document


@given(mangled() | st.tuples(st.sampled_from(sorted(DOCUMENTS)), JSON))
def test_any_record_is_read_or_set_aside_and_nothing_else(case: tuple[str, object]) -> None:
    entity, document = case
    try:
        found = read(entity, raw(document), FACTS)
    except SkipRecord as error:
        told = (error.entity, bool(error.record_id), bool(error.reason))
    else:
        told = (entity, bool(found.id), True)
    assert told == (entity, True, True)


@given(st.sampled_from(sorted(DOCUMENTS)), st.binary(max_size=200))
def test_any_bytes_are_read_or_set_aside_and_nothing_else(entity: str, content: bytes) -> None:
    with pytest.raises(SkipRecord):
        read(entity, content, FACTS)


def test_a_record_nested_beyond_measure_is_set_aside() -> None:
    with pytest.raises(SkipRecord):
        read("invoice", b'{"Id":"1","Line":' + b"[" * 100_000 + b"]" * 100_000 + b"}", FACTS)


CENTS = st.integers(min_value=0, max_value=10**12)


@given(st.lists(CENTS, max_size=4), st.lists(CENTS, max_size=3), CENTS)
def test_allocations_are_what_money_and_credits_have_paid(
    invoices: list[int], credits: list[int], unapplied: int
) -> None:
    """TotalAmt = Σ invoice lines − Σ credit lines + UnappliedAmt, to the cent."""
    lines = [(cents, "Invoice") for cents in invoices] + [(cents, "CreditMemo") for cents in credits]
    total = sum(invoices) - sum(credits) + unapplied
    document = PAYMENT | {
        "TotalAmt": str(Decimal(total).scaleb(-2)),
        "UnappliedAmt": str(Decimal(unapplied).scaleb(-2)),
        "Line": [
            {"Amount": str(Decimal(cents).scaleb(-2)), "LinkedTxn": [{"TxnId": str(at + 1), "TxnType": kind}]}
            for at, (cents, kind) in enumerate(lines)
        ],
    }
    payment = records("payment", document)[0]
    assert sum(amount for _, amount in allocations(document)) == payment.total - payment.unapplied + sum(credits)
