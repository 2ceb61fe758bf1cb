"""The volume brake in a whole run: far more messages than usual wait for a person, and nothing else does."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.policy import Brake
from scheduler.upkeep import tell_owners
from store import volume
from tests.trial import Trial

TIGHT = Brake(always_allowed=1, at_first=2)


@pytest.fixture
def company(trial: Trial) -> int:
    """Three customers with a reminder due, where two a day are allowed at first."""
    books = trial.open_company("xero")
    for name in ("Ash", "Beech", "Cedar"):
        customer = books.add_customer(f"{name} Café", f"{name.lower()}@larkspur.example")
        due_on = trial.today - timedelta(days=12)
        books.add_invoice(customer, [("Beans", Decimal(120))], issued_on=due_on - timedelta(days=30), due_on=due_on)
    company = trial.connect("xero", books)
    trial.save_policy(company, brake=TIGHT)
    [report] = trial.run()
    assert (report.status, dict(report.performed)) == ("ok", {})
    return company


def test_far_more_than_usual_waits_until_a_person_lets_it_go(trial: Trial, company: int) -> None:
    assert [task.detail.split(",")[0] for task in trial.tasks()] == ["3 messages would go out"]
    tell_owners(trial.house.parts)
    assert "Far more messages than usual: 3 messages would go out" in trial.mails()[0].text
    page = trial.browser.get(f"{trial.address}/?company={company}").text
    assert "Dunwell holds messages back" in page
    with trial.house.database.begin() as session:
        assert volume.let_go(session, company, trial.sandbox.clock.now(), "user 1")
    [report] = trial.run()
    assert report.performed["remind"] == 3
    assert trial.tasks() == []


def test_what_a_person_turns_down_does_not_come_back_tomorrow(trial: Trial, company: int) -> None:
    with trial.house.database.begin() as session:
        assert volume.turn_down(session, company, trial.sandbox.clock.now(), "user 1") == 3
    for _ in range(3):
        trial.run()
        trial.let_pass(days=1)
    assert trial.mails() == []


def test_the_brake_goes_off_when_the_owner_allows_more(trial: Trial, company: int) -> None:
    trial.set_mode(company, "approve")
    trial.run()
    assert trial.mails() == [], "what waits for an answer waits in every mode"
    trial.set_mode(company, "automatic")
    trial.save_policy(company, brake=Brake(always_allowed=3))
    [report] = trial.run()
    assert (report.performed["remind"], trial.tasks()) == (3, [])
