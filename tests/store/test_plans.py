"""Plans to pay in parts, as the store keeps them and the engine reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from engine.books import InvoiceStatus
from engine.instalments import Part
from engine.money import Money
from store import plans
from store.home.plans import payment_plans
from store.ledger import PlannedAct
from store.wishes import Speaker
from tests.store.books import Shop, customer, invoice, reminder

APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)
HALVES = (Part(APRIL, Money(7_500, "USD")), Part(MAY, Money(7_500, "USD")))


@pytest.fixture
def books(shop: Shop) -> Shop:
    """INV-1 over 100.00 and INV-2 over 50.00, both overdue; today is 2026-03-02."""
    shop.reads(customer(), invoice(), invoice("I2", total=5_000, due_on=date(2026, 2, 25)))
    return shop


def agrees(shop: Shop, parts: Sequence[Part] = HALVES, invoices: Sequence[str] = ("I1", "I2")) -> int:
    return int(shop.moves(plans.agree, "C1", invoices, parts, shop.now, "user 1"))


def ends(shop: Shop, plan_id: int) -> None:
    shop.moves(plans.end, plan_id, "they stopped paying", shop.now, "user 1")


def instalments(shop: Shop) -> dict[str, list[tuple[int, int]]]:
    return {one.id: [(part.number, part.amount.minor) for part in one.instalments] for one in shop.account().invoices}


def told(shop: Shop, on: date) -> tuple[str, list[int]]:
    with shop.database.read() as session:
        (plan, *_) = payment_plans(session, shop.id, ["C1"], on)
    return plan.state, [part.unpaid.minor for part in plan.parts]


def is_reminded(shop: Shop, step: int) -> None:
    act = PlannedAct(kind="remind", key=f"step-{step}", step=step, invoices=(("I1", step),), body="{}")
    shop.records(reminder(shop.today, step=step), [act])


def test_the_parts_are_set_against_the_oldest_invoice_first(books: Shop) -> None:
    agrees(books)
    assert instalments(books) == {"I1": [(1, 7_500), (2, 2_500)], "I2": [(2, 5_000)]}
    assert [one.is_plan_ended for one in books.account().invoices] == [False, False]


def test_where_it_stands_follows_from_the_balances(books: Shop) -> None:
    agrees(books)
    assert told(books, APRIL) == ("kept", [7_500, 7_500])
    assert told(books, APRIL + timedelta(days=1))[0] == "late"
    assert told(books, APRIL + timedelta(days=8))[0] == "broken"
    books.reads(invoice(stated_balance=2_000, version="2"))
    assert told(books, APRIL + timedelta(days=8)) == ("kept", [0, 7_000])
    for name, total in (("I1", 10_000), ("I2", 5_000)):
        books.reads(invoice(name, total=total, stated_balance=0, status=InvoiceStatus.PAID, version="3"))
    assert told(books, MAY) == ("paid", [0, 0])


@pytest.mark.parametrize("parts", [HALVES[:1], (), (HALVES[1], HALVES[0])], ids=["too little", "none", "backwards"])
def test_parts_that_make_no_plan_are_refused(books: Shop, parts: Sequence[Part]) -> None:
    with pytest.raises(ValueError, match="plan"):
        agrees(books, parts)


def test_an_invoice_is_in_one_plan_at_a_time_and_in_none_while_disputed(books: Shop) -> None:
    whole = (Part(APRIL, Money(10_000, "USD")),)
    agrees(books, whole, ["I1"])
    with books.database.begin() as session:
        Speaker(session, books.id, books.now, "user 1").dispute("I2", True)
    for name, part in (("I1", whole[0]), ("I2", Part(APRIL, Money(5_000, "USD")))):
        with pytest.raises(ValueError, match="in a plan already"):
            agrees(books, (part,), [name])


def test_one_that_ended_makes_the_whole_due_and_a_later_one_takes_steps_of_its_own(books: Shop) -> None:
    """part 1 took step 101; what follows the end has number 3, so the later plan begins at 4"""
    plan = agrees(books)
    is_reminded(books, 101)
    ends(books, plan)
    assert [one.is_plan_ended for one in books.account().invoices] == [True, True]
    assert told(books, APRIL)[0] == "ended"
    agrees(books)
    assert instalments(books) == {"I1": [(4, 7_500), (5, 2_500)], "I2": [(5, 5_000)]}
    assert [one.is_plan_ended for one in books.account().invoices] == [False, False]


def test_one_of_which_nothing_was_said_is_as_if_it_had_never_been(books: Shop) -> None:
    is_reminded(books, 3)
    ends(books, agrees(books))
    assert instalments(books) == {"I1": [], "I2": []}
    with pytest.raises(LookupError):
        ends(books, 1)


def test_each_instalment_knows_its_place_in_the_whole_plan(books: Shop) -> None:
    """75.00 in April, all of INV-1's; 75.00 in May, 25.00 of it INV-1's and 50.00 INV-2's"""
    agrees(books)
    places = {one.number: [(part.place, part.of) for part in one.instalments] for one in books.account().invoices}
    assert places == {"INV-1": [(1, 2), (2, 2)], "INV-2": [(2, 2)]}
