"""Whole ugly accounts, and policies to decide them by: odd dates, odd amounts, currencies, every guard at once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from engine.account import Account, Contact, CreditStanding, Invoice, Promise
from engine.books import InvoiceStatus
from engine.money import Money
from engine.policy import Budget, Calendar, Credit, Discount, Exclusions, Policy, Step

TODAY = date(2026, 3, 11)
CURRENCIES = ("USD", "JPY", "KWD")

currencies = st.sampled_from(CURRENCIES)
amounts = st.integers(min_value=-500, max_value=3_000_000) | st.sampled_from([0, 1, 499, 500, 12_000])


def days_around(before: int, after: int) -> SearchStrategy[date]:
    """Days near TODAY, where something happens, and now and then one that somebody mistyped."""
    near = st.integers(min_value=-before, max_value=after).map(lambda days: TODAY + timedelta(days=days))
    return st.one_of(near, near, near, near, st.sampled_from([date(1, 1, 1), date(9999, 12, 31)]))


def monies() -> SearchStrategy[Money]:
    return st.builds(Money, amounts, currencies)


def promises() -> SearchStrategy[Promise]:
    return st.builds(Promise, days_around(20, 20), st.none() | monies())


@st.composite
def invoices(draw: st.DrawFn, number: int) -> Invoice:
    balance = draw(monies())
    mostly_not = st.sampled_from([False, False, False, True])
    return Invoice(
        id=str(number),
        number=draw(st.sampled_from([f"INV-{number}", "", "same"])),
        status=draw(st.sampled_from([InvoiceStatus.OPEN] * 5 + list(InvoiceStatus))),
        issued_on=draw(days_around(80, 5)),
        due_on=draw(days_around(400, 40)),
        total=balance,
        balance=balance,
        last_step=draw(st.integers(min_value=0, max_value=7)),
        discount_offered=draw(mostly_not),
        discount_percent=draw(st.none() | st.decimals(min_value=-1, max_value=101, places=2) | st.just(Decimal("NaN"))),
        discount_days=draw(st.none() | st.integers(min_value=-1, max_value=90)),
        is_disputed=draw(mostly_not),
        promise=draw(st.none() | promises()),
        is_paused=draw(mostly_not),
        paused_until_on=draw(st.none() | days_around(20, 20)),
        is_ours=draw(mostly_not),
        drift=draw(mostly_not),
    )


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    mostly_not = st.sampled_from([False, False, False, False, False, True])
    count = draw(st.integers(min_value=0, max_value=6))
    return Account(
        customer_id="C-1",
        name="Acme",
        emails=draw(st.sampled_from([("pay@acme.example",)] * 3 + [()])),
        invoices=tuple(draw(invoices(number)) for number in range(count)),
        unapplied=tuple(draw(st.lists(monies(), max_size=2))),
        contacts=tuple(Contact(on, "remind") for on in sorted(draw(st.lists(days_around(20, 2), max_size=4)))),
        credit=CreditStanding(
            limit=draw(st.none() | monies()), is_on_hold=draw(st.booleans()), is_manual=draw(mostly_not)
        ),
        is_active=not draw(mostly_not),
        do_not_chase=draw(mostly_not),
        opted_out=draw(mostly_not),
        is_paused=draw(mostly_not),
        paused_until_on=draw(st.none() | days_around(20, 20)),
        watched_since_on=draw(st.none() | days_around(60, 0)),
    )


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    offsets = sorted(draw(st.sets(st.integers(min_value=-10, max_value=60), max_size=6)))
    units = st.sampled_from(["calendar", "calendar", "business"])
    return Policy(
        ladder=tuple(
            Step(number=number, days=days, unit=draw(units), template=f"step_{number}")  # type: ignore[arg-type]  # a Literal
            for number, days in enumerate(offsets, start=1)
        ),
        calendar=Calendar(
            weekdays=tuple(draw(st.sets(st.integers(min_value=0, max_value=6), min_size=1))),
            country=draw(st.sampled_from(["", "NZ", "GB"])),
        ),
        budget=Budget(
            messages=draw(st.integers(min_value=1, max_value=3)),
            per_days=draw(st.integers(min_value=1, max_value=14)),
            minimum_gap_days=draw(st.integers(min_value=0, max_value=10)),
        ),
        discount=Discount(
            is_on=draw(st.booleans()),
            percent=draw(st.sampled_from([Decimal(0), Decimal(2)])),
            days=draw(st.integers(min_value=1, max_value=40)),
            tell_days_before=draw(st.integers(min_value=0, max_value=10)),
        ),
        credit=Credit(
            is_on=draw(st.booleans()),
            hold_days_overdue=draw(st.none() | st.integers(min_value=1, max_value=90)),
            default_limit=draw(st.none() | st.just(Decimal(1000))),
        ),
        exclusions=Exclusions(
            minimum_balance=draw(st.sampled_from([Decimal(0), Decimal(5), Decimal(100)])),
            review_after_days=draw(st.sampled_from([30, 90, 365])),
        ),
        base_currency="USD",
    )
