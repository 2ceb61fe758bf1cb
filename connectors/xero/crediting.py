"""The lines of a credit note that follow its invoice: the same taxes in the same proportions, to the cent. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from connectors.documents import CreditOrder
from connectors.errors import Refused
from connectors.shares import split
from connectors.xero.shapes import Line, WholeInvoice
from connectors.xero.writing import minor
from engine.money import Money

Group = tuple[str, str]
"""Tax type, and account code."""


def credit_lines(order: CreditOrder, invoice: WholeInvoice) -> tuple[str, list[dict[str, str]]]:
    """`LineAmountTypes` and the lines of the credit.

    Amounts are given tax included, so that Xero works the tax out itself and the total is `order.amount` exactly.
    Booked to the account that the owner chose, else to those of the invoice's own lines. Raises Refused for an
    invoice without lines that add up to something.
    """
    groups = _gross(invoice.line_items or (), invoice.line_amount_types or "", order)
    if not groups:
        raise Refused("The invoice has no lines that a credit could follow.")
    parts = split(order.amount, list(groups.values()))
    kind = "NoTax" if invoice.line_amount_types == "NoTax" else "Inclusive"
    return kind, [
        _line(order, group, amount, is_taxed=kind != "NoTax")
        for group, amount in zip(groups, parts, strict=True)
        if amount
    ]


def _gross(lines: Iterable[Line], amount_types: str, order: CreditOrder) -> Mapping[Group, int]:
    """What was billed per group, tax included, in minor units. A group that comes to nothing or less is left out."""
    sums: dict[Group, int] = {}
    for line in lines:
        amount = line.line_amount or Decimal(0)
        if amount_types != "Inclusive":
            amount += line.tax_amount or Decimal(0)
        group = (line.tax_type or "", order.booking.account or line.account_code or "")
        sums[group] = sums.get(group, 0) + minor(amount, order.currency)
    return {group: gross for group, gross in sums.items() if gross > 0}


def _line(order: CreditOrder, group: Group, amount: int, *, is_taxed: bool) -> dict[str, str]:
    tax, account = group
    line = {
        "Description": order.description,
        "Quantity": "1",
        "UnitAmount": str(Money(amount, order.currency).amount),
    }
    if account:
        line["AccountCode"] = account
    if tax and is_taxed:
        line["TaxType"] = tax
    return line
