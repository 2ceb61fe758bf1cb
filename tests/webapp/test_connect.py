"""Connecting, coming back, and letting go: the real connectors against the sandbox, over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import select
from werkzeug.test import TestResponse

from connectors import oauth
from sandbox.faults import Fault
from sandbox.server import Sandbox
from store import companies, tokens
from store.database import Database
from store.secrets import SecretBox
from store.tables import Company, StoredTokens, User
from tests.webapp.browsing import Browser
from tests.webapp.conftest import KEYS
from tests.webapp.stage import Stage, platforms_at, register

BOTH = pytest.mark.parametrize("platform", ["quickbooks", "xero"])
NAMES = {"quickbooks": "Prairie Supply Co", "xero": "Kōwhai Joinery Ltd"}


@pytest.fixture
def stage(make_app: Callable[..., Flask]) -> Iterator[Stage]:
    with Sandbox() as sandbox:
        register(sandbox, "http://localhost")
        app = make_app(platforms=platforms_at(sandbox), clock=sandbox.clock.now, default_mode="approve")
        yield Stage(sandbox, app)


@pytest.fixture
def person(stage: Stage) -> Browser:
    return Browser(stage.app.test_client())


def only_company(database: Database) -> Company:
    with database.read() as session:
        found = companies.all_companies(session)
    assert len(found) == 1
    return found[0]


def kept_tokens(database: Database, company: Company) -> tuple[bytes, int]:
    held = tokens.Vault(database, SecretBox(KEYS), company.id or 0, lambda: company.created_at, "test").read()
    assert held is not None
    return held


@BOTH
def test_a_visitor_connects_and_lands_on_home_as_its_owner(
    stage: Stage, person: Browser, database: Database, platform: str
) -> None:
    stage.connect(person, platform)
    company = only_company(database)
    assert (company.name, company.status, company.mode) == (NAMES[platform], "connected", "approve")
    assert company.next_run_at is not None
    with database.read() as session:
        user = session.get(User, 1)
        assert user is not None
        assert companies.role_of(session, user.id or 0, company.id or 0) == "owner"
        assert user.email
    assert NAMES[platform] in person.open("/").text
    assert "Connected" in person.open("/connect").text


@BOTH
def test_tokens_are_never_stored_in_the_clear(stage: Stage, person: Browser, database: Database, platform: str) -> None:
    stage.connect(person, platform)
    content, version = kept_tokens(database, only_company(database))
    held = oauth.decode(content, version)
    with database.read() as session:
        row = session.get(StoredTokens, 1)
    assert row is not None
    for secret in (held.access_token, held.refresh_token):
        assert secret.encode() not in row.sealed
        assert secret not in person.open("/connect").text


@BOTH
def test_the_address_with_the_code_answers_with_a_redirect(stage: Stage, person: Browser, platform: str) -> None:
    callback = stage.consent(person, platform)
    first = person.client.get(callback)
    again = person.client.get(callback)
    assert (first.status_code, first.headers["Location"]) == (302, "/")
    assert (again.status_code, again.headers["Location"]) == (302, f"/connect/{platform}/stopped/stale")


@BOTH
def test_a_refusal_over_there_is_taken_kindly(stage: Stage, person: Browser, database: Database, platform: str) -> None:
    page = person.open(stage.consent(person, platform, "deny"))
    assert page.status_code == 200
    assert "Nothing was connected" in page.text
    with database.read() as session:
        assert companies.all_companies(session) == []


@BOTH
def test_a_callback_counts_only_in_the_browser_that_began(stage: Stage, person: Browser, platform: str) -> None:
    """Somebody who plants their own callback in my browser must not sign me in as them."""
    planted = stage.consent(person, platform)
    victim = Browser(stage.app.test_client())
    victim.client.get(f"/connect/{platform}")
    assert victim.client.get(planted).headers["Location"].endswith("/stale")
    assert victim.client.get("/activity").headers["Location"] == "/"


def test_ten_minutes_on_the_consent_page_are_enough(stage: Stage, person: Browser) -> None:
    callback = stage.consent(person, "xero")
    stage.sandbox.clock.advance(timedelta(minutes=11))
    assert person.client.get(callback).headers["Location"].endswith("/stale")


def test_a_state_of_one_platform_is_worth_nothing_at_the_other(stage: Stage, person: Browser) -> None:
    callback = stage.consent(person, "xero").replace("/xero/", "/quickbooks/")
    assert person.client.get(callback).headers["Location"].endswith("/stale")


def test_signing_in_gives_the_browser_a_new_session(stage: Stage, person: Browser) -> None:
    callback = stage.consent(person, "xero")
    with person.client.session_transaction() as session:
        session["planted"] = "by an attacker"
    person.open(callback)
    with person.client.session_transaction() as session:
        assert "planted" not in session
        assert "browser" not in session
        assert session["user"] == 1


@BOTH
def test_connecting_again_replaces_the_tokens_and_makes_no_second_company(
    stage: Stage, person: Browser, database: Database, platform: str
) -> None:
    stage.connect(person, platform)
    first = kept_tokens(database, only_company(database))
    stage.connect(person, platform)
    second = kept_tokens(database, only_company(database))
    assert first[0] != second[0]
    assert second[1] > first[1]


def test_one_person_keeps_several_companies_apart(stage: Stage, person: Browser, database: Database) -> None:
    stage.sandbox.xero.create_company("Second Books Ltd", "GB", "GBP", "Europe/London")
    for name in ("Kōwhai Joinery Ltd", "Second Books Ltd"):
        person.open(stage.consent(person, "xero", company=name))
        assert f'<h1 class="breaks">{name}</h1>' in person.open("/").text
    with database.read() as session:
        mine = companies.companies_of(session, 1)
        # Xero's tokens are a person's: kept twice, the refresh of one copy would kill the other.
        assert len(session.exec(select(StoredTokens)).all()) == 1
    assert [company.name for company in mine] == ["Kōwhai Joinery Ltd", "Second Books Ltd"]
    assert f"/?company={mine[0].id}" in person.open("/").text


@BOTH
def test_disconnecting_ends_the_permission_over_there_too(
    stage: Stage, person: Browser, database: Database, platform: str
) -> None:
    stage.connect(person, platform)
    stage.sandbox.clock.advance(timedelta(hours=2))  # the access token has lapsed meanwhile
    page = person.press(person.form("/connect", "/disconnect"), "Disconnect")
    assert "is disconnected" in page.text
    company = only_company(database)
    assert (company.status, company.next_run_at) == ("disconnected", None)
    seen = stage.sandbox.quickbooks.requests_seen if platform == "quickbooks" else stage.sandbox.xero.requests_seen
    with database.read() as session:
        assert session.get(StoredTokens, 1) is None, "no token is left behind"
    assert any("revoke" in path or (method == "DELETE" and "/connections/" in path) for method, path in seen)


def test_a_platform_that_is_away_leaves_the_company_connected(
    stage: Stage, person: Browser, database: Database
) -> None:
    stage.connect(person, "xero")
    stage.sandbox.faults.add(Fault(name="status", path="/connections", times=10, args={"code": 503}))
    page = person.press(person.form("/connect", "/disconnect"), "Disconnect")
    assert "could not be reached" in page.text
    assert only_company(database).status == "connected"


def test_a_disconnect_announced_by_anybody_changes_nothing(stage: Stage, person: Browser, database: Database) -> None:
    """QuickBooks Online sends the browser here unsigned: anybody could."""
    stage.connect(person, "quickbooks")
    stranger = Browser(stage.app.test_client())
    assert stranger.open(f"/disconnected?realmId={only_company(database).external_id}").status_code == 200
    assert only_company(database).status == "connected"


def test_only_platforms_with_keys_are_offered(visitor: Browser) -> None:
    assert "Connect to" not in visitor.open("/").text
    assert visitor.open("/connect/xero").status_code == 404
    assert visitor.open("/connect/freshbooks").status_code == 404


def test_books_on_both_platforms_belong_to_the_person_who_was_signed_in(
    stage: Stage, person: Browser, database: Database
) -> None:
    """signed in through QuickBooks, then Xero connected in the same browser: one person, two companies"""
    stage.connect(person, "quickbooks")
    stage.connect(person, "xero")
    with database.read() as session:
        assert len(companies.companies_of(session, 1)) == 2


@BOTH
def test_somebody_known_comes_back_by_signing_in_alone(
    stage: Stage, person: Browser, database: Database, platform: str
) -> None:
    """No company is chosen again and no token is replaced: the platform only says who it is."""
    stage.connect(person, platform)
    before = kept_tokens(database, only_company(database))
    elsewhere = Browser(stage.app.test_client())
    for door in ("sign-in", "launch"):
        page = elsewhere.open(stage.consent(elsewhere, platform, door=door))
        assert NAMES[platform] in page.text
        elsewhere = Browser(stage.app.test_client())
    assert kept_tokens(database, only_company(database)) == before


@BOTH
def test_a_stranger_who_signs_in_sees_no_company(
    stage: Stage, person: Browser, database: Database, platform: str
) -> None:
    page = person.open(stage.consent(person, platform, door="sign-in"))
    assert "see no company yet" in page.text
    assert person.open("/activity").request.path == "/connect"
    with database.read() as session:
        assert companies.all_companies(session) == []


def test_launched_from_the_platform_somebody_signed_in_is_at_home(stage: Stage, person: Browser) -> None:
    stage.connect(person, "quickbooks")
    assert person.client.get("/launch/quickbooks?realmId=1").headers["Location"] == "/"


def test_the_door_of_a_sign_in_opens_no_books(stage: Stage, person: Browser, database: Database) -> None:
    """a callback of a mere sign-in, with a company written into its address by hand"""
    company = next(iter(stage.sandbox.quickbooks.companies))
    person.open(stage.consent(person, "quickbooks", door="sign-in") + f"&realmId={company}")
    with database.read() as session:
        assert companies.all_companies(session) == []


def test_a_company_with_an_owner_takes_others_as_bookkeepers(stage: Stage, person: Browser, database: Database) -> None:
    """the platform lets two people in; the first who connects owns the company here, until it is disconnected"""
    stage.connect(person, "quickbooks")
    known = stage.sandbox.quickbooks.person
    stage.sandbox.quickbooks.person = type(known)(subject="somebody-else", email="else@prairie.example")
    other = Browser(stage.app.test_client())
    stage.connect(other, "quickbooks")
    company = only_company(database)
    with database.read() as session:
        roles = [companies.role_of(session, user, company.id or 0) for user in (1, 2)]
    assert roles == ["owner", "bookkeeper"]
    person.press(person.form("/connect", "/disconnect"), "Disconnect")
    stage.sandbox.quickbooks.person = type(known)(subject="a-third", email="third@prairie.example")
    stage.connect(Browser(stage.app.test_client()), "quickbooks")
    with database.read() as session:
        assert companies.role_of(session, 3, company.id or 0) == "owner"


def test_a_disconnect_over_there_is_looked_into_at_once_for_somebody_of_the_company(
    stage: Stage, person: Browser, database: Database
) -> None:
    stage.connect(person, "quickbooks")
    company, later = only_company(database), stage.sandbox.clock.now() + timedelta(days=1)
    with database.begin() as session:
        session.merge(company).next_run_at = later
    address = f"/disconnected?realmId={company.external_id}"
    Browser(stage.app.test_client()).open(address)
    assert only_company(database).next_run_at == later
    person.open(address)
    found_out_at = only_company(database).next_run_at
    assert found_out_at is not None
    assert found_out_at <= stage.sandbox.clock.now()


def also(stage: Stage, person: Browser, platform: str) -> TestResponse:
    """The person shows another sign-in of theirs; the page on which they are asked whether it is."""
    return person.open(stage.consent(person, platform, door="sign-in", also=True))


def test_who_says_so_is_one_person_whichever_way_they_sign_in(stage: Stage, person: Browser) -> None:
    """books on QuickBooks, connected by one browser; on Xero by another; then both are said to be the same person's"""
    stage.connect(person, "quickbooks")
    elsewhere = Browser(stage.app.test_client())
    stage.connect(elsewhere, "xero")
    page = also(stage, person, "xero")
    assert "Is this you too?" in page.text
    assert NAMES["xero"] in page.text
    page = person.press(person.form_in(page, "/me/also"), "Yes, that is me")
    for browser in (person, elsewhere):
        assert all(name in browser.open("/connect").text for name in NAMES.values())
    person.press(person.form("/connect", "/me/sign-ins/"), "Remove")
    assert not any(name in elsewhere.open("/connect").text for name in NAMES.values())
    assert all(name in person.open("/connect").text for name in NAMES.values())


