"""Raw records in, one page of our words out: each record read alone, so that a bad one is set aside alone."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Raw

from connectors.errors import SkipRecord
from connectors.freshbooks.translate import Place, Reading, read
from connectors.pages import page_of, set_aside
from engine.books import CreditRecord, Page, SetAside


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
                self._set_aside[entity, error.record_id] = set_aside(entity, error.record_id, error.reason, raw)
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
        readings = self._readings.values()
        return page_of(
            (record for reading in readings for record in reading.records),
            cursor,
            deleted=(*(place for reading in readings for place in reading.gone), *gone),
            asides=self._set_aside.values(),
            is_complete=is_complete,
            is_check=is_check,
        )
