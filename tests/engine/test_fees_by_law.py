"""Late fees by law: statutory interest and fixed sums, ceilings and forms, and rates that nobody knows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from engine.books import InvoiceStatus
from engine.plan import ChargeFee
from engine.policy import Fees, ReferenceRate
from tests.engine.builder import Books, received


def _fee(books: Books, on: str) -> ChargeFee:
    (fee,) = [action for action in books.decided(on).actions if isinstance(action, ChargeFee)]
    return fee


@pytest.fixture
def british(books: Books) -> Books:
    return books.ladder().fees(basis="statutory", law="GB", clause="")


def test_interest_and_fixed_sum_by_british_law(british: Books) -> None:
    """1,500 pounds due 1 March 2026, paid 15 April: 21.73 + 70 = 91.73."""
    british.has_invoice(
        "INV-7",
        due="2026-03-01",
        balance="0.00 GBP",
        status=InvoiceStatus.PAID,
        payments=received("2026-04-15 1500.00 GBP"),
    )
    assert british.plan(on="2026-05-01") == ["fee 91.73 GBP"]
    assert british.fee_lines(on="2026-05-01") == [
        "INV-7: fixed sum for a debt of 1,500.00 = 70.00",
        "INV-7: 2026-03-02 to 2026-04-15: 1,500.00 × 11.75 % a year (8 + 3.75 for 2026H1) × 45/365 = 21.73",
    ]
    assert _fee(british, on="2026-05-01").clause.startswith("By law: Late Payment of Commercial Debts")


def test_ten_thousand_pounds_sixty_days_late(british: Books) -> None:
    """193.15 + 100 = 293.15: the government's own figure."""
    british.fees(basis="statutory", law="GB", charge_day=2)
    british.has_invoice("INV-7", due="2026-03-03", balance="10000.00 GBP")
    assert british.plan(on="2026-05-02") == ["fee 293.15 GBP"]


def test_five_thousand_euro_thirty_days_late_in_ireland(books: Books) -> None:
    """50.34 + 40."""
    books.ladder().fees(basis="statutory", law="IE", charge_day=15)
    books.has_invoice("INV-7", issued="2024-06-16", due="2024-07-16", balance="5000.00 EUR")
    assert books.plan(on="2024-08-15") == ["fee 90.34 EUR"]


def test_the_fixed_sum_is_charged_once(british: Books) -> None:
    british.has_invoice("INV-7", due="2026-03-01", balance="1500.00 GBP")
    runs = british.runs("2026-03-01", "2026-05-15")
    assert runs == {"2026-04-01": ["fee 84.97 GBP"], "2026-05-01": ["fee 14.49 GBP"]}


def test_a_rate_nobody_knows_charges_nothing_and_says_what_to_do(british: Books) -> None:
    british.has_invoice("INV-7", due="2027-01-10", balance="1500.00 GBP")
    assert british.plan(on="2027-02-01") == ["ask fee_rate: id-INV-7"]
    (told,) = [each for each in british.decided("2027-02-01").decisions if each.reason.rule == "fee_rate_unknown"]
    assert told.reason.sentence == (
        "No late fee: the reference rate of the United Kingdom for 2027H1 is not known. "
        "Look it up and enter it under fees, reference rates."
    )


def test_a_rate_that_the_owner_entered_is_charged(british: Books) -> None:
    rate = ReferenceRate(half_year="2027H1", percent=Decimal("3.75"))
    british.fees(basis="statutory", law="GB", reference_rates=(rate,))
    british.has_invoice("INV-7", due="2027-01-10", balance="1500.00 GBP")
    assert british.plan(on="2027-02-01") == ["fee 80.62 GBP"]
    assert not _fee(british, on="2027-02-01").as_draft


def test_a_fee_by_a_rate_not_checked_waits_as_a_draft(british: Books) -> None:
    """the rate of 30 June 2026 is known from the press alone"""
    british.has_invoice("INV-7", due="2026-07-10", balance="1500.00 GBP")
    assert _fee(british, on="2026-08-01").as_draft


def test_a_fee_waits_as_a_draft_where_the_policy_says_so(books: Books) -> None:
    books.ladder().fees(annual_rate=Decimal(12), as_draft=True)
    books.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD")
    assert _fee(books, on="2026-04-01").as_draft


def test_no_statutory_interest_from_consumers(british: Books) -> None:
    british.has_invoice("INV-7", due="2026-03-01", balance="1500.00 GBP").customer(is_consumer=True)
    assert british.plan(on="2026-04-01") == []
    assert british.about_fees(on="2026-04-01") == ["fee_not_for_consumers"]


def test_no_statutory_interest_where_all_customers_are_consumers(british: Books) -> None:
    british.rights(customers="consumers").has_invoice("INV-7", due="2026-03-01", balance="1500.00 GBP")
    assert british.about_fees(on="2026-04-01") == ["fee_not_for_consumers"]


def test_a_norwegian_fee_gives_fourteen_days_whatever_the_policy(books: Books) -> None:
    books.ladder().fees(law="NO", annual_rate=Decimal(12), due_days=5)
    books.has_invoice("INV-7", due="2026-03-01", balance="1000.00 NOK")
    assert _fee(books, on="2026-04-01").due_on == date(2026, 4, 15)


def test_a_canadian_fee_prints_the_yearly_rate(books: Books) -> None:
    books.ladder().fees(law="CA", annual_rate=Decimal(24))
    books.has_invoice("INV-7", due="2026-03-01", balance="1000.00 CAD")
    assert "24 % a year" in books.fee_lines(on="2026-04-01")[0]


def test_statutory_interest_needs_a_country_that_has_it() -> None:
    with pytest.raises(ValidationError, match="'US' gives no interest by statute"):
        Fees(is_on=True, basis="statutory", law="US")