def test_shown_and_not_said_to_be_ones_own_changes_nothing(stage: Stage, person: Browser, database: Database) -> None:
    stage.connect(person, "quickbooks")
    person.press(person.form_in(also(stage, person, "xero"), "/me/also"), "No, somebody else")
    with database.read() as session:
        assert [one.same_as_id for one in session.exec(select(User)).all()] == [None, None]
    assert person.open("/me/also").status_code == 404


def test_a_sign_in_shown_for_somebody_else_is_not_taken(stage: Stage, person: Browser) -> None:
    """begun as one person, come back as another: who signed in meanwhile gets nothing by it"""
    stage.connect(person, "quickbooks")
    callback = stage.consent(person, "xero", door="sign-in", also=True)
    with person.client.session_transaction() as kept:
        kept["user"] = 99
    assert person.client.get(callback).headers["Location"].endswith("/stale")


def test_only_who_has_just_signed_in_may_add_another_way_in(stage: Stage, person: Browser) -> None:
    stage.connect(person, "quickbooks")
    stage.sandbox.clock.advance(timedelta(hours=2))
    assert "Sign out and in again first" in person.open("/sign-in/xero/too").text


def test_books_of_somebody_else_make_an_old_sign_in_no_younger(stage: Stage, person: Browser) -> None:
    """whoever finds a browser open and connects books of their own has not proved to be its owner"""
    stage.connect(person, "quickbooks")
    stage.sandbox.clock.advance(timedelta(hours=2))
    stage.connect(person, "xero")
    assert "Sign out and in again first" in person.open("/sign-in/xero/too").text
    stage.connect(person, "quickbooks")
    assert "Sign out and in again first" not in person.client.get("/sign-in/xero/too").text
