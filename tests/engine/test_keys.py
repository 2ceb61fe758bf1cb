"""One name for each act, whatever happens around it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.keys import (
    action_key,
    delivery_key,
    discount_credit_key,
    fee_key,
    hold_key,
    note_key,
    offer_key,
    release_key,
    reminder_key,
    statement_key,
    thanks_key,
)

DAY = date(2026, 3, 11)

words = st.lists(st.text(max_size=4), max_size=4)


@pytest.mark.parametrize(
    ("key", "kept"),
    [
        (lambda: reminder_key("7", "C-1", [("INV-7", 2)]), "a80a81d7f95133a95f80e455b2397771"),
        (lambda: offer_key("7", "C-1", "INV-7"), "4ea0d5514a8720f38889da863a3d247f"),
        (lambda: hold_key("7", "C-1", 0), "1623401ae0c548b4f50b5e634d298ca8"),
        (lambda: release_key("7", "C-1", 1), "5f4b94861b42bcfce5140f8c17c2286d"),
        (lambda: fee_key("7", "C-1", "USD", DAY), "4d9019f13fc7a91b40a3b024352f2b39"),
        (lambda: discount_credit_key("7", "C-1", "INV-7"), "a0fe13a1b1807e2c77cae015f19b1f92"),
        (lambda: note_key("a key", "invoice", "INV-7"), "b6a69ec1631ccbbb4338674867577778"),
        (lambda: statement_key("7", "C-1", DAY), "6b55e2c2e1b879a3d26f65502de003a9"),
        (lambda: thanks_key("7", "C-1", ["INV-7", "INV-8"]), "cafb03f84abd91c65c2aa5ce42466181"),
        (lambda: delivery_key("7", "INV-7"), "901f72d2b94b102384faba29420214b0"),
    ],
)
def test_a_key_is_the_same_for_ever(key: Callable[[], str], kept: str) -> None:
    """Written down in stores already: a change here would send again what has been sent."""
    assert key() == kept


def test_a_key_fits_both_platforms() -> None:
    key = action_key("anything")
    assert len(key) == 32
    assert set(key) <= set("0123456789abcdef")


@given(words, words)
def test_different_parts_never_make_the_same_key(left: list[str], right: list[str]) -> None:
    assert (action_key(*left) == action_key(*right)) is (left == right)


def test_the_order_of_invoices_does_not_make_another_reminder() -> None:
    assert reminder_key("7", "C", [("A", 2), ("B", 1)]) == reminder_key("7", "C", [("B", 1), ("A", 2)])


def test_naming_one_more_invoice_does_not_make_another_reminder() -> None:
    assert reminder_key("7", "C", [("A", 2), ("B", 0)]) == reminder_key("7", "C", [("A", 2)])


def test_every_step_is_a_reminder_of_its_own() -> None:
    assert reminder_key("7", "C", [("A", 2)]) != reminder_key("7", "C", [("A", 3)])


def test_two_companies_never_share_a_key() -> None:
    assert reminder_key("7", "C", [("A", 2)]) != reminder_key("8", "C", [("A", 2)])
    assert offer_key("7", "C", "A") != offer_key("8", "C", "A")


def test_a_customer_held_again_after_a_release_is_held_anew() -> None:
    assert hold_key("7", "C", 0) != hold_key("7", "C", 2)
    assert release_key("7", "C", 1) != release_key("7", "C", 3)
    assert release_key("7", "C", 1) == release_key("7", "C", 1)


def test_each_document_gets_its_own_note_of_an_act() -> None:
    act = offer_key("7", "C", "A")
    assert note_key(act, "invoice", "1") != note_key(act, "customer", "1")
