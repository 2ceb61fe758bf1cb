"""Answers that are well formed and still wrong, on request: what clients of Xero have met in the wild.

| fault | what the answer holds | args |
|---|---|---|
| `unknown_enum` | one record with a word nobody has heard of | `index`, `field`, `value` |
| `bad_record` | one record with null for a date, or text for a number | `index`, `field`, `value` |
| `nulls` | null wherever a text was empty | `fields`: also these |
| `string_booleans` | "true" and "false" in quotes | |
| `iso_dates` | ISO dates in place of `/Date(ms)/` | |
"""

from __future__ import annotations

from typing import Any

from sandbox.faults import Fault
from sandbox.xero.values import Doc, iso_second, parse_instant

NAMES = ("unknown_enum", "bad_record", "nulls", "string_booleans", "iso_dates")
_ENUMS = {"Contacts": "ContactStatus", "Organisations": "Class", "Accounts": "Type"}
_BROKEN = {"Contacts": "Name", "Organisations": "BaseCurrency"}


def spoil(collection: str, records: list[Any], fault: Fault) -> list[Any]:
    """The records as this fault shows them."""
    match fault.name:
        case "unknown_enum":
            field = str(fault.args.get("field", _ENUMS.get(collection, "Status")))
            return _with_one(records, fault, field, fault.args.get("value", "UNHEARDOF"))
        case "bad_record":
            field = str(fault.args.get("field", _BROKEN.get(collection, "Date")))
            return _with_one(records, fault, field, fault.args.get("value"))
        case "nulls":
            named = dict.fromkeys(fault.args.get("fields", ()))
            return [_walk(record, _null_for_empty) | named for record in records]
        case "string_booleans":
            return [_walk(record, _quoted) for record in records]
        case "iso_dates":
            return [_walk(record, _iso) for record in records]
    raise ValueError(f"{fault.name!r} is not a fault of the data")


def _with_one(records: list[Doc], fault: Fault, field: str, value: object) -> list[Doc]:
    index = int(fault.args.get("index", 0))
    return [{**record, field: value} if n == index else record for n, record in enumerate(records)]


def _walk(value: Any, change: Any) -> Any:
    if isinstance(value, dict):
        return {key: _walk(inner, change) for key, inner in value.items()}
    if isinstance(value, list):
        return [_walk(inner, change) for inner in value]
    return change(value)


def _null_for_empty(value: object) -> object:
    return None if value == "" else value


def _quoted(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _iso(value: object) -> object:
    return iso_second(parse_instant(value)) if isinstance(value, str) and value.startswith("/Date(") else value
