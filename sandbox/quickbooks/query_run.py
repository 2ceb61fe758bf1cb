"""Running a `Query` over the books: conditions, order, pages, projections and counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.quickbooks import answers
from sandbox.quickbooks.books import Record
from sandbox.quickbooks.desk import Entity, Office
from sandbox.quickbooks.encode import Document
from sandbox.quickbooks.entities import BY_PATH
from sandbox.quickbooks.query import Condition, Query, parse
from sandbox.quickbooks.times import read_instant

DEFAULT_ROWS = 100
MOST_ROWS = 1000
_EVERYWHERE = {
    "id": "Id",
    "metadata.createtime": "MetaData.CreateTime",
    "metadata.lastupdatedtime": "MetaData.LastUpdatedTime",
}
_TARGET = ("AttachableRef.EntityRef.Type", "AttachableRef.EntityRef.value")

Test = Callable[[Record], bool]


def run(office: Office, statement: str) -> Document:
    """The content of `QueryResponse`. Raises 4000 for bad grammar, 4001 for wrong names and values."""
    query = parse(statement)
    entity = BY_PATH.get(query.entity.lower())
    if entity is None:
        raise answers.invalid_query(f"Entity {query.entity} is not supported")
    start, limit = _page(office, query)
    tests = [_test(entity, condition) for condition in query.conditions]
    tests += _unspoken_tests(office, entity, query)
    rows = [record for record in office.books.records(entity.name) if all(test(record) for test in tests)]
    if query.is_count:
        return {"totalCount": len(rows)}
    rows = _sorted(entity, rows, query)[start - 1 : start - 1 + limit]
    if not rows:
        return {}
    shown = [_shown(entity, record.document, query) for record in rows]
    return {entity.name: shown, "startPosition": start, "maxResults": len(shown)}


def _page(office: Office, query: Query) -> tuple[int, int]:
    if query.start < 1:
        raise answers.invalid_query("value 0 is invalid for startPosition: positions begin at 1")
    limit = DEFAULT_ROWS if query.limit is None else query.limit
    if limit > MOST_ROWS and office.switches.refuses_large_pages:
        raise answers.invalid_query(f"value {limit} is too large for maxResults. Max allowed value is {MOST_ROWS}")
    return query.start, min(limit, MOST_ROWS)


def _unspoken_tests(office: Office, entity: Entity, query: Query) -> list[Test]:
    """Name lists show active rows only unless asked, and what is too new is not seen yet."""
    tests: list[Test] = []
    if entity.is_name_list and not any(condition.field.lower() == "active" for condition in query.conditions):
        tests.append(lambda record: record.document.get("Active") is not False)
    if office.switches.query_lag:
        seen_until = office.books.clock.now() - office.switches.query_lag
        tests.append(lambda record: record.created_at <= seen_until)
    return tests


def _filterable(entity: Entity, name: str) -> str:
    """The field's own spelling. Raises 4001 for a field that there is not, or that cannot be filtered by."""
    known = _EVERYWHERE | {field.lower(): field for field in entity.filterable}
    if entity.name == "Attachable":
        known |= {field.lower(): field for field in _TARGET}
    found = known.get(name.lower())
    if found is None:
        there = {field.lower() for field in entity.writable | entity.read_only}
        reason = "is not queryable" if name.lower() in there else "is not found"
        raise answers.invalid_query(f"Property {name} {reason} for Entity {entity.name}")
    return found


def _test(entity: Entity, condition: Condition) -> Test:
    name = _filterable(entity, condition.field)
    value_of = _reader(name)
    if condition.operator == "LIKE":
        parts = (re.escape(part) for part in condition.values[0].split("%"))
        pattern = re.compile(".*".join(parts), re.IGNORECASE | re.DOTALL)
        return lambda record: pattern.fullmatch(str(value_of(record) or "")) is not None
    wanted = [_typed(entity, name, value) for value in condition.values]
    match condition.operator:
        case "=" | "IN":
            return lambda record: _matches(value_of(record), wanted)
        case "<":
            return lambda record: (value := value_of(record)) is not None and value < wanted[0]
        case ">":
            return lambda record: (value := value_of(record)) is not None and value > wanted[0]
        case "<=":
            return lambda record: (value := value_of(record)) is not None and value <= wanted[0]
    return lambda record: (value := value_of(record)) is not None and value >= wanted[0]


def _matches(value: Any, wanted: list[Any]) -> bool:
    if isinstance(value, list):
        return any(one in wanted for one in value)
    return value in wanted


_AMOUNTS = frozenset({"Balance", "TotalAmt", "UnappliedAmt", "RemainingCredit"})
_DAYS = frozenset({"TxnDate", "DueDate"})
_FLAGS = frozenset({"Active", "Job"})
_INSTANTS: dict[str, Callable[[Record], Any]] = {
    "MetaData.LastUpdatedTime": lambda record: record.updated_at,
    "MetaData.CreateTime": lambda record: record.created_at,
}


def _typed(entity: Entity, name: str, text: str) -> Any:
    """A value as its field holds it. Raises 4001 for one that the field cannot hold."""
    try:
        if name.startswith("MetaData."):
            return read_instant(text)
        if name in _AMOUNTS:
            return Decimal(text)
        if name in _DAYS:
            return date.fromisoformat(text).isoformat()
        if name == "Id" or (name.endswith("Ref") and entity.name != "Attachable"):
            return text
    except (ValueError, InvalidOperation):
        raise answers.invalid_query(f"Invalid value {text!r} for property {name}") from None
    if name in _FLAGS:
        return text.lower() == "true"
    return text.lower()


def _reader(name: str) -> Callable[[Record], Any]:
    """How to get at a field so that it compares with what `_typed` makes."""
    if name.startswith("AttachableRef.EntityRef."):
        part = name.rpartition(".")[2].lower()
        return lambda record: [str(one["EntityRef"][part]).lower() for one in record.document.get("AttachableRef", [])]
    if name in _INSTANTS:
        return _INSTANTS[name]
    if name.endswith("Ref"):
        return lambda record: (record.document.get(name) or {}).get("value")
    if name in _AMOUNTS:
        return lambda record: Decimal(record.document[name]) if name in record.document else None
    if name in _FLAGS or name in _DAYS or name == "Id":
        return lambda record: record.document.get(name)
    return lambda record: str(record.document.get(name, "")).lower()


def _sorted(entity: Entity, rows: list[Record], query: Query) -> list[Record]:
    """By Id, as a number, unless told otherwise. Missing values come first."""
    rows = sorted(rows, key=lambda record: int(record.document["Id"]))
    for name, descending in reversed(query.order):
        field = _filterable(entity, name)
        value_of = (lambda record: int(record.document["Id"])) if field == "Id" else _reader(field)
        rows.sort(key=lambda record: ((value := value_of(record)) is not None, value), reverse=descending)
    return rows


def _shown(entity: Entity, document: Document, query: Query) -> Document:
    """Whole, or the fields asked for; these come back marked sparse. An item's Sku is there only when named."""
    if not query.fields:
        names_sku = any(name.lower() == "sku" for name in query.also)
        return document if names_sku or "Sku" not in document else {k: v for k, v in document.items() if k != "Sku"}
    names = {name.partition(".")[0].lower() for name in query.fields} | {"id"}
    own = {name.lower(): name for name in entity.writable | entity.read_only | {"Id", "SyncToken", "MetaData"}}
    for name in names:
        if name not in own:
            raise answers.invalid_query(f"Property {name} not found for Entity {entity.name}")
    shown = {name: value for name, value in document.items() if name.lower() in names}
    return {"domain": "QBO", "sparse": True} | shown
