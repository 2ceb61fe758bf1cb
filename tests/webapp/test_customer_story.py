"""A customer's story: the statement of account, what was said and decided, notes, and the language they read."""

from __future__ import annotations

import csv
from io import StringIO

from engine.books import CustomerRecord, Page
from store.database import Database
from store.scope import Scope
from store.tables import Company, CustomerWish
from tests.webapp import books
from tests.webapp.browsing import Browser


def test_a_statement_comes_to_what_the_books_say(owner: Browser) -> None:
    """c5: two invoices of 9,700.00 together, and 2,500.00 received that is matched to neither."""
    file = owner.open("/customers/c5/statement.csv").data.decode("utf-8-sig")
    rows = [(row["Number"], row["Amount"], row["Balance"]) for row in csv.DictReader(StringIO(file))]
    assert sorted(rows) == [
        ("Bank transfer", "-2500.00", "7200.00"),
        ("INV-107", "2500.00", "2500.00"),
        ("INV-108", "7200.00", "9700.00"),
    ]
    page = owner.open("/customers/c5/statement").text
    assert "Brought forward" in page
    assert "$7,200.00" in page


def test_what_lies_before_the_first_day_is_brought_forward(owner: Browser) -> None:
    """c2: 12,400.00 billed 105 days ago and 3,310.25 billed 70 days ago, looked at over 90 days."""
    page = owner.open("/customers/c2/statement?days=90").text
    assert "INV-104" in page
    assert "INV-103" not in page
    assert "$12,400.00" in page


def test_a_note_stands_in_the_story_with_who_wrote_it(owner: Browser) -> None:
    page = owner.press(owner.form("/customers/c1", "/customers/c1/notes"), "Note it", text="Prefers <i>calls</i>").text
    assert "Prefers &lt;i&gt;calls&lt;/i&gt;" in page
    assert "Mia" in page


def test_the_story_tells_what_was_said_done_and_decided(owner: Browser) -> None:
    form = owner.form("/customers/c1", "/customers/c1/invoices/inv-101")
    owner.press(form, "Save", word="dispute", reason="Two were broken")
    page = owner.open("/customers/c1/story").text
    for told in ("Disputed", "Two were broken", "Reminder", "waits: step"):
        assert told in page, told


def test_a_task_that_closed_by_itself_is_told_in_the_story_in_activity_and_under_tasks(
    owner: Browser, database: Database, company: Company
) -> None:
    """Nobody had an address for c3; today there is one."""
    assert "Cuba Street Dental" in owner.open("/tasks").text
    known = CustomerRecord(id="c3", name="Cuba Street Dental", email="pay@cuba.example")
    books.read_and_decide(database, company, Page(cursor="2", is_complete=True, customers=(known,)))
    for page in ("/customers/c3", "/customers/c3/story", "/activity?outcome=task_lapsed", "/tasks"):
        assert "There is an address now." in owner.open(page).text, page


def test_the_language_of_a_customer_is_noted(owner: Browser, database: Database, company: Company) -> None:
    owner.press(owner.form("/customers/c1", "/customers/c1/language"), "Set language", language="es")
    with database.read() as session:
        wish = Scope(session, company.id or 0).get(CustomerWish, customer_id="c1")
    assert wish is not None
    assert wish.language == "es"
    refused = owner.client.post("/customers/c1/language", data={"company": company.id, "language": "xx"})
    assert refused.status_code == 400


def test_a_file_of_many_invoices_shows_the_first_and_leads_to_all(
    owner: Browser, database: Database, company: Company
) -> None:
    page = books.joinery()
    more = tuple(books.invoice(f"M-{n}", "c1", -n) for n in range(40))
    books.read_and_decide(database, company, type(page)(cursor="2", is_complete=True, invoices=more))
    assert "All 43 invoices" in owner.open("/customers/c1").text
    assert "All 43 invoices" not in owner.open("/customers/c1?all=1").text
