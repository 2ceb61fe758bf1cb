"""The financing pack: the receivables as a factor or a bank looks at them, as a PDF and as a table of every invoice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from connectors.paper.pdf import Document, Section, Table, pdf
from connectors.paper.sheet import bundle, sheet
from engine.financing import Book, Criteria
from engine.money import Money
from store.tables import Company
from webapp.formatting import day, money

BUCKETS = ("Not due", "1–30 days", "31–60 days", "61–90 days", "Older")
DEBTORS = 30
"""Debtors named in the PDF, the heaviest; the table has all of them."""


def pack(company: Company, found: Sequence[Book], criteria: Criteria, today: date) -> bytes:
    """The zip."""
    document = Document(
        title="Receivables for financing",
        subtitle=f"{company.name} · as of {day(today)}",
        sections=[_terms(criteria), *(section for book in found for section in _book(book))],
        foot=f"{company.name} – receivables – {day(today)}",
        country=company.country,
    )
    return bundle(
        [("financing.pdf", pdf(document)), ("invoices.csv", _invoices(found)), ("debtors.csv", _debtors(found))]
    )


def _terms(criteria: Criteria) -> Section:
    text = (
        f"Eligible is what is not disputed, not a late fee and at most {criteria.oldest_days} days overdue, of debtors "
        f"who have no more than {criteria.cross_percent} % of their debt older than that, less money we hold; one "
        f"debtor counts up to {criteria.concentration_percent} % of the whole. "
        f"Available is {criteria.advance_percent} % of that. Lenders have figures of their own."
    )
    return Section(text=[text])


def _book(book: Book) -> Iterator[Section]:
    sums = [
        ("Open receivables", amount(book.owed)),
        *((f"less {reason}", amount(-left)) for reason, left in book.ineligible.items()),
    ]
    totals = [("Eligible", amount(book.eligible)), ("Available", amount(book.available))]
    yield Section(
        heading=f"{book.currency}: what could be financed",
        table=Table(headings=("", "Amount"), rows=sums, widths=(75, 25), right=frozenset({1}), totals=totals),
    )
    ageing = [(name, amount(left)) for name, left in zip(BUCKETS, book.ageing, strict=True)]
    yield Section(
        heading=f"{book.currency}: eligible invoices by days overdue",
        table=Table(headings=("", "Amount"), rows=ageing, widths=(75, 25), right=frozenset({1})),
    )
    debtors = [
        (one.customer, amount(one.owed), amount(one.eligible), f"{one.share} %") for one in book.debtors[:DEBTORS]
    ]
    yield Section(
        heading=f"{book.currency}: the heaviest debtors",
        text=[_dilution(book)],
        table=Table(
            headings=("Debtor", "Owed", "Eligible", "Share"),
            rows=debtors,
            widths=(49, 19, 19, 13),
            right=frozenset({1, 2, 3}),
        ),
    )


def _dilution(book: Book) -> str:
    if book.dilution is None:
        return "Dilution: nothing was billed in the last twelve months."
    return f"Dilution: credit notes took back {book.dilution} % of the last twelve months' sales."


def _invoices(found: Sequence[Book]) -> bytes:
    rows = [
        (
            each.debt.customer,
            each.debt.number,
            each.debt.issued_on.isoformat(),
            each.debt.due_on.isoformat(),
            str(max(0, each.days)),
            book.currency,
            f"{each.debt.balance.amount:f}",
            "no" if each.why_not else "yes",
            each.why_not,
        )
        for book in found
        for each in book.judged
    ]
    headings = ("Debtor", "Invoice", "Issued", "Due", "Days overdue", "Currency", "Open", "Eligible", "Why not")
    return sheet(headings, rows)


def _debtors(found: Sequence[Book]) -> bytes:
    rows = [
        (one.customer, book.currency, f"{one.owed.amount:f}", f"{one.eligible.amount:f}", str(one.share))
        for book in found
        for one in book.debtors
    ]
    return sheet(("Debtor", "Currency", "Owed", "Eligible", "Share in per cent"), rows)


def amount(value: Money) -> str:
    """As the reader writes it."""
    return money(value.minor, value.currency)
