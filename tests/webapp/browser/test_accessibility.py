"""axe-core looks at every page, in light and in dark, and finds nothing to complain of.

axe-core 4.14.1 stands beside this file with its licence (MPL-2.0); it is used in tests only.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page
from werkzeug.serving import make_server

from store import api_keys, endpoints, outbox, policies, uploads
from store.database import Database
from store.tables import Company, UploadedBooks
from tests.webapp import books
from webapp import create_app
from webapp.links import portal_url, unsubscribe_url
from webapp.services import Services

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SIGNED_IN = (
    "/",
    "/start",
    "/start?preset=firm",
    "/backtest",
    "/outlook",
    "/activity",
    "/tasks",
    f"/tasks/messages/{books.ASKED}",
    "/customers",
    "/customers/c1",
    "/customers/c4",
    "/customers?state=overdue",
    "/customers/c1/statement",
    "/customers/c1/story",
    "/runs",
    "/settings",
    "/settings/people",
    "/settings/booking",
    "/settings/groups",
    "/settings/groups/0",
    "/settings/versions",
    "/settings/versions/1",
    "/settings/document",
    "/settings/wordings",
    "/settings/wordings/reminder_2",
    "/settings/programs",
    "/settings/webhooks",
    "/settings/webhooks/1",
    "/settings/letters/NZ",
    "/settings/logo",
    "/settings/finer",
    "/customers/c2/letter",
    "/financing",
    "/settings/losses",
    "/connect",
    "/connect/uploads",
    "/uploads",
    "/uploads/check",
    "/disconnected",
    "/nowhere",
)


@pytest.fixture
def address(services: Services, company: Company, database: Database) -> Iterator[str]:
    """The app at work over Harbour Joinery, with a second version of its settings."""
    with database.begin() as session:
        policy = policies.current(session, company.id or 0)
        budget = policy.budget.model_copy(update={"messages": 5})
        policies.save(session, company.id or 0, policy.model_copy(update={"budget": budget}), books.NOW, "user 1")
        api_keys.make(session, company.id or 0, "Web shop", "act", books.NOW, "user 1")
        url = "https://erp.example/in"
        endpoints.add(session, company.id or 0, services.box, url, ["hold.placed"], books.NOW, "user 1")
        outbox.put(session, company.id or 0, "hold.placed", {"customer_id": "c2"}, books.NOW)
        session.add(UploadedBooks(company_id=company.id or 0))
        for entity, content in (("customer", b"Name,Email\nA,\n,b@b.example"), ("payment", b"Date,Sum\n1/1/26,2")):
            box, name = services.box, f"{entity}.csv"
            uploads.keep_waiting(session, company.id or 0, box, entity, name, content, books.NOW, "user 1")
    books.ask_for_approval(database, company)
    app = create_app(services)
    server = make_server("localhost", 0, app, threaded=True)
    server.app = create_app(replace(services, base_url=f"http://localhost:{server.server_port}"))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def session_cookie(services: Services, company: Company, database: Database) -> str:
    app = create_app(services)
    client = app.test_client()
    user_id = books.member(database, company)
    with client.session_transaction() as session:
        session["user"], session["since"] = user_id, int(books.NOW.timestamp())
    cookie = client.get_cookie("dunwell")
    assert cookie is not None
    return cookie.value


def violations(page: Page) -> list[str]:
    found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


@pytest.mark.timeout(300)  # some forty pages: a machine with other work takes two seconds for each
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_barrier(
    chromium: Chromium, address: str, session_cookie: str, company: Company, services: Services, scheme: str
) -> None:
    context = chromium.new_context(color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]  # light or dark
    context.add_init_script(path=AXE)
    page = context.new_page()
    keys, number = services.secret_keys, company.id or 0
    open_to_all = [
        "/",
        portal_url("", keys, number, "c1"),
        unsubscribe_url("", keys, number, "c1"),
        "/portal/cut-short",
    ]
    barriers: dict[str, list[str]] = {}
    for path in open_to_all:
        page.goto(address + path)
        barriers[f"signed out {path[:12]}"] = violations(page)
    context.add_cookies([{"name": "dunwell", "value": session_cookie, "url": address}])
    for path in SIGNED_IN:
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        for hidden in page.locator("details").all():
            hidden.evaluate("one => { one.open = true }")
        barriers[path] = violations(page)
    page.goto(f"{address}/settings")
    page.get_by_label("Messages at most").fill("0")
    page.get_by_role("button", name="Save settings").last.click()
    barriers["settings with an error"] = violations(page)
    page.get_by_label("Messages at most").fill("7")
    page.get_by_role("button", name="Save settings").last.click()
    barriers["before it is saved"] = violations(page)
    context.close()
    assert {path: found for path, found in barriers.items() if found} == {}
