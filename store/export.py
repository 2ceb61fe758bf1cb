"""A company's own data, to take away: every row that is the company's, table by table. Secrets stay where they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import BigInteger, Column, LargeBinary, Table, select
from sqlmodel import Session, SQLModel

from engine.money import Money

SECRET = ("token", "secret", "sealed", "verifier", "key_hash")
"""What a column's name may not hold, wherever it stands."""
OUR_OWN = frozenset({"account_state", "connection", "invitation", "sync_cursor"})
"""Tables that hold how we work, not what a company has or said."""


def tables() -> list[Table]:
    """The tables that are taken along, those that others refer to first."""
    return [table for table in SQLModel.metadata.sorted_tables if "company_id" in table.c and table.name not in OUR_OWN]


def columns(table: Table) -> list[str]:
    """The names of a table's columns that are taken along."""
    return [column.name for column in table.c if not _is_secret(column) and column.name != "company_id"]


def rows(session: Session, company_id: int, table: Table) -> Iterator[dict[str, Any]]:
    """A company's rows of one table in the order of its key, a page at a time; amounts in the currency's own unit.

    An amount whose row names no currency stays in the minor unit.
    """
    wanted = select(*(table.c[name] for name in columns(table))).where(table.c.company_id == company_id)
    amounts = [column.name for column in table.c if isinstance(column.type, BigInteger)]
    found = session.execute(wanted.order_by(*table.primary_key).execution_options(yield_per=1000))
    for row in found.mappings():
        values = dict(row)
        currency = values.get("currency") or values.get("credit_currency")
        for name in amounts:
            if currency and values[name] is not None:
                values[name] = Money(values[name], currency).amount
        yield values


def _is_secret(column: Column[Any]) -> bool:
    return isinstance(column.type, LargeBinary) or any(word in column.name for word in SECRET)
