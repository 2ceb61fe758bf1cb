"""The lines of a credit memo that follow its invoice: the same tax codes in the same proportions.

Pure. QuickBooks takes net amounts and works the tax out itself, while what we owe the customer is an amount with tax in
it. So each part is brought back to the net amount that comes out at it, and where rounding leaves no such amount, the
odd cent goes on an untaxed line (in the US) or is credited on top.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct

from connectors.documents import CreditOrder
from connectors.errors import Refused
from connectors.quickbooks.fields import ref_id
from connectors.quickbooks.whole import Invoice, SoldLine, TaxDetail, TaxLineDetail, minor
from connectors.shares import split
from engine.money import Money

UNTAXED = "NON"
"""The US tax code for that; elsewhere there is none by this name."""
MOST_TAX = 1000
"""Per cent. Above it, something else than a rate stands there."""
BY_HAND = "Dunwell cannot tell how this invoice is taxed. Make the credit by hand."


class Part(Struct):
    """What an invoice bills under one tax code: net, in minor units, and the rate in per cent."""

    code: str
    item: str
    currency: str
    net: int = 0
    rate: Decimal = Decimal(0)

    def tax(self, net: int) -> int:
        return Money(net, self.currency).percent(self.rate).minor

    @property
    def gross(self) -> int:
        return self.net + self.tax(self.net)


def credit_lines(order: CreditOrder, invoice: Invoice) -> list[dict[str, Any]]:
    """Raises Refused for an invoice whose taxes cannot be attributed to its lines."""
    parts = [part for part in _parts(invoice, order.currency) if part.net > 0]
    if not parts:
        raise Refused("The invoice has no lines that a credit could follow.")
    _find_rates(parts, invoice.txn_tax_detail or TaxDetail(), order.currency)
    lines, odd = [], 0
    for part, share in zip(parts, split(order.amount, [part.gross for part in parts]), strict=True):
        net, over = _net(part, share)
        if over and part.code in ("TAX", UNTAXED):
            net, odd = net - 1, odd + share - (net - 1) - part.tax(net - 1)
        if net:
            lines.append(_line(order, part.item, part.code, net))
    if odd:
        lines.append(_line(order, parts[0].item, UNTAXED, odd))
    return lines


def _net(part: Part, gross: int) -> tuple[int, int]:
    """The smallest net amount that comes, with its tax, to `gross` or more; and by how much it is more."""
    net = int(gross * 100 / (100 + part.rate))
    while net + part.tax(net) < gross:
        net += 1
    while net and net - 1 + part.tax(net - 1) >= gross:
        net -= 1
    return net, net + part.tax(net) - gross


def _parts(invoice: Invoice, currency: str) -> list[Part]:
    """The invoice's lines by tax code, the document's discount taken off each in proportion."""
    by_code: dict[str, Part] = {}
    lines = invoice.line or ()
    discount = sum(minor(line.amount, currency) for line in lines if line.detail_type == "DiscountLineDetail")
    for line in _sold(lines):
        detail = line.sales_item_line_detail
        code, item = ref_id(detail.tax_code_ref if detail else None), ref_id(detail.item_ref if detail else None)
        part = by_code.setdefault(code, Part(code, item, currency))
        part.net += minor(line.amount, currency)
    parts = list(by_code.values())
    if discount > 0 and sum(max(part.net, 0) for part in parts) > 0:
        for part, off in zip(parts, split(discount, [max(part.net, 0) for part in parts]), strict=True):
            part.net -= off
    return parts


def _sold(lines: Sequence[SoldLine]) -> Iterator[SoldLine]:
    for line in lines:
        if line.detail_type == "SalesItemLineDetail":
            yield line
        elif line.detail_type == "GroupLineDetail" and line.group_line_detail:
            yield from _sold(line.group_line_detail.line or ())


def _find_rates(parts: list[Part], detail: TaxDetail, currency: str) -> None:
    """Whose tax is whose: all of it belongs to the one taxed code, else to the code whose net amount it states.

    Raises Refused where what comes out is not the invoice's own tax.
    """
    taxes = [line.tax_line_detail or TaxLineDetail() for line in detail.tax_line or ()]
    taxed = [part for part in parts if part.code != UNTAXED]
    for part in taxed:
        own = [tax for tax in taxes if len(taxed) == 1 or minor(tax.net_amount_taxable, currency) == part.net]
        part.rate = sum((_percent(tax.tax_percent) for tax in own), Decimal(0))
    if abs(sum(part.tax(part.net) for part in parts) - minor(detail.total_tax, currency)) > len(taxes):
        raise Refused(BY_HAND)


def _percent(rate: Decimal | None) -> Decimal:
    if rate is None:
        return Decimal(0)
    if not rate.is_finite() or not 0 <= rate <= MOST_TAX:
        raise Refused(BY_HAND)
    return rate


def _line(order: CreditOrder, item: str, code: str, net: int) -> dict[str, Any]:
    detail: dict[str, Any] = {"ItemRef": {"value": order.booking.item or item}}
    if code:
        detail["TaxCodeRef"] = {"value": code}
    return {
        "Description": order.description,
        "Amount": Money(net, order.currency).amount,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": detail,
    }
