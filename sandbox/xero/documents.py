"""What invoices and credit notes have in common: reading a posted header, working out totals, lock dates, statuses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.xero.books import Books
from sandbox.xero.errors import Invalid
from sandbox.xero.lines import make_line, merge_lines, totals
from sandbox.xero.shape import check_currency
from sandbox.xero.values import Doc, parse_amount, parse_day, text_of

_MOVES: Mapping[str, frozenset[str]] = {
    "": frozenset({"DRAFT", "SUBMITTED", "AUTHORISED"}),
    "DRAFT": frozenset({"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"}),
    "SUBMITTED": frozenset({"SUBMITTED", "AUTHORISED", "DRAFT", "DELETED"}),
    "AUTHORISED": frozenset({"AUTHORISED", "VOIDED"}),
    "PAID": frozenset({"PAID"}),
}
"""Which status may follow which; "" is before the document was. PAID is set by Xero; DELETED and VOIDED are final."""

WRONG_STATUS = "Invoice not of valid status for modification"
TEXTS = {"Reference": 255, "Url": 2000, "BrandingThemeID": 36, "CurrencyCode": 3}
_LEAST_RATE, _MOST_RATE = Decimal("0.000001"), Decimal(1_000_000)
LINE_AMOUNTS = ("Exclusive", "Inclusive", "NoTax")


def read_header(posted: Doc, texts: Mapping[str, int], days: tuple[str, ...]) -> Doc:
    """The writable header fields of a posted document, typed. Raises ValueError or Invalid."""
    header: Doc = {key: text_of(posted, key, longest) for key, longest in texts.items() if posted.get(key) is not None}
    header |= {key: parse_day(posted[key]) for key in days if posted.get(key)}
    if posted.get("CurrencyRate") is not None:
        header["CurrencyRate"] = parse_amount(posted["CurrencyRate"])
        if not _LEAST_RATE <= header["CurrencyRate"] <= _MOST_RATE:
            raise Invalid(["CurrencyRate is not a plausible rate"])
    check_currency(header.get("CurrencyCode", ""))
    if posted.get("LineAmountTypes") is not None:
        if posted["LineAmountTypes"] not in LINE_AMOUNTS:
            raise Invalid([f"LineAmountTypes '{posted['LineAmountTypes']!s:.30}' is not valid"])
        header["LineAmountTypes"] = posted["LineAmountTypes"]
    if isinstance(posted.get("SentToContact"), bool):
        header["SentToContact"] = posted["SentToContact"]
    return header


def next_status(old: str, posted: Doc) -> str:
    """The status after a write; the same when none is posted. Raises Invalid for a move that Xero does not allow."""
    status: Any = posted.get("Status") or old or "DRAFT"
    if status not in _MOVES.get(old, frozenset()):
        raise Invalid([WRONG_STATUS])
    return str(status)


def check_lock(books: Books, *days: date | None) -> None:
    """Nothing dated in a locked period is written. Raises Invalid."""
    locked = books.switches.lock_on
    if locked is not None and any(day is not None and day <= locked for day in days):
        raise Invalid(
            [f"The document date cannot be before the period lock date, currently set at {locked.strftime('%d %B %Y')}"]
        )


def with_lines(books: Books, doc: Doc, posted: Doc, unit_places: int) -> Doc:
    """The document with its lines and totals after a write; lines not posted stay as they are."""
    amounts, currency = doc["LineAmountTypes"], doc["CurrencyCode"]
    lines = doc["LineItems"]
    if "LineItems" in posted:
        lines = merge_lines(books, lines, posted["LineItems"], amounts, currency, unit_places)
    return {**doc, "LineItems": lines, **sums(lines, amounts, currency)}


def plain_lines(books: Books, lines: list[Doc], amounts: str, currency: str) -> Doc:
    """Lines and totals of a document that the bookkeeper writes."""
    made = [make_line(books, line, amounts, currency) for line in lines]
    return {"LineItems": made, **sums(made, amounts, currency)}


def sums(lines: list[Doc], amounts: str, currency: str) -> Doc:
    added = totals(lines, amounts, currency)
    return {"SubTotal": added.net, "TotalTax": added.tax, "Total": added.total}
