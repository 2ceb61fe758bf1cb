"""Every door of the house, tried by everybody who might stand before it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from store import companies
from store.database import Database
from store.tables import Company
from tests.webapp import books
from tests.webapp.browsing import Browser

OPEN_TO_ALL = {
    "static",
    "home.show",
    "connect.begin",
    "connect.sign_in",
    "connect.launch",
    "connect.finish",
    "connect.stopped",
    "connect.disconnected",
    "connect.sign_out",
    "invitations.show",
    "portal.show",
    "portal.answer",
    "portal.ask",
    "portal.leave",
    "portal.download",
    "webhooks.deliver",
    "health.alive",
    "health.security_txt",
    "health.ready",
    "health.metrics",
    "api.describe",
    "logos.picture",
}
"""Doors that anybody may try. What is behind them is guarded by a state, a signed link or a signature."""
ANY_PERSON = {
    "connect.show",
    "invitations.accept",
    "person.choose_language",
    "person.begin_also",
    "person.also",
    "person.say_also",
    "person.part",
    "uploads.begin",
    "uploads.make",
}
VALUES: dict[str, object] = {
    "version": 1,
    "at": 0,
    "listed": "tasks",
    "key": "a" * 32,
    "name": "reminder_1",
    "customer_id": "c1",
    "invoice_id": "inv-101",
    "currency": "NZD",
    "size": "wide",
    "kind": "csv",
    "platform": "xero",
    "user_id": 1,
    "invitation_id": 1,
    "key_id": 1,
    "task_id": 1,
    "endpoint_id": 1,
}


def company_doors(app: Flask) -> list[tuple[str, str]]:
    """(method, path) of every route that is about a company."""
    doors = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint in OPEN_TO_ALL | ANY_PERSON or hasattr(app.view_functions[rule.endpoint], "needs_scope"):
                continue  # what a key opens is tried in test_api_access.py
            path = str(rule.build({name: VALUES[name] for name in rule.arguments})[1])  # type: ignore[index]
            doors += [(method, path) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return doors


def token_of(browser: Browser) -> str:
    """A valid forgery token of this browser, as its own pages carry it."""
    return next(value for name, value in browser.form("/connect", "/sign-out").fields if name == "csrf_token")


def test_every_route_about_a_company_says_what_role_it_needs(app: Flask) -> None:
    known = OPEN_TO_ALL | ANY_PERSON
    guards = ("needs_role", "needs_scope")
    unguarded = [
        name
        for name, view in app.view_functions.items()
        if name not in known and not any(hasattr(view, guard) for guard in guards)
    ]
    assert unguarded == []


def test_signed_out_nobody_gets_past_the_landing_page(app: Flask, company: Company) -> None:
    app.config["WTF_CSRF_ENABLED"] = False  # so that it is the sign-in that is tried, not the forgery check
    client = app.test_client()
    for method, path in company_doors(app):
        answer = client.open(path, method=method, data={"company": company.id} if method == "POST" else None)
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/"), (method, path)


def test_a_foreign_company_looks_like_one_that_does_not_exist(
    app: Flask, database: Database, company: Company, browser_of: Callable[..., Browser]
) -> None:
    other = books.connect(database, "Another Ltd", external_id="2")
    stranger = browser_of(other, subject="noa")
    token = token_of(stranger)
    for method, path in company_doors(app):
        place = "data" if method == "POST" else "query_string"
        foreign, missing = (
            stranger.client.open(path, method=method, **{place: {"company": str(asked), "csrf_token": token}})
            for asked in (company.id, 999)
        )
        assert foreign.status_code == missing.status_code == 404, (method, path)
        assert "Harbour" not in foreign.text


def test_home_of_a_foreign_company_is_not_there(
    database: Database, company: Company, browser_of: Callable[..., Browser]
) -> None:
    other = books.connect(database, "Another Ltd", external_id="2")
    stranger = browser_of(other, subject="noa")
    assert stranger.open(f"/?company={company.id}").status_code == 404
    assert stranger.open(f"/?company={other.id}").status_code == 200


def test_a_foreign_customer_cannot_be_opened_through_ones_own_company(
    database: Database, company: Company, browser_of: Callable[..., Browser]
) -> None:
    other = books.connect(database, "Another Ltd", external_id="2")
    stranger = browser_of(other, subject="noa")
    assert stranger.open("/customers/c1").status_code == 404
    assert "Aro Valley" not in stranger.open("/customers").text


@pytest.mark.parametrize(
    ("role", "may_settle", "may_set"), [("viewer", 403, 403), ("bookkeeper", 302, 403), ("owner", 302, 422)]
)
def test_each_role_may_do_what_it_is_for(
    company: Company, browser_of: Callable[..., Browser], role: str, may_settle: int, may_set: int
) -> None:
    person = browser_of(company, role)
    sent = {"company": str(company.id), "csrf_token": token_of(person)}
    assert person.open("/settings").status_code == 200
    approve = person.client.post("/tasks/approve", data=sent | {"answer": "approve"})
    assert approve.status_code == may_settle
    assert person.client.post("/settings", data=sent).status_code == may_set


def test_a_role_taken_away_is_gone_at_once(
    database: Database, company: Company, browser_of: Callable[..., Browser]
) -> None:
    person = browser_of(company)
    assert person.open("/activity").status_code == 200
    with database.begin() as session:
        session.connection().exec_driver_sql("DELETE FROM membership")
    assert person.open("/activity").request.path == "/connect"


def test_a_form_saves_to_the_company_it_was_shown_for(
    database: Database, company: Company, browser_of: Callable[..., Browser]
) -> None:
    """Two tabs, two companies: the second tab must not redirect what the first one saves."""
    other = books.connect(database, "Another Ltd", mode="observe", external_id="2")
    browser_of(other)
    person = browser_of(company)
    form = person.form(f"/settings?company={company.id}", "/settings")
    person.open(f"/?company={other.id}")
    person.press(form, "Save settings", mode="approve")
    with database.read() as session:
        modes = {one.id: one.mode for one in companies.all_companies(session)}
    assert modes == {company.id: "approve", other.id: "observe"}


def test_a_post_without_a_company_is_not_guessed_at(company: Company, browser_of: Callable[..., Browser]) -> None:
    person = browser_of(company)
    assert person.client.post("/tasks/approve", data={"csrf_token": token_of(person)}).status_code == 400


def test_a_forged_post_is_refused(owner: Browser, company: Company) -> None:
    assert owner.client.post("/settings", data={"company": str(company.id), "mode": "automatic"}).status_code == 400


def test_htmx_is_sent_to_the_landing_page_rather_than_fed_it(visitor: Browser) -> None:
    answer = visitor.client.get("/sync", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/")


def test_signing_out_forgets_the_browser(owner: Browser) -> None:
    owner.press(owner.form("/", "/sign-out"), "Sign out")
    assert "Connect" in owner.open("/").text or "Your invoices" in owner.open("/").text
    assert owner.client.get("/activity").headers["Location"] == "/"
