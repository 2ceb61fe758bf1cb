"""A message that waits for approval: read as it would go, changed, and approved, one by one or all together."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from connectors.mail.message import SendMail
from store import ledger
from store.database import Database
from store.scope import Scope
from store.tables import Action, Company
from tests.webapp import books
from tests.webapp.browsing import Browser

KEY = books.ASKED
PAGE = f"/tasks/messages/{KEY}"


@pytest.fixture(autouse=True)
def waiting(database: Database, company: Company) -> None:
    books.ask_for_approval(database, company)


def act_of(database: Database, company: Company) -> Action:
    with database.read() as session:
        found = Scope(session, company.stored_id).get(Action, key=KEY)
        assert found is not None
        return found


def test_a_message_is_read_before_it_is_approved(owner: Browser) -> None:
    assert PAGE in owner.open("/tasks").text
    page = owner.open(PAGE).text
    assert "accounts@aro.example" in page
    assert "Invoice INV-101 for **" in page


def test_it_is_changed_and_approved_at_once(owner: Browser, database: Database, company: Company) -> None:
    done = owner.press(
        owner.form(PAGE, PAGE), "Save and approve", subject="Kia ora", body="Hi Jo\n\n{{ invoice_table }}"
    )
    assert "Approved." in done.text
    act = act_of(database, company)
    sent = msgspec.json.decode(act.body, type=SendMail)
    assert (act.state, sent.mail.subject) == ("approved", "Kia ora")
    assert sent.mail.text.startswith("Hi Jo\n\nInvoice")


def test_changed_words_are_marked_and_can_be_given_back(owner: Browser, database: Database, company: Company) -> None:
    before = act_of(database, company).body
    owner.press(owner.form(PAGE, PAGE), "Save these words", body="Hi Jo")
    assert "Words changed" in owner.open("/tasks").text
    page = owner.open(PAGE)
    assert "words changed by Mia" in page.text
    owner.press(owner.form_in(page, PAGE), "Back to the message as Dunwell wrote it")
    assert act_of(database, company).body == before


@pytest.mark.parametrize("body", ["", "{{ customer.shoe_size }}", "You save {{ discount.saving }}."])
def test_words_that_cannot_be_used_are_shown_with_their_fault(
    owner: Browser, database: Database, company: Company, body: str
) -> None:
    before = act_of(database, company).body
    page = owner.press(owner.form(PAGE, PAGE), "Save these words", body=body)
    assert page.status_code == 422
    assert "Body, line 1" in page.text
    assert act_of(database, company).body == before


def test_a_viewer_reads_and_changes_nothing(browser_of: Callable[..., Browser], company: Company) -> None:
    page = browser_of(company, "viewer", "vik").open(PAGE)
    assert "INV-101" in page.text
    assert "Save these words" not in page.text


def test_what_is_settled_meanwhile_is_told(owner: Browser, database: Database, company: Company) -> None:
    form = owner.form(PAGE, PAGE)
    with database.begin() as session:
        ledger.approve(session, company.stored_id, KEY, books.NOW, "user 2")
    assert "Somebody else has settled it already." in owner.press(form, "Save these words", body="Hi").text
    assert owner.open(PAGE).request.path == "/tasks"
