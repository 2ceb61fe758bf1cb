"""What a customer sees through a signed link, and how they end our emails."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from store import erasing
from store.database import Database
from store.scope import Scope
from store.tables import AuditEntry, Company, CustomerWish
from tests.webapp import books
from tests.webapp.browsing import Browser
from tests.webapp.conftest import KEYS
from tests.webapp.test_plans import proposed
from webapp.links import portal_url, unsubscribe_url


def path_to(make: Callable[..., str], company: Company, customer: str, keys: tuple[str, ...] = KEYS) -> str:
    return urlsplit(make("http://localhost", keys, company.id or 0, customer)).path


def has_opted_out(database: Database, company: Company, customer_id: str) -> bool:
    with database.read() as session:
        wish = Scope(session, company.id or 0).get(CustomerWish, customer_id=customer_id)
    return bool(wish and wish.opted_out_at)


def test_the_statement_shows_the_open_invoices_and_their_sum(visitor: Browser, company: Company) -> None:
    """open: INV-101 1,840.50, 12 days overdue; INV-102 620.00, not due. INV-109 is paid."""
    page = visitor.open(path_to(portal_url, company, "c1"))
    assert page.status_code == 200
    for figure in ("INV-101", "INV-102", "$2,460.50", "12 days overdue"):
        assert figure in page.text
    assert "INV-109" not in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_money_not_matched_yet_is_acknowledged(visitor: Browser, company: Company) -> None:
    assert "$2,500.00 from you that is not matched" in visitor.open(path_to(portal_url, company, "c5")).text


def test_a_statement_tells_nothing_of_other_customers(visitor: Browser, company: Company) -> None:
    page = visitor.open(path_to(portal_url, company, "c1")).text
    for foreign in ("INV-103", "Brooklyn", "Evans"):
        assert foreign not in page


@pytest.mark.parametrize("make", [portal_url, unsubscribe_url])
def test_a_link_that_was_tampered_with_opens_nothing(
    visitor: Browser, company: Company, make: Callable[..., str]
) -> None:
    good = path_to(make, company, "c1")
    forged = path_to(make, company, "c1", ("somebody else's key altogether",))
    other_customer = path_to(make, company, "c2").split(".")[0] + "." + good.split(".", 1)[1]
    for bad in (good[:-1], forged, other_customer, good + "x"):
        assert visitor.open(bad).status_code == 404, bad
        assert visitor.client.post(bad).status_code == 404, bad


def test_the_links_of_an_erased_customer_open_nothing(visitor: Browser, company: Company, database: Database) -> None:
    with database.begin() as session:
        erasing.erase(session, company.stored_id, "c1", company.created_at, "the operator")
    for make in (portal_url, unsubscribe_url):
        assert visitor.open(path_to(make, company, "c1")).status_code == 404


def test_one_kind_of_link_is_not_good_for_the_other(visitor: Browser, company: Company) -> None:
    token = path_to(unsubscribe_url, company, "c1").rpartition("/")[2]
    assert visitor.open(f"/portal/{token}").status_code == 404


def test_a_link_signed_with_the_former_key_still_opens(visitor: Browser, company: Company) -> None:
    assert visitor.open(path_to(portal_url, company, "c1", KEYS[1:])).status_code == 200


def test_a_statement_link_is_too_old_after_half_a_year(
    visitor: Browser, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, way_out = path_to(portal_url, company, "c1"), path_to(unsubscribe_url, company, "c1")
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: 4102444800.0)  # the year 2100
    assert visitor.open(path).status_code == 404
    assert visitor.open(way_out).status_code == 200, "the way out of our emails never closes"


def test_opening_a_link_changes_nothing(visitor: Browser, database: Database, company: Company) -> None:
    """Mail programs and virus scanners open every link on their own."""
    visitor.open(path_to(unsubscribe_url, company, "c1"))
    visitor.open(path_to(portal_url, company, "c1"))
    assert not has_opted_out(database, company, "c1")


def test_one_click_ends_the_emails_at_once(visitor: Browser, database: Database, company: Company) -> None:
    """RFC 8058: a POST with no cookie, no token and no redirect."""
    answer = visitor.client.post(
        path_to(unsubscribe_url, company, "c1"), data={"List-Unsubscribe": "One-Click"}, follow_redirects=False
    )
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert has_opted_out(database, company, "c1")
    assert not has_opted_out(database, company, "c2")
    with database.read() as session:
        scope = Scope(session, company.id or 0)
        assert [
            entry.actor for entry in scope.all(scope.select(AuditEntry)) if entry.what == "opted out of emails"
        ] == ["the customer"]


def test_a_customer_can_say_so_on_the_statement_too(visitor: Browser, database: Database, company: Company) -> None:
    path = path_to(portal_url, company, "c1")
    answer = visitor.client.post(path, data={"answer": "opt_out"}, follow_redirects=True)
    assert "no more emails like this" in answer.text
    assert has_opted_out(database, company, "c1")


def test_the_customers_of_two_companies_with_one_id_are_not_mixed_up(
    visitor: Browser, database: Database, company: Company
) -> None:
    other = books.connect(database, "Another Ltd", external_id="2")
    books.read_and_decide(database, other)
    visitor.client.post(path_to(unsubscribe_url, other, "c1"))
    assert has_opted_out(database, other, "c1")
    assert not has_opted_out(database, company, "c1")


def test_a_payment_plan_shows_its_instalments(visitor: Browser, owner: Browser, company: Company) -> None:
    """INV-103 over 12,400.00 and INV-104 over 3,310.25, both overdue, in two parts"""
    owner.press(proposed(owner), "Agree this plan")
    page = visitor.open(path_to(portal_url, company, "c2")).text
    assert "Instalment 1 of 2, due 10 Mar 2026" in page
    assert "$7,855.13" in page
    assert page.count("Paid in instalments") == 2
    assert "days overdue" not in page
    assert "payment plan" not in visitor.open(path_to(portal_url, company, "c1")).text
