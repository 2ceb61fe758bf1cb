"""Rehearsal: how a policy would follow up one invoice that nobody pays, from its first day, with nothing else going on.

Pure. What an owner sees while setting the steps: the same `decide` that runs tonight, asked for each day that counts,
with every act taken as carried out and every call as made. What people said meanwhile, and what is still open beside
it, is left out.
"""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from engine.account import Account, Contact, Invoice
from engine.books import InvoiceStatus
from engine.calendar import add_days
from engine.carry import carried_out
from engine.decide import decide
from engine.policy import Policy, Step
from engine.rules import rules_of
from engine.would import Would, would_do

AFTERMATH_DAYS = 45
"""So long after the last step, and after the second month of lateness, a rehearsal looks on."""


class Rung(Struct, frozen=True):
    """One step of the ladder: the day that it counts to, and what came of it; None where it is passed over."""

    step: Step
    on: date
    act: Would | None


class Rehearsal(Struct, frozen=True):
    """The steps in their order, and everything else that would be done, oldest first."""

    invoice: Invoice
    rungs: tuple[Rung, ...]
    others: tuple[Would, ...]

    @property
    def last_on(self) -> date:
        """The last day of which there is anything to tell."""
        days = [rung.act.on if rung.act else rung.on for rung in self.rungs]
        return max([self.invoice.due_on, *days, *(act.on for act in self.others)])


def rehearse(account: Account, invoice: Invoice, policy: Policy) -> Rehearsal:
    """Follow up `invoice`, one of the account's, as if it had just been issued and were never paid."""
    alone = _alone(account, invoice)
    ladder = rules_of(policy).for_account(alone).ladder
    dates = ladder.dates(alone.invoices[0])
    acts = _played(alone, policy, add_days(max([*dates, add_days(invoice.due_on, 60)]), AFTERMATH_DAYS))
    rungs = tuple(Rung(step, on, _came_of(step, on, acts)) for step, on in zip(ladder.steps, dates, strict=True))
    on_the_ladder = [rung.act for rung in rungs]
    return Rehearsal(alone.invoices[0], rungs, tuple(act for act in acts if act not in on_the_ladder))


def _came_of(step: Step, on: date, acts: list[Would]) -> Would | None:
    if step.channel == "call":
        return next((act for act in acts if is_call(act) and act.on >= on), None)
    return next((act for act in acts if act.step == step.number), None)


def is_call(act: Would) -> bool:
    """Whether a person is asked to telephone."""
    return act.kind == "task" and act.subject.startswith("call ")


def _alone(account: Account, invoice: Invoice) -> Account:
    """The customer with this invoice and nothing else; habits and group stay what they are."""
    fresh = Invoice(
        id=invoice.id,
        number=invoice.number,
        status=InvoiceStatus.OPEN,
        issued_on=min(invoice.issued_on, invoice.due_on),
        due_on=invoice.due_on,
        total=invoice.total,
        balance=invoice.balance if invoice.balance.minor > 0 else invoice.total,
        reference=invoice.reference,
        is_sent=True,
        discount_percent=invoice.discount_percent,
        discount_days=invoice.discount_days,
    )
    return Account(
        customer_id=account.customer_id,
        name=account.name,
        emails=account.emails or ("customer@example.com",),
        country=account.country,
        invoices=(fresh,),
        history=account.history,
        is_consumer=account.is_consumer,
        is_fee_exempt=account.is_fee_exempt,
        credit=replace(account.credit, is_on_hold=False, hold_since_on=None, shown_since_on=None, is_manual=False),
        watched_since_on=fresh.issued_on,
    )


def _played(account: Account, policy: Policy, last_on: date) -> list[Would]:
    found: list[Would] = []
    asked = set[str]()
    day: date | None = account.invoices[0].issued_on
    while day is not None and day <= last_on:
        plan = decide(account, policy, day)
        account = carried_out(account, plan)
        for act in would_do(account, plan):
            if is_call(act):
                account = replace(account, contacts=(*account.contacts, Contact(day, "call")))
            elif act.subject and act.subject in asked:
                continue  # the same task, asked again: it stays open until somebody settles it
            asked.add(act.subject)
            found.append(act)
        day = None if plan.look_again_on is None else max(plan.look_again_on, day + timedelta(days=1))
    return found
