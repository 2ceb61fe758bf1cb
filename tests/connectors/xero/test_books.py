"""Books: everything once, then what changed, what the change feed hides, and no row lost on the way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from connectors.xero import books as xero_books
from engine.books import CreditKind, DocumentStatus, InvoiceStatus
from sandbox.faults import Fault
from sandbox.xero import XeroCompany
from tests.connectors.xero.connected import Connected

ISSUED, DUE = date(2026, 2, 1), date(2026, 2, 20)
HUNDRED = [("Work", Decimal(100))]


def invoices(company: XeroCompany, customer: str, count: int) -> list[str]:
    return [company.add_invoice(customer, HUNDRED, issued_on=ISSUED, due_on=DUE) for _ in range(count)]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xero_books, "PAGE_SIZE", 2)


def test_the_company_is_known_with_its_zone_and_currency(connected: Connected) -> None:
    company = connected.books().company()
    assert (company.name, company.country, company.base_currency) == ("Kōwhai Joinery Ltd", "NZ", "NZD")
    assert (company.time_zone, company.sends_own_reminders) == ("Pacific/Auckland", False)


def test_the_first_sync_brings_everything_and_ends_complete(connected: Connected, customer: str) -> None:
    company = connected.company
    first, second, third = invoices(company, customer, 3)
    payment = company.receive_payment(customer, Decimal(40), date(2026, 2, 10), {first: Decimal(40)})
    credit = company.add_credit_note(customer, Decimal(30), date(2026, 2, 11), {second: Decimal(20)})
    over = company.receive_payment(customer, Decimal(7), date(2026, 2, 12), {})
    company.void_invoice(third)
    pages = connected.sync()
    assert [page.is_complete for page in pages] == [False] * (len(pages) - 1) + [True]
    (found,) = [each for page in pages for each in page.customers]
    assert (found.id, found.email) == (customer, "ap@harbour.example")
    assert [person.email for person in found.people] == ["ana@harbour.example"]
    known = connected.known.invoices
    assert {known[first].stated_balance, known[second].stated_balance} == {11500 - 4000, 11500 - 2000}
    assert known[third].status is InvoiceStatus.VOIDED
    assert [each.id for page in pages for each in page.payments] == [payment]
    credits = {each.id: each for page in pages for each in page.credits}
    assert (credits[credit].kind, credits[credit].remaining) == (CreditKind.CREDIT_NOTE, 1000)
    assert credits[over].remaining == 700
    allocations = {(each.source_id, each.invoice_id, each.amount) for page in pages for each in page.allocations}
    assert allocations == {(payment, first, 4000), (credit, second, 2000)}


def test_what_changed_comes_and_nothing_else(connected: Connected, customer: str) -> None:
    company = connected.company
    paid, voided, _ = invoices(company, customer, 3)
    connected.sync_long_ago()
    company.receive_payment(customer, Decimal(115), date(2026, 3, 4), {paid: Decimal(115)})
    company.void_invoice(voided)
    company.change_email(customer, "new@harbour.example")
    pages = connected.sync()
    changed = {each.id: each.status for page in pages for each in page.invoices}
    assert changed == {paid: InvoiceStatus.PAID, voided: InvoiceStatus.VOIDED}
    assert connected.known.invoices[paid].settled_on == date(2026, 3, 4)
    assert [each.email for page in pages for each in page.customers] == ["new@harbour.example"]


def test_a_deleted_payment_and_a_deleted_draft_follow(connected: Connected, customer: str) -> None:
    company = connected.company
    (invoice,) = invoices(company, customer, 1)
    draft = company.add_invoice(customer, HUNDRED, issued_on=ISSUED, due_on=DUE, is_draft=True)
    payment = company.receive_payment(customer, Decimal(115), date(2026, 2, 10), {invoice: Decimal(115)})
    connected.sync_long_ago()
    connected.post(f"Payments/{payment}", {"Status": "DELETED"})
    company.delete_invoice(draft)
    pages = connected.sync()
    assert [(each.id, each.status) for page in pages for each in page.payments] == [(payment, DocumentStatus.DELETED)]
    assert connected.known.invoices[invoice].status is InvoiceStatus.OPEN
    assert connected.known.invoices[draft].status is InvoiceStatus.DELETED


def test_a_customer_archived_since_is_not_overlooked(connected: Connected, customer: str) -> None:
    connected.sync_long_ago()
    connected.company.archive_customer(customer)
    assert [each.is_active for page in connected.sync() for each in page.customers] == [False]


def test_a_due_date_moved_on_a_part_paid_invoice_shows_within_a_day(connected: Connected, customer: str) -> None:
    """Xero's change feed never tells of it."""
    company, clock = connected.company, connected.sandbox.clock
    (invoice,) = invoices(company, customer, 1)
    company.receive_payment(customer, Decimal(10), date(2026, 2, 10), {invoice: Decimal(10)})
    connected.sync_long_ago()
    company.change_due_date(invoice, date(2026, 4, 30))
    clock.advance(timedelta(hours=1))
    connected.sync()
    assert connected.known.invoices[invoice].due_on == DUE
    clock.advance(timedelta(hours=22))
    connected.forget_seen()
    connected.sync()
    assert connected.known.invoices[invoice].due_on == date(2026, 4, 30)
    assert len(connected.calls) == 7


