"""The parts that papers about a claim share: the invoices it rests on, and its calculation line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.paper.pdf import Section, Table
from engine.claim import Claim
from engine.money import Money
from webapp.formatting import day, money

UNVERIFIED = (
    "Not every rate in this calculation was checked at its source, or none is known for a period. Check it before you "
    "use it."
)


def amount(value: Money) -> str:
    """As the company's country writes it."""
    return money(value.minor, value.currency)


def schedule(claims: Sequence[Claim]) -> Iterator[Section]:
    """Per currency: what is owed, and how what comes on top of it is calculated."""
    for claim in claims:
        suffix = f" in {claim.principal.currency}" if len(claims) > 1 else ""
        yield Section(heading=f"What is owed{suffix}", table=_invoices(claim))
        if claim.lines:
            yield Section(
                heading=f"Interest and charges up to {day(claim.on)}{suffix}",
                text=[claim.basis, *([] if claim.is_verified else [UNVERIFIED])],
                table=_calculation(claim),
            )


def _invoices(claim: Claim) -> Table:
    rows = [
        (
            invoice.number or invoice.id,
            day(invoice.issued_on),
            day(invoice.due_on),
            str((claim.on - invoice.due_on).days),
            amount(invoice.total),
            amount(invoice.balance),
        )
        for invoice in claim.invoices
    ]
    return Table(
        headings=("Invoice", "Issued", "Due", "Days overdue", "Billed", "Still owed"),
        rows=rows,
        widths=(22, 17, 17, 13, 16, 16),
        right=frozenset({3, 4, 5}),
        totals=[("Total", "", "", "", "", amount(claim.principal))],
    )


def _calculation(claim: Claim) -> Table:
    totals = [("Interest and charges", amount(claim.charges)), ("Debt, interest and charges", amount(claim.total))]
    if claim.daily:
        totals.append(("Each day after that adds", amount(claim.daily)))
    return Table(
        headings=("How it comes about", "Amount"),
        rows=[(line.text, amount(line.amount)) for line in claim.lines],
        widths=(84, 16),
        right=frozenset({1}),
        totals=totals,
    )
