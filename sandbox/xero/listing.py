"""Lists: filters, If-Modified-Since, order and pages, over the rows of one table.

Gives the rows of the answer and the `pagination` block; how a row is shown is `render`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.xero.books import Books
from sandbox.xero.errors import ApiException, bad_query
from sandbox.xero.fields import FIELDS, reader
from sandbox.xero.tables import Table
from sandbox.xero.values import Doc, is_documented_form, parse_flag, parse_modified_since
from sandbox.xero.where import Read, parse_order, parse_where

_USUAL_SIZE, _LARGEST_SIZE = 100, 1000
_DROPPED_BY_SUMMARY = ("payments", "lineitems", "hasattachments", "cisdeduction")


@dataclass(frozen=True)
class Asked:
    """A list request: query names in lower case, and the two headers that matter."""

    query: Mapping[str, str]
    modified_since: str = ""
    app_id: str = ""

    def flag(self, name: str) -> bool:
        return parse_flag(self.query.get(name, ""))

    def items(self, name: str) -> list[str]:
        """A comma-separated list, or nothing."""
        return [item.strip() for item in self.query.get(name, "").split(",") if item.strip()]


@dataclass(frozen=True)
class Listed:
    """Rows in order, the view to show them in, and `pagination` where paging was in force."""

    rows: list[Doc]
    view: str
    pagination: Doc | None


def list_rows(books: Books, table: Table, asked: Asked) -> Listed:
    """Raises ApiException for a filter, order or page that Xero refuses."""
    rows = _since(books, table, asked)
    rows = [row for row in rows if _listed(books, table, asked, row)]
    rows = _filtered(books, table, asked, rows)
    rows = _ordered(books, table, asked, rows)
    if len(rows) > books.switches.too_many:
        raise ApiException(
            17, "QueryParseException", "Too many records would be returned: narrow the filter or use paging"
        )
    summary = asked.flag("summaryonly") and table.name in ("Invoices", "Contacts")
    is_paged = "page" in asked.query or summary or (table.name == "Invoices" and "statuses" in asked.query)
    view = "summary" if summary else "paged" if is_paged else "list"
    if not is_paged:
        return Listed(rows, view, None)
    page, size = _number(asked, "page", 1), _number(asked, "pagesize", _USUAL_SIZE)
    page, size = max(page, 1), min(max(size, 1), _LARGEST_SIZE)
    start = (page - 1) * size
    pagination: Doc = {"page": page, "pageSize": size, "pageCount": -(-len(rows) // size), "itemCount": len(rows)}
    return Listed(rows[start : start + size], view, pagination)


def _number(asked: Asked, name: str, usual: int) -> int:
    text = asked.query.get(name, "")
    try:
        return int(text) if text else usual
    except ValueError:
        raise bad_query(f"{name} must be a whole number") from None


def _since(books: Books, table: Table, asked: Asked) -> list[Doc]:
    """Rows changed since the bound, to the second. Rows stand in the order of change, so the tail is the answer."""
    bound = bound_of(books, asked)
    if bound is None:
        return list(table.rows.values())
    newest: list[Doc] = []
    for row in reversed(table.rows.values()):
        at = row["UpdatedDateUTC"].replace(microsecond=0)
        if at < bound or (at == bound and not books.switches.since_is_inclusive):
            break
        newest.append(row)
    return newest[::-1]


def bound_of(books: Books, asked: Asked) -> datetime | None:
    """The If-Modified-Since bound, or None where there is none that counts."""
    text = asked.modified_since
    if not text or (books.switches.odd_since_ignored and not is_documented_form(text)):
        return None
    bound = parse_modified_since(text)
    return bound and bound.replace(microsecond=0)


def _listed(books: Books, table: Table, asked: Asked, row: Doc) -> bool:
    """What a list shows at all, and the list parameters that name values."""
    if table.name == "Contacts" and row["ContactStatus"] == "ARCHIVED" and not asked.flag("includearchived"):
        return False
    if table.name == "Invoices" and row["Status"] == "DELETED" and not books.switches.lists_deleted:
        return "statuses" in asked.query
    return True


def _filtered(books: Books, table: Table, asked: Asked, rows: list[Doc]) -> list[Doc]:
    for parameter, field, change in _LISTS[table.name]:
        wanted = {change(item) for item in asked.items(parameter)}
        if wanted:
            rows = [row for row in rows if row.get(field) in wanted]
    if table.name == "Invoices" and asked.flag("createdbymyapp"):
        rows = [row for row in rows if row.get("_app") == asked.app_id]
    term = asked.query.get("searchterm", "").casefold()
    if term and table.name in _SEARCHED:
        rows = [row for row in rows if any(term in str(row.get(name, "")).casefold() for name in _SEARCHED[table.name])]
    where = asked.query.get("where", "")
    if not where.strip():
        return rows
    found = parse_where(where, reader(books, table), is_blind=table.name == "Contacts")
    if asked.flag("summaryonly") and any(name in where.lower() for name in _DROPPED_BY_SUMMARY):
        raise bad_query("summaryOnly cannot be combined with a filter on a field that it drops")
    _check_cost(books, table, found.fields - FIELDS[table.name].fast)
    return [row for row in rows if found.passes(row)]


def _check_cost(books: Books, table: Table, slow: frozenset[str]) -> None:
    if slow and len(table) > books.switches.too_many:
        raise ApiException(
            17,
            "QueryParseException",
            f"An unoptimised filter or order ({', '.join(sorted(slow))}) over too many records",
        )


def _ordered(books: Books, table: Table, asked: Asked, rows: list[Doc]) -> list[Doc]:
    """Default: by last change; the id breaks ties under any order."""
    text = asked.query.get("order", "")
    if not text.strip():
        return rows
    keys = parse_order(text, reader(books, table))
    _check_cost(books, table, frozenset(path for path, _, _ in keys) - FIELDS[table.name].fast_order)
    rows = sorted(rows, key=lambda row: row[table.key])
    for _, read, is_descending in reversed(keys):
        rows.sort(key=_sort_key(read), reverse=is_descending)
    return rows


def _sort_key(read: Read) -> Callable[[Doc], tuple[bool, Any]]:
    """Rows without the field come first, whatever its kind."""
    return lambda row: ((value := read(row)) is not None, value)


def _text(item: str) -> str:
    return item.strip('"')


_LISTS: dict[str, list[tuple[str, str, Callable[[str], str]]]] = {
    "Invoices": [
        ("ids", "InvoiceID", str.lower),
        ("invoicenumbers", "InvoiceNumber", _text),
        ("contactids", "ContactID", str.lower),
        ("statuses", "Status", str.upper),
    ],
    "Contacts": [("ids", "ContactID", str.lower)],
    "CreditNotes": [],
    "Overpayments": [("references", "Reference", _text)],
    "Prepayments": [("invoicenumbers", "InvoiceNumber", _text)],
    "Payments": [],
}
_SEARCHED = {
    "Invoices": ("InvoiceNumber", "Reference"),
    "Contacts": ("Name", "FirstName", "LastName", "ContactNumber", "CompanyNumber", "EmailAddress"),
}
