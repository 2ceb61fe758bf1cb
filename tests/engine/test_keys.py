"""One name for each act, whatever happens around it."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from engine.keys import action_key, hold_key, note_key, offer_key, release_key, reminder_key

words = st.lists(st.text(max_size=4), max_size=4)


def test_a_key_is_the_same_for_ever() -> None:
    """Written down in stores already: a change here would send again what has been sent."""
    assert reminder_key("7", "C-1", [("INV-7", 2)]) == "a80a81d7f95133a95f80e455b2397771"


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
    assert hold_key("7", "C", date(2026, 3, 1)) != hold_key("7", "C", date(2026, 5, 1))
    assert release_key("7", "C", date(2026, 3, 1)) != release_key("7", "C", date(2026, 5, 1))
    assert release_key("7", "C", None) == release_key("7", "C", None)


def test_each_document_gets_its_own_note_of_an_act() -> None:
    act = offer_key("7", "C", "A")
    assert note_key(act, "invoice", "1") != note_key(act, "customer", "1")
