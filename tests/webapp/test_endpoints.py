"""An owner lets other programs be told, sees what each was told, and is stopped from pointing inside a network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from store import endpoints
from store.database import Database
from store.tables import Company
from tests.webapp.browsing import Browser


def add(owner: Browser, url: str = "https://erp.example/in") -> Any:
    form = owner.forms_in(owner.open("/settings/webhooks"))[-1]
    return owner.press(form, "Add the address", url=url)


def test_an_address_is_added_its_secret_shown_once_and_a_test_sent(owner: Browser) -> None:
    page = add(owner)
    secret = page.text.split('<code class="breaks">')[1].split("<")[0]
    assert secret.startswith("whsec_")
    listed = owner.open("/settings/webhooks")
    assert "https://erp.example/in" in listed.text
    assert secret not in listed.text
    tested = owner.press(owner.form("/settings/webhooks/1", "/settings/webhooks/1/test"), "Send a test")
    assert "It works." in tested.text
    assert "Waits" in tested.text


def test_an_address_that_is_never_called_is_refused_with_the_reason(owner: Browser) -> None:
    for url, why in (
        ("https://169.254.169.254/latest", "not on the public internet"),
        ("http://erp.example/in", "begins with https://"),
        ("http://localhost:8000/", "begins with https://"),
    ):
        page = add(owner, url)
        assert page.status_code == 422
        assert why in page.text.split('id="url-error"')[1].split("</p>")[0]
        assert "No program is told anything." in page.text


def test_removed_it_is_told_nothing_more(owner: Browser, database: Database, company: Company) -> None:
    add(owner)
    owner.press(owner.form("/settings/webhooks/1", "/settings/webhooks/1/remove"), "Remove")
    with database.read() as session:
        assert endpoints.all_of(session, company.stored_id) == []


def test_its_secret_is_sealed_in_the_database(owner: Browser, database: Database, company: Company) -> None:
    secret = add(owner).text.split('<code class="breaks">')[1].split("<")[0]
    with database.read() as session:
        [row] = endpoints.all_of(session, company.stored_id)
    assert secret.removeprefix("whsec_").encode() not in row.sealed


def test_only_an_owner_adds_addresses(company: Company, browser_of: Callable[..., Browser]) -> None:
    for role in ("viewer", "bookkeeper"):
        assert browser_of(company, role).client.get("/settings/webhooks").status_code == 403
