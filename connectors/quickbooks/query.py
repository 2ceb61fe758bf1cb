"""Statements of QuickBooks Online's query language. Every value that comes from outside passes through `quoted`."""

from __future__ import annotations

from collections.abc import Iterable, Sized

PAGE = 1000
"""Rows of one answer: the platform's maximum."""


def select(entity: str, *conditions: str, order: str = "", position: int = 1) -> str:
    """One page of whole objects. `position` counts from 1; `order` is a field and ASC or DESC."""
    parts = ["SELECT * FROM", entity]
    parts += ["WHERE", " AND ".join(conditions)] if conditions else []
    # The documented word is one word. There is no OR and there are no brackets but those of IN.
    parts += ["ORDERBY", order] if order else []
    return " ".join([*parts, "STARTPOSITION", str(position), "MAXRESULTS", str(PAGE)])


def quoted(value: str) -> str:
    """`value` as a literal. The backslash goes first, or a trailing one would eat the closing quote."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def one_of(values: Iterable[str]) -> str:
    return "IN (" + ", ".join(quoted(value) for value in values) + ")"


def fills_a_page(rows: Sized) -> bool:
    """Whether there may be more behind these rows."""
    return len(rows) >= PAGE
