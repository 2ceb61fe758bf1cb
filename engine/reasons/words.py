"""Words that the sentences share."""

from __future__ import annotations

from functools import lru_cache

from engine.account import Invoice
from engine.plan import Figure
from engine.policy import Step

_ANCHORS = {"due": "the due date", "invoice": "the invoice date", "month_end": "the end of the invoice month"}


def name(invoice: Invoice) -> str:
    """What people call the invoice: its number, or its id where it has none."""
    return invoice.number or f"invoice {invoice.id}"


def count_days(count: int, unit: str = "") -> str:
    """`1 day`, `12 days`, `3 business days`."""
    kind = f"{unit} day" if unit else "day"
    return f"{count} {kind}" if count == 1 else f"{count} {kind}s"


def place(step: Step) -> str:
    """Where a step stands: `10 days after the due date`."""
    return offset(step.days, step.unit, _ANCHORS[step.anchor])


@lru_cache(maxsize=1024)
def offset(days: int, unit: str, anchor: str) -> str:
    if days == 0:
        return f"on {anchor}"
    side = "after" if days > 0 else "before"
    return f"{count_days(abs(days), unit if unit == 'business' else '')} {side} {anchor}"


def lateness(days: int) -> str:
    if days == 0:
        return "is due today"
    return f"is {count_days(days)} overdue" if days > 0 else f"is due in {count_days(-days)}"


def late_figures(invoice: Invoice, days: int) -> dict[str, Figure]:
    figures: dict[str, Figure] = {"due_on": invoice.due_on, "days_overdue": days, "balance": str(invoice.balance)}
    if invoice.drift:
        figures["drift"] = "the platform and its documents disagree: the smaller balance is used"
    return figures


def step_figures(invoice: Invoice, step: Step, days: int) -> dict[str, Figure]:
    figures = late_figures(invoice, days)
    figures["step"], figures["step_days"], figures["unit"] = step.number, step.days, step.unit
    return figures
