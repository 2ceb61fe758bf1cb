"""Promises to pay: what was said, what stands, and what became of it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from engine.account import Promise
from engine.books import InvoiceStatus
from engine.history import PastPromise
from engine.money import Money
from engine.needs import Needs
from store import endpoints, home, outbox, promise_outcomes, promises
from store.secrets import SecretBox
from store.wishes import Speaker
from tests.store.books import Shop, applied, customer, invoice, payment

FRIDAY = date(2026, 3, 6)


@pytest.fixture
def books(shop: Shop) -> Shop:
    """INV-1 over 100.00, due on 2026-02-21; today is Monday, 2026-03-02."""
    shop.reads(customer(), invoice())
    return shop


def says(shop: Shop, word: str, *arguments: object) -> Any:
    with shop.database.begin() as session:
        return getattr(Speaker(session, shop.id, shop.now, "user 1"), word)(*arguments)


def days_later(shop: Shop, days: int) -> Shop:
    return Shop(shop.database, shop.id, shop.now + timedelta(days=days))


def pays(shop: Shop, on: date, amount: int = 10_000, id: str = "P1") -> None:
    rest = shop.balance() - amount
    paid = replace(applied(id, "I1", amount), allocated_on=on)
    status = InvoiceStatus.OPEN if rest else InvoiceStatus.PAID
    shop.reads(payment(id, total=amount, paid_on=on), paid, invoice(stated_balance=rest, status=status, version=id))


def states(shop: Shop) -> list[str]:
    with shop.database.read() as session:
        return [one.state for one in promises.told(session, shop.id, ["C1"], shop.today)]


def test_a_promise_stands_with_the_day_it_was_given(books: Shop) -> None:
    says(books, "promise", "I1", FRIDAY, Money(4_000, "USD"))
    assert books.account().invoices[0].promise == Promise(FRIDAY, Money(4_000, "USD"), books.today)
    assert states(books) == ["waiting"]


def test_one_that_was_paid_by_its_day_is_kept(books: Shop) -> None:
    says(books, "promise", "I1", FRIDAY)
    pays(books, FRIDAY)
    later = days_later(books, 10)
    assert later.account().promises == (PastPromise(FRIDAY, was_kept=True),)
    assert states(later) == ["kept"]


def test_one_that_was_paid_too_late_stays_broken(books: Shop) -> None:
    says(books, "promise", "I1", FRIDAY)
    pays(books, FRIDAY + timedelta(days=1))
    later = days_later(books, 10)
    assert later.account().promises == (PastPromise(FRIDAY, was_kept=False),)
    assert later.account(needs=Needs(grace_days=1)).promises == (PastPromise(FRIDAY, was_kept=True),)


def test_a_part_that_was_promised_and_paid_is_kept(books: Shop) -> None:
    says(books, "promise", "I1", FRIDAY, Money(4_000, "USD"))
    pays(books, FRIDAY, 4_000)
    assert states(days_later(books, 10)) == ["kept"]


def test_payments_are_known_wherever_something_was_promised(books: Shop) -> None:
    """Even where the policy rests on no payments: the engine asks whether this promise was kept."""
    says(books, "promise", "I1", FRIDAY)
    pays(books, FRIDAY, 4_000)
    nothing = Needs(payments=False, fees=False, discounts_taken=False, history=False)
    assert len(books.account(needs=nothing).invoices[0].payments) == 1


def test_a_broken_one_counts_although_another_took_its_place(books: Shop) -> None:
    says(books, "promise", "I1", FRIDAY)
    later = days_later(books, 10)
    says(later, "promise", "I1", FRIDAY + timedelta(days=14))
    assert later.account().promises == (PastPromise(FRIDAY, was_kept=False),)
    assert states(later) == ["waiting", "broken"]


def test_one_moved_or_taken_back_before_its_day_is_neither_kept_nor_broken(books: Shop) -> None:
    says(books, "promise", "I1", FRIDAY)
    says(books, "promise", "I1", FRIDAY + timedelta(days=1))
    says(books, "promise", "I1", None)
    later = days_later(books, 10)
    assert (later.account().promises, later.account().invoices[0].promise) == ((), None)
    assert states(later) == ["taken back", "replaced"]


def test_a_word_given_twice_is_no_younger_for_it(books: Shop) -> None:
    says(books, "promise", "I1", FRIDAY)
    later = days_later(books, 2)
    says(later, "promise", "I1", FRIDAY)
    assert later.account().invoices[0].promise == Promise(FRIDAY, None, books.today)
    assert states(later) == ["waiting"]


def test_what_the_platform_still_shows_of_one_taken_back_is_no_promise(books: Shop) -> None:
    says(books, "promise", "I1", FRIDAY)
    says(books, "promise", "I1", None)
    books.reads(invoice(expected_on=FRIDAY, version="2"))
    assert books.account().invoices[0].promise is None


def test_what_is_said_once_about_several_invoices_is_one_promise(books: Shop) -> None:
    """150.00 of what is due: all of the older invoice and 50.00 of the other; what is not due yet is left out"""
    books.reads(invoice("I2", due_on=date(2026, 3, 5)), invoice("I3", due_on=date(2026, 4, 5)))
    assert says(books, "promise_account", "C1", FRIDAY, Money(15_000, "USD")) == 2
    said = {one.id: one.promise for one in books.account().invoices}
    assert said == {
        "I1": Promise(FRIDAY, None, books.today),
        "I2": Promise(FRIDAY, Money(5_000, "USD"), books.today),
        "I3": None,
    }
    pays(books, FRIDAY)
    assert days_later(books, 10).account().promises == (PastPromise(FRIDAY, was_kept=False),)


def test_a_disputed_invoice_is_not_promised_along(books: Shop) -> None:
    says(books, "dispute", "I1", True)
    assert says(books, "promise_account", "C1", FRIDAY) == 0


def test_nothing_is_told_of_an_invoice_that_was_voided(books: Shop) -> None:
    says(books, "promise", "I1", FRIDAY)
    books.reads(invoice(status=InvoiceStatus.VOIDED, stated_balance=0, version="2"))
    assert days_later(books, 10).account().promises == ()


def noted(shop: Shop) -> int:
    with shop.database.begin() as session:
        return promise_outcomes.note(session, shop.id, ["C1"], shop.today, shop.now)


def in_activity(shop: Shop) -> list[tuple[str, str]]:
    with shop.database.read() as session:
        found = home.activity(session, shop.id).entries
    return [(one.kind, one.sentence) for one in found if one.source == "promise"]


class TestWhatIsToldOfPromises:
    def test_a_broken_one_is_told_the_day_after_and_once(self, books: Shop) -> None:
        says(books, "promise", "I1", FRIDAY, Money(4_000, "USD"))
        assert [noted(days_later(books, days)) for days in (3, 4, 5, 6)] == [0, 0, 1, 0]
        assert in_activity(books) == [
            ("promise_broken", "INV-1: 40.00 USD, promised for 2026-03-06, did not come in."),
        ]

    def test_a_kept_one_is_told_when_the_money_is_there(self, books: Shop) -> None:
        says(books, "promise", "I1", FRIDAY)
        pays(books, books.today)
        assert (noted(books), noted(days_later(books, 9))) == (1, 0)
        assert in_activity(books) == [
            ("promise_kept", "INV-1: the whole of it, promised for 2026-03-06, came in."),
        ]

    def test_a_payment_booked_late_turns_it_round_and_that_is_told_too(self, books: Shop) -> None:
        says(books, "promise", "I1", FRIDAY)
        assert noted(days_later(books, 5)) == 1
        pays(books, FRIDAY)
        assert noted(days_later(books, 6)) == 1
        assert [kind for kind, _ in in_activity(books)] == ["promise_kept"]

    def test_programs_that_asked_for_it_are_told(self, books: Shop) -> None:
        with books.database.begin() as session:
            key = SecretBox(("a key for the tests",))
            endpoints.add(session, books.id, key, "https://hook.example/x", ["promise.broken"], books.now, "user 1")
        says(books, "promise", "I1", FRIDAY)
        noted(days_later(books, 5))
        with books.database.begin() as session:
            [message] = outbox.take(session, books.now + timedelta(days=6))
        body = json.loads(message.body)
        assert (body["type"], body["data"]["pay_on"], body["data"]["amount"]) == ("promise.broken", "2026-03-06", None)

    def test_what_was_over_long_ago_is_no_news(self, books: Shop) -> None:
        says(books, "promise", "I1", FRIDAY)
        assert noted(days_later(books, 90)) == 0
