"""Every balance is explained by documents: total, less what posted payments and credits put on the invoice."""

from __future__ import annotations

import pytest

from engine.books import CreditKind, DocumentStatus, InvoiceStatus
from tests.store.books import Shop, applied, credit, customer, invoice, payment


def test_payments_and_credits_lower_the_balance(shop: Shop) -> None:
    """10,000 − 4,000 paid − 1,500 credited"""
    shop.reads(customer(), invoice(), payment(), applied("P1", "I1", 4_000))
    shop.reads(credit(), applied("N1", "I1", 1_500, "credit_note"))
    assert shop.balance() == 4_500


def test_a_payment_read_before_its_invoice_still_counts(shop: Shop) -> None:
    shop.reads(payment(), applied("P1", "I1", 4_000))
    shop.reads(customer(), invoice())
    assert shop.balance() == 6_000


@pytest.mark.parametrize("status", [DocumentStatus.DRAFT, DocumentStatus.VOIDED, DocumentStatus.DELETED])
def test_a_payment_that_is_not_posted_pays_nothing(shop: Shop, status: DocumentStatus) -> None:
    shop.reads(customer(), invoice(), payment(status=status), applied("P1", "I1", 4_000))
    assert shop.balance() == 10_000


def test_a_payment_voided_later_gives_the_balance_back(shop: Shop) -> None:
    shop.reads(customer(), invoice(), payment(), applied("P1", "I1", 4_000))
    counts = shop.reads(payment(status=DocumentStatus.VOIDED), applied("P1", "I1", 4_000))
    assert (shop.balance(), counts.touched) == (10_000, {"C1"})


def test_an_allocation_whose_payment_we_do_not_have_pays_nothing(shop: Shop) -> None:
    shop.reads(customer(), invoice(), applied("P404", "I1", 4_000))
    assert shop.balance() == 10_000


def test_a_payment_that_moves_to_another_invoice_frees_the_first(shop: Shop) -> None:
    shop.reads(customer(), invoice("I1"), invoice("I2"), payment(), applied("P1", "I1", 4_000))
    shop.reads(payment(version="2"), applied("P1", "I2", 4_000))
    assert (shop.balance("I1"), shop.balance("I2")) == (10_000, 6_000)


def test_two_parts_of_one_payment_on_one_invoice_both_count(shop: Shop) -> None:
    shop.reads(customer(), invoice(), payment(), applied("P1", "I1", 1_000), applied("P1", "I1", 500, position=1))
    assert shop.balance() == 8_500


def test_credits_of_different_kinds_may_share_an_id(shop: Shop) -> None:
    shop.reads(customer(), invoice(), credit("7"), credit("7", kind=CreditKind.OVERPAYMENT))
    shop.reads(credit("7", version="2"), applied("7", "I1", 1_000, "credit_note"))
    shop.reads(credit("7", kind=CreditKind.OVERPAYMENT, version="2"), applied("7", "I1", 200, "overpayment"))
    assert shop.balance() == 8_800


def test_a_deposit_taken_on_the_invoice_lowers_the_balance(shop: Shop) -> None:
    shop.reads(customer(), invoice(paid_at_issue=2_500))
    assert shop.balance() == 7_500


@pytest.mark.parametrize("status", [InvoiceStatus.VOIDED, InvoiceStatus.DELETED])
def test_a_voided_or_deleted_invoice_owes_nothing(shop: Shop, status: InvoiceStatus) -> None:
    shop.reads(customer(), invoice(status=status, stated_balance=0))
    assert (shop.balance(), shop.invoice().has_drift) == (0, False)


def test_a_balance_that_the_platform_states_otherwise_is_drift(shop: Shop) -> None:
    shop.reads(customer(), invoice(stated_balance=7_000))
    row = shop.invoice()
    assert (row.balance, row.stated_balance, row.has_drift) == (10_000, 7_000, True)


def test_drift_goes_once_the_missing_payment_is_read(shop: Shop) -> None:
    shop.reads(customer(), invoice(stated_balance=6_000))
    shop.reads(payment(), applied("P1", "I1", 4_000))
    assert (shop.balance(), shop.invoice().has_drift) == (6_000, False)


@pytest.mark.parametrize(("stated", "asked"), [(7_000, 7_000), (12_000, 10_000), (-50, 0)])
def test_nobody_is_asked_for_more_than_the_smaller_balance(shop: Shop, stated: int, asked: int) -> None:
    shop.reads(customer(), invoice(stated_balance=stated))
    (seen,) = shop.account().invoices
    assert (seen.balance.minor, seen.drift) == (asked, True)


def test_an_invoice_paid_too_much_is_asked_for_nothing(shop: Shop) -> None:
    shop.reads(customer(), invoice(), payment(total=12_000), applied("P1", "I1", 12_000))
    assert shop.balance() == -2_000
    assert shop.account().invoices[0].balance.minor == 0
