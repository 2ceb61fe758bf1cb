"""Whole documents that ours refer to, out of the objects as QuickBooks holds them: what a credit must know of them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from connectors.errors import Refused
from connectors.quickbooks import shapes
from connectors.quickbooks.faults import TITLE
from connectors.quickbooks.fields import LARGEST
from engine.money import minor_units

T = TypeVar("T")


class SalesDetail(shapes.Shape):
    item_ref: shapes.Ref | None = None
    tax_code_ref: shapes.Ref | None = None


class GroupDetail(shapes.Shape):
    line: list[SoldLine] | None = None


class SoldLine(shapes.Shape):
    detail_type: str | None = None
    amount: Decimal | None = None
    sales_item_line_detail: SalesDetail | None = None
    group_line_detail: GroupDetail | None = None


class TaxLineDetail(shapes.Shape):
    tax_percent: Decimal | None = None
    net_amount_taxable: Decimal | None = None


class TaxLine(shapes.Shape):
    tax_line_detail: TaxLineDetail | None = None


class TaxDetail(shapes.Shape):
    total_tax: Decimal | None = None
    tax_line: list[TaxLine] | None = None


class Invoice(shapes.Invoice):
    line: list[SoldLine] | None = None
    txn_tax_detail: TaxDetail | None = None
    linked_txn: list[shapes.LinkedTxn] | None = None

    @property
    def is_paid_by_something(self) -> bool:
        return any(link.txn_type == "Payment" for link in self.linked_txn or ())


class CreditMemo(shapes.CreditMemo):
    linked_txn: list[shapes.LinkedTxn] | None = None


class Payment(shapes.Payment):
    def links(self) -> Iterator[tuple[str, str, Decimal | None]]:
        """(kind, id, amount) of everything its lines are about."""
        for line in self.line or ():
            for link in line.linked_txn or ():
                yield link.txn_type or "", link.txn_id or "", line.amount


def whole(kind: type[T], document: dict[str, Any]) -> T:
    """Raises Refused for a document that makes no sense: nothing of ours may rest on it."""
    try:
        return msgspec.convert(document, kind, strict=False)
    except (ValueError, ArithmeticError, RecursionError):
        raise _unreadable() from None


def minor(value: Decimal | None, currency: str) -> int:
    """Minor units; nothing where nothing is said. Raises Refused for what is no amount."""
    if value is None:
        return 0
    if not value.is_finite() or abs(value) >= LARGEST:
        raise _unreadable()
    return minor_units(value, currency)


def _unreadable() -> Refused:
    return Refused(f"{TITLE} shows a document that Dunwell cannot read. Do this one by hand.")
