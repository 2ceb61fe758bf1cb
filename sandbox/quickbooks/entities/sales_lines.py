"""Lines of an invoice or credit memo: what each adds up to, and the sub-total that the service puts after them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from sandbox.quickbooks import answers, fields
from sandbox.quickbooks.desk import Desk, reference
from sandbox.quickbooks.encode import Document
from sandbox.quickbooks.fields import ZERO


@dataclass
class Lines:
    """The lines as they are stored, and their sums in the document's currency."""

    documents: list[Document] = field(default_factory=list)
    subtotal: Decimal = ZERO
    taxable: Decimal = ZERO
    """What tax is due on, after the discount."""
    discount: Decimal = ZERO
    tax: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.subtotal - self.discount + self.tax


def read_lines(desk: Desk, body: Document, current: Document | None) -> Lines:
    """Raises 2020 without a line, 2170 for an unknown kind of line, 6070 where amount and quantity disagree."""
    sent = body.get("Line")
    if not isinstance(sent, list) or not sent:
        raise answers.missing("Line")
    currency = fields.ref(body, "CurrencyRef") or desk.office.currency
    found, discount = Lines(), None
    ids = _line_ids(current, sent)
    for line in sent:
        match line.get("DetailType"):
            case "SubTotalLineDetail":
                continue
            case "DiscountLineDetail":
                discount = line
            case _:
                found.documents.append(_line(desk, line, found, currency) | {"Id": next(ids)})
    for number, document in enumerate(found.documents, start=1):
        document["LineNum"] = number
    found.documents.append({"Amount": found.subtotal, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}})
    if discount is not None:
        found.documents.append(_discount(desk, discount, found, currency))
    found.tax = fields.rounded(found.taxable * desk.office.switches.tax_percent / 100, currency)
    return found


def _line_ids(current: Document | None, sent: list[Document]) -> Iterator[str]:
    """The Id of each line sent that has one of this document's, and a new one for each of the others."""
    known = {line["Id"] for line in (current or {}).get("Line", []) if "Id" in line}
    last = max((int(id) for id in known), default=0)
    for line in sent:
        if line.get("DetailType") in ("SubTotalLineDetail", "DiscountLineDetail"):
            continue
        if line.get("Id") in known:
            yield line["Id"]
        else:
            last += 1
            yield str(last)


def _line(desk: Desk, line: Document, found: Lines, currency: str) -> Document:
    kind = line.get("DetailType")
    fields.check_length(line, "Description", 4000)
    if kind is None:
        raise answers.missing("DetailType")
    if kind == "DescriptionOnly" or (kind == "SalesItemLineDetail" and not fields.ref(line.get(kind) or {}, "ItemRef")):
        # A sales line without an item is taken as text, and its amount counts for nothing.
        text = {"Description": line["Description"]} if "Description" in line else {}
        return text | {
            "DetailType": "DescriptionOnly",
            "DescriptionLineDetail": line.get("DescriptionLineDetail") or {},
        }
    if kind == "SalesItemLineDetail":
        return _sales_line(desk, line, found, currency)
    if kind == "GroupLineDetail":
        detail = line.get(kind) or {}
        inner = [_line(desk, part, found, currency) for part in detail.get("Line", [])]
        amount = sum((Decimal(part.get("Amount", 0)) for part in inner), ZERO)
        return {"Amount": amount, "DetailType": kind, kind: detail | {"Line": inner}}
    raise answers.invalid_enumeration("DetailType", kind)


def _sales_line(desk: Desk, line: Document, found: Lines, currency: str) -> Document:
    detail = line["SalesItemLineDetail"]
    item = desk.named("Item", detail, "ItemRef")
    assert item is not None  # noqa: S101 - the caller has seen the reference
    amount = fields.amount(line, "Amount")
    quantity, price = fields.amount(detail, "Qty") or ZERO, fields.amount(detail, "UnitPrice") or ZERO
    counted = fields.rounded(quantity * price, currency)
    if amount is None:
        if not counted:
            raise answers.missing("Amount")
        amount = counted
    if counted and counted != fields.rounded(amount, currency):
        raise answers.business(
            "Amount calculation incorrect in the request. Amount is not equal to UnitPrice * Qty", "6070"
        )
    amount = fields.rounded(amount, currency)
    code = _tax_code(desk, detail, item)
    found.subtotal += amount
    if code not in ("NON", "3"):
        found.taxable += amount
    whole = {name: value for name, value in detail.items() if name not in ("Qty", "UnitPrice")}
    whole |= {"ItemRef": reference(item), "ItemAccountRef": item["IncomeAccountRef"], "TaxCodeRef": {"value": code}}
    if quantity:
        whole |= {"Qty": quantity, "UnitPrice": price}
    text = {"Description": line["Description"]} if "Description" in line else {}
    return text | {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": whole}


def _tax_code(desk: Desk, detail: Document, item: Document) -> str:
    """TAX or NON in the US; elsewhere a tax code's id, which must be sent."""
    sent = fields.ref(detail, "TaxCodeRef")
    if desk.office.country == "US":
        is_taxed = desk.office.switches.tax_percent > 0 and item.get("Taxable", False)
        return sent if sent in ("TAX", "NON") else ("TAX" if is_taxed else "NON")
    if sent is None:
        raise answers.business("Make sure all your transactions have a tax rate before you save.")
    return sent


def _discount(desk: Desk, line: Document, found: Lines, currency: str) -> Document:
    """The one discount of the document, and what it takes off the sums in `found`."""
    if not desk.office.preference("SalesFormsPrefs", "AllowDiscount"):
        raise answers.business("Discounts are switched off in this company")
    detail = line.get("DiscountLineDetail") or {}
    if fields.flag(detail, "PercentBased"):
        amount = found.subtotal * (fields.amount(detail, "DiscountPercent") or ZERO) / 100
    else:
        amount = fields.amount(line, "Amount") or ZERO
    found.discount = fields.rounded(amount, currency)
    if found.subtotal:
        found.taxable -= fields.rounded(found.discount * found.taxable / found.subtotal, currency)
    return {"Amount": found.discount, "DetailType": "DiscountLineDetail", "DiscountLineDetail": detail}
