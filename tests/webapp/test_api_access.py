"""Keys: what opens the API, what each may, and that none opens another company's books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from store import api_keys
from store.database import Database
from store.tables import ApiKey, Company
from tests.webapp import books
from tests.webapp.browsing import Browser
from webapp.api.operation import OPERATIONS

BODIES = {
    "set_hold": {"state": "on"},
    "promise": {"pay_on": "2026-04-01"},
    "dispute": {},
    "pause_customer": {},
    "pause_invoice": {},
}


def key_of(database: Database, company: Company, scope: str = "act") -> str:
    with database.begin() as session:
        return api_keys.make(session, company.stored_id, "Web shop", scope, books.NOW, "user 1")


def ask(app: Flask, key: str, name: str) -> TestResponse:
    told = next(one for one in OPERATIONS if one.name == name)
    path = told.path.format(customer_id="c1", invoice_id="inv-101")
    body = BODIES.get(name)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return app.test_client().open(f"/api/v1{path}", method=told.method, headers=headers, json=body)


@pytest.mark.parametrize("key", ["", "dunwell_guessed"])
def test_without_a_key_nothing_opens(app: Flask, company: Company, key: str) -> None:
    for told in OPERATIONS:
        answer = ask(app, key, told.name)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="dunwell"'), told.name


def test_a_key_that_reads_changes_nothing(app: Flask, database: Database, company: Company) -> None:
    key = key_of(database, company, "read")
    for told in OPERATIONS:
        answer = ask(app, key, told.name)
        assert answer.status_code == (200 if told.scope == "read" else 403), told.name


def test_a_key_opens_its_own_company_alone(app: Flask, database: Database, company: Company) -> None:
    """Every operation, tried with the key of another company on what this one has."""
    stranger = key_of(database, books.connect(database, "Another Ltd", external_id="2"))
    for told in OPERATIONS:
        answer = ask(app, stranger, told.name)
        if "{" in told.path:
            assert answer.status_code == 404, told.name
        else:
            assert answer.json == {told.path[1:]: [], "next_cursor": None}, told.name


def test_a_session_of_a_browser_opens_no_api(owner: Browser) -> None:
    assert owner.client.get("/api/v1/customers").status_code == 401


def test_an_owner_makes_a_key_sees_it_once_and_revokes_it(
    app: Flask, database: Database, company: Company, owner: Browser
) -> None:
    form = owner.form("/settings/programs", "/settings/programs/keys")
    page = owner.press(form, "Make the key", name="Web shop", scope="read")
    key = page.text.split('<code class="breaks">')[1].split("<")[0]
    assert ask(app, key, "list_customers").status_code == 200
    again = owner.open("/settings/programs")
    assert key not in again.text
    assert f"…{key[-4:]}" in again.text
    owner.press(owner.form_in(again, "/settings/programs/keys/1/revoke"), "Revoke")
    assert ask(app, key, "list_customers").status_code == 401


def test_only_an_owner_lets_programs_in(company: Company, browser_of: Callable[..., Browser]) -> None:
    for role in ("viewer", "bookkeeper"):
        assert browser_of(company, role).client.get("/settings/programs").status_code == 403


def test_a_company_has_only_so_many_keys(database: Database, company: Company, owner: Browser) -> None:
    for _ in range(api_keys.MOST):
        key_of(database, company)
    form = owner.forms_in(owner.open("/settings/programs"))[-1]
    assert "revoke one first" in owner.press(form, "Make the key", name="One more").text


def test_the_key_itself_is_not_kept(database: Database, company: Company) -> None:
    key = key_of(database, company)
    with database.read() as session:
        [row] = api_keys.all_of(session, company.stored_id)
    assert key not in repr(row)


def test_a_key_shows_when_it_was_last_used(app: Flask, database: Database, company: Company) -> None:
    def used() -> ApiKey:
        with database.read() as session:
            return api_keys.all_of(session, company.stored_id)[0]

    key = key_of(database, company)
    assert used().used_at is None
    ask(app, key, "list_customers")
    assert used().used_at == books.NOW
    assert api_keys.is_seen_lately(used(), books.NOW + timedelta(minutes=59))
    assert not api_keys.is_seen_lately(used(), books.NOW + timedelta(minutes=60))


def test_asking_too_often_is_answered_with_a_pause(app: Flask, database: Database, company: Company) -> None:
    """600 a minute for one key, whatever it asks and whether or not it opens anything."""
    key = key_of(database, company)
    asked = [f"/api/v1/{('customers', 'actions')[n % 2]}" for n in range(601)]
    answers = [app.test_client().get(path, headers={"Authorization": "Basic guessed"}) for path in asked]
    assert [answer.status_code for answer in answers[-2:]] == [401, 429]
    assert (answers[-1].mimetype, answers[-1].headers["Retry-After"]) == ("application/problem+json", "60")
    assert ask(app, key, "get_customer").status_code == 200
