"""Scenes: small books, each brought to the moment before a run in which something goes out."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sandbox.quickbooks.tokens import ACCESS_LIFE
from store import ledger, policies
from store.tables import Action
from tests.crash.stage import Case, Prepare


@dataclass(frozen=True)
class Scene:
    """`prepare` may run the company itself, where what happens next rests on what happened before."""

    name: str
    prepare: Prepare
    mode: str = "automatic"


def bill(case: Case, customer: str, *, days: int, amount: int = 120) -> str:
    """An invoice that many days overdue; negative before its due date."""
    due_on = case.now.date() - timedelta(days=days)
    lines = [("Beans, 5 kg", Decimal(amount))]
    return case.books.add_invoice(customer, lines, issued_on=due_on - timedelta(days=30), due_on=due_on)


def pay(case: Case, customer: str) -> None:
    """Everything that the customer owes, matched to its invoices."""
    owed = {invoice.id: invoice.balance for invoice in case.books.open_invoices(customer)}
    case.books.receive_payment(customer, sum(owed.values(), Decimal(0)), case.now.date(), owed)


def one_reminder(case: Case) -> None:
    bill(case, case.customer(), days=12)


def several_customers(case: Case) -> None:
    """Three invoices in one message, a note before the due date, and somebody without an address."""
    first = case.customer("first")
    for days in (4, 12, 22):
        bill(case, first, days=days)
    bill(case, case.customer("second"), days=-2)
    bill(case, case.customer("third", has_address=False), days=12)


def long_overdue(case: Case) -> None:
    """A reminder and a credit hold."""
    bill(case, case.customer(), days=70)


def paid_after_a_hold(case: Case) -> None:
    """The hold is to be lifted."""
    customer = case.customer()
    bill(case, customer, days=70)
    case.run("before")
    case.let_pass(timedelta(days=1))
    pay(case, customer)


def next_step(case: Case) -> None:
    """The third step went out eight days ago; the fourth is due. Tokens have run out meanwhile."""
    bill(case, case.customer(), days=12)
    case.run("before")
    case.let_pass(timedelta(days=8))


def offer(case: Case) -> None:
    """An early-payment discount to tell of."""
    with case.parts.database.begin() as session:
        policy = policies.current(session, case.company_id)
        discount = policy.discount.model_copy(update={"percent": Decimal(2)})
        changed = policy.model_copy(update={"discount": discount})
        policies.save(session, case.company_id, changed, case.now, "test")
    issued_on = case.now.date() - timedelta(days=8)
    lines = [("Beans, 5 kg", Decimal(500))]
    case.books.add_invoice(case.customer(), lines, issued_on=issued_on, due_on=issued_on + timedelta(days=30))


def approved(case: Case) -> None:
    """Planned by an earlier run, and let go by a person since."""
    bill(case, case.customer(), days=12)
    case.run("before")
    with case.parts.database.begin() as session:
        for act in case.rows(Action, after_key=""):
            assert ledger.approve(session, case.company_id, act.key, case.now, "test")


def paid_since_it_was_planned(case: Case) -> None:
    """Planned in the night, when nothing may go out; one of two customers pays before the window opens."""
    case.let_pass(timedelta(hours=-6))
    first, second = case.customer("first"), case.customer("second")
    bill(case, first, days=12)
    bill(case, second, days=12)
    case.run("before")
    case.let_pass(timedelta(hours=6))
    pay(case, first)


def stale_tokens(case: Case) -> None:
    """The run begins with a refresh."""
    bill(case, case.customer(), days=12)
    case.let_pass(ACCESS_LIFE + timedelta(minutes=5))


ALL = (
    Scene("one reminder", one_reminder),
    Scene("several customers", several_customers),
    Scene("long overdue", long_overdue),
    Scene("paid after a hold", paid_after_a_hold),
    Scene("next step", next_step),
    Scene("offer", offer),
    Scene("approved", approved, mode="approve"),
    Scene("paid since it was planned", paid_since_it_was_planned),
    Scene("stale tokens", stale_tokens),
)


TROUBLED = (ALL[0], ALL[1], ALL[3])
"""Every scene is killed everywhere; these meet every other trouble."""
IS_EXHAUSTIVE = bool(os.environ.get("EXHAUSTIVE"))
"""As `make crash` asks: two deaths in a row as well, and each trouble in all its forms."""
