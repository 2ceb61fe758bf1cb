"""Whole ugly accounts, and policies to decide them by: odd dates, odd amounts, several currencies, any guard.

Most invoices carry one trouble at most: an account in which everything is guarded would prove nothing about messages.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from msgspec.structs import replace

from engine.account import Account, Contact, CreditStanding, Invoice, Promise
from engine.books import InvoiceStatus
from engine.history import FeeCharged, PastPromise, Received
from engine.money import Money
from engine.policy import (
    Budget,
    Calendar,
    Credit,
    Delivery,
    Discount,
    Exclusions,
    Fees,
    Group,
    Policy,
    Statements,
    Step,
    Thanks,
)
from tests.engine.builder import schedule

TODAY = date(2026, 3, 11)


def _days_around(before: int, after: int) -> SearchStrategy[date]:
    return st.integers(min_value=-before, max_value=after).map(lambda days: TODAY + timedelta(days=days))


mistyped = st.sampled_from([date(1, 1, 1), date(9999, 12, 31)])
currencies = st.sampled_from(["USD", "USD", "USD", "JPY", "KWD"])
amounts = st.integers(min_value=500, max_value=300_000) | st.sampled_from([12_000, 24_000])
monies = st.builds(Money, amounts, currencies)
until = st.none() | _days_around(20, 20)

fees_charged = st.builds(
    lambda number, on, fixed, interest: FeeCharged(
        invoice_id=str(number), through_on=on, fixed=Money(fixed, "USD"), interest=Money(interest, "USD")
    ),
    st.integers(min_value=0, max_value=4),
    _days_around(60, 0).map(lambda day: day.replace(day=1)),
    st.sampled_from([0, 2500]),
    st.integers(min_value=-100, max_value=2000),
)
troubles: SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(lambda: {"is_disputed": True}),
    st.builds(lambda on, amount: {"promise": Promise(on, amount)}, _days_around(20, 20), st.none() | monies),
    st.builds(
        lambda on, step: (
            {"promise": Promise(on, None, on - timedelta(days=9)), "last_step": step}
            | {"last_contact_on": on - timedelta(days=10)}
        ),
        _days_around(20, 20),
        st.integers(min_value=1, max_value=4),
    ),
    st.builds(lambda on: {"is_paused": True, "paused_until_on": on}, until),
    st.builds(lambda: {"is_ours": True}),
    st.builds(lambda minor: {"balance": Money(minor, "USD")}, st.integers(min_value=-500, max_value=499)),
    st.builds(lambda on: {"due_on": on}, mistyped | _days_around(800, 0)),
    st.builds(lambda status: {"status": status}, st.sampled_from(InvoiceStatus)),
    st.builds(
        lambda percent, days: {"discount_percent": percent, "discount_days": days},
        st.sampled_from([Decimal(text) for text in ("NaN", "-1", "0", "2.5", "100", "Infinity")]),
        st.integers(min_value=-1, max_value=60),
    ),
    st.builds(lambda: {"discount_offered": True, "drift": True, "number": ""}),
    st.builds(lambda sent: {"is_sent": sent, "last_step": 0}, st.booleans()),
    st.builds(lambda on: {"status": InvoiceStatus.PAID, "settled_on": on, "last_step": 1}, _days_around(20, 0)),
    st.builds(lambda on: {"last_step": 1, "last_contact_on": on}, _days_around(20, 0)),
    st.builds(
        lambda payments, status: {"payments": tuple(payments), "status": status},
        st.lists(st.builds(Received, _days_around(60, 5), monies), min_size=1, max_size=3),
        st.sampled_from([InvoiceStatus.OPEN, InvoiceStatus.PAID]),
    ),
)
customer_troubles: SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({"emails": ()}),
    st.just({"do_not_chase": True}),
    st.just({"opted_out": True}),
    st.just({"is_active": False}),
    st.builds(lambda on: {"is_paused": True, "paused_until_on": on}, until),
    st.builds(lambda limit, held: {"credit": CreditStanding(limit=limit, is_on_hold=held)}, monies, st.booleans()),
    st.builds(lambda held: {"credit": CreditStanding(is_on_hold=held, is_manual=True)}, st.booleans()),
    st.builds(lambda kept: {"promises": tuple(PastPromise(TODAY, each) for each in kept)}, st.lists(st.booleans())),
    st.builds(
        lambda limit, on, held: {
            "credit": CreditStanding(override_limit=limit, override_until_on=on, is_on_hold=held),
            "returned_payments": 2,
        },
        monies,
        _days_around(5, 30),
        st.booleans(),
    ),
    st.builds(lambda: {"is_fee_exempt": True, "is_consumer": True}),
    st.builds(lambda fee: {"fees": (fee,)}, fees_charged),
    st.builds(lambda sums: {"unapplied": tuple(sums)}, st.lists(monies, min_size=1, max_size=3)),
)


def _seldom(strategy: SearchStrategy[dict[str, Any]]) -> SearchStrategy[dict[str, Any]]:
    """One in four, and then one of the strategy's."""
    return st.integers(min_value=0, max_value=3).flatmap(lambda dice: strategy if dice == 3 else st.just({}))


