"""What fees and credits may be booked to: the company's live items and tax codes."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Raw

from connectors.documents import Choice, Choices
from connectors.quickbooks import shapes
from connectors.quickbooks.client import Client
from connectors.quickbooks.query import select

SOLD = frozenset({"Service", "NonInventory", None})
"""Kinds of items that a fee can be: it has no stock and is no bundle."""
US_TAXES = (Choice(id="NON", name="Not taxed"), Choice(id="TAX", name="Taxed"))
_ENTRY = msgspec.json.Decoder(shapes.ListEntry, strict=False)


def choices(client: Client, country: str) -> Choices:
    """One call. Items stand for accounts here: each is booked to its own."""
    wanted = [select("Item")] + ([] if country == "US" else [select("TaxCode")])
    items, *others = client.queries(wanted)
    taxes = [code for rows in others for code in _choices(rows.tax_code)]
    return Choices(items=tuple(_choices(items.item)), taxes=tuple(taxes) or US_TAXES)


def _choices(raws: Iterable[Raw] | None) -> list[Choice]:
    found = []
    for raw in raws or ():
        try:
            entry = _ENTRY.decode(raw)
        except (ValueError, RecursionError):
            continue  # one strange entry must not empty the whole list
        name = entry.fully_qualified_name or entry.name
        if name and entry.active is not False and entry.type in SOLD:
            found.append(Choice(id=entry.id, name=name, detail=entry.description or ""))
    return found
