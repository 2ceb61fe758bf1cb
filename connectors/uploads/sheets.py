"""Files as people export them: CSV in any usual encoding and delimiter, or the first sheet of an Excel workbook.

Whatever a file holds, reading it is bounded: in bytes, in rows and columns, and in what a zip unpacks to.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import TypeAlias
from zipfile import BadZipFile, ZipFile

from msgspec import Struct

from connectors.errors import DunwellError

Cell: TypeAlias = str | Decimal | date
"""Text as it stands; from Excel also a number or a day, which need no guessing."""

LARGEST_FILE = 4 * 1024 * 1024
LARGEST_UNPACKED = 64 * 1024 * 1024
"""What the parts of a workbook may unpack to: many times what a file of `MOST_ROWS` does."""
MOST_PARTS = 500
MOST_ROWS = 20_000
MOST_COLUMNS = 100
HEADING_WITHIN = 20
"""Exports put a title or two over the headings."""
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp932", "gb18030", "big5", "cp949", "mac_roman"]
"""What is not UTF-8 is one of these: what spreadsheets write that are not asked."""
_OTHERS = {
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8": "a picture",
}


class UnreadableFileError(DunwellError):
    """The file as a whole cannot be taken; the message says why, and what would be."""


class Line(Struct, frozen=True):
    """One row of a file that is not empty. `number` is its place in the file, counted from 1."""

    number: int
    cells: tuple[Cell, ...]


def lines_of(content: bytes) -> list[Line]:
    """All rows of the file but empty ones. Raises UnreadableFileError."""
    if len(content) > LARGEST_FILE:
        raise UnreadableFileError(f"It is larger than {LARGEST_FILE // 1024 // 1024} MB. Export a shorter period.")
    for beginning, what in _OTHERS.items():
        if content.startswith(beginning):
            raise UnreadableFileError(f"It is {what}. Save it as CSV or as an Excel workbook (.xlsx).")
    rows = _in_workbook(content) if content.startswith(b"PK") else _in_text(content)
    found = []
    for number, cells in rows:
        if any(cell != "" for cell in cells):
            found.append(Line(number, cells))
        if len(found) > MOST_ROWS + HEADING_WITHIN:
            raise UnreadableFileError(f"It has more than {MOST_ROWS:,} rows. Export a shorter period, or in parts.")
    if not found:
        raise UnreadableFileError("There is nothing in it.")
    return found


def _in_text(content: bytes) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    text = _decoded(content)
    if "\x00" in text:
        raise UnreadableFileError("It is neither CSV nor an Excel workbook (.xlsx).")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for cells in reader:
            yield reader.line_num, tuple(cell.strip() for cell in cells)
    except csv.Error as error:
        raise UnreadableFileError(f"Row {reader.line_num} cannot be read: {error}.") from None


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(content[:65536], cp_isolation=ENCODINGS).best()
        return content.decode(best.encoding if best else "cp1252", "replace")


def _delimiter(text: str) -> str:
    """The one there is most of at the top. The library's own guess needs regular rows, which titles are not."""
    top = "\n".join(text.splitlines()[:HEADING_WITHIN])
    return max(DELIMITERS, key=top.count)


def _in_workbook(content: bytes) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """The first sheet's values. Rows are streamed: a sheet that claims a million empty columns costs nothing."""
    from openpyxl import load_workbook

    _check_unpacks(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        if not book.worksheets:
            raise UnreadableFileError("The workbook has no sheet with cells.")
        rows = book.worksheets[0].iter_rows(values_only=True, max_col=MOST_COLUMNS)
        for number, cells in enumerate(_bounded(rows), 1):
            yield number, tuple(_cell(value) for value in cells)
    except UnreadableFileError:
        raise
    except Exception as error:  # whatever a hostile workbook makes the library stumble over
        raise UnreadableFileError("The workbook is damaged. Open it, save it again as .xlsx, and try that.") from error


def _bounded(rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    """A gap of a million rows comes as a million empty ones."""
    for number, row in enumerate(rows):
        if number > 2 * MOST_ROWS:
            raise UnreadableFileError(f"Its sheet is longer than {2 * MOST_ROWS:,} rows. Export a shorter period.")
        yield row


def _check_unpacks(content: bytes) -> None:
    """Looked at before anything is unpacked: no part is ever read beyond what the directory says here."""
    try:
        parts = ZipFile(io.BytesIO(content)).infolist()
    except (BadZipFile, ValueError, NotImplementedError):
        raise UnreadableFileError("It is neither CSV nor an Excel workbook (.xlsx).") from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise UnreadableFileError("It unpacks to far more than a list of invoices would.")


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool) or (isinstance(value, float) and not isfinite(value)):
        return str(value)
    if isinstance(value, int | float):
        # Excel keeps 0.1 + 0.2 as it comes; nobody's invoice has more than six decimals.
        return Decimal(str(round(value, 6)))
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else str(value).strip()