@st.composite
def invoices(draw: st.DrawFn, number: int) -> Invoice:
    balance = draw(monies)
    plain = Invoice(
        id=str(number),
        number=f"INV-{number}",
        status=InvoiceStatus.OPEN,
        issued_on=draw(_days_around(25, 5)),
        due_on=draw(_days_around(60, 30)),
        total=balance,
        balance=balance,
        last_step=draw(st.sampled_from([0, 0, 0, 1, 2, 6])),
    )
    if balance.minor >= 1000 and draw(st.integers(min_value=0, max_value=9)) == 9:
        first_on, every = draw(_days_around(30, 30)), draw(st.sampled_from(["week", "month"]))
        parts = schedule([(plain.id, balance)], draw(st.integers(min_value=1, max_value=4)), first_on, every)
        plain = replace(plain, instalments=parts[plain.id], is_plan_ended=draw(st.booleans()))
    return replace(plain, **draw(_seldom(troubles)))


_CONTACT = st.sampled_from(["remind", "remind", "remind", "call", "human", "statement"])


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    plain = Account(
        customer_id="C-1",
        name="Acme",
        emails=("pay@acme.example",),
        invoices=tuple(draw(invoices(number)) for number in range(draw(st.integers(min_value=1, max_value=5)))),
        contacts=tuple(Contact(on, draw(_CONTACT)) for on in sorted(draw(st.lists(_days_around(20, 2), max_size=3)))),
        watched_since_on=draw(st.none() | _days_around(30, 0)),
    )
    return replace(plain, **(draw(_seldom(customer_troubles)) | draw(_seldom(customer_troubles))))


fee_policies = st.sampled_from([True, True, False]).flatmap(
    lambda is_on: st.builds(
        lambda flat, percent, rate, cap, law, day, grace: Fees(
            is_on=is_on,
            clause="Clause 7.",
            flat=flat,
            percent=percent,
            annual_rate=rate,
            cap_percent=cap,
            law=law,
            charge_day=day,
            grace_days=grace,
            basis="statutory" if law == "GB" else "contract",
        ),
        st.sampled_from([Decimal(0), Decimal(25)]),
        st.sampled_from([Decimal(0), Decimal(5)]),
        st.sampled_from([Decimal(12), Decimal(30)]),
        st.sampled_from([None, Decimal(3)]),
        st.sampled_from(["", "US", "GB", "NO"]),
        st.sampled_from([1, 15, 28]),
        st.sampled_from([0, 0, 14]),
    )
)


