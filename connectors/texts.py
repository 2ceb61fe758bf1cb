"""Text from strangers, made fit to be kept: no NUL, which PostgreSQL refuses, and no longer than a platform's field."""

from __future__ import annotations

LONGEST = 500
"""Characters: what QuickBooks Online lets a name have, and Xero half of that. A longer one would burst an index."""
LONGEST_ID = 64


def text(value: str | None) -> str:
    return value.replace("\x00", "").strip()[:LONGEST] if value else ""


def is_id(value: str | None) -> bool:
    """Whether a platform's id can be kept as it is. Xero's are GUIDs, QuickBooks Online's are numbers."""
    if value is None or len(value) > LONGEST_ID or not value.isascii():
        return False
    return value.isalnum() or value.replace("-", "").isalnum()
