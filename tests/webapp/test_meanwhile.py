"""Two people at the same settings: neither undoes what the other has just saved without being told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from store import companies, policies
from store.database import Database
from store.tables import Company
from tests.webapp.browsing import Browser
from tests.webapp.test_settings import confirmed, policy_of, saved

PAGE = "/settings"


@pytest.fixture
def noa(browser_of: Callable[..., Browser], company: Company) -> Browser:
    return browser_of(company, "owner", "noa")


def test_two_who_change_different_settings_keep_both(
    owner: Browser, noa: Browser, database: Database, company: Company
) -> None:
    """mia opens the settings; noa saves another budget; mia saves another hold, and the ladder is as it was"""
    form = owner.form(PAGE, PAGE)
    saved(noa, messages="5")
    page = owner.press(form, "Save settings", hold_days_overdue="45")
    assert "Saved meanwhile by Noa" in page.text
    assert "All of it stays" in page.text
    confirmed(owner, page)
    policy = policy_of(database, company)
    assert (policy.budget.messages, policy.credit.hold_days_overdue) == (5, 45)


def test_where_both_changed_the_same_both_are_shown_first(
    owner: Browser, noa: Browser, database: Database, company: Company
) -> None:
    form = owner.form(PAGE, PAGE)
    saved(noa, messages="5", minimum_gap_days="3")
    page = owner.press(form, "Save settings", messages="6")
    assert "Some of it is what you changed too." in page.text
    assert "these are as you say: Budget › messages." in page.text
    assert policy_of(database, company).budget.messages == 5, "nothing is saved before it is confirmed"
    confirmed(owner, page)
    budget = policy_of(database, company).budget
    assert (budget.messages, budget.minimum_gap_days) == (6, 3)


def test_what_is_saved_between_the_question_and_the_answer_asks_again(
    owner: Browser, noa: Browser, database: Database, company: Company
) -> None:
    page = owner.press(owner.form(PAGE, PAGE), "Save settings", messages="6")
    saved(noa, messages="5")
    again = owner.press(owner.form_in(page, PAGE), "Save for good")
    assert "Saved meanwhile by Noa" in again.text
    assert policy_of(database, company).budget.messages == 5
    confirmed(owner, again)
    assert policy_of(database, company).budget.messages == 6


def test_two_who_confirm_at_the_same_moment_lose_nothing(
    owner: Browser, noa: Browser, database: Database, company: Company
) -> None:
    """each has seen the settings in force and presses the last button: one is saved, the other is asked again"""
    ready = Barrier(2)

    def press(browser: Browser, changes: dict[str, str]) -> str:
        page = browser.press(browser.form(PAGE, PAGE), "Save settings", **changes)
        last = browser.form_in(page, PAGE)
        ready.wait(20)
        return browser.press(last, "Save for good").text

    for turn in (5, 6):
        changes = [{"messages": str(turn)}, {"hold_days_overdue": str(turn * 10)}]
        with ThreadPoolExecutor(2) as hands:
            answers = list(hands.map(press, (owner, noa), changes))
        assert sorted("Saved meanwhile by" in text for text in answers) == [False, True]
        for browser, mine in zip((owner, noa), changes, strict=True):
            confirmed(browser, browser.press(browser.form(PAGE, PAGE), "Save settings", **mine))
        policy = policy_of(database, company)
        assert (policy.budget.messages, policy.credit.hold_days_overdue) == (turn, turn * 10)


def test_an_old_page_does_not_switch_back_on_what_was_switched_off(
    owner: Browser, noa: Browser, database: Database, company: Company
) -> None:
    """noa sets everything to observe; mia's page still says automatic, and saves a budget"""
    form = owner.form(PAGE, PAGE)
    saved(noa, mode="observe")
    confirmed(owner, owner.press(form, "Save settings", messages="6"))
    with database.read() as session:
        assert companies.get(session, company.stored_id).mode == "observe"


def test_two_modes_at_once_are_told(owner: Browser, noa: Browser, database: Database, company: Company) -> None:
    form = owner.form(PAGE, PAGE)
    saved(noa, mode="observe")
    page = owner.press(form, "Save settings", mode="approve")
    assert page.status_code == 422
    assert "Somebody else has changed this meanwhile." in page.text
    owner.press(owner.form_in(page, PAGE), "Save settings")
    with database.read() as session:
        assert companies.get(session, company.stored_id).mode == "approve"


def test_the_whole_document_is_no_way_around(
    owner: Browser, noa: Browser, database: Database, company: Company
) -> None:
    form = owner.form("/settings/document", "/settings/document")
    text = next(value for name, value in form.fields if name == "text")
    saved(noa, messages="5")
    page = owner.press(
        form, "Check and show what changes", text=text.replace("minimum_gap_days: ", "minimum_gap_days: 1")
    )
    assert "Saved meanwhile by Noa" in page.text
    owner.press(owner.form_in(page, "/settings/document"), "Save for good")
    assert policy_of(database, company).budget.messages == 5


def test_restoring_an_old_version_shows_what_it_undoes(
    owner: Browser, noa: Browser, database: Database, company: Company
) -> None:
    saved(noa, messages="4")
    page = owner.press(owner.form("/settings/versions/1", "/settings/versions/1"))
    saved(noa, messages="5")
    owner.press(owner.form_in(page, "/settings/versions/1"), "Save for good")
    with database.read() as session:
        assert policies.current(session, company.stored_id).budget.messages == 5, "asked again: it has changed"