_OFTEN_OFF = (st.sampled_from([False, False, True]), st.sampled_from([1, 14, 28]))
_CONDITIONS = (
    "invoice.balance > 100.0",
    "invoice.days_old > 40",
    "customer.open_invoices > 1",
    "7 / invoice.last_step > 1",
)


@st.composite
def ladders(draw: st.DrawFn) -> tuple[Step, ...]:
    """Steps of every kind, most of them plain; those of one anchor rise by their days, and repeats by their numbers."""
    offsets = sorted(draw(st.sets(st.integers(min_value=-10, max_value=60), min_size=1, max_size=6)))
    steps: list[Step] = []
    number = 1
    for place, days in enumerate(offsets):
        told: dict[str, Any] = {
            "number": number,
            "days": days,
            "unit": draw(st.sampled_from(["calendar", "calendar", "business"])),
            "template": "t",
            "anchor": draw(st.sampled_from(["due", "due", "due", "invoice", "month_end"])),
            "channel": draw(st.sampled_from(["email", "email", "email", "email", "call"])),
            "when": draw(st.sampled_from(["", "", "", "", *_CONDITIONS])),
            "minimum_gap_days": draw(st.sampled_from([0, 0, 0, 12])),
        }
        if place == len(offsets) - 1:
            told |= {"repeat_every_days": 9, "repeat_times": draw(st.sampled_from([0, 0, 3]))}
        steps.append(Step.model_validate(told))
        number = steps[-1].last_number + 1
    return tuple(steps)


def _group(ladder: tuple[Step, ...], autopay_days: int | None) -> Group:
    """Customers with something open in the base currency."""
    return Group(
        name="Some", when="customer.balance > 500.0", ladder=ladder, exclusions=Exclusions(autopay_days=autopay_days)
    )


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    return Policy(
        ladder=draw(ladders()),
        delivery=draw(st.builds(lambda unsent: Delivery(unsent=unsent), st.sampled_from(["ignore", "ask", "send"]))),
        statements=draw(st.builds(lambda is_on, day: Statements(is_on=is_on, day_of_month=day), *_OFTEN_OFF)),
        thanks=draw(st.sampled_from([Thanks(), Thanks(is_on=True)])),
        groups=draw(st.just(()) | st.tuples(st.builds(_group, ladders(), st.sampled_from([None, 10])))),
        calendar=Calendar(
            weekdays=draw(st.sampled_from([(0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 5, 6), (1,), (6, 0, 1, 2, 3)])),
            country=draw(st.sampled_from(["", "NZ", "GB"])),
        ),
        budget=draw(
            st.builds(
                lambda messages, per, gap: Budget(messages=messages, per_days=per, minimum_gap_days=gap),
                st.integers(min_value=1, max_value=3),
                st.integers(min_value=1, max_value=14),
                st.integers(min_value=0, max_value=10),
            )
        ),
        discount=Discount(
            is_on=draw(st.sampled_from([True, True, False])),
            percent=draw(st.sampled_from([Decimal(0), Decimal(2)])),
            days=draw(st.integers(min_value=1, max_value=40)),
            tell_days_before=draw(st.integers(min_value=0, max_value=10)),
            only_if_worth=draw(st.booleans()),
            credit_taken=draw(st.booleans()),
            taken_late=draw(st.sampled_from(["chase", "accept"])),
        ),
        credit=Credit(
            is_on=draw(st.sampled_from([True, True, False])),
            hold_days_overdue=draw(st.sampled_from([None, 1, 30, 60])),
            default_limit=draw(st.sampled_from([None, Decimal(1000)])),
            hold_broken_promises=draw(st.sampled_from([None, 1])),
            hold_returned_payments=draw(st.sampled_from([None, 2])),
        ),
        exclusions=Exclusions(
            minimum_balance=draw(st.sampled_from([Decimal(0), Decimal(5), Decimal(100)])),
            review_after_days=draw(st.sampled_from([30, 90, 365])),
        ),
        fees=draw(fee_policies),
        base_currency="USD",
    )
