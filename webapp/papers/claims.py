"""The parts that papers about a claim share: the invoices it rests on, and its calculation line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.paper.pdf import Section, Table
from connectors.paper.words import Hand
from engine.claim import Claim

UNVERIFIED = (
    "Not every rate in this calculation was checked at its source, or none is known for a period. Check it before you "
    "use it."
)


def schedule(claims: Sequence[Claim], hand: Hand) -> Iterator[Section]:
    """Per currency: what is owed, and how what comes on top of it is calculated."""
    for claim in claims:
        suffix = f" in {claim.principal.currency}" if len(claims) > 1 else ""
        yield Section(heading=hand.say("What is owed") + suffix, table=_invoices(claim, hand))
        if claim.lines:
            yield Section(
                heading=hand.say(f"Interest and charges up to {hand.day(claim.on)}") + suffix,
                text=[hand.clause(claim.basis), *([] if claim.is_verified else [hand.say(UNVERIFIED)])],
                table=_calculation(claim, hand),
            )


def _invoices(claim: Claim, hand: Hand) -> Table:
    rows = [
        (
            invoice.number or invoice.id,
            hand.day(invoice.issued_on),
            hand.day(invoice.due_on),
            str((claim.on - invoice.due_on).days),
            hand.amount(invoice.total),
            hand.amount(invoice.balance),
        )
        for invoice in claim.invoices
    ]
    return Table(
        headings=tuple(map(hand.say, ("Invoice", "Issued", "Due", "Days overdue", "Billed", "Still owed"))),
        rows=rows,
        widths=(22, 17, 17, 13, 16, 16),
        right=frozenset({3, 4, 5}),
        totals=[(hand.say("Total"), "", "", "", "", hand.amount(claim.principal))],
    )


def _calculation(claim: Claim, hand: Hand) -> Table:
    totals = [
        (hand.say("Interest and charges"), hand.amount(claim.charges)),
        (hand.say("Debt, interest and charges"), hand.amount(claim.total)),
    ]
    if claim.daily:
        totals.append((hand.say("Each day after that adds"), hand.amount(claim.daily)))
    return Table(
        headings=(hand.say("How it comes about"), hand.say("Amount")),
        rows=[(hand.calculation(line), hand.amount(line.amount)) for line in claim.lines],
        widths=(84, 16),
        right=frozenset({1}),
        totals=totals,
    )