def test_a_payment_whose_invoice_was_read_before_brings_it_along(connected: Connected, customer: str) -> None:
    """The payment is made while the sync is under way, after the invoices have been read."""
    company = connected.company
    late, early = invoices(company, customer, 2)
    connected.sync_long_ago()
    company.receive_payment(customer, Decimal(5), date(2026, 3, 4), {early: Decimal(5)})
    for page in connected.books().changes(connected.known.cursor):
        connected.known.take(page)
        if [each.id for each in page.invoices] == [early]:
            company.receive_payment(customer, Decimal(10), date(2026, 3, 4), {late: Decimal(10)})
    assert connected.known.invoices[late].stated_balance == 10500


def test_one_unknown_word_sets_one_record_aside(connected: Connected, customer: str) -> None:
    ids = invoices(connected.company, customer, 3)
    connected.sandbox.faults.add(Fault("unknown_enum", "GET", "/Invoices$"))
    pages = connected.sync()
    (aside,) = [each for page in pages for each in page.set_aside]
    assert aside.id in ids
    assert "Status is 'UNHEARDOF': expected one of DRAFT" in aside.reason
    assert set(connected.known.invoices) == set(ids) - {aside.id}


@pytest.mark.parametrize("fault", ["nulls", "string_booleans", "iso_dates"])
def test_odd_spellings_change_nothing(connected: Connected, customer: str, fault: str) -> None:
    (invoice,) = invoices(connected.company, customer, 1)
    connected.company.receive_payment(customer, Decimal(10), date(2026, 2, 10), {invoice: Decimal(10)})
    connected.sandbox.faults.add(Fault(fault, times=99))
    pages = connected.sync()
    assert [each for page in pages for each in page.set_aside] == []
    assert connected.known.invoices[invoice].due_on == DUE
    assert connected.known.invoices[invoice].stated_balance == 10500


def test_rereading_tells_what_stands_now(connected: Connected, customer: str) -> None:
    company = connected.company
    paid, moved, untouched = invoices(company, customer, 3)
    company.receive_payment(customer, Decimal(10), date(2026, 2, 10), {moved: Decimal(10)})
    stranger = company.add_customer("Somebody else")
    books = connected.books()
    list(books.changes(""))
    company.receive_payment(customer, Decimal(115), date(2026, 3, 4), {paid: Decimal(115)})
    company.receive_payment(stranger, Decimal(9), date(2026, 3, 4), {})
    credit = company.add_credit_note(customer, Decimal(30), date(2026, 3, 4), {})
    company.change_due_date(moved, date(2026, 4, 30))
    connected.forget_seen()
    page = books.reread({customer: [paid, moved, "00000000-0000-0000-0000-0000000000ff"]})
    now = {each.id: each for each in page.invoices}
    assert set(now) == {paid, moved}
    assert (now[paid].status, now[moved].due_on) == (InvoiceStatus.PAID, date(2026, 4, 30))
    assert [(each.id, each.remaining) for each in page.credits] == [(credit, 3000)]
    assert page.deleted == (("invoice", "00000000-0000-0000-0000-0000000000ff"),)
    assert (page.cursor, page.is_complete) == ("", False)
    assert len(connected.calls) == 5
    assert untouched not in now


def test_rereading_needs_no_sync_before_it_and_goes_forty_at_a_time(connected: Connected, customer: str) -> None:
    ids = invoices(connected.company, customer, 41)
    page = connected.books().reread({customer: ids})
    assert {each.id for each in page.invoices} == set(ids)
    assert len(connected.calls) == 4 + 2


def test_an_invoice_that_cannot_be_understood_is_not_said_to_be_gone(connected: Connected, customer: str) -> None:
    (invoice,) = invoices(connected.company, customer, 1)
    connected.sandbox.faults.add(Fault("unknown_enum", "GET", "/Invoices$"))
    page = connected.books().reread({customer: [invoice]})
    assert page.deleted == ()
    assert [each.id for each in page.set_aside] == [invoice]
