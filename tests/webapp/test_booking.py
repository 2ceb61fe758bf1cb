"""Where fees are booked: chosen from the platform's live lists, through the real connectors."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from engine.policy import Booking, Fees, Place
from sandbox.server import Sandbox
from store import companies, policies
from store.database import Database
from store.tables import Company
from tests.webapp.browsing import Browser
from tests.webapp.stage import Stage, platforms_at, register

PAGE = "/settings/booking"


@pytest.fixture
def stage(make_app: Callable[..., Flask]) -> Iterator[Stage]:
    with Sandbox() as sandbox:
        register(sandbox, "http://localhost")
        yield Stage(sandbox, make_app(platforms=platforms_at(sandbox), clock=sandbox.clock.now))


def lists(person: Browser) -> TestResponse:
    """The page, once the platform has answered."""
    for _ in range(100):
        page = person.open(PAGE)
        if "Asking your accounting software" not in page.text:
            return page
        time.sleep(0.1)
    raise AssertionError("the platform never answered")


def booking(database: Database) -> Booking:
    with database.read() as session:
        [company] = companies.all_companies(session)
        return policies.current(session, company.id or 0).booking


@pytest.mark.parametrize(("platform", "needed"), [("quickbooks", "item"), ("xero", "account")])
def test_a_place_is_chosen_from_the_live_lists(
    stage: Stage, visitor: Browser, database: Database, platform: str, needed: str
) -> None:
    person = Browser(stage.app.test_client())
    stage.connect(person, platform)
    page = lists(person)
    select = re.search(rf'<select id="fees-{needed}".*?</select>', page.text, re.DOTALL)
    assert select is not None
    choices = re.findall(r'<option value="([^"]+)"', select[0])
    person.press(person.form_in(page, PAGE), "Save", **{f"fees-{needed}": choices[0]})
    assert getattr(booking(database).fees, needed) == choices[0]
    assert booking(database).discounts == Place()


def test_what_is_on_no_list_is_not_taken(stage: Stage, database: Database) -> None:
    person = Browser(stage.app.test_client())
    stage.connect(person, "xero")
    page = person.press(person.form_in(lists(person), PAGE), "Save", **{"fees-account": "9999"})
    assert page.status_code == 200
    assert booking(database).fees == Place()


def test_a_place_that_vanished_over_there_is_kept_and_marked(stage: Stage, database: Database) -> None:
    person = Browser(stage.app.test_client())
    stage.connect(person, "xero")
    with database.begin() as session:
        [company] = companies.all_companies(session)
        policy = policies.current(session, company.id or 0)
        changed = {"booking": Booking(fees=Place(account="4711")), "fees": Fees(is_on=True, clause="§ 7", flat=5)}
        policies.save(session, company.id or 0, policy.model_copy(update=changed), company.created_at, "test")
    assert "4711 (no longer on the list)" in lists(person).text


def test_the_connection_says_what_it_may_do_and_how_long_it_holds(stage: Stage) -> None:
    person = Browser(stage.app.test_client())
    stage.connect(person, "xero")
    page = person.open("/connect").text
    assert "invoices and credit notes; payments" in page
    assert "every run moves it on" in page
    assert "Your role" in page


def test_books_without_documents_of_ours_have_nothing_to_choose(owner: Browser, company: Company) -> None:
    assert company.platform == "xero"
    assert "nothing to choose from" in lists(owner).text
