"""How late the open balances are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from engine.account import Account
from engine.ageing import AgeingBucket, age, age_by_currency, bucket_of
from engine.books import InvoiceStatus
from engine.money import CurrencyMismatch, Money
from tests.engine.builder import Books
from tests.engine.strategies import TODAY, accounts


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (-1, AgeingBucket.CURRENT),
        (0, AgeingBucket.CURRENT),
        (1, AgeingBucket.DAYS_1_30),
        (30, AgeingBucket.DAYS_1_30),
        (31, AgeingBucket.DAYS_31_60),
        (60, AgeingBucket.DAYS_31_60),
        (61, AgeingBucket.DAYS_61_90),
        (90, AgeingBucket.DAYS_61_90),
        (91, AgeingBucket.OVER_90),
    ],
)
def test_the_due_date_itself_is_not_late(days: int, bucket: AgeingBucket) -> None:
    assert bucket_of(TODAY - timedelta(days=days), TODAY) is bucket


def test_every_bucket_is_there_even_when_empty() -> None:
    assert age([], "USD", TODAY) == {bucket: Money(0, "USD") for bucket in AgeingBucket}


def test_disputing_a_bill_does_not_make_it_younger(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", is_disputed=True)
    assert age(books.account.invoices, "USD", TODAY)[AgeingBucket.DAYS_1_30] == Money(12000, "USD")


def test_a_draft_is_not_aged(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", status=InvoiceStatus.DRAFT)
    assert not age(books.account.invoices, "USD", TODAY)[AgeingBucket.DAYS_1_30]


def test_currencies_are_converted_before_ageing_not_inside_it(books: Books) -> None:
    books.has_invoice("INV-7", due="2026-03-01", balance="1.00 EUR")
    with pytest.raises(CurrencyMismatch):
        age(books.account.invoices, "USD", TODAY)


@settings(max_examples=40, deadline=None)
@given(accounts())
def test_every_cent_owed_sits_in_exactly_one_ageing_bucket(account: Account) -> None:
    owed: dict[str, int] = {}
    for invoice in account.invoices:
        if invoice.status is InvoiceStatus.OPEN:
            owed[invoice.balance.currency] = owed.get(invoice.balance.currency, 0) + invoice.balance.minor
    aged = age_by_currency(account.invoices, date(2026, 3, 11))
    assert {currency: sum(money.minor for money in row.values()) for currency, row in aged.items()} == owed
