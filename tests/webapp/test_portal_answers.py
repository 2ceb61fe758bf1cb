"""What a customer answers on their own page, and what follows at once: c1 owes INV-101, 12 days late, and INV-102."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.decide import decide
from store import accounts, policies, remarks, tasks
from store.database import Database
from store.scope import Scope
from store.tables import Company, InvoiceWish
from tests.webapp.books import TODAY
from tests.webapp.browsing import Browser
from tests.webapp.test_portal import path_to
from webapp.links import portal_url

TOMORROW = (TODAY + timedelta(days=1)).isoformat()


@pytest.fixture
def page(visitor: Browser, company: Company) -> str:
    return path_to(portal_url, company, "c1")


def answer(visitor: Browser, page: str, name: str, **said: str | list[str]) -> str:
    """Fill in the form of that answer as a browser would, and send it."""
    forms = visitor.forms_in(visitor.open(page))
    form = next(one for one in forms if ("answer", name) in [button[:2] for button in one.buttons])
    prefix = {"paid": "paid", "promise": "willpay", "wrong": "wrong", "parts": "parts"}[name]
    words = next(words for _, value, words in form.buttons if value == name)
    return visitor.press(form, words, **{f"{prefix}-{field}": value for field, value in said.items()}).text


def why_left(database: Database, company: Company, customer: str = "c1") -> dict[str, str]:
    """The rule by which each of the customer's invoices is decided now."""
    with database.read() as session:
        number = company.id or 0
        account = accounts.load(session, number, [customer], TODAY)[0]
        plan = decide(account, policies.current(session, number), TODAY)
    return {one.invoice_id or "": one.reason.rule for one in plan.decisions}


def waiting(database: Database, company: Company) -> dict[str, str]:
    with database.read() as session:
        return {one.kind: one.detail for one in tasks.open_tasks(session, company.id or 0) if one.customer_id == "c1"}


def test_who_says_it_is_paid_is_not_reminded_while_the_payment_is_looked_for(
    visitor: Browser, page: str, database: Database, company: Company
) -> None:
    assert "Thank you, noted" in answer(visitor, page, "paid", text="Bank ref 7781")
    assert why_left(database, company)["inv-101"] == "invoice_paused"
    assert why_left(database, company)["inv-102"] != "invoice_paused", "only the late one was ticked"
    assert "INV-101: paid on 2026-03-03" in waiting(database, company)["says_paid"]
    assert "Bank ref 7781" in waiting(database, company)["says_paid"]


def test_saying_paid_a_second_time_holds_back_nothing(
    visitor: Browser, page: str, database: Database, company: Company
) -> None:
    answer(visitor, page, "paid")
    with database.begin() as session:
        session.connection().exec_driver_sql("UPDATE invoice_wish SET is_paused = false")
    answer(visitor, page, "paid")
    assert why_left(database, company)["inv-101"] != "invoice_paused"
    assert "says_paid" in waiting(database, company), "a person sees it all the same"


def test_a_promise_holds_until_its_day(visitor: Browser, page: str, database: Database, company: Company) -> None:
    answer(visitor, page, "promise", pay_on=TOMORROW)
    assert why_left(database, company)["inv-101"] == "promised"
    assert "You said 4 Mar 2026" in visitor.open(page).text


def test_what_is_contested_waits_for_a_person(
    visitor: Browser, page: str, database: Database, company: Company
) -> None:
    answer(visitor, page, "wrong", text="Two pallets were missing", invoices=["inv-102"])
    assert why_left(database, company)["inv-102"] == "disputed"
    assert "Two pallets were missing" in waiting(database, company)["dispute"]
    with database.read() as session:
        wish = Scope(session, company.id or 0).get(InvoiceWish, invoice_id="inv-102")
        said = remarks.of_customer(session, company.id or 0, ["c1"], 10)
    assert wish is not None
    assert wish.dispute_reason == "Two pallets were missing"
    assert [(one.what, one.by, one.text) for one in said] == [("disputed", "the customer", "Two pallets were missing")]


def test_who_asks_for_instalments_gets_a_person(
    visitor: Browser, page: str, database: Database, company: Company
) -> None:
    answer(visitor, page, "parts", count="3", first_on=TOMORROW)
    assert "2460.50 NZD in 3 parts, the first on 2026-03-04" in waiting(database, company)["asks_instalments"]


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("promise", {"pay_on": "2026-03-01"}, "Choose a day from today on"),
        ("paid", {"paid_on": TOMORROW}, "Choose a day up to today"),
        ("wrong", {"text": " "}, "Say what is wrong"),
        ("paid", {"invoices": []}, "Tick at least one invoice"),
        ("parts", {"count": "1", "first_on": TOMORROW}, "from 2 to 24"),
    ],
)
def test_an_answer_that_makes_no_sense_is_asked_for_again(
    visitor: Browser, page: str, database: Database, company: Company, name: str, said: dict[str, str], told: str
) -> None:
    assert told in answer(visitor, page, name, **said)
    assert waiting(database, company) == {}


def test_nobody_speaks_of_an_invoice_that_is_not_theirs(
    visitor: Browser, page: str, database: Database, company: Company
) -> None:
    assert (
        visitor.client.post(page, data={"answer": "wrong", "wrong-invoices": "inv-103", "wrong-text": "x"}).status_code
        == 422
    )
    with database.read() as session:
        assert Scope(session, company.id or 0).get(InvoiceWish, invoice_id="inv-103") is None


def test_the_statement_is_there_for_a_spreadsheet(visitor: Browser, page: str) -> None:
    file = visitor.open(f"{page}/statement.csv")
    assert file.headers["Content-Disposition"] == 'attachment; filename="statement.csv"'
    lines = file.data.decode("utf-8-sig").splitlines()
    assert lines == [
        "Invoice,Due date,Currency,Total,Still open",
        "INV-101,2026-02-19,NZD,1840.50,1840.50",
        "INV-102,2026-03-12,NZD,620.00,620.00",
    ]
