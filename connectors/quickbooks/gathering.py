"""Raw records in, one page of our words out: each record read alone, so that a bad one is set aside alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import chain

from msgspec import Raw

from connectors.errors import SkipRecord
from connectors.pages import page_of, set_aside
from connectors.quickbooks.listing import Listing
from connectors.quickbooks.translate import Facts, Gone, Reading, read, understood
from engine.books import Page, SetAside


class Gathering:
    """What one or several answers brought. `latest` is the last change among the records that could be read."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._readings: defaultdict[str, dict[str, Reading]] = defaultdict(dict)
        self._set_aside: dict[tuple[str, str], SetAside] = {}
        self.latest: datetime | None = None

    def add(self, entity: str, raws: Iterable[Raw] | None) -> None:
        """Read these records of `entity`. One that comes twice counts once: as it came last."""
        found: list[Reading] = []
        for raw in raws or ():
            try:
                found.append(read(entity, raw, self._facts))
            except SkipRecord as error:
                self._set_aside[entity, error.record_id] = set_aside(entity, error.record_id, error.reason, raw)
        self._keep(entity, found)

    def add_page(self, page: Listing) -> None:
        """Read a page of one kind of document."""
        if page.shaped is not None:
            try:
                self._keep(page.entity, [understood(page.entity, each, self._facts) for each in page.shaped])
                return
            except (SkipRecord, ArithmeticError, ValueError):
                # One of them, at least: which, and in what words, shows when each is read alone.
                pass
        self.add(page.entity, page.raws)

    def _keep(self, entity: str, found: Iterable[Reading]) -> None:
        known = self._readings[entity]
        for reading in found:
            known[reading.id] = reading
            if reading.updated_at and (self.latest is None or reading.updated_at > self.latest):
                self.latest = reading.updated_at

    def has(self, entity: str, id: str) -> bool:
        """Whether that document came at all, readable or not."""
        return id in self._readings[entity] or (entity, id) in self._set_aside

    def page(self, cursor: str, *, is_complete: bool = False, gone: Iterable[tuple[str, str]] = ()) -> Page:
        """All of it. `gone` names documents that are known to be deleted though no tombstone came."""
        readings = chain.from_iterable(known.values() for known in self._readings.values())
        records = [record for reading in readings for record in reading.records]
        stones = [(record.entity, record.id) for record in records if isinstance(record, Gone)]
        return page_of(
            records, cursor, deleted=(*stones, *gone), asides=self._set_aside.values(), is_complete=is_complete
        )
