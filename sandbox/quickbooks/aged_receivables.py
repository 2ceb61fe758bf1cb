"""The report AgedReceivables: what each customer owes by how late it is, in home currency, cells as text.

Unapplied payments and open credit memos are netted, aged from their own date. Balances are those of now: documents
dated after the report's day are left out, but what was paid since is not put back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from sandbox.quickbooks import answers
from sandbox.quickbooks.desk import Office
from sandbox.quickbooks.encode import Document
from sandbox.quickbooks.times import server_today, stamp

TITLES = ("Current", "1 - 30", "31 - 60", "61 - 90", "91 and over")
_OWED = (
    ("Invoice", "Balance", "DueDate", 1),
    ("Payment", "UnappliedAmt", "TxnDate", -1),
    ("CreditMemo", "RemainingCredit", "TxnDate", -1),
)


def report(office: Office, report_date: str, customer: str) -> Document:
    """`report_date` as YYYY-MM-DD, today where empty; `customer` narrows it to one. Raises 4001 for no such day."""
    try:
        day = date.fromisoformat(report_date) if report_date else server_today(office.books.clock.now())
    except ValueError:
        raise answers.invalid_query(f"report_date {report_date} is not a date") from None
    sums: dict[str, list[Decimal]] = {}
    for owner, bucket, amount in _amounts(office, day):
        if amount and customer in ("", owner):
            sums.setdefault(owner, [Decimal(0)] * len(TITLES))[bucket] += amount
    named = sorted((str(_name(office, owner)), owner) for owner in sums)
    rows: list[Document] = [{"ColData": [{"value": name, "id": owner}, *_cells(sums[owner])]} for name, owner in named]
    totals = [sum((buckets[place] for buckets in sums.values()), Decimal(0)) for place in range(len(TITLES))]
    summary = {"ColData": [{"value": "TOTAL"}, *_cells(totals)]}
    rows.append({"type": "Section", "group": "GrandTotal", "Summary": summary})
    return {
        "Header": _header(office, day, is_empty=not sums),
        "Columns": {"Column": [{"ColTitle": "", "ColType": "Customer"}, *_columns()]},
        "Rows": {"Row": rows},
    }


def _amounts(office: Office, day: date) -> Iterator[tuple[str, int, Decimal]]:
    for entity, field, aged_from, sign in _OWED:
        for record in office.books.records(entity):
            document = record.document
            if date.fromisoformat(document["TxnDate"]) <= day:
                rate = Decimal(document.get("ExchangeRate", 1))
                amount = (sign * Decimal(document.get(field, 0)) * rate).quantize(Decimal("0.01"))
                yield document["CustomerRef"]["value"], _bucket(day - date.fromisoformat(document[aged_from])), amount


def _bucket(late: timedelta) -> int:
    return 0 if late.days <= 0 else min(1 + (late.days - 1) // 30, len(TITLES) - 1)


def _cells(buckets: list[Decimal]) -> list[Document]:
    return [{"value": f"{amount:.2f}" if amount else ""} for amount in buckets] + [{"value": f"{sum(buckets):.2f}"}]


def _columns() -> list[Document]:
    return [{"ColTitle": title, "ColType": "Money"} for title in (*TITLES, "Total")]


def _name(office: Office, customer: str) -> object:
    document = office.books.get("Customer", customer)
    return document["DisplayName"] if document else f"customer {customer} (deleted)"


def _header(office: Office, day: date, *, is_empty: bool) -> Document:
    options = {"report_date": day.isoformat(), "NoReportData": str(is_empty).lower()}
    return {
        "Time": stamp(office.books.clock.now()),
        "ReportName": "AgedReceivables",
        "DateMacro": "today",
        "StartPeriod": day.isoformat(),
        "EndPeriod": day.isoformat(),
        "Currency": office.currency,
        "Option": [{"Name": name, "Value": value} for name, value in options.items()],
    }
