"""Where fees are booked: the owner chooses; until then no fee is made, and one question waits for them."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from engine.plan import ChargeFee, Plan
from scheduler import fees
from scheduler.acts import Pen
from store import tasks

WORDS = {"account": "the account", "tax": "the tax", "item": "the product or service"}


def ask_where_fees_go(session: Session, pen: Pen, plan: Plan, now: datetime) -> None:
    """Put the question on the list when a fee is due and its place is not known. One question for the whole company."""
    due = next((action for action in plan.actions if isinstance(action, ChargeFee)), None)
    lacking = fees.missing(pen.company, pen.policy.booking.fees, pen.platform)
    if due is None or not lacking:
        return
    tasks.open_task(
        session,
        pen.company.stored_id,
        kind="fee_booking",
        subject="company",
        customer_id="",
        title="Choose where late fees are booked",
        detail=(
            f"A late fee of {due.amount} for {pen.account.name} is due and waits, as others may. "
            f"Choose {' and '.join(WORDS[each] for each in lacking)} for late fees in {pen.platform.title}."
        ),
        now=now,
    )
