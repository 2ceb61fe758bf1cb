"""Line items and the totals they make: tax per line, rounded, then summed.

Amounts are in the document's currency. Source: Xero, invoices, "Line items"; "How Xero rounds": per line, half up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.xero.books import Books
from sandbox.xero.errors import Invalid
from sandbox.xero.values import ZERO, Doc, new_id, parse_amount, rounded, text_of

_HUNDRED = Decimal(100)
_UNIT = Decimal("0.0001")
_LARGEST_LINE = Decimal("9999999999.99")
_TEXTS = ("Description", "ItemCode", "AccountCode", "TaxType")
_AMOUNTS = ("Quantity", "UnitAmount", "DiscountRate", "DiscountAmount", "TaxAmount", "LineAmount")


@dataclass(frozen=True)
class Totals:
    """What the lines of a document add up to."""

    net: Decimal
    tax: Decimal
    total: Decimal


def merge_lines(
    books: Books, stored: Sequence[Doc], posted: list[Doc], amounts: str, currency: str, unit_places: int
) -> list[Doc]:
    """The lines after a write: with `LineItemID` updated, without created, stored but not posted deleted.

    `amounts` is LineAmountTypes. Raises Invalid, or ValueError for a field of the wrong kind.
    """
    by_id = {line["LineItemID"]: line for line in stored}
    made: list[Doc] = []
    for line in posted:
        line_id = line.get("LineItemID") or ""
        if line_id and line_id not in by_id and stored:
            raise Invalid([f"The LineItemID {line_id} was not found on this document"])
        made.append(make_line(books, {**by_id.get(line_id, {}), **_read(line)}, amounts, currency, unit_places))
    return made


def _read(posted: dict[str, Any]) -> Doc:
    """The writable fields of a posted line, typed; the rest is ignored."""
    line: Doc = {key: text_of(posted, key) for key in _TEXTS if posted.get(key) is not None}
    line |= {key: parse_amount(posted[key]) for key in _AMOUNTS if posted.get(key) is not None}
    if "UnitAmount" in line or "Quantity" in line or "DiscountRate" in line:
        # A new price makes the old amounts void, unless they were posted too.
        line.setdefault("LineAmount", None)
        line.setdefault("TaxAmount", None)
    if "TaxType" in line:
        line.setdefault("TaxAmount", None)
    if posted.get("Tracking"):
        line["Tracking"] = posted["Tracking"]
    if posted.get("LineItemID"):
        line["LineItemID"] = text_of(posted, "LineItemID", 36)
    return line


def make_line(books: Books, line: Doc, amounts: str, currency: str, unit_places: int = 2) -> Doc:
    """A complete line: quantity, amount and tax worked out. Raises Invalid for a bad account, tax type or sum."""
    places = _UNIT if unit_places == 4 else Decimal("0.01")
    quantity = line.get("Quantity", Decimal(1))
    tax_type = "NONE" if amounts == "NoTax" else line.get("TaxType") or books.usual_tax_type()
    percent = books.tax_percent(tax_type)
    if percent is None:
        raise Invalid([f"The TaxType code '{tax_type}' does not exist or cannot be used for this type of transaction."])
    account = books.account(line.get("AccountCode", ""))
    if line.get("AccountCode") and account is None:
        raise Invalid([f"Account code '{line['AccountCode']}' is not a valid code for this document."])
    amount = line.get("LineAmount")
    unit: Any = line.get("UnitAmount", ZERO if amount is None else amount)
    unit = unit.quantize(places, ROUND_HALF_UP)
    if amount is None:
        discount = line.get("DiscountRate", ZERO)
        amount = rounded(quantity * unit * (_HUNDRED - discount) / _HUNDRED, currency)
    if abs(amount) > _LARGEST_LINE:
        raise Invalid(["The line amount is too large."])
    tax = line.get("TaxAmount")
    if tax is None:
        tax = _tax(amount, percent, amounts, currency)
    made: Doc = {
        "LineItemID": line.get("LineItemID") or new_id(),
        "Description": line.get("Description", ""),
        "Quantity": quantity.quantize(_UNIT, ROUND_HALF_UP),
        "UnitAmount": unit,
        "TaxType": tax_type,
        "TaxAmount": rounded(tax, currency),
        "LineAmount": rounded(amount, currency),
        "Tracking": line.get("Tracking", []),
        "ValidationErrors": [],
    }
    if account is not None:
        made |= {"AccountCode": account["Code"], "AccountID": account["AccountID"]}
    made |= {key: line[key] for key in ("ItemCode", "DiscountRate") if key in line}
    return made


def _tax(amount: Decimal, percent: Decimal, amounts: str, currency: str) -> Decimal:
    if amounts == "NoTax" or not percent:
        return ZERO
    if amounts == "Inclusive":
        return rounded(amount * percent / (_HUNDRED + percent), currency)
    return rounded(amount * percent / _HUNDRED, currency)


def totals(lines: Sequence[Doc], amounts: str, currency: str) -> Totals:
    """The sums over the lines; with Inclusive amounts the tax is inside them."""
    amount = rounded(sum((line["LineAmount"] for line in lines), ZERO), currency)
    tax = rounded(sum((line["TaxAmount"] for line in lines), ZERO), currency)
    if amounts == "Inclusive":
        return Totals(amount - tax, tax, amount)
    return Totals(amount, tax, amount + tax)
