"""Tonight: what policies would do on the next sending day, with nothing recorded."""

from __future__ import annotations

from datetime import date

from engine.policy import Calendar, Policy
from store.tonight import sending_day, tonight
from tests.store.books import Shop, customer, invoice

USUAL = Policy(calendar=Calendar(time_zone="UTC"), base_currency="USD")
QUIET = USUAL.model_copy(update={"ladder": ()})


def test_two_policies_are_asked_about_the_same_books(shop: Shop) -> None:
    """due 21 February, today 2 March: step 2 at 3 days"""
    shop.reads(customer(), invoice())
    usual, quiet = tonight(shop.database, shop.id, [USUAL, QUIET], shop.today)
    assert [(one.kind, one.step, one.numbers) for one in usual] == [("remind", 2, ("INV-1",))]
    assert quiet == []


def test_on_a_saturday_it_is_monday_that_is_asked_about(shop: Shop) -> None:
    shop.reads(customer(), invoice())
    saturday = date(2026, 3, 7)
    [would] = tonight(shop.database, shop.id, [USUAL], saturday)[0]
    assert would.on == sending_day(USUAL, saturday) == date(2026, 3, 9)


def test_progress_is_told_and_nothing_is_left_behind(shop: Shop) -> None:
    shop.reads(customer(), invoice())
    told: list[tuple[int, int]] = []
    tonight(shop.database, shop.id, [USUAL], shop.today, lambda done, total: told.append((done, total)))
    assert told == [(0, 1)]
    assert shop.due() == ["C1"]
