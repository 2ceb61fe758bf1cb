"""Lists: which rows a search means, in which order, and which page of them. Source: FreshBooks, "Parameters".

Without a `vis_state`, active and archived rows; `updated_min` knows days only. A page beyond the last is empty, page 0
is page 1, and more than a hundred rows a page are silently a hundred.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.freshbooks.books import DELETED, Books, Client, Invoice, Payment

LARGEST_PAGE = 100
USUAL_PAGE = 15
_SEARCH = re.compile(r"search\[(\w+)\](?:\[\])?")
Search = Mapping[str, list[str]]
Test = Callable[[Books, Any, list[str]], bool]


class UnknownSearchError(ValueError):
    """A list was searched by something that FreshBooks' pages do not offer for it."""


@dataclass(frozen=True)
class Pages:
    rows: list[Any]
    page: int
    pages: int
    per_page: int
    total: int


def search_of(query: Mapping[str, list[str]]) -> Search:
    """The search terms of a request's query, by name."""
    return {found[1]: values for name, values in query.items() if (found := _SEARCH.fullmatch(name))}


def _is(field: str) -> Test:
    return lambda _, row, values: str(getattr(row, field)) == values[0]


def _among(field: str) -> Test:
    return lambda _, row, values: str(getattr(row, field)) in values


COMMON: dict[str, Test] = {
    "vis_state": _is("vis_state"),
    "updated_min": lambda _, row, values: row.updated[:10] >= values[0],
    "updated_max": lambda _, row, values: row.updated[:10] < values[0],
}
SEARCHES: dict[type, dict[str, Test]] = {
    Client: COMMON
    | {
        "userid": _is("id"),
        "userids": _among("id"),
        "has_credit": lambda books, row, _: bool(books.credit_left(row)),
    },
    Invoice: COMMON | {"customerid": _is("customerid"), "invoice_number": _is("number")},
    Payment: COMMON
    | {
        "logid": _is("id"),
        "logids": _among("id"),
        "clientid": _is("clientid"),
        "clientids": _among("clientid"),
        "invoiceid": _is("invoiceid"),
    },
}


def found(books: Books, kind: type, rows: Iterable[Any], search: Search, *, newest_first: bool) -> list[Any]:
    """Raises UnknownSearchError."""
    unknown = search.keys() - SEARCHES[kind].keys()
    if unknown:
        raise UnknownSearchError(", ".join(sorted(unknown)))
    kept = [row for row in rows if "vis_state" in search or row.vis_state != DELETED]
    for name, values in search.items():
        kept = [row for row in kept if SEARCHES[kind][name](books, row, values)]
    return sorted(kept, key=lambda row: row.id, reverse=newest_first)


def paged(rows: list[Any], page: str, per_page: str) -> Pages:
    """Raises ValueError for what is no number."""
    number, size = max(int(page), 1), min(int(per_page), LARGEST_PAGE)
    start = (number - 1) * size
    return Pages(rows[start : start + size], number, -(-len(rows) // size), size, len(rows))
