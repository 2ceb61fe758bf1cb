"""CSV files as people export them: with or without a byte order mark, with commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from connectors.csvbooks.columns import FILES, Columns, mapped
from connectors.csvbooks.values import Row
from connectors.errors import StopRun

DELIMITERS = (",", ";", "\t")


def rows(folder: Path, entity: str, columns: Columns) -> list[Row]:
    """The lines of an entity's file; none where a file that may be missing is.

    Raises StopRun for a file that is missing, empty or none at all: books that cannot be read must not look empty.
    """
    path = folder / FILES[entity]
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        if entity == "payment":
            return []
        raise StopRun(f"{path.name} is missing.") from None
    except OSError as error:
        raise StopRun(f"{path.name} cannot be read: {error.strerror}.") from None
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        headings = [heading.strip() for heading in next(reader, [])]
        where = {field: headings.index(heading) for field, heading in mapped(entity, headings, columns).items()}
        return [
            Row(entity, reader.line_num, _cells(line, where), columns, _flaw(line, headings))
            for line in reader
            if any(cell.strip() for cell in line)
        ]
    except csv.Error as error:
        raise StopRun(f"{path.name}, line {reader.line_num}: {error}.") from None


def _cells(line: list[str], where: dict[str, int]) -> dict[str, str]:
    """A short line has no cells at its end."""
    return {field: line[at] for field, at in where.items() if at < len(line)}


def _flaw(line: list[str], headings: list[str]) -> str:
    """1,234.50 without quotes would otherwise be read as 1."""
    if not any(cell.strip() for cell in line[len(headings) :]):
        return ""
    return f"{len(line)} cells where the heading has {len(headings)}: does one of them need quotes?"


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes on Windows when it is not asked.
        return content.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    heading = text.partition("\n")[0]
    return max(DELIMITERS, key=heading.count)
