"""A hold that a person sets or lifts reaches the platform, and stays as the person wants it."""

from __future__ import annotations

import pytest

from store.wishes import Speaker
from tests.trial import Trial, overdue_invoice


def say_hold(trial: Trial, company: int, customer: str, is_on_hold: bool) -> None:
    with trial.house.database.begin() as session:
        speaker = Speaker(session, company, trial.sandbox.clock.now(), "user 1")
        speaker.hold(customer, is_on_hold, trial.today)


def test_a_hold_by_hand_is_shown_and_lifted_on_the_platform(trial: Trial, platform: str) -> None:
    """5 days overdue: no rule asks for a hold"""
    books = trial.open_company(platform)
    customer, _ = overdue_invoice(books, trial.today, days=5)
    company = trial.connect(platform, books)
    trial.run()
    assert list(books.customers_on_hold()) == []
    say_hold(trial, company, customer, True)
    [report] = trial.run()
    assert report.performed["hold"] == 1
    assert list(books.customers_on_hold()) == [customer]
    trial.let_pass(days=1)
    [report] = trial.run()
    assert report.performed["hold"] == 0, "shown once"
    say_hold(trial, company, customer, False)
    trial.run()
    assert list(books.customers_on_hold()) == []
    say_hold(trial, company, customer, True)
    trial.run()
    assert list(books.customers_on_hold()) == [customer]


def test_a_hold_of_ours_lifted_by_hand_stays_lifted(trial: Trial, platform: str) -> None:
    """70 days overdue: the policy holds, a person lifts, the policy does not hold again"""
    books = trial.open_company(platform)
    customer, _ = overdue_invoice(books, trial.today, days=70)
    company = trial.connect(platform, books)
    trial.run()
    assert list(books.customers_on_hold()) == [customer]
    say_hold(trial, company, customer, False)
    trial.run()
    trial.let_pass(days=3)
    trial.run()
    assert list(books.customers_on_hold()) == []


@pytest.mark.parametrize("mode", ["approve", "observe"])
def test_what_a_person_said_needs_no_second_word_but_observe_writes_nothing(
    trial: Trial, platform: str, mode: str
) -> None:
    books = trial.open_company(platform)
    customer, _ = overdue_invoice(books, trial.today, days=5)
    company = trial.connect(platform, books)
    trial.set_mode(company, mode)
    trial.run()
    say_hold(trial, company, customer, True)
    trial.run(times=2)
    assert list(books.customers_on_hold()) == ([customer] if mode == "approve" else [])
    trial.set_mode(company, "automatic")
    trial.let_pass(days=1)
    trial.run()
    assert list(books.customers_on_hold()) == [customer]
