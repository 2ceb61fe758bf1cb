"""What people say of a customer's credit, and what the account knows of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.money import Money
from store import ledger, returned, tasks
from store.ledger import PlannedAct
from store.wishes import Speaker
from tests.store.books import Shop, customer, invoice, reminder


@pytest.fixture
def books(shop: Shop) -> Shop:
    shop.reads(customer(), invoice())
    return shop


def says(shop: Shop, word: str, *arguments: object) -> None:
    with shop.database.begin() as session:
        getattr(Speaker(session, shop.id, shop.now, "user 1"), word)(*arguments)


def asks(shop: Shop, kind: str, subject: str, customer_id: str = "C1") -> bool:
    return bool(
        shop.moves(
            tasks.open_task, kind=kind, subject=subject, customer_id=customer_id, title="", detail="", now=shop.now
        )
    )


def shows(shop: Shop, kind: str, key: str) -> None:
    shop.records(reminder(shop.today), [PlannedAct(kind=kind, key=key, body="{}")])


def test_a_temporary_limit_and_orders_not_billed_are_told(books: Shop) -> None:
    says(books, "override_limit", "C1", Money(900_000, "USD"), date(2026, 4, 1))
    says(books, "unbilled", "C1", Money(50_000, "USD"))
    credit = books.account().credit
    assert (credit.override_limit, credit.override_until_on) == (Money(900_000, "USD"), date(2026, 4, 1))
    assert credit.unbilled == Money(50_000, "USD")
    says(books, "override_limit", "C1", None)
    says(books, "unbilled", "C1", None)
    credit = books.account().credit
    assert (credit.override_limit, credit.override_until_on, credit.unbilled) == (None, None, None)


def test_whoever_sets_a_limit_has_looked_at_it(books: Shop) -> None:
    asks(books, "credit_new_customer", "C1")
    asks(books, "call", "C1 2")
    says(books, "limit", "C1", Money(500_000, "USD"))
    assert books.account().credit.reviewed_on == books.today
    with books.database.read() as session:
        assert [task.kind for task in tasks.open_tasks(session, books.id)] == ["call"]


def test_the_reason_of_a_hold_by_hand_is_kept_until_the_policy_decides_again(books: Shop) -> None:
    says(books, "hold", "C1", True, books.today, "cheque bounced")
    credit = books.account().credit
    assert (credit.is_on_hold, credit.is_manual, credit.hold_reason) == (True, True, "cheque bounced")
    says(books, "leave_hold_to_policy", "C1")
    assert (books.account().credit.is_manual, books.account().credit.hold_reason) == (False, "")


class TestReturnedPayments:
    def test_those_of_the_last_year_count(self, books: Shop) -> None:
        for age in (0, 364, 365):
            on = books.today - timedelta(days=age)
            books.moves(returned.note, "C1", on, "no funds", books.now, "user 1")
        assert books.account().returned_payments == 2

    def test_one_noted_in_error_is_taken_back(self, books: Shop) -> None:
        books.moves(returned.note, "C1", books.today, "", books.now, "user 1")
        assert books.moves(returned.take_back, 1, books.now, "user 1") == "C1"
        assert books.account().returned_payments == 0
        with pytest.raises(LookupError):
            books.moves(returned.take_back, 1, books.now, "user 1")

    def test_those_of_a_merged_customer_count_with_its_survivor(self, books: Shop) -> None:
        books.reads(customer("C2"))
        books.moves(returned.note, "C2", books.today, "", books.now, "user 1")
        books.reads(customer("C2", merged_into_id="C1"))
        assert books.account().returned_payments == 1


def test_a_question_that_a_person_answered_is_known(books: Shop) -> None:
    asks(books, "write_off", "C1 USD")
    asks(books, "handover", "C1 USD")
    asks(books, "missing_email", "C1")
    for kind, subject in (("write_off", "C1 USD"), ("missing_email", "C1")):
        books.moves(tasks.close_task, kind=kind, subject=subject, outcome="ticked off", now=books.now)
    assert books.account().answered == {("write_off", "C1 USD")}


class TestHoldsShown:
    def test_one_that_waits_is_the_same_act_however_many_nights_pass(self, books: Shop) -> None:
        shows(books, "hold", "hold-0")
        assert books.account().credit.times_shown == 0

    def test_each_one_that_came_to_an_end_makes_the_next_another_act(self, books: Shop) -> None:
        shows(books, "hold", "hold-0")
        books.sends("hold-0")
        shows(books, "release", "release-1")
        books.sends("release-1")
        credit = books.account().credit
        assert (credit.times_shown, credit.is_on_hold, credit.shown_since_on) == (2, False, None)

    def test_whoever_turns_one_down_has_decided(self, books: Shop) -> None:
        """approve mode: the hold is planned, a person says no, and is not asked again the same minute"""
        shop = books
        act = PlannedAct(kind="hold", key="hold-0", needs_approval=True, body="{}")
        shop.records(reminder(shop.today), [act])
        assert shop.moves(ledger.reject, "hold-0", shop.now, "user 1")
        credit = shop.account().credit
        assert (credit.is_manual, credit.is_on_hold, credit.shown_since_on) == (True, False, None)
        assert credit.hold_reason == "the hold was turned down"
