"""Tables for a spreadsheet: CSV that Excel opens as it is meant, and that cannot make it calculate anything."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

FORMULA = ("=", "+", "-", "@", "\t", "\r")
NEGATIVE = re.compile(r"-\d+(\.\d+)?")


def sheet(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with the mark by which Excel knows it. A text that a spreadsheet would take for a formula is quoted."""
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow(headings)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def bundle(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of these files. The same files give the same bytes."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as folder:
        for name, content in files:
            folder.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, ZIP_DEFLATED)
    return written.getvalue()


def harmless(cell: str) -> str:
    """What begins like a formula gets an apostrophe before it, but for a negative amount.

    Source: OWASP, CSV Injection.
    """
    return f"'{cell}" if cell.startswith(FORMULA) and not NEGATIVE.fullmatch(cell) else cell
