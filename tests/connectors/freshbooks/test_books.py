"""What FreshBooks' lists leave open, and the connector gets right all the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from connectors.errors import ReconnectNeeded, StopRun
from engine.books import InvoiceStatus, Page
from sandbox.faults import Fault
from tests.connectors.freshbooks.connected import Connected

ISSUED, DUE, TODAY = date(2026, 2, 2), date(2026, 2, 20), date(2026, 3, 4)


@pytest.fixture
def client(connected: Connected) -> str:
    return connected.company.add_customer("Larkspur Ltd", "ap@larkspur.example", phone="+1 416 555 0100")


def bill(connected: Connected, client: str, amount: int = 100, *, is_draft: bool = False) -> str:
    line = [("Work", Decimal(amount))]
    return connected.company.add_invoice(client, line, issued_on=ISSUED, due_on=DUE, is_draft=is_draft)


def last_words(pages: list[Page]) -> dict[str, int]:
    return {invoice.id: invoice.stated_balance for page in pages for invoice in page.invoices}


def gone(pages: list[Page]) -> set[tuple[str, str]]:
    return {place for page in pages for place in page.deleted}


def test_a_client_is_read_with_its_country_written_out(connected: Connected, client: str) -> None:
    (record,) = [record for page in connected.sync() for record in page.customers]
    assert (record.id, record.name, record.phone) == (client, "Larkspur Ltd", "+1 416 555 0100")
    assert (record.country, record.currency, record.is_active) == ("CA", "CAD", True)


def test_an_invoice_that_was_never_issued_is_not_owed(connected: Connected, client: str) -> None:
    bill(connected, client, is_draft=True)
    (record,) = [record for page in connected.sync() for record in page.invoices]
    assert record.status == InvoiceStatus.DRAFT


def test_a_payment_that_leaves_its_invoice_untold_brings_it_all_the_same(connected: Connected, client: str) -> None:
    """whether a payment moves the invoice's own time of change is not settled: here it does not"""
    connected.company.switches.payment_bumps_invoice = False
    invoice = bill(connected, client)
    cursor = connected.sync()[-1].cursor
    connected.sandbox.clock.advance(timedelta(hours=60))
    cursor = connected.sync(cursor)[-1].cursor
    connected.sandbox.clock.advance(timedelta(hours=2))
    connected.company.receive_payment(client, Decimal(40), TODAY, {invoice: Decimal(40)})
    assert last_words(connected.sync(cursor)) == {invoice: 6000}


def test_once_a_day_everything_is_read_again(connected: Connected, client: str) -> None:
    """a change that nothing tells of, as by a hand inside the platform, is found within a day"""
    invoice = bill(connected, client)
    cursor = connected.sync()[-1].cursor
    connected.sandbox.clock.advance(timedelta(hours=60))
    cursor = connected.sync(cursor)[-1].cursor
    connected.company.books.invoices[int(invoice)].due_date = "2026-09-09"
    connected.sandbox.clock.advance(timedelta(hours=2))
    pages = connected.sync(cursor)
    assert last_words(pages) == {}
    connected.sandbox.clock.advance(timedelta(hours=20))
    pages = connected.sync(pages[-1].cursor)
    assert [(page.is_check, one.due_on) for page in pages for one in page.invoices] == [(True, date(2026, 9, 9))]


def test_what_is_brought_back_is_owed_again(connected: Connected, client: str) -> None:
    invoice = bill(connected, client)
    cursor = connected.sync()[-1].cursor
    connected.company.delete_invoice(invoice)
    pages = connected.sync(cursor)
    assert ("invoice", invoice) in gone(pages)
    assert last_words(pages) == {}
    connected.company.restore_invoice(invoice)
    assert last_words(connected.sync(pages[-1].cursor)) == {invoice: 10000}


def test_credit_left_over_is_known_by_client_and_currency_until_it_is_used_up(
    connected: Connected, client: str
) -> None:
    invoice = bill(connected, client)
    connected.company.add_credit_note(client, Decimal(100), TODAY, {})
    pages = connected.sync()
    (credit,) = [record for page in pages for record in page.credits]
    assert (credit.id, credit.customer_id, credit.remaining) == (f"client-{client}-CAD", client, 10000)
    connected.company.add_credit_note(client, Decimal(-100), TODAY, {})
    page = connected.books().reread({client: [invoice]})
    assert page.credits == ()
    assert ("credit_note", credit.id) in gone(connected.sync(pages[-1].cursor))


def test_credit_that_pays_an_invoice_is_no_money_received(connected: Connected, client: str) -> None:
    invoice = bill(connected, client)
    connected.company.add_credit_note(client, Decimal(30), TODAY, {invoice: Decimal(30)})
    pages = connected.sync()
    assert [record for page in pages for record in page.payments] == []
    (part,) = [record for page in pages for record in page.allocations]
    assert (part.source_kind, part.invoice_id, part.amount) == ("credit_note", invoice, 3000)


def test_what_was_paid_too_much_is_credit_and_lowers_no_balance(connected: Connected, client: str) -> None:
    invoice = bill(connected, client)
    connected.company.receive_payment(client, Decimal(130), TODAY, {invoice: Decimal(100)}, "4711")
    pages = connected.sync()
    (payment,) = [record for page in pages for record in page.payments]
    assert (payment.total, payment.unapplied, payment.reference) == (10000, 0, "4711")
    assert [record.remaining for page in pages for record in page.credits] == [3000]


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_row_deleted_while_a_list_is_walked_hides_no_other(
    connected: Connected, client: str, newest_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By page number, each row behind a deleted one moves up, and the first of the next page would never be seen."""
    monkeypatch.setattr("connectors.freshbooks.client.PAGE", 3)
    connected.company.switches.newest_first = newest_first
    ids = [bill(connected, client) for _ in range(8)]
    victims = iter(ids if not newest_first else ids[::-1])
    pages, deleted = [], set[str]()
    walk: Iterator[Page] = connected.books().changes("")
    for page in walk:
        pages.append(page)
        if page.invoices and len(deleted) < 2:
            deleted.add(victim := next(victims))
            connected.company.delete_invoice(victim)
    assert set(last_words(pages)) >= set(ids) - deleted


def test_a_list_that_is_refused_stops_the_run(connected: Connected) -> None:
    connected.sandbox.faults.add(Fault("status", path="/invoices", times=9, args={"code": 422, "body": {
        "response": {"errors": [{"errno": 1004, "message": "Invalid value"}]}}}))  # fmt: skip
    with pytest.raises(StopRun, match="Invalid value"):
        connected.sync()


def test_a_business_that_is_closed_to_us_asks_for_a_new_consent(connected: Connected) -> None:
    connected.sandbox.faults.add(Fault("forbidden", path="/invoices", times=9))
    with pytest.raises(ReconnectNeeded, match="as its owner"):
        connected.sync()


def test_a_status_that_nobody_knows_is_set_aside_and_told(connected: Connected, client: str) -> None:
    bill(connected, client)
    connected.sandbox.faults.add(Fault("unknown_enum", path="#invoice"))
    (aside,) = [aside for page in connected.sync() for aside in page.set_aside]
    assert aside.reason == "v3_status is 'dreamt', expected one of the statuses we know"
