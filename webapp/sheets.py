"""Lists as files: CSV for any program, Excel for whoever wants dates and amounts to be just that.

What a file holds is what its page shows, all pages of it. A text that a spreadsheet would take for a formula is written
as text: names and reasons come from outside.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import TypeAlias

from flask import Response
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from connectors.paper.sheet import harmless

Cell: TypeAlias = str | int | Decimal | date | datetime | None
Row: TypeAlias = Sequence[Cell]
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_ROWS = 50_000
"""More than a person reads; whoever needs all of a large book has the command line."""


def answer(kind: str, name: str, heads: Sequence[str], rows: Iterable[Row]) -> Response:
    """The rows as a file to download; `kind` is one of `KINDS`, `name` goes before the dot."""
    body = as_csv(heads, rows) if kind == "csv" else as_excel(name, heads, rows)
    response = Response(body, content_type=KINDS[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def as_csv(heads: Sequence[str], rows: Iterable[Row]) -> bytes:
    """UTF-8 with a byte order mark, without which Excel takes it for something else."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([harmless(head) for head in heads])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_excel(title: str, heads: Sequence[str], rows: Iterable[Row]) -> bytes:
    """One sheet: the heads fast at the top, days as days and amounts as numbers."""
    file = BytesIO()
    # Rows go out as they come, formulas and links are text: a name from the books is never anything else.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with Workbook(file, options) as book:
        head, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(heads) - 1, 18)
        for column, text in enumerate(heads):
            sheet.write_string(0, column, str(text), head)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell, day)
    return file.getvalue()


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, day: object) -> None:
    if cell is None:
        return
    if isinstance(cell, date):
        # Excel knows no time zones: an instant is written as its day, where its page shows the hour.
        sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
    elif isinstance(cell, int | Decimal):
        sheet.write_number(row, column, cell)
    else:
        sheet.write_string(row, column, str(cell))


def _plain(cell: Cell) -> str:
    return harmless(cell) if isinstance(cell, str) else "" if cell is None else str(cell)
