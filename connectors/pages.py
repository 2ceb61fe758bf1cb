"""One page in our words, out of records that were read one by one; and those that could not be read, for support."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from msgspec import Raw

from engine.books import (
    AllocationRecord,
    CreditRecord,
    CustomerRecord,
    InvoiceRecord,
    Page,
    PaymentRecord,
    SetAside,
)

EXCERPT = 2000
"""Bytes of a bad record that are kept for support."""


def set_aside(entity: str, id: str, reason: str, raw: Raw | bytes) -> SetAside:
    """The record as it came, as far as it is kept. A database takes no NUL in a text."""
    excerpt = bytes(raw)[:EXCERPT].decode(errors="replace").replace("\x00", "")
    return SetAside(entity=entity, id=id, reason=reason, excerpt=excerpt)


def page_of(
    records: Iterable[object],
    cursor: str,
    *,
    deleted: Iterable[tuple[str, str]] = (),
    asides: Iterable[SetAside] = (),
    is_complete: bool = False,
    is_check: bool = False,
) -> Page:
    """Records of any kind, each put where it belongs; what is of none of a page's kinds is left out."""
    by_kind: dict[type, list[Any]] = defaultdict(list)
    for record in records:
        by_kind[type(record)].append(record)
    return Page(
        cursor=cursor,
        is_complete=is_complete,
        is_check=is_check,
        customers=tuple(by_kind[CustomerRecord]),
        invoices=tuple(by_kind[InvoiceRecord]),
        payments=tuple(by_kind[PaymentRecord]),
        credits=tuple(by_kind[CreditRecord]),
        allocations=tuple(by_kind[AllocationRecord]),
        deleted=tuple(deleted),
        set_aside=tuple(asides),
    )
