"""What any connector must do when it reads: our copy becomes the books, whatever happens to either meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.audit import audit
from engine.books import InvoiceStatus
from sandbox.faults import Fault
from store.tables import Customer, Invoice, Payment
from tests.connectors.conformance.bookkeeper import Bookkeeper
from tests.connectors.conformance.subject import Subject

ISSUED, DUE, TODAY = date(2026, 2, 2), date(2026, 2, 20), date(2026, 3, 4)
HUNDRED = [("Work", Decimal(100))]


def bills(subject: Subject, count: int, customer: str = "") -> list[str]:
    customer = customer or subject.company.add_customer("Larkspur Café", "ap@larkspur.example")
    return [subject.company.add_invoice(customer, HUNDRED, issued_on=ISSUED, due_on=DUE) for _ in range(count)]


def invoice(subject: Subject, id: str) -> Invoice:
    row: Invoice = next(row for row in subject.rows(Invoice) if row.id == id)
    return row


def test_the_first_sync_brings_everything_and_ends_complete(subject: Subject) -> None:
    first, _, third = bills(subject, 3)
    customer = invoice_customer(subject, first)
    subject.company.receive_payment(customer, Decimal(40), TODAY, {first: Decimal(40)})
    subject.company.void_invoice(third)
    pages = list(subject.books().changes(""))
    assert [page.is_complete for page in pages] == [False] * (len(pages) - 1) + [True]
    for page in pages:
        subject.take(page)
    subject.assert_agreement()
    if subject.has_voids:
        assert invoice(subject, third).status == InvoiceStatus.VOIDED
    assert [(row.id, row.email) for row in subject.rows(Customer)] == [(customer, "ap@larkspur.example")]


def invoice_customer(subject: Subject, id: str) -> str:
    (one,) = [one for one in subject.company.open_invoices() if one.id == id]
    return str(one.customer_id)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_a_bookkeeper_does_and_whenever_we_look_every_balance_agrees(subject: Subject, seed: int) -> None:
    bookkeeper = Bookkeeper(subject, seed)
    for _ in range(4):
        for _ in range(12):
            bookkeeper.act()
        subject.sync()
        subject.assert_agreement()
        subject.clock.advance(timedelta(hours=7))
    found = audit(subject.audit_rows(), subject.books().changes(""))
    assert found.differences == ()


def test_reading_everything_again_changes_nothing(subject: Subject) -> None:
    bookkeeper = Bookkeeper(subject, 1)
    for _ in range(20):
        bookkeeper.act()
    subject.sync()
    again = [subject.take(page) for page in subject.books().changes("")]
    assert sum(count.customers + count.invoices + count.payments + count.credit_notes for count in again) == 0


def test_a_quiet_sync_is_cheap_and_brings_nothing(subject: Subject) -> None:
    bills(subject, 3)
    subject.clock.advance(timedelta(hours=1))
    subject.sync()
    subject.clock.advance(timedelta(hours=1))
    subject.forget_calls()
    for counts in subject.sync():
        assert (counts.customers, counts.invoices, counts.payments, counts.credit_notes) == (0, 0, 0, 0)
    assert subject.calls() <= subject.quiet_calls


def test_what_changed_comes(subject: Subject) -> None:
    paid, moved = bills(subject, 2)
    customer = invoice_customer(subject, paid)
    subject.sync()
    subject.clock.advance(timedelta(hours=2))
    subject.company.receive_payment(customer, Decimal(10), TODAY, {paid: Decimal(10)}, "10244")
    subject.company.change_due_date(moved, date(2026, 5, 1))
    subject.company.change_email(customer, "new@larkspur.example")
    new = bills(subject, 1, customer)
    subject.sync()
    subject.assert_agreement()
    assert set(subject.owed()) == {paid, moved, *new}
    assert invoice(subject, moved).due_on == date(2026, 5, 1)
    assert [row.email for row in subject.rows(Customer)] == ["new@larkspur.example"]
    assert [row.reference for row in subject.rows(Payment)] == ["10244"]


@pytest.mark.parametrize("act", ["void_invoice", "delete_invoice"])
def test_what_is_taken_away_is_owed_no_more(subject: Subject, act: str) -> None:
    gone, kept = bills(subject, 2)
    subject.sync()
    subject.clock.advance(timedelta(hours=2))
    getattr(subject.company, act)(gone)
    subject.sync()
    assert set(subject.owed()) == {kept}


def test_an_undone_payment_is_owed_again(subject: Subject) -> None:
    (one,) = bills(subject, 1)
    balance = subject.company.open_invoices()[0].balance
    subject.company.receive_payment(invoice_customer(subject, one), balance, TODAY, {one: balance})
    subject.sync()
    assert subject.owed() == {}
    subject.clock.advance(timedelta(hours=2))
    subject.undo_payment(subject.payments()[0])
    subject.sync()
    subject.assert_agreement()
    assert set(subject.owed()) == {one}


@pytest.mark.usefixtures("small_pages")
def test_a_sync_killed_after_any_page_goes_on_and_loses_nothing(subject: Subject) -> None:
    """Each round a new sync is killed after its first page; together they end where one would have."""
    bookkeeper = Bookkeeper(subject, 2)
    for _ in range(16):
        bookkeeper.act()
    for _ in range(60):
        page = next(iter(subject.books().changes(subject.cursor())))
        subject.take(page)
        subject.clock.advance(timedelta(seconds=20))
        if page.is_complete:
            break
    assert page.is_complete
    subject.assert_agreement()


@pytest.mark.usefixtures("small_pages")
def test_what_moves_while_we_walk_hides_nothing(subject: Subject) -> None:
    """By position or by time of change alone, a row edited during the walk pushes another out of sight."""
    ids = bills(subject, 8)
    moved = iter(ids)
    for page in subject.books().changes(""):
        subject.take(page)
        subject.clock.advance(timedelta(seconds=2))
        if page.invoices and (next_one := next(moved, None)):
            subject.company.change_due_date(next_one, date(2026, 4, 1))
    subject.sync()
    assert set(subject.owed()) == set(ids)
    for each in subject.company.open_invoices():
        assert invoice(subject, each.id).due_on == each.due_on


def test_a_company_away_for_weeks_catches_up(subject: Subject) -> None:
    bookkeeper = Bookkeeper(subject, 5)
    for _ in range(10):
        bookkeeper.bill()
    subject.sync()
    subject.clock.advance(timedelta(days=45))
    for _ in range(10):
        bookkeeper.be_paid()
    bookkeeper.void_invoice()
    subject.sync()
    subject.assert_agreement()


@pytest.mark.parametrize("currency", ["JPY", "KWD"])
def test_currencies_with_none_or_three_decimals_are_read_to_the_last_one(subject: Subject, currency: str) -> None:
    customer = subject.company.add_customer("Far Away Ltd", currency=currency)
    amount = Decimal(1234) if currency == "JPY" else Decimal("1234.565")
    subject.company.add_invoice(customer, [("Work", amount)], issued_on=ISSUED, due_on=DUE)
    subject.sync()
    (row,) = subject.rows(Invoice)
    (there,) = subject.company.open_invoices()
    assert row.currency == currency
    assert row.balance == there.balance * (1 if currency == "JPY" else 1000)


def test_money_on_account_is_known_and_lowers_no_balance(subject: Subject) -> None:
    (one,) = bills(subject, 1)
    subject.company.receive_payment(invoice_customer(subject, one), Decimal(30), TODAY, {})
    pages = list(subject.books().changes(""))
    unapplied = sum(each.unapplied for page in pages for each in page.payments)
    assert unapplied + sum(each.remaining for page in pages for each in page.credits) == 3000
    for page in pages:
        subject.take(page)
    subject.assert_agreement()


def test_one_record_that_makes_no_sense_is_set_aside_and_told_until_it_is_mended(subject: Subject) -> None:
    ids = bills(subject, 3)
    subject.spoil()
    subject.sync()
    ((entity, bad),) = subject.unread()
    assert entity == "invoice"
    assert set(subject.owed()) == set(ids) - {bad}
    subject.clock.advance(timedelta(hours=2))
    subject.company.change_due_date(bad, date(2026, 4, 1))
    subject.sync()
    assert subject.unread() == []
    subject.assert_agreement()


DAMAGED = {
    "quickbooks": ("#Customer", "#Invoice", "#Payment", "#CreditMemo"),
    "xero": ("/Contacts", "/Invoices", "/Payments", "/CreditNotes"),
    "freshbooks": ("#client", "#client", "#invoice", "#payment"),
}
"""What of an answer comes damaged: one record of each kind. FreshBooks tells credits in a second list of clients."""


def test_what_was_damaged_for_a_moment_heals_by_itself_overnight(online: Subject) -> None:
    """nothing of it changes over there, and its invoice is settled: no list of changes shows it again"""
    (one,) = bills(online, 1)
    customer = invoice_customer(online, one)
    balance = online.company.open_invoices()[0].balance
    online.company.receive_payment(customer, balance, TODAY, {one: balance})
    online.company.add_credit_note(customer, Decimal(5), TODAY, {})
    assert online.sandbox
    for path in DAMAGED[online.name]:
        # Of a customer, QuickBooks Online sends amounts that nobody reads.
        args = {"field": "Active", "value": "a lot", "id": customer} if path == "#Customer" else {}
        online.sandbox.faults.add(Fault("bad_record", path=path, args=args))
    online.clock.advance(timedelta(hours=1))
    if online.name == "quickbooks":
        # It repeats the newest changes until newer ones come.
        online.company.add_customer("Larkspur Bakery")
    online.sync()
    kinds = ["credit_note", "customer", "invoice", "payment"]
    assert sorted(entity for entity, _ in online.unread()) == kinds
    online.clock.advance(timedelta(days=3))
    online.sync()
    # FreshBooks has told everything anew by now.
    assert sorted(entity for entity, _ in online.unread()) == ([] if online.name == "freshbooks" else kinds)
    online.forget_calls()
    online.take(online.books().read_again(online.unread()))
    assert online.unread() == []
    assert online.calls() <= 4
    online.assert_agreement()


def test_a_damaged_record_that_is_no_more_waits_no_longer(platform: Subject) -> None:
    (one,) = bills(platform, 1)
    page = platform.books().read_again(
        [("invoice", one), ("invoice", gone_of(platform)), ("payment", gone_of(platform))]
    )
    assert [each.id for each in page.invoices] == [one]
    assert set(page.deleted) == {("invoice", gone_of(platform)), ("payment", gone_of(platform))}


def gone_of(subject: Subject) -> str:
    """An id that nothing has."""
    return {"xero": "00000000-0000-4000-8000-000000000000", "uploads": "INV-999"}.get(subject.name, "999999")


def test_an_id_that_was_part_of_the_damage_is_not_asked_for(subject: Subject) -> None:
    ids, kinds = (
        ("", "a lot", "1' OR Id > '0", "0,1", "../Invoices"),
        ("customer", "invoice", "payment", "credit_note", "x"),
    )
    page = subject.books().read_again([(kind, id) for kind in kinds for id in ids])
    assert (page.cursor, page.is_complete, page.deleted, page.set_aside) == ("", False, (), ())


def test_reading_again_before_acting_tells_what_stands_now(subject: Subject) -> None:
    paid, gone, kept = bills(subject, 3)
    customer = invoice_customer(subject, paid)
    subject.sync()
    subject.clock.advance(timedelta(minutes=30))
    balance = subject.company.open_invoices()[0].balance
    subject.company.receive_payment(customer, balance, TODAY, {paid: balance})
    subject.company.delete_invoice(gone)
    page = subject.books().reread({customer: [paid, gone, kept]})
    assert page.cursor == ""
    subject.take(page)
    assert set(subject.owed()) == {kept}


def test_an_invoice_that_never_was_is_told_as_gone(subject: Subject) -> None:
    (one,) = bills(subject, 1)
    missing = gone_of(subject)
    page = subject.books().reread({invoice_customer(subject, one): [one, missing]})
    assert [each.id for each in page.invoices] == [one]
    assert [place for place in page.deleted if place[0] == "invoice"] == [("invoice", missing)]


Spoil = Callable[[str], str]


@pytest.mark.parametrize("spoil", [lambda text: text[:-7], lambda text: "nonsense" + text, lambda _: "{}"])
def test_a_cursor_that_cannot_be_read_begins_anew(subject: Subject, spoil: Spoil) -> None:
    bills(subject, 3)
    subject.sync()
    pages = list(subject.books().changes(spoil(subject.cursor())))
    assert pages[-1].is_complete
    assert {each.id for page in pages for each in page.invoices} == set(subject.owed())
