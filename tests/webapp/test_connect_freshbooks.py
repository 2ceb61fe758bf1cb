"""Connecting FreshBooks, where one consent is for all of a person's businesses and a sign-in ends the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from connectors.ports import Books
from sandbox.server import Sandbox
from store import companies, tokens
from store.database import Database
from store.secrets import SecretBox
from store.tables import Company
from tests.webapp.browsing import Browser
from tests.webapp.conftest import KEYS
from tests.webapp.stage import Stage, platforms_at, register


@pytest.fixture
def stage(make_app: Callable[..., Flask]) -> Iterator[Stage]:
    with Sandbox() as sandbox:
        register(sandbox, "http://localhost")
        for name in ("Brightside Studio", "Second Studio"):
            sandbox.freshbooks.create_company(name, "CA", "CAD", "America/Toronto")
        app = make_app(platforms=platforms_at(sandbox, with_freshbooks=True), clock=sandbox.clock.now)
        yield Stage(sandbox, app)


@pytest.fixture
def person(stage: Stage) -> Browser:
    return Browser(stage.app.test_client())


@pytest.fixture
def both(stage: Stage, person: Browser, database: Database) -> list[Company]:
    """What one consent opened."""
    stage.connect(person, "freshbooks")
    with database.read() as session:
        return companies.all_companies(session)


def books(stage: Stage, database: Database, company: Company) -> Books:
    vault = tokens.Vault(database, SecretBox(KEYS), company.stored_id, stage.sandbox.clock.now, "test")
    platform = platforms_at(stage.sandbox, with_freshbooks=True)["freshbooks"]
    return platform.books(company.external_id, vault, stage.sandbox.clock.now)


def can_be_read(stage: Stage, database: Database, company: Company) -> bool:
    return books(stage, database, company).company().name == company.name


def test_one_consent_connects_every_business_of_a_person_and_says_what_it_allows(
    person: Browser, both: list[Company]
) -> None:
    assert [(one.name, one.status) for one in both] == [
        ("Brightside Studio", "connected"),
        ("Second Studio", "connected"),
    ]
    page = person.open("/connect").text
    assert "clients and what they have in credit, to read" in page
    assert "Connect to FreshBooks" in page


def test_a_sign_in_does_not_cost_the_connection(
    stage: Stage, person: Browser, both: list[Company], database: Database
) -> None:
    """Whoever signs in consents anew, and that ends the consent before: the new tokens are the ones to keep."""
    stage.sandbox.freshbooks.create_company("Third Studio", "CA", "CAD", "America/Toronto")
    person.open(stage.consent(person, "freshbooks", door="sign-in"))
    assert all(can_be_read(stage, database, one) for one in both)
    with database.read() as session:
        # It opens nothing that was not open before.
        assert [one.name for one in companies.all_companies(session)] == ["Brightside Studio", "Second Studio"]


def test_letting_one_business_go_leaves_the_other(
    stage: Stage, person: Browser, both: list[Company], database: Database
) -> None:
    gone, kept = both
    person.press(person.form("/connect", "/disconnect"), "Disconnect")
    with database.read() as session:
        status = {one.name: one.status for one in companies.all_companies(session)}
    assert status == {gone.name: "disconnected", kept.name: "connected"}
    assert can_be_read(stage, database, kept)
