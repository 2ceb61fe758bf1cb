"""Books that live elsewhere, without any script: a company made, files looked at, corrected, taken in, come again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from connectors.config import QuickBooksConfig, XeroConfig
from connectors.registry import platforms
from connectors.uploads.columns import Columns
from connectors.uploads.reading import read
from connectors.uploads.translate import Translator
from engine.uploads import RECORDS
from store import companies, people
from store.database import Database
from store.tables import Company
from store.uploads import StoredShelf
from tests.webapp import books
from tests.webapp.browsing import Browser
from webapp.forms.uploads import usual_columns
from webapp.limits import limiter

CUSTOMERS = b"Name,Email\nLarkspur Ltd,ap@larkspur.example\nWeaver,\n"
FIRST = b"Number,Customer,Date,Due,Amount\nINV-1,Larkspur Ltd,2026-01-02,2026-02-01,100.00\n"
INVOICES = FIRST + b"INV-2,Weaver,2026-01-02,soon,5\n"
EXAMPLES = Path(__file__).parents[2] / "webapp" / "static" / "examples"


@pytest.fixture
def sam(make_app: Callable[..., Flask], database: Database) -> Iterator[Browser]:
    """Somebody signed in who has no company."""
    known = platforms(QuickBooksConfig(), XeroConfig(client_id="x", client_secret="y"), shelf=StoredShelf(database))
    client = make_app(platforms=known).test_client()
    with database.begin() as session:
        user = people.sign_in(session, "xero", "sam", "sam@pennine.example", "Sam", books.NOW)
        user_id = user.id
    with client.session_transaction() as session:
        session["user"], session["since"] = user_id, int(books.NOW.timestamp())
    yield Browser(client)
    limiter.reset()


def begin(sam: Browser) -> TestResponse:
    form = sam.form("/connect/uploads", "/connect/uploads")
    return sam.press(form, "Make it, and choose files", name="Pennine Print", country="GB")


def upload(sam: Browser, **files: bytes) -> TestResponse:
    """Choose files on the page and send them."""
    form = next(
        one for one in sam.forms_in(sam.open("/uploads")) if "Look at them" in [said for *_, said in one.buttons]
    )
    data = {name: value for name, value in form.fields if name not in RECORDS}
    sent = {entity: (BytesIO(content), f"{entity}.csv") for entity, content in files.items()}
    return sam.client.post(form.action, data=data | sent, follow_redirects=True)


def say(sam: Browser, words: str, **changes: str | list[str]) -> TestResponse:
    return sam.press(sam.form("/uploads/check", "/uploads/check"), words, **changes)


def only_company(database: Database) -> Company:
    with database.read() as session:
        (company,) = companies.all_companies(session)
    return company


def test_what_files_do_not_tell_is_asked_once_and_the_rest_follows_the_country(
    sam: Browser, database: Database
) -> None:
    assert "Upload a CSV or Excel file" in sam.open("/connect").text
    page = begin(sam)
    company = only_company(database)
    assert page.request.path == "/uploads"
    assert (company.base_currency, company.time_zone, company.country) == ("GBP", "Europe/London", "GB")
    assert (company.email, company.mode, company.next_run_at) == ("sam@pennine.example", "observe", None)
    assert "Dunwell waits for your files." in sam.open("/").text


@pytest.mark.parametrize(
    ("country", "date_order", "decimal_mark"),
    [("GB", "day first", "."), ("US", "month first", "."), ("DE", "day first", ","), ("ES", "day first", ",")],
)
def test_days_and_amounts_are_first_taken_as_the_country_writes_them(
    country: str, date_order: str, decimal_mark: str
) -> None:
    assert usual_columns(country) == Columns(date_order=date_order, decimal_mark=decimal_mark)


def test_whoever_signs_in_and_has_no_company_is_shown_the_way(sam: Browser) -> None:
    assert 'href="/connect/uploads"' in sam.open("/connect/xero/stopped/stranger").text
    sam.client.post("/sign-out", data={"csrf_token": sam.form("/connect", "/sign-out").fields[0][1]})
    assert "Your books live elsewhere? Sign in the same way" in sam.open("/").text


def test_a_company_needs_a_name_and_a_country(sam: Browser, database: Database) -> None:
    form = sam.form("/connect/uploads", "/connect/uploads")
    answer = sam.press(form, "Make it, and choose files", email="nobody")
    assert answer.status_code == 422
    assert all(words in answer.text for words in ("Enter a name.", "Choose a country.", "Enter one address"))
    with database.read() as session:
        assert companies.all_companies(session) == []


def test_files_are_looked_at_first_and_good_rows_taken_while_bad_ones_are_told(
    sam: Browser, database: Database
) -> None:
    begin(sam)
    page = upload(sam, customer=CUSTOMERS, invoice=INVOICES)
    assert page.request.path == "/uploads/check"
    assert "Rows that can be read: 1" in page.text
    assert (
        '<td>Due</td><td class="breaks">soon</td><td>a date such as 28/02/2026, or as year-month-day</td>' in page.text
    )
    assert only_company(database).next_run_at is None
    assert say(sam, "Take in").request.path == "/"
    shelf = StoredShelf(database)
    rows = shelf.rows(only_company(database).external_id)
    assert sorted((row.entity, bool(row.problem)) for row in rows) == [
        ("customer", False),
        ("customer", False),
        ("invoice", False),
        ("invoice", True),
    ]
    assert (only_company(database).status, only_company(database).next_run_at) == ("connected", books.NOW)


def test_columns_are_corrected_by_the_owner_and_remembered_for_the_next_file(sam: Browser, database: Database) -> None:
    begin(sam)
    odd = INVOICES.replace(b"Due", b"Zahlbar bis").replace(b"soon", b"2026-02-01")
    page = upload(sam, customer=CUSTOMERS, invoice=odd)
    assert "Choose a column for: Due date" in page.text
    assert "a column is still to be chosen" in say(sam, "Take in").text
    assert "Rows that can be read: 2" in say(sam, "Read again", **{"invoice-due_on": "3"}).text
    say(sam, "Take in")
    again = upload(sam, invoice=odd)
    assert "new: 0, changed: 0, as before: 2" in again.text


def test_what_a_file_no_longer_has_stays_unless_the_owner_says_that_it_is_everything(
    sam: Browser, database: Database
) -> None:
    begin(sam)
    whole = INVOICES.replace(b"soon", b"2026-02-01")
    upload(sam, customer=CUSTOMERS, invoice=whole)
    say(sam, "Take in")
    page = upload(sam, invoice=FIRST)
    assert "What this file does not have any more (1)" in page.text
    say(sam, "Take in")
    assert here(database) == ["INV-1", "INV-2"]
    upload(sam, invoice=FIRST)
    say(sam, "Take in", **{"missing-invoice": "gone"})
    assert here(database) == ["INV-1"]
    assert "not in it any more: 1" in sam.open("/uploads").text


def here(database: Database) -> list[str]:
    rows = StoredShelf(database).rows(only_company(database).external_id)
    return [row.id for row in rows if row.entity == "invoice" and not row.is_gone]


def test_a_file_that_is_no_list_is_told_at_its_field_and_not_kept(sam: Browser) -> None:
    begin(sam)
    page = upload(sam, invoice=b"%PDF-1.7")
    assert page.status_code == 422
    assert "It is a PDF. Save it as CSV or as an Excel workbook (.xlsx)." in page.text
    assert "Files wait for your word" not in sam.open("/uploads").text


def test_files_may_be_let_go(sam: Browser) -> None:
    begin(sam)
    upload(sam, customer=CUSTOMERS)
    say(sam, "Let the files go")
    assert sam.open("/uploads/check").request.path == "/uploads"


def test_a_company_that_was_let_go_comes_back_with_its_next_files(sam: Browser, database: Database) -> None:
    begin(sam)
    sam.press(sam.form("/connect", "/disconnect"), "Disconnect")
    assert only_company(database).status == "disconnected"
    upload(sam, customer=CUSTOMERS, invoice=FIRST)
    say(sam, "Take in")
    assert (only_company(database).status, only_company(database).next_run_at) == ("connected", books.NOW)


def test_how_long_an_upload_holds_is_the_owners_word(sam: Browser) -> None:
    begin(sam)
    form = sam.form("/uploads", "/uploads/fresh")
    assert sam.press(form, "Save", fresh_days="0").status_code == 422
    assert 'value="3"' in sam.press(form, "Save", fresh_days="3").text


def test_a_request_larger_than_all_files_together_is_refused(sam: Browser) -> None:
    begin(sam)
    files = dict.fromkeys(RECORDS, b"a" * (4 * 1024 * 1024 + 40000))
    assert upload(sam, **files).status_code == 413


def test_a_file_may_be_larger_than_any_other_form(sam: Browser) -> None:
    begin(sam)
    page = upload(sam, invoice=b"Number\n" + b"1,2,3\n" * 600_000)
    assert (page.status_code, "more than 20,000 rows" in page.text) == (422, True)


def test_there_are_no_files_for_a_company_on_a_platform(owner: Browser) -> None:
    assert owner.client.get("/uploads").status_code == 404


def test_the_examples_to_download_read_without_a_word_to_say() -> None:
    translator = Translator("GBP")
    for entity in RECORDS:
        found = read(entity, (EXAMPLES / f"{entity}.csv").read_bytes(), Columns(), translator)
        assert (found.missing, found.problems) == ((), ())
        assert len(found.places) == len(found.headings)
