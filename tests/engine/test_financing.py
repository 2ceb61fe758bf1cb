"""What a lender would take of the receivables, and why not the rest."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.financing import Book, Criteria, Debt, books
from engine.money import Money

TODAY = date(2026, 6, 1)


def debt(customer: str, amount: int, days: int = 0, **facts: Any) -> Debt:
    """That many whole dollars, so many days overdue."""
    due_on = TODAY - timedelta(days=days)
    number = f"{customer}-{amount}-{days}"
    told = {"customer_id": customer, "customer": customer, "number": number, "issued_on": due_on, "due_on": due_on}
    return Debt(**told, balance=Money(amount * 100, "USD"), **facts)


def book(*debts: Debt, money: dict[str, int] | None = None, sales: tuple[int, int] = (0, 0), **criteria: int) -> Book:
    unapplied = {(name, "USD"): amount * 100 for name, amount in (money or {}).items()}
    [found] = books(debts, unapplied, {"USD": sales}, TODAY, Criteria(**({"concentration_percent": 100} | criteria)))
    return found


def reasons(found: Book) -> dict[str, str]:
    return {reason: str(amount) for reason, amount in found.ineligible.items()}


def test_what_is_in_time_is_lent_on_at_the_advance_rate() -> None:
    found = book(debt("Acme", 800), debt("Bolt", 200))
    assert (str(found.eligible), str(found.available), reasons(found)) == ("1000.00 USD", "800.00 USD", {})


def test_ninety_days_overdue_is_eligible_and_ninety_one_is_not() -> None:
    found = book(debt("Acme", 100, 90), debt("Acme", 100, 91), debt("Acme", 900))
    assert reasons(found) == {"more than 90 days overdue": "100.00 USD"}


def test_a_debtor_mostly_too_late_has_nothing_eligible() -> None:
    """Half is still allowed; a dollar more is not."""
    assert "debtor mostly too late" not in reasons(book(debt("Acme", 500, 100), debt("Acme", 500)))
    found = book(debt("Acme", 501, 100), debt("Acme", 499), debt("Bolt", 100))
    assert reasons(found)["debtor mostly too late"] == "499.00 USD"
    assert str(found.eligible) == "100.00 USD"


def test_contested_invoices_and_fees_of_ours_are_not_lent_on() -> None:
    found = book(debt("Acme", 100, is_disputed=True), debt("Acme", 10, is_ours=True), debt("Acme", 90))
    assert reasons(found) == {"disputed": "100.00 USD", "late fee": "10.00 USD"}


def test_money_we_hold_for_a_debtor_is_taken_off_what_he_owes() -> None:
    found = book(debt("Acme", 100), debt("Bolt", 100), money={"Acme": 30, "Bolt": 500})
    assert reasons(found) == {"money we hold for the debtor": "130.00 USD"}
    assert str(found.eligible) == "70.00 USD"


def test_one_debtor_counts_up_to_his_share() -> None:
    """Acme 700 of 1,000 at 25 %: 450 above the 250 that count."""
    found = book(debt("Acme", 700), debt("Bolt", 200), debt("Crow", 100), concentration_percent=25)
    assert reasons(found) == {"concentration": "450.00 USD"}
    assert [(one.customer, one.share) for one in found.debtors[:2]] == [
        ("Acme", Decimal("70.0")),
        ("Bolt", Decimal("20.0")),
    ]


def test_dilution_is_what_credits_took_back_of_a_years_sales() -> None:
    assert book(debt("Acme", 1), sales=(200_000, 5_000)).dilution == Decimal("2.5")
    assert book(debt("Acme", 1)).dilution is None


def test_every_cent_owed_is_eligible_or_has_a_reason() -> None:
    found = book(
        debt("Acme", 700, 20), debt("Acme", 40, 95), debt("Bolt", 9, 200), debt("Crow", 60, is_disputed=True),
        debt("Crow", 33, 61), money={"Crow": 5}, concentration_percent=30,
    )  # fmt: skip
    told = sum((amount for amount in found.ineligible.values()), found.eligible)
    assert told == found.owed
    assert sum((amount for amount in found.ageing), Money.zero("USD")) == Money(73_300, "USD")
