"""What may be claimed on one day, line by line."""

from __future__ import annotations

from datetime import date

import pytest

from engine.claim import Claim, claims
from engine.history import FeeCharged
from tests.engine.builder import Books, money


def claim(books: Books, on: str) -> Claim:
    [found] = claims(books.account, books.rules, date.fromisoformat(on))
    return found


@pytest.fixture
def agreed(books: Books) -> Books:
    """12 % a year by contract; INV-7 over 365.00, due on 1 March."""
    books.fees(annual_rate="12")
    return books.has_invoice("INV-7", due="2026-03-01", balance="365.00 USD")


def test_debt_and_interest_to_the_day_are_claimed_and_each_day_adds_its_own(agreed: Books) -> None:
    """100 days at 0.12 a day."""
    found = claim(agreed, on="2026-06-09")
    assert (str(found.principal), str(found.charges), str(found.total)) == ("365.00 USD", "12.00 USD", "377.00 USD")
    assert str(found.daily) == "0.12 USD"
    assert found.basis == "Clause 7 of our terms."
    assert sum((line.amount for line in found.lines), money("0.00 USD")) == found.charges


def test_what_was_charged_already_is_not_claimed_twice(agreed: Books) -> None:
    charged = FeeCharged(
        invoice_id="id-INV-7", through_on=date(2026, 5, 1), fixed=money("0.00 USD"), interest=money("7.32 USD")
    )
    agreed.customer(fees=(charged,))
    assert str(claim(agreed, on="2026-06-09").charges) == "4.68 USD"


@pytest.mark.parametrize("facts", [{"is_disputed": True}, {"is_paused": True}])
def test_what_a_person_has_to_settle_first_is_not_claimed(agreed: Books, facts: dict[str, bool]) -> None:
    agreed.has_invoice("INV-8", due="2026-02-01", **facts)
    assert [invoice.number for invoice in claim(agreed, on="2026-06-09").invoices] == ["INV-7"]


def test_nothing_overdue_is_no_claim(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01")
    assert claims(books.account, books.rules, date(2026, 3, 1)) == ()


def test_each_currency_is_a_claim_of_its_own(agreed: Books) -> None:
    agreed.has_invoice("INV-8", due="2026-03-01", balance="50.00 EUR")
    assert [str(one.principal) for one in claims(agreed.account, agreed.rules, date(2026, 6, 9))] == [
        "50.00 EUR",
        "365.00 USD",
    ]


def test_the_law_gives_interest_where_no_fees_were_agreed(books: Books) -> None:
    """Britain between businesses: 8 points over the base rate, and a fixed sum."""
    books.calendar(country="GB").has_invoice("INV-7", due="2026-03-01", balance="1000.00 GBP")
    found = claim(books, on="2026-06-09")
    assert found.basis.startswith("By law: ")
    assert any("fixed sum" in line.text for line in found.lines)


def test_a_private_person_owes_no_interest_by_the_law_between_businesses(books: Books) -> None:
    books.calendar(country="GB").has_invoice("INV-7", due="2026-03-01", balance="1000.00 GBP").customer(
        is_consumer=True
    )
    found = claim(books, on="2026-06-09")
    assert (found.lines, found.basis, str(found.total)) == ((), "", "1000.00 GBP")


def test_where_no_law_and_no_contract_gives_interest_the_debt_alone_is_claimed(books: Books) -> None:
    books.calendar(country="US").has_invoice("INV-7", due="2026-03-01")
    assert str(claim(books, on="2026-06-09").total) == "120.00 USD"


def test_every_invoice_has_its_own_lines_and_what_grows_no_more_adds_nothing(agreed: Books) -> None:
    agreed.has_invoice("INV-8", due="2026-05-31", balance="365.00 USD")
    found = claim(agreed, on="2026-06-09")
    assert [(line.invoice_id, str(line.amount)) for line in found.lines] == [
        ("id-INV-7", "12.00 USD"),
        ("id-INV-8", "1.08 USD"),
    ]
    assert str(found.daily) == "0.24 USD"
    agreed.fees(flat="5")
    assert str(claim(agreed, on="2026-06-09").daily) == "0.00 USD"
