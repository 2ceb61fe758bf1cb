"""What is left alone, and why."""

from __future__ import annotations

from datetime import date

import pytest

from engine.books import InvoiceStatus
from tests.engine.builder import Books

LATE = "2026-03-11"
"""Ten days after 2026-03-01: step 2 is due for whatever is not guarded."""


@pytest.mark.parametrize("status", [InvoiceStatus.DRAFT, InvoiceStatus.VOIDED, InvoiceStatus.DELETED])
def test_only_an_issued_invoice_is_chased(books: Books, status: InvoiceStatus) -> None:
    books.has_invoice("INV-7", due="2026-03-01", status=status)
    assert books.plan(on=LATE) == []
    assert books.why("INV-7", on=LATE) == status.value


def test_a_paid_invoice_is_not_even_mentioned(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", balance="0.00 USD", status=InvoiceStatus.PAID)
    assert books.decided(on=LATE).decisions == ()


def test_an_open_invoice_with_nothing_left_to_pay_is_settled(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", balance="0.00 USD")
    assert books.plan(on=LATE) == []
    assert books.why("INV-7", on=LATE) == "settled"


def test_an_invoice_paid_twice_is_settled(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", balance="-20.00 USD")
    assert books.why("INV-7", on=LATE) == "settled"


def test_a_disputed_invoice_is_never_reminded(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", is_disputed=True)
    assert books.plan(on=LATE) == []
    assert books.why("INV-7", on=LATE) == "disputed"


def test_a_dispute_stops_its_own_invoice_only(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", is_disputed=True).has_invoice("INV-8", due="2026-03-01")
    assert books.plan(on=LATE) == ["remind INV-8, step 2"]


def test_a_promise_holds_through_its_last_day(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", promise=books.promise("2026-03-15", "120.00 USD"))
    assert books.plan(on="2026-03-15") == []
    assert books.says("INV-7", on="2026-03-15") == (
        "120.00 USD of INV-7 is promised for 2026-03-15: it waits until then."
    )


def test_a_broken_promise_resumes_where_it_paused(books: Books) -> None:
    """
    invoice  INV-7   due 2026-03-01   last step 1   promised for 2026-03-15
    """
    books.has_invoice("INV-7", due="2026-03-01", last_step=1, promise=books.promise("2026-03-15"))
    assert books.plan(on="2026-03-16") == ["remind INV-7, step 2"]


def test_a_promise_long_past_guards_nothing(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", promise=books.promise("2025-01-01"))
    assert books.plan(on=LATE) == ["remind INV-7, step 2"]


def test_a_paused_invoice_waits_through_its_last_day(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", is_paused=True, paused_until_on=date(2026, 3, 20))
    assert books.why("INV-7", on="2026-03-20") == "invoice_paused"
    assert books.plan(on="2026-03-21") == ["remind INV-7, step 3"]


def test_a_pause_without_an_end_lasts(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", is_paused=True)
    assert books.why("INV-7", on="2026-12-31") == "invoice_paused"


def test_a_date_without_a_pause_pauses_nothing(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", paused_until_on=date(2026, 12, 31))
    assert books.plan(on=LATE) == ["remind INV-7, step 2"]


def test_a_paused_customer_hears_nothing(books: Books) -> None:
    books.customer(is_paused=True, paused_until_on=date(2026, 3, 20))
    books.has_invoice("INV-7", due="2026-03-01").has_invoice("INV-8", due="2026-02-01")
    assert books.plan(on="2026-03-20") == []
    assert books.why("INV-8", on="2026-03-20") == "customer_paused"
    assert books.says("INV-8", on="2026-03-20") == "Acme Ltd is paused up to and including 2026-03-20."
    assert books.plan(on="2026-03-21") == ["remind INV-8, step 3 + INV-7, step 3"]


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"do_not_chase": True}, "do_not_chase"),
        ({"opted_out": True}, "opted_out"),
        ({"is_active": False}, "inactive_customer"),
    ],
)
def test_some_customers_are_never_written_to(books: Books, facts: dict[str, bool], rule: str) -> None:
    books.customer(**facts).has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on=LATE) == []
    assert books.why("INV-7", on=LATE) == rule


def test_a_fee_of_ours_has_no_reminders_of_its_own(books: Books) -> None:
    books.has_invoice("FEE-1", due="2026-03-01", is_ours=True).has_invoice("INV-7", due="2026-03-01")
    assert books.plan(on=LATE) == ["remind INV-7, step 2"]
    assert books.why("FEE-1", on=LATE) == "own_fee"


def test_the_first_guard_that_applies_gives_the_reason(books: Books) -> None:
    books.customer(do_not_chase=True, opted_out=True).has_money("500.00 USD")
    books.has_invoice("INV-7", due="2026-03-01", is_disputed=True, promise=books.promise("2026-04-01"))
    books.has_invoice("INV-8", due="2026-03-01", promise=books.promise("2026-04-01"), is_paused=True)
    books.has_invoice("INV-9", due="2026-03-01")
    assert [books.why(number, on=LATE) for number in ("INV-7", "INV-8", "INV-9")] == [
        "disputed",
        "promised",
        "do_not_chase",
    ]


# Unapplied money


def test_money_not_yet_matched_covers_an_invoice(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", balance="640.00 NZD").has_money("640.00 NZD")
    assert books.plan(on=LATE) == []
    assert books.says("INV-7", on=LATE) == (
        "Left alone: 640.00 NZD of unapplied payments and credits cover INV-7 (640.00 NZD)."
    )


def test_one_cent_short_does_not_cover(books: Books) -> None:
    books.exclusions(minimum_balance=0)
    books.has_invoice("INV-7", due="2026-03-01", balance="640.00 NZD").has_money("639.99 NZD")
    assert books.plan(on=LATE) == ["remind INV-7, step 2"]


def test_money_covers_the_oldest_invoice_first(books: Books) -> None:
    books.has_invoice("INV-8", due="2026-03-02").has_invoice("INV-7", due="2026-03-01").has_money("120.00 USD")
    assert books.plan(on="2026-03-12") == ["remind INV-8, step 2"]
    assert books.why("INV-7", on="2026-03-12") == "covered"


def test_money_too_small_for_the_oldest_covers_the_one_it_fits(books: Books) -> None:
    """A payment of exactly INV-8 that nobody has matched yet must not bring a reminder for INV-8."""
    books.has_invoice("INV-7", due="2026-03-01", balance="500.00 USD")
    books.has_invoice("INV-8", due="2026-03-01", balance="120.00 USD").has_money("120.00 USD")
    assert books.plan(on=LATE) == ["remind INV-7, step 2"]
    assert books.why("INV-8", on=LATE) == "covered"


def test_money_in_another_currency_covers_nothing(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", balance="120.00 USD").has_money("9000.00 EUR")
    assert books.plan(on=LATE) == ["remind INV-7, step 2"]


def test_several_sums_of_one_currency_add_up(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", balance="120.00 USD").has_money("70.00 USD", "50.00 USD")
    assert books.why("INV-7", on=LATE) == "covered"


def test_a_negative_sum_takes_no_cover_away(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", balance="120.00 USD").has_money("120.00 USD", "-50.00 USD")
    assert books.why("INV-7", on=LATE) == "covered"


def test_a_disputed_invoice_uses_up_no_money(books: Books) -> None:
    """Nobody pays what they contest: the money is far more likely meant for the other bill."""
    books.has_invoice("INV-7", due="2026-02-01", is_disputed=True).has_invoice("INV-8", due="2026-03-01")
    books.has_money("120.00 USD")
    assert books.plan(on=LATE) == []
    assert books.why("INV-8", on=LATE) == "covered"


def test_a_part_paid_invoice_stays_on_the_ladder(books: Books) -> None:
    """The platform shows what is left of it, and that is what the message names."""
    books.has_invoice("INV-7", due="2026-03-01", balance="30.00 USD", last_step=1)
    assert books.plan(on=LATE) == ["remind INV-7, step 2"]


# Small sums and old debt


def test_small_sums_are_left_alone(books: Books) -> None:
    """Default minimum: 5.00 per customer and currency."""
    books.has_invoice("INV-7", due="2026-03-01", balance="4.99 USD")
    assert books.plan(on=LATE) == []
    assert books.says("INV-7", on=LATE) == "Left alone: 4.99 USD owed in all is below the minimum of 5.00 USD."


def test_exactly_the_minimum_is_chased(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", balance="5.00 USD")
    assert books.plan(on=LATE) == ["remind INV-7, step 2"]


def test_small_invoices_count_together(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", balance="3.00 USD")
    books.has_invoice("INV-8", due="2026-03-01", balance="2.00 USD")
    assert books.plan(on=LATE) == ["remind INV-7, step 2 + INV-8, step 2"]


def test_small_sums_of_different_currencies_do_not_count_together(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", balance="4.00 USD")
    books.has_invoice("INV-8", due="2026-03-01", balance="4.00 EUR")
    assert books.plan(on=LATE) == []


def test_the_minimum_is_in_whole_units_of_each_currency(books: Books) -> None:
    """5 is 5 yen, which have no cents, and 5 dinars, which have a thousand fils each."""
    books.has_invoice("INV-7", due="2026-03-01", balance="5 JPY")
    books.has_invoice("INV-8", due="2026-03-01", balance="4.999 KWD")
    assert books.plan(on=LATE) == ["remind INV-7, step 2"]


def test_what_stays_uncovered_must_reach_the_minimum(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", balance="500.00 USD").has_money("496.00 USD")
    assert books.plan(on=LATE) == []
    assert books.says("INV-7", on=LATE) == "Left alone: 4.00 USD owed in all is below the minimum of 5.00 USD."


def test_debt_more_than_a_year_old_goes_to_a_person(books: Books) -> None:
    """review_after_days 365: the 366th day is older than that."""
    books.has_invoice("INV-7", due="2025-03-11", issued="2025-02-01", last_step=3)
    assert books.plan(on="2026-03-11") == []
    assert books.plan(on="2026-03-12") == ["ask review_old_debt: id-INV-7"]
    assert books.says("INV-7", on="2026-03-12") == (
        "INV-7, due 2025-03-11, is more than 365 days overdue: a person decides on it."
    )


def test_all_old_debt_of_a_customer_is_one_task(books: Books) -> None:
    books.has_invoice("INV-8", due="2024-05-01").has_invoice("INV-7", due="2024-04-01")
    assert books.plan(on=LATE) == ["ask review_old_debt: id-INV-7, id-INV-8"]


def test_old_debt_is_not_named_in_reminders(books: Books) -> None:
    books.has_invoice("INV-7", due="2024-04-01").has_invoice("INV-8", due="2026-03-01")
    assert books.plan(on=LATE) == ["remind INV-8, step 2", "ask review_old_debt: id-INV-7"]


def test_money_goes_to_recent_invoices_before_old_debt(books: Books) -> None:
    books.has_invoice("INV-7", due="2024-04-01").has_invoice("INV-8", due="2026-03-01").has_money("120.00 USD")
    assert books.plan(on=LATE) == ["ask review_old_debt: id-INV-7"]
    assert books.why("INV-8", on=LATE) == "covered"


def test_money_counted_against_a_recent_invoice_does_not_cover_old_debt_too(books: Books) -> None:
    books.has_invoice("INV-7", due="2024-04-01").has_invoice("INV-8", due="2026-03-01", balance="500.00 USD")
    books.has_money("120.00 USD")
    assert books.plan(on=LATE) == ["remind INV-8, step 2", "ask review_old_debt: id-INV-7"]


def test_old_debt_that_is_covered_asks_nobody(books: Books) -> None:
    books.has_invoice("INV-7", due="2024-04-01").has_money("120.00 USD")
    assert books.plan(on=LATE) == []


def test_a_small_old_debt_asks_nobody(books: Books) -> None:
    books.has_invoice("INV-7", due="2024-04-01", balance="1.00 USD")
    assert books.plan(on=LATE) == []
