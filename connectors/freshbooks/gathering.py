"""Raw records in, one page of our words out: each record read alone, so that a bad one is set aside alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from msgspec import Raw

from connectors.errors import SkipRecord
from connectors.freshbooks.translate import Place, Reading, read
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
"""Characters of a bad record that are kept for support."""


class Gathering:
    """What one or several answers brought."""

    def __init__(self) -> None:
        self._readings: dict[Place, Reading] = {}
        self._set_aside: dict[Place, SetAside] = {}

    def add(self, entity: str, raws: Iterable[Raw]) -> None:
        """Read these records of `entity`. One that comes twice counts once: as it came last."""
        for raw in raws:
            try:
                reading = read(entity, raw)
            except SkipRecord as error:
                excerpt = bytes(raw).decode(errors="replace").replace("\x00", "")[:EXCERPT]
                aside = SetAside(entity=entity, id=error.record_id, reason=error.reason, excerpt=excerpt)
                self._set_aside[entity, error.record_id] = aside
                continue
            self._readings[entity, reading.id] = reading

    def ids(self, entity: str) -> set[str]:
        """Those that came at all, readable or not."""
        return {id for kind, id in (*self._readings, *self._set_aside) if kind == entity}

    def invoices_paid(self) -> set[str]:
        """The invoices that the payments here are about."""
        return {reading.invoice_id for reading in self._readings.values() if reading.invoice_id}

    def credits(self) -> set[str]:
        """Ids of the credit balances here."""
        found = (one.records for (entity, _), one in self._readings.items() if entity == "credit_note")
        return {record.id for records in found for record in records if isinstance(record, CreditRecord)}

    def page(
        self, cursor: str, *, gone: Iterable[Place] = (), is_complete: bool = False, is_check: bool = False
    ) -> Page:
        """All of it. `gone` names what is known to be no more, though no record says so."""
        by_kind: dict[type, list[Any]] = defaultdict(list)
        for reading in self._readings.values():
            for record in reading.records:
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
            deleted=(*(place for reading in self._readings.values() for place in reading.gone), *gone),
            set_aside=tuple(self._set_aside.values()),
        )
