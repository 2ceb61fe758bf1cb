"""Text from strangers, made fit to be kept: no NUL, which PostgreSQL refuses, and no longer than a platform's field."""

from __future__ import annotations

LONGEST = 500
"""Characters: what QuickBooks Online lets a name have, and Xero half of that. A longer one would burst an index."""
LONGEST_ID = 64


def text(value: str | None) -> str:
    return (value or "").replace("\x00", "").strip()[:LONGEST]


def is_id(value: str | None) -> bool:
    """Whether a platform's id can be kept as it is. Xero's are GUIDs, QuickBooks Online's are numbers."""
    return value is not None and len(value) <= LONGEST_ID and value.isascii() and value.replace("-", "").isalnum()
