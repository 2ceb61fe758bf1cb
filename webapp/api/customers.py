"""Customers over the API: the list, one of them, its credit, and the words a program may say of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from sqlmodel import Session

from engine.credit_answer import CreditAnswer, credit_answer
from engine.money import CurrencyMismatch, Money
from engine.needs import needs_for_credit
from store import accounts, companies, listings, policies
from store.attention import survivors
from store.tables import Customer, CustomerWish
from webapp.api.operation import Call, operation
from webapp.api.problems import Problem
from webapp.api.shapes import (
    CreditOut,
    CreditQuery,
    CustomerOut,
    CustomerQuery,
    CustomersOut,
    HoldPut,
    MoneyOut,
    OwedOut,
    PausePut,
)
from webapp.services import services


@operation("GET", "/customers", query=CustomerQuery, answer=CustomersOut)
def list_customers(call: Call) -> CustomersOut:
    """Customers by id, with what each owes."""
    asked: CustomerQuery = call.query
    today = call.today()
    with services().database.read() as reading:
        rows = listings.customers(
            reading, call.company_id, after=asked.cursor, search=asked.search, limit=asked.limit + 1
        )
        shown = _told(reading, call.company_id, rows[: asked.limit], today)
    following = shown[-1].id if len(rows) > asked.limit else None
    return CustomersOut(customers=tuple(shown), next_cursor=following)


@operation("GET", "/customers/{customer_id}", answer=CustomerOut)
def get_customer(call: Call, customer_id: str) -> CustomerOut:
    """One customer, and what it owes. One that was merged answers as its survivor."""
    today = call.today()
    with services().database.read() as reading:
        wanted = survivors(reading, call.company_id).get(customer_id, customer_id)
        rows = listings.customers(reading, call.company_id, only=wanted, limit=1)
        shown = _told(reading, call.company_id, rows, today)
    if not shown:
        raise Problem(404)
    return shown[0]


@operation("GET", "/customers/{customer_id}/credit", query=CreditQuery, answer=CreditOut, may_conflict=True)
def get_credit(call: Call, customer_id: str) -> CreditOut:
    """May this customer have credit, for an order or at large: yes or no, and why."""
    asked: CreditQuery = call.query
    with services().database.read() as reading:
        company = companies.get(reading, call.company_id)
        policy = policies.current(reading, call.company_id)
        today = policy.calendar.day_of(call.now)
        found = accounts.load(reading, call.company_id, [customer_id], today, needs=needs_for_credit(policy))
        if not found and customer_id in (ends := survivors(reading, call.company_id)):
            found = accounts.load(reading, call.company_id, [ends[customer_id]], today, needs=needs_for_credit(policy))
    if not found:
        raise Problem(404)
    answer = credit_answer(found[0], policy, today)
    limit = answer.limit
    if asked.amount and limit is not None:
        try:
            order = Money.of(asked.amount, asked.currency or limit.currency)
            answer = credit_answer(found[0], policy, today, order)
        except CurrencyMismatch:
            raise Problem(409, f"The customer's limit is in {limit.currency}: ask in that currency.") from None
    return _credit(answer, policy.version, company.last_synced_at)


@operation("PUT", "/customers/{customer_id}/pause", scope="act", body=PausePut)
def pause_customer(call: Call, customer_id: str) -> None:
    """Chase nothing of the customer, for a time or until it is ended."""
    asked: PausePut = call.body
    call.say(lambda speaker: speaker.pause_customer(customer_id, True, asked.until_on))


@operation("DELETE", "/customers/{customer_id}/pause", scope="act")
def end_customer_pause(call: Call, customer_id: str) -> None:
    """End the customer's pause."""
    call.say(lambda speaker: speaker.pause_customer(customer_id, False))


@operation("PUT", "/customers/{customer_id}/hold", scope="act", body=HoldPut)
def set_hold(call: Call, customer_id: str) -> None:
    """Put the customer on credit hold, release it, or leave its credit to the policy again."""
    asked: HoldPut = call.body
    if asked.state == "policy":
        call.say(lambda speaker: speaker.leave_hold_to_policy(customer_id))
    else:
        today = call.today()
        call.say(lambda speaker: speaker.hold(customer_id, asked.state == "on", today))


def _told(reading: Session, company_id: int, rows: Sequence[Customer], today: date) -> list[CustomerOut]:
    ids = [row.id for row in rows]
    owed = listings.owed_by(reading, company_id, ids, today)
    wishes = listings.customer_wishes(reading, company_id, ids)
    nothing_said = CustomerWish(company_id=company_id, customer_id="")
    return [
        _customer(
            row,
            wishes.get(row.id, nothing_said),
            tuple(
                OwedOut(
                    owed=MoneyOut.of(Money(line.balance, line.currency)),
                    overdue=MoneyOut.of(Money(line.overdue, line.currency)),
                )
                for line in owed.get(row.id, ())
            ),
        )
        for row in rows
    ]


def _customer(row: Customer, wish: CustomerWish, owed: tuple[OwedOut, ...]) -> CustomerOut:
    return CustomerOut(
        id=row.id,
        name=row.name,
        email=row.email,
        phone=row.phone,
        country=row.country,
        is_active=row.is_active,
        is_on_hold=wish.is_on_hold,
        hold_since_on=wish.hold_since_on,
        hold_is_manual=wish.hold_is_manual,
        is_paused=wish.is_paused,
        paused_until_on=wish.paused_until_on,
        do_not_chase=wish.do_not_chase,
        has_opted_out=wish.opted_out_at is not None,
        owed=owed,
    )


def _credit(answer: CreditAnswer, policy_version: int, as_of_at: datetime | None) -> CreditOut:
    limit, exposure, available = (
        None if amount is None else MoneyOut.of(amount) for amount in (answer.limit, answer.exposure, answer.available)
    )
    return CreditOut(
        answer="yes" if answer.is_yes else "no",
        rule=answer.reason.rule,
        reason=answer.reason.sentence,
        figures=msgspec.to_builtins(answer.reason.figures),
        limit=limit,
        exposure=exposure,
        available=available,
        policy_version=policy_version,
        as_of_at=as_of_at,
    )
