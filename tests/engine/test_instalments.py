"""Instalment plans: schedules to the cent, a ladder for each instalment, and plans that are broken."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.instalments import Part, spread, standing
from engine.money import Money
from engine.plan import InPlan, SendReminder
from tests.engine.builder import Books, money, schedule


def _plan(*debts: str, count: int, first: str = "2026-04-01", every: Any = "month") -> list[str]:
    named = [(f"INV-{number}", money(debt)) for number, debt in enumerate(debts, 7)]
    made = schedule(named, count, date.fromisoformat(first), every)
    return [f"{key} {part.number}: {part.amount} on {part.due_on}" for key, parts in made.items() for part in parts]


def test_a_balance_is_split_into_equal_parts_to_the_cent() -> None:
    assert _plan("100.00 USD", count=3) == [
        "INV-7 1: 33.34 USD on 2026-04-01",
        "INV-7 2: 33.33 USD on 2026-05-01",
        "INV-7 3: 33.33 USD on 2026-06-01",
    ]


def test_one_plan_pays_several_invoices_in_their_order() -> None:
    assert _plan("70.00 USD", "50.00 USD", count=3, every="fortnight") == [
        "INV-7 1: 40.00 USD on 2026-04-01",
        "INV-7 2: 30.00 USD on 2026-04-15",
        "INV-8 2: 10.00 USD on 2026-04-15",
        "INV-8 3: 40.00 USD on 2026-04-29",
    ]


def test_the_last_day_of_a_month_stays_the_last_day() -> None:
    assert [line[-10:] for line in _plan("90.00 USD", count=3, first="2026-01-31")] == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
    ]


@pytest.mark.parametrize(
    ("debts", "count"), [((), 2), (("10.00 USD", "10.00 EUR"), 2), (("0.01 USD",), 2), (("0.00 USD",), 1)]
)
def test_a_plan_that_makes_no_sense_is_refused(debts: tuple[str, ...], count: int) -> None:
    with pytest.raises(ValueError, match="plan"):
        _plan(*debts, count=count)


@pytest.mark.parametrize(
    "parts",
    [
        ("2026-04-01 60.00 USD",),
        ("2026-04-01 60.00 USD", "2026-04-01 40.00 USD"),
        ("2026-04-01 101.00 USD", "2026-05-01 -1.00 USD"),
        ("2026-04-01 60.00 USD", "2026-05-01 40.00 EUR"),
    ],
    ids=["too little", "one day twice", "less than nothing", "another currency"],
)
def test_parts_that_do_not_make_a_plan_of_100_are_refused(parts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="plan"):
        spread(
            [("INV-7", money("100.00 USD"))], [Part(date.fromisoformat(each[:10]), money(each[11:])) for each in parts]
        )


def test_the_parts_of_a_later_plan_are_numbered_on(books: Books) -> None:
    """The steps of an earlier plan are taken: each instalment has its own."""
    part = Part(date(2026, 4, 1), money("100.00 USD"))
    assert spread([("INV-7", money("100.00 USD"))], [part], first_number=5)["INV-7"][0].number == 5


@given(
    st.lists(st.integers(min_value=1, max_value=10**7), min_size=1, max_size=5), st.integers(min_value=1, max_value=24)
)
def test_a_schedule_covers_every_debt_to_the_cent(minors: list[int], count: int) -> None:
    debts = [(str(position), Money(minor, "USD")) for position, minor in enumerate(minors)]
    if sum(minors) < count:
        return
    made = schedule(debts, count, date(2026, 4, 1), "week")
    for invoice_id, balance in debts:
        assert sum(part.amount.minor for part in made[invoice_id]) == balance.minor
    by_number: dict[int, int] = {}
    for parts in made.values():
        for part in parts:
            by_number[part.number] = by_number.get(part.number, 0) + part.amount.minor
    assert len(by_number) == count
    assert max(by_number.values()) - min(by_number.values()) <= 1


@pytest.fixture
def agreed(books: Books) -> Books:
    """INV-7, 300.00 due 2026-02-01 and at step 3, is to be paid in three parts from 2026-04-01 on, a month apart."""
    parts = schedule([("id-INV-7", money("300.00 USD"))], 3, date(2026, 4, 1), "month")["id-INV-7"]
    return books.has_invoice(
        "INV-7",
        due="2026-02-01",
        balance="300.00 USD",
        last_step=3,
        last_contact_on=date(2026, 2, 21),
        instalments=parts,
    )


def _paid(books: Books, left: str) -> Books:
    (invoice,) = books.account.invoices
    return books.customer(invoices=(replace(invoice, balance=money(left)),))


def test_while_a_plan_is_kept_nobody_is_chased_for_the_whole(agreed: Books) -> None:
    assert agreed.plan(on="2026-03-20") == []
    assert agreed.plan(on="2026-04-01") == []


def test_the_ladder_follows_the_first_instalment_not_paid(agreed: Books) -> None:
    """Step 1 comes 3 days after it, for its amount; it is kept as step 101."""
    (action,) = agreed.decided("2026-04-04").actions
    assert action.invoices[0].step == 101  # type: ignore[union-attr]  # the one act is a reminder
    assert action.invoices[0].balance == money("100.00 USD")  # type: ignore[union-attr]
    assert action.invoices[0].due_on == date(2026, 4, 1)  # type: ignore[union-attr]


def test_a_message_says_which_instalment_it_asks_for(agreed: Books) -> None:
    """On 4 May the first has been paid; on 4 April nothing."""
    [invoice] = agreed.account.invoices
    placed = tuple(replace(part, place=part.number, of=3) for part in invoice.instalments)
    agreed.customer(invoices=(replace(invoice, instalments=placed),))
    assert asked_for(agreed, "2026-04-04") == (InPlan(1, 1, 3), "2026-04-01", "100.00 USD")
    agreed.promises(plan_broken_after_days=60)
    assert asked_for(agreed, "2026-05-04") == (InPlan(1, 2, 3), "2026-04-01", "200.00 USD")
    _paid(agreed, "200.00 USD")
    assert asked_for(agreed, "2026-05-04") == (InPlan(2, 2, 3), "2026-05-01", "100.00 USD")


def asked_for(books: Books, on: str) -> tuple[InPlan | None, str, str]:
    [message] = books.decided(on).actions
    assert isinstance(message, SendReminder)
    [due] = message.invoices
    return due.instalment, str(due.due_on), str(due.balance)


def test_each_instalment_has_a_ladder_of_its_own(agreed: Books) -> None:
    _paid(agreed, "200.00 USD")
    assert agreed.plan(on="2026-04-20") == []
    assert agreed.plan(on="2026-05-04") == ["remind INV-7, step 201"]


def test_payments_go_to_the_earliest_instalments(agreed: Books) -> None:
    _paid(agreed, "150.00 USD")
    due = standing(agreed.account.invoices[0], date(2026, 5, 2))
    assert due is not None
    assert (due.instalment.number, due.amount) == (2, money("50.00 USD"))


def test_an_instalment_unpaid_too_long_brings_the_whole_debt_back(agreed: Books) -> None:
    """Eight days after the first instalment: everything, at the step where its age puts it."""
    assert agreed.look_again(on="2026-04-08") == "2026-04-09"
    (action,) = agreed.decided("2026-04-09").actions
    assert action.invoices[0].balance == money("300.00 USD")  # type: ignore[union-attr]  # the one act is a reminder
    assert action.invoices[0].step == 403  # type: ignore[union-attr]


def test_a_plan_runs_its_course_in_steps_that_only_climb(agreed: Books) -> None:
    assert agreed.runs("2026-03-01", "2026-06-01") == {
        "2026-04-04": ["remind INV-7, step 101"],
        "2026-04-09": ["remind INV-7, step 403"],
    }


def test_a_plan_that_a_person_ended_is_over(agreed: Books) -> None:
    (invoice,) = agreed.account.invoices
    agreed.customer(invoices=(replace(invoice, is_plan_ended=True),))
    assert agreed.plan(on="2026-03-20") == ["remind INV-7, step 403"]


def test_no_late_fee_while_a_plan_is_kept(agreed: Books) -> None:
    agreed.ladder().fees(annual_rate=Decimal(12), charge_day=5)
    assert agreed.plan(on="2026-04-05") == []
    assert agreed.plan(on="2026-04-09") == ["fee 6.21 USD"]


def test_a_kept_plan_is_no_reason_for_a_hold(agreed: Books) -> None:
    agreed.ladder().credit(hold_days_overdue=30)
    assert agreed.plan(on="2026-04-08") == []
    assert agreed.plan(on="2026-04-09") == ["hold"]
