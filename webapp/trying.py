"""Trying settings on one of the company's own invoices: its calendar, step by step, and its late fee, line by line.

What is shown is decided by the engine, on a policy that nobody has saved yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from flask import request
from msgspec import Struct

from engine.account import Account, Invoice
from engine.books import InvoiceStatus
from engine.calendar import working_days
from engine.fees_lines import Charge, Terms, charge_for
from engine.money import Money
from engine.policy import Policy
from engine.rehearsal import Rehearsal, rehearse
from engine.rules import rules_of
from engine.statutory import RateUnknown
from store import accounts, samples
from webapp import access
from webapp.formatting import local_today
from webapp.services import services

MOST_MONTHS = 9
"""Pictures of months: what comes later stands in the table."""


class Day(Struct, frozen=True):
    """One day of a month's picture. `marks` are the numbers of the steps and `!` for other acts on it."""

    on: date
    column: int
    row: int
    is_working: bool
    is_due: bool
    marks: tuple[str, ...]


class Month(Struct, frozen=True):
    first_on: date
    days: tuple[Day, ...]
    rows: int


class Trial(Struct, frozen=True, kw_only=True):
    """One invoice with everything that the settings page tells of it."""

    chosen: str
    choices: Sequence[samples.Sample]
    customer_name: str
    rehearsal: Rehearsal
    months: tuple[Month, ...]
    months_left_out: int
    holidays: tuple[tuple[date, str], ...]
    through_on: date
    charge: Charge | None
    unknown_rate: str


def trial(policy: Policy) -> Trial:
    """The invoice asked for in `sample`, the largest overdue one otherwise; a made-up one where nothing is open."""
    company, today = access.current_company(), local_today()
    with services().database.read() as reading:
        choices = samples.to_try_on(reading, access.company_id(), today)
        wanted = request.values.get("sample", "")
        chosen = next((one for one in choices if one.invoice_id == wanted), choices[0] if choices else None)
        found = accounts.load(reading, access.company_id(), [chosen.customer_id], today) if chosen else []
    account = found[0] if found else Account(customer_id="", name="Sample Customer Ltd")
    mine = [one for one in account.invoices if chosen is not None and one.id == chosen.invoice_id]
    invoice = mine[0] if mine else _made_up(company.base_currency or "USD", today)
    rehearsal = rehearse(account, invoice, policy)
    months = list(_months(policy, rehearsal))
    through_on = max(today, invoice.due_on + timedelta(days=30))
    charge, unknown_rate = _charged(account, invoice, policy, through_on)
    return Trial(
        chosen=invoice.id,
        choices=choices,
        customer_name=account.name,
        rehearsal=rehearsal,
        months=tuple(months[:MOST_MONTHS]),
        months_left_out=max(0, len(months) - MOST_MONTHS),
        holidays=_holidays(policy, rehearsal),
        through_on=through_on,
        charge=charge,
        unknown_rate=unknown_rate,
    )


def _charged(account: Account, invoice: Invoice, policy: Policy, through_on: date) -> tuple[Charge | None, str]:
    """The fee from its first day on, and the half-year whose reference rate nobody knows, if that stops it."""
    terms = rules_of(policy).for_account(account).fee_terms if policy.groups else Terms.of(policy)
    try:
        return charge_for(invoice, terms, (), through_on), ""
    except RateUnknown as unknown:
        return None, unknown.half_year


def _made_up(currency: str, today: date) -> Invoice:
    total = Money.of(1200, currency)
    due_on = today - timedelta(days=12)
    return Invoice(
        id="",
        number="INV-1001",
        status=InvoiceStatus.OPEN,
        issued_on=due_on - timedelta(days=30),
        due_on=due_on,
        total=total,
        balance=total,
    )


def _first_on(rehearsal: Rehearsal) -> date:
    days = [rung.act.on if rung.act else rung.on for rung in rehearsal.rungs]
    return min([rehearsal.invoice.due_on, *days])


def _months(policy: Policy, rehearsal: Rehearsal) -> Iterator[Month]:
    working = working_days(policy.calendar)
    marks: dict[date, list[str]] = {}
    for rung in rehearsal.rungs:
        if rung.act is not None:
            marks.setdefault(rung.act.on, []).append(str(rung.step.number))
    for act in rehearsal.others:
        marks.setdefault(act.on, []).append("!")
    first_on = _first_on(rehearsal).replace(day=1)
    while first_on <= rehearsal.last_on:
        next_on = (first_on + timedelta(days=32)).replace(day=1)
        dates = [first_on + timedelta(days=number) for number in range((next_on - first_on).days)]
        days = tuple(
            Day(
                on=day,
                column=day.weekday(),
                row=(first_on.weekday() + day.day - 1) // 7,
                is_working=working.includes(day),
                is_due=day == rehearsal.invoice.due_on,
                marks=tuple(marks.get(day, ())),
            )
            for day in dates
        )
        yield Month(first_on, days, days[-1].row + 1)
        first_on = next_on


def _holidays(policy: Policy, rehearsal: Rehearsal) -> tuple[tuple[date, str], ...]:
    working, first_on = working_days(policy.calendar), _first_on(rehearsal)
    span = (first_on + timedelta(days=number) for number in range((rehearsal.last_on - first_on).days + 1))
    named = ((day, working.holiday(day) or "Closed") for day in span if _is_closed(policy, day))
    return tuple(named)[:40]


def _is_closed(policy: Policy, day: date) -> bool:
    return day in policy.calendar.closed_on or bool(working_days(policy.calendar).holiday(day))
