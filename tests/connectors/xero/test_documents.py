"""Documents in Xero: made once whatever is lost on the way, taxed like their invoice, never behind a lock."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from connectors.documents import Booking, CreditOrder, DocumentWriter, FeeOrder
from connectors.errors import OutcomeUnknown, Refused, RetryLater
from connectors.xero.crediting import credit_lines
from connectors.xero.shapes import WholeInvoice
from connectors.xero.writing import decoded, written
from sandbox.faults import Fault
from sandbox.xero import XeroCompany
from tests.connectors.xero.connected import Connected

TODAY = date(2026, 3, 4)
ISSUED, DUE = date(2026, 2, 1), date(2026, 2, 20)
KEY = "k" * 32


SAID = st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.sampled_from(["NaN", "1e999", "-5"])
LINE = st.fixed_dictionaries({}, optional=dict.fromkeys(("LineAmount", "TaxAmount", "TaxType", "AccountCode"), SAID))
ODD = st.fixed_dictionaries({}, optional={"LineAmountTypes": SAID, "LineItems": st.none() | st.lists(LINE, max_size=4)})


@given(ODD)
def test_no_invoice_however_odd_does_more_than_refuse(document: dict[str, Any]) -> None:
    try:
        _, lines = credit_lines(credit("c1", "i1"), decoded(WholeInvoice, json.dumps(document).encode()))
    except (Refused, RetryLater):
        return
    assert sum(Decimal(line["UnitAmount"]) for line in lines) == Decimal("60.00")


@given(st.binary() | st.recursive(SAID, st.lists).map(lambda said: json.dumps({"Invoices": said}).encode()))
def test_only_an_id_without_a_complaint_counts_as_written(body: bytes) -> None:
    with pytest.raises((Refused, OutcomeUnknown)):
        written(body, "Invoices")


@pytest.fixture
def documents(connected: Connected) -> DocumentWriter:
    found = connected.books().documents
    assert found is not None
    return found


@pytest.fixture
def fee(customer: str) -> FeeOrder:
    return FeeOrder(
        customer_id=customer,
        currency="NZD",
        amount=2500,
        description="Late fee, invoice INV-0001",
        reference="FEE-1-7f3a",
        dated_on=TODAY,
        due_on=TODAY + timedelta(days=14),
        booking=Booking(account="260", tax="NONE"),
    )


def credit(customer: str, invoice: str, amount: int = 6000, **changed: Any) -> CreditOrder:
    order = CreditOrder(
        customer_id=customer,
        invoice_id=invoice,
        currency="NZD",
        amount=amount,
        description="2 % prompt payment discount",
        reference="DISC-1-7f3a",
        dated_on=TODAY,
        booking=Booking(account="210"),
    )
    return replace(order, **changed)


def bill(company: XeroCompany, customer: str, *amounts: int) -> str:
    lines = [(f"Work {number}", Decimal(amount)) for number, amount in enumerate(amounts or (100,))]
    return company.add_invoice(customer, lines, issued_on=ISSUED, due_on=DUE)


def test_a_fee_is_an_approved_invoice_with_our_number_and_the_chosen_account(
    documents: DocumentWriter, connected: Connected, fee: FeeOrder
) -> None:
    made = connected.company.books.invoices.rows[documents.make_fee(fee, KEY)]
    assert (made["Type"], made["Status"], made["Total"]) == ("ACCREC", "AUTHORISED", Decimal("25.00"))
    assert (made["InvoiceNumber"], made["Reference"]) == ("FEE-1-7f3a", "FEE-1-7f3a")
    assert (made["Date"], made["DueDate"]) == (TODAY, date(2026, 3, 18))
    (line,) = made["LineItems"]
    assert (line["AccountCode"], line["TaxType"]) == ("260", "NONE")


def test_a_fee_may_wait_for_approval_as_a_draft(documents: DocumentWriter, connected: Connected, fee: FeeOrder) -> None:
    made = connected.company.books.invoices.rows[documents.make_fee(replace(fee, is_draft=True), KEY)]
    assert made["Status"] == "DRAFT"


def test_where_only_drafts_are_allowed_the_owner_is_told_before_anything_is_made(
    documents: DocumentWriter, connected: Connected, fee: FeeOrder
) -> None:
    connected.company.books.switches.denied_actions = ("CreateApprovedInvoice",)
    with pytest.raises(Refused, match="choose drafts"):
        documents.make_fee(fee, KEY)
    assert documents.make_fee(replace(fee, is_draft=True), KEY)


def test_a_fee_is_dated_after_the_lock(documents: DocumentWriter, connected: Connected, fee: FeeOrder) -> None:
    connected.company.books.switches.lock_on = TODAY
    made = connected.company.books.invoices.rows[documents.make_fee(replace(fee, due_on=TODAY), KEY)]
    assert (made["Date"], made["DueDate"]) == (date(2026, 3, 5), date(2026, 3, 5))


def test_a_lock_set_meanwhile_is_told_in_xeros_words(
    documents: DocumentWriter, connected: Connected, fee: FeeOrder
) -> None:
    assert documents.make_fee(fee, KEY)
    connected.company.books.switches.lock_on = TODAY + timedelta(days=9)
    with pytest.raises(Refused, match="period lock date, currently set at 13 March 2026"):
        documents.make_fee(replace(fee, reference="FEE-2"), KEY)


def test_a_fee_made_at_the_same_moment_by_somebody_of_ours_is_found_by_its_number(
    documents: DocumentWriter, connected: Connected, fee: FeeOrder
) -> None:
    """Looking comes too early to see it; Xero itself does not take the number twice."""
    first = documents.make_fee(fee, KEY)
    connected.sandbox.clock.advance(timedelta(hours=1))
    nothing = {"code": 200, "body": '{"Invoices": []}'}
    connected.sandbox.faults.add(Fault("status", "GET", "/Invoices", args=nothing))
    assert documents.make_fee(fee, "another" + KEY) == first
    assert connected.sandbox.faults.struck
    assert len(connected.company.books.invoices.rows) == 1


def test_a_draft_fee_is_deleted(documents: DocumentWriter, connected: Connected, fee: FeeOrder) -> None:
    made = documents.make_fee(replace(fee, is_draft=True), KEY)
    documents.void_fee(made, KEY)
    assert connected.company.books.invoices.rows[made]["Status"] == "DELETED"


def test_a_credit_takes_the_invoices_taxes_and_settles_exactly(
    documents: DocumentWriter, connected: Connected, customer: str
) -> None:
    """
    invoice  100.00 at 15 % + 50.00 untaxed = 165.00
    credit   16.50 tax included: 11.50 of it taxed, 5.00 not
    """
    company = connected.company
    invoice = bill(company, customer, 100, 50)
    taxed, untaxed = (line["LineItemID"] for line in company.books.invoices.rows[invoice]["LineItems"])
    connected.post(
        f"Invoices/{invoice}", {"LineItems": [{"LineItemID": taxed}, {"LineItemID": untaxed, "TaxType": "NONE"}]}
    )
    note = company.books.credit_notes.rows[documents.grant_credit(credit(customer, invoice, 1650), KEY)]
    parts = sorted((line["TaxType"], line["LineAmount"], line["TaxAmount"]) for line in note["LineItems"])
    assert parts == [("NONE", Decimal("5.00"), Decimal(0)), ("OUTPUT2", Decimal("11.50"), Decimal("1.50"))]
    assert (note["Status"], note["RemainingCredit"]) == ("PAID", Decimal(0))
    assert {line["AccountCode"] for line in note["LineItems"]} == {"210"}
    assert company.books.invoices.rows[invoice]["AmountDue"] == Decimal("148.50")


def test_without_a_chosen_account_a_credit_goes_where_the_invoice_went(
    documents: DocumentWriter, connected: Connected, customer: str
) -> None:
    invoice = bill(connected.company, customer)
    order = credit(customer, invoice, booking=Booking())
    note = connected.company.books.credit_notes.rows[documents.grant_credit(order, KEY)]
    assert {line["AccountCode"] for line in note["LineItems"]} == {"200"}


def test_a_credit_that_a_person_took_away_is_not_made_again(
    documents: DocumentWriter, connected: Connected, customer: str
) -> None:
    invoice = bill(connected.company, customer)
    connected.sandbox.faults.add(Fault("drop_before", "PUT", "/Allocations$"))
    with pytest.raises(OutcomeUnknown):
        documents.grant_credit(credit(customer, invoice), KEY)
    (note,) = connected.company.books.credit_notes.rows
    connected.post(f"CreditNotes/{note}", {"Status": "VOIDED"})
    with pytest.raises(Refused, match="not made again"):
        documents.grant_credit(credit(customer, invoice), KEY)


def test_xero_mails_an_invoice_itself(documents: DocumentWriter, connected: Connected, customer: str) -> None:
    invoice = bill(connected.company, customer)
    documents.deliver_invoice(invoice, KEY)
    (mail,) = connected.company.outbox
    assert mail.to == ("ap@harbour.example", "ana@harbour.example")


def test_the_days_mails_used_up_means_tomorrow_and_no_address_means_no(
    documents: DocumentWriter, connected: Connected, customer: str
) -> None:
    company = connected.company
    invoice = bill(company, customer)
    company.books.switches.email_cap = 0
    with pytest.raises(RetryLater, match="limit"):
        documents.deliver_invoice(invoice, KEY)
    company.books.switches.email_cap = None
    silent = bill(company, company.add_customer("No Address Ltd"))
    with pytest.raises(Refused, match="no email address"):
        documents.deliver_invoice(silent, KEY)


def test_a_promised_day_is_shown_on_the_invoice(documents: DocumentWriter, connected: Connected, customer: str) -> None:
    invoice = bill(connected.company, customer)
    assert documents.expect_payment(invoice, date(2026, 3, 20), KEY)
    connected.sync()
    assert connected.known.invoices[invoice].expected_on == date(2026, 3, 20)


def test_where_xero_takes_no_promised_day_it_says_so_and_no_more(
    documents: DocumentWriter, connected: Connected, customer: str
) -> None:
    company = connected.company
    invoice = bill(company, customer)
    company.receive_payment(customer, Decimal(5), TODAY, {invoice: Decimal(5)})
    assert not documents.expect_payment(invoice, date(2026, 3, 20), KEY)


def test_the_owner_chooses_from_what_can_be_booked_to(documents: DocumentWriter) -> None:
    found = documents.choices()
    assert {each.name for each in found.accounts} >= {"Sales", "Other Revenue", "Discounts Allowed"}
    assert not {"Accounts Receivable", "Business Account"} & {each.name for each in found.accounts}
    assert [(each.id, each.detail) for each in found.taxes] == [
        ("OUTPUT2", "15 %"),
        ("ZERORATEDOUTPUT", "0 %"),
        ("NONE", "0 %"),
    ]
    assert found.items == ()
