"""The audit trail: whatever is changed, taken out or put in afterwards shows."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Delete, Update, delete, update

from store import audit
from store.sql import table_of
from store.tables import AuditEntry
from tests.store.books import Shop

ENTRY = table_of(AuditEntry)


@pytest.fixture
def told(shop: Shop) -> Shop:
    with shop.database.begin() as session:
        for number in range(4):
            audit.append(session, shop.id, shop.now, "user 1", "looked", {"page": number})
    return shop


def problems(shop: Shop) -> list[str]:
    with shop.database.read() as session:
        return audit.verify(session, shop.id)


def tamper(shop: Shop, statement: Update | Delete, position: int) -> None:
    with shop.database.begin() as session:
        here = (ENTRY.c.company_id == shop.id) & (ENTRY.c.position == position)
        session.connection().execute(statement.where(here))


def test_a_chain_that_nobody_touched_is_whole(told: Shop) -> None:
    assert problems(told) == []


@pytest.mark.parametrize(
    "change", [{"what": "nothing"}, {"actor": "user 2"}, {"details": '{"page": 9}'}, {"hash": "0" * 64}]
)
def test_an_entry_changed_afterwards_shows(told: Shop, change: dict[str, Any]) -> None:
    tamper(told, update(ENTRY).values(**change), 3)
    assert any("entry 3" in problem for problem in problems(told))


def test_an_entry_taken_out_shows(told: Shop) -> None:
    tamper(told, delete(ENTRY), 3)
    assert problems(told) == ["entries 3 to 3 are missing"]


def test_each_company_has_its_own_chain(told: Shop, neighbour: Shop) -> None:
    with told.database.begin() as session:
        for shop in (neighbour, told, neighbour):
            audit.append(session, shop.id, shop.now, "user 1", "looked", {})
    assert (problems(told), problems(neighbour)) == ([], [])
    with told.database.read() as session:
        assert [entry.position for entry in audit.entries(session, neighbour.id)] == [1, 2, 3]
