"""The permanent mark of a document that we make: kept on the platform, and looked for before anything is made again."""

from __future__ import annotations

import re

_REFERENCE = re.compile(r"[A-Za-z0-9-]{1,50}")
_MARK = re.compile(r"\[ref ([A-Za-z0-9-]{1,50})\]")


def checked(reference: str) -> str:
    """The reference itself. It becomes part of queries, so anything but letters, digits and hyphens is a ValueError."""
    if not _REFERENCE.fullmatch(reference):
        raise ValueError(f"{reference!r} is no reference: expected up to 50 ASCII letters, digits and hyphens")
    return reference


def mark(reference: str) -> str:
    """The reference as it stands in a memo, where a platform has no field of its own for it."""
    return f"[ref {reference}]"


def marked(memo: str | None) -> str:
    """The reference in a memo, or "" where there is none."""
    found = _MARK.search(memo) if memo else None
    return found.group(1) if found else ""
