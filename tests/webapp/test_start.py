"""Before switching on: a person looks at their own last year and at tonight, chooses, and presses one button."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from msgspec.structs import replace

from engine.books import AllocationRecord, DocumentStatus, InvoiceStatus, PaymentRecord
from store import companies, policies
from store.database import Database
from store.pages import store_page
from store.scope import Scope
from store.tables import Action, Company
from tests.webapp import books
from tests.webapp.browsing import Browser
from webapp import reckoning


@pytest.fixture
def watching(database: Database) -> Company:
    """Harbour Joinery, read and decided on, in observe mode; INV-99 was paid 12 days late, and entered 5 days after."""
    company = books.connect(database, mode="observe")
    books.read_and_decide(database, company)
    paid = books.TODAY - timedelta(days=88)
    old = books.invoice("INV-99", "c1", -100, "700.00", status=InvoiceStatus.PAID, stated_balance=0, settled_on=paid)
    payment = PaymentRecord(
        id="p99",
        customer_id="c1",
        status=DocumentStatus.POSTED,
        paid_on=paid,
        currency="NZD",
        total=70000,
        updated_at=books.NOW - timedelta(days=83),
    )
    used = AllocationRecord(
        source_kind="payment",
        source_id="p99",
        invoice_id="inv-99",
        position=0,
        amount=70000,
        currency="NZD",
        allocated_on=paid,
    )
    page = books.joinery()
    with database.begin() as session:
        more = {"invoices": (*page.invoices, old), "payments": (*page.payments, payment), "allocations": (used,)}
        store_page(session, company.id or 0, replace(page, **more), books.NOW)
    return company


@pytest.fixture
def person(watching: Company, browser_of: Callable[..., Browser]) -> Browser:
    return browser_of(watching)


def company_now(database: Database, company: Company) -> Company:
    with database.read() as session:
        return companies.get(session, company.id or 0)


def test_home_leads_to_the_look_back(person: Browser) -> None:
    assert 'href="/start"' in person.open("/").text


def test_the_last_year_and_tonight_stand_on_one_page(person: Browser) -> None:
    page = person.open("/start").text
    assert "Your last 12 months" in page
    assert "What the next run would do" in page
    assert "INV-101 is 12 days overdue" in page


def test_a_firmer_choice_shows_more_messages(person: Browser) -> None:
    def messages(preset: str) -> int:
        page = person.open(f"/backtest?preset={preset}").text
        return int(page.split("<dt>Messages</dt><dd>")[1].split("<")[0])

    assert messages("gentle") < messages("firm")


def test_a_message_that_would_have_crossed_with_a_payment_is_named(person: Browser) -> None:
    """INV-99: paid on Friday 5 December, entered on the 10th; firm's 14-day step goes out on Monday the 8th"""
    page = person.open("/backtest?preset=firm&only=crossed").text
    assert "had already paid" in page
    assert "INV-99" in page


def test_one_button_switches_on_what_was_looked_at(person: Browser, database: Database, watching: Company) -> None:
    done = person.press(person.form("/start?preset=gentle", "/start"), "Switch on", mode="automatic")
    assert done.request.path == "/"
    assert "Dunwell is on." in done.text
    assert company_now(database, watching).mode == "automatic"
    with database.read() as session:
        policy = policies.current(session, watching.id or 0)
    assert [step.days for step in policy.ladder] == [7, 21, 40, 60]
    assert policy.base_currency == "NZD"


def test_by_default_each_message_is_shown_first(person: Browser, database: Database, watching: Company) -> None:
    person.press(person.form("/start", "/start"), "Switch on")
    assert company_now(database, watching).mode == "approve"


def test_one_button_takes_it_back(person: Browser, database: Database, watching: Company) -> None:
    person.press(person.form("/start", "/start"), "Switch on", mode="automatic")
    done = person.press(person.form("/", "/observe"), "Only watch again")
    assert "only watches now" in done.text
    assert company_now(database, watching).mode == "observe"


def test_looking_changes_nothing(person: Browser, database: Database, watching: Company) -> None:
    before = company_now(database, watching)
    person.open("/start?preset=firm")
    person.open("/backtest?months=24")
    assert company_now(database, watching) == before
    with database.read() as session:
        scope = Scope(session, watching.id or 0)
        assert scope.all(scope.select(Action)) == []


def test_a_viewer_looks_and_switches_nothing(watching: Company, browser_of: Callable[..., Browser]) -> None:
    viewer = browser_of(watching, "viewer")
    page = viewer.open("/start")
    assert "Your last 12 months" in page.text
    assert "Switch on" not in page.text


@pytest.mark.parametrize("query", ["months=x", "months=-1", "months=999999", "preset=none", "only=%00"])
def test_odd_questions_get_an_ordinary_answer(person: Browser, query: str) -> None:
    assert person.open(f"/backtest?{query}").status_code == 200


def test_a_long_look_back_tells_how_far_it_is_and_then_shows_itself(
    person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on, run = Event(), reckoning.run_backtest

    def slow(*asked: Any) -> Any:
        asked[-1](3, 40)
        may_go_on.wait(20)
        return run(*asked[:-1])

    monkeypatch.setattr(reckoning, "run_backtest", slow)
    page = person.open("/backtest?months=3").text
    assert "3 of 40 customers" in page
    assert 'hx-trigger="every 1s"' in page
    may_go_on.set()
    for _ in range(200):
        page = person.open("/backtest?months=3").text
        if "hx-trigger" not in page.split('id="result"')[1][:200]:
            break
        time.sleep(0.1)
    assert "<dt>Messages</dt>" in page


def test_a_look_back_that_fails_says_so_and_is_tried_again(person: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(reckoning, "run_backtest", lambda *_: 1 / 0)
        assert "could not be worked out" in person.open("/backtest?months=6").text
    assert "<dt>Messages</dt>" in person.open("/backtest?months=6").text


def test_a_company_not_read_yet_is_asked_to_wait(database: Database, browser_of: Callable[..., Browser]) -> None:
    new = books.connect(database, mode="observe")
    assert "being read for the first time" in browser_of(new).open("/start").text


def test_after_the_first_reading_the_look_back_opens_by_itself(
    database: Database, browser_of: Callable[..., Browser]
) -> None:
    new = books.connect(database, mode="observe")
    person = browser_of(new)
    person.open("/")
    books.read_and_decide(database, new)
    assert person.client.get("/sync").headers["HX-Redirect"] == "/start"
