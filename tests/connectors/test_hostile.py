"""Whatever a platform's record holds, its page is stored: the record is made fit or set aside, the rest goes on.

Every value of a good record, however deep, is replaced by every hostile value, one at a time; the database has the last
word, for it refuses what a translator lets through.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from connectors.quickbooks.gathering import Gathering
from connectors.quickbooks.translate import Facts
from connectors.xero import gather
from connectors.xero.shapes import envelope
from engine.books import Page
from store import companies, pages
from store.database import Database
from tests.connectors.quickbooks import test_translate as quickbooks
from tests.connectors.xero import test_translate as xero
from tests.databases import Databases
from tests.store.books import NOW

RANDOM = "".join(hashlib.sha256(bytes([seed])).hexdigest() for seed in range(150))
"""Nearly ten thousand characters that no compression makes fit for an index."""
HOSTILE: list[Any] = [
    *(None, "", " ", True, "true", "TRUE", 0, -1, 2**70, 1e308, 0.1, [], {}, [[]], {"value": {}}, [None], ["x"]),
    *("\x00", "a\x00b", "\x1b[2J\u202e", "💸" * 3000, RANDOM, "');--", "<html>", "{{7*7}}", "%s%(x)s", "$1", "\ufffe"),
    *("NaN", "Infinity", "-Infinity", "1e999999", "9" * 400, "1e-400", "0001-01-01T00:00:00+14:00", "2026-02-31"),
    *("9999-12-31T23:59:59-14:00", "/Date(999999999999999)/", "/Date(-62135596800000-0000)/", "A_WORD_OF_TOMORROW"),
]
"""Where a record survives a value, what is kept of it must be fit for the database."""


def mangled(value: Any) -> Iterator[Any]:
    """`value` with each part of it, and the whole, replaced by each hostile value."""
    yield from HOSTILE
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        for worse in mangled(part):
            copy = value.copy()
            copy[key] = worse
            yield copy


def of_xero() -> Page:
    gathered = gather.Gathering()
    for collection, whole in xero.WHOLE:
        records = [{**whole, collection.id_field: "good"}]
        for field in whole:
            records += [{**whole, collection.id_field: f"r{field}{n}", field: worse}
                        for n, worse in enumerate(mangled(whole[field]))]  # fmt: skip
        for record in records:
            body = msgspec.json.encode({collection.key: [record]})
            gathered.add(collection, envelope(body, collection.key, collection.shape))
    return gathered.page("1")


def of_quickbooks() -> Page:
    gathered = Gathering(Facts(home="USD", terms={}))
    for entity, whole in quickbooks.DOCUMENTS.items():
        records = [{**whole, "Id": "good"}]
        for field in whole:
            records += [{**whole, "Id": f"r{field}{n}", field: worse} for n, worse in enumerate(mangled(whole[field]))]
        gathered.add(entity, [msgspec.Raw(msgspec.json.encode(record)) for record in records])
    return gathered.page("1")


@pytest.mark.parametrize("read", [of_xero, of_quickbooks])
def test_no_value_of_any_record_keeps_its_page_from_being_stored(databases: Databases, read: Any) -> None:
    page = read()
    with databases.migrated_database() as url:
        database = Database(url)
        with database.begin() as session:
            company = companies.connect(session, platform="xero", external_id="t", name="t", mode="observe", now=NOW)
            counts = pages.store_page(session, company.stored_id, page, NOW)
        database.dispose()
    good = [*page.customers, *page.invoices, *page.payments, *page.credits]
    assert sum(record.id == "good" for record in good) >= 4
    assert counts.invoices > 100
    assert len(page.set_aside) > 100
    assert all(aside.reason for aside in page.set_aside)
