"""Lists of activity and tasks: narrowed in the address, kept under a name, opened again by everybody of the company."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from store.database import Database
from store.tables import Company
from tests.webapp import books
from tests.webapp.browsing import Browser


@pytest.mark.parametrize(
    ("listed", "address", "query"),
    [
        ("activity", "/activity?search=brook&outcome=remind", "search=brook&outcome=remind"),
        ("tasks", "/tasks?search=cuba&kind=missing_email", "search=cuba&kind=missing_email"),
    ],
)
def test_a_narrowed_list_is_kept_and_opened_again(
    owner: Browser, browser_of: Callable[..., Browser], company: Company, listed: str, address: str, query: str
) -> None:
    form = owner.form(address, f"/views/{listed}")
    kept = owner.press(form, "Keep", name="Mine")
    assert unescape(kept.request.full_path).endswith(query)
    colleague = browser_of(company, "viewer", "vik")
    page = colleague.open(f"/{listed}").text
    found = re.search(r'href="([^"]+)">Mine</a>', page)
    assert found is not None
    assert unescape(found[1]) == f"/{listed}?{query}"
    assert colleague.open(unescape(found[1])).status_code == 200
    assert "Forget Mine" not in page, "a viewer changes nothing"
    owner.press(owner.form(f"/{listed}", f"/views/{listed}"), "Forget Mine")
    assert "Mine</a>" not in owner.open(f"/{listed}").text


def test_tasks_are_narrowed_by_kind_and_customer(owner: Browser, database: Database, company: Company) -> None:
    books.ask_for_approval(database, company)
    assert "Cuba Street Dental" in owner.open("/tasks").text
    approvals = owner.open("/tasks?kind=approve").text
    assert "Aro Valley Cafe" in approvals
    assert "Cuba Street Dental" not in approvals
    assert "Cuba Street Dental" in owner.open("/tasks?search=cuba").text
    assert "Nothing matches." in owner.open("/tasks?search=nobody%25").text


def test_a_list_that_there_is_not(owner: Browser, company: Company) -> None:
    form = owner.form("/tasks?search=cuba", "/views/tasks")
    form.action = "/views/secrets"
    assert owner.press(form, "Keep", name="Mine").status_code == 404
