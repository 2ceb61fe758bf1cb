"""Payments against documents: what a payment's lines do to invoices and credit memos, and how that is undone.

A payment's lines are its links; the documents' balances and `LinkedTxn` are kept in step with them here alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from sandbox.quickbooks import answers, fields
from sandbox.quickbooks.desk import Desk
from sandbox.quickbooks.encode import Document
from sandbox.quickbooks.entities import sales
from sandbox.quickbooks.fields import ZERO

LINKABLE = {"Invoice": "Balance", "CreditMemo": "RemainingCredit"}
"""What a payment can link to in these books, and the field that says how much is open."""


@dataclass(frozen=True)
class Link:
    """`amount` of a payment line on one document."""

    entity: str
    id: str
    amount: Decimal


def links(payment: Document) -> Iterator[Link]:
    """Raises 2020 for a line without amount or link, 2170 for a kind of document that cannot be linked."""
    for line in payment.get("Line", []):
        amount = fields.amount(line, "Amount")
        if amount is None:
            raise answers.missing("Amount")
        for linked in line.get("LinkedTxn") or []:
            if linked.get("TxnType") not in LINKABLE:
                raise answers.invalid_enumeration("TxnType", linked.get("TxnType"))
            yield Link(linked["TxnType"], str(linked.get("TxnId")), amount)


def apply(desk: Desk, payment: Document, customer: Document) -> tuple[list[Document], Decimal]:
    """Let the payment's lines take effect. Returns the lines as they are stored, and what stays unapplied.

    Raises 6000 for another customer's document, for more than is open on it, and for more than was received.
    """
    stored, used = [], ZERO
    for link in links(payment):
        document = desk.find(link.entity, link.id)
        if document is None:
            raise answers.invalid_reference("LinkedTxn.TxnId", link.id)
        _check_owner(desk, document, customer)
        open_amount = Decimal(document[LINKABLE[link.entity]])
        if link.amount <= 0 or link.amount > open_amount:
            raise answers.business(f"{link.amount} cannot be applied: {open_amount} is open on {link.entity} {link.id}")
        stored.append(_stored_line(link, document))
        _move(desk, link.entity, document, -link.amount, payment["Id"])
        used += link.amount if link.entity == "Invoice" else -link.amount
    unapplied = Decimal(payment["TotalAmt"]) - used
    if unapplied < 0:
        raise answers.business("The lines of the payment add up to more than its total")
    return stored, unapplied


def undo(desk: Desk, payment: Document) -> None:
    """Take every effect of the payment's lines back: its invoices reopen, its credits are free again."""
    for link in links(payment):
        document = desk.find(link.entity, link.id)
        if document is not None:
            _move(desk, link.entity, document, link.amount, payment["Id"], is_unlinked=True)


def unlink_invoice(desk: Desk, invoice_id: str) -> None:
    """Take the invoice off every payment; the money stays with the payment, a credit goes back to its credit memo."""
    invoice = desk.find("Invoice", invoice_id) or {}
    for linked in list(invoice.get("LinkedTxn", [])):
        payment = desk.find("Payment", linked["TxnId"]) if linked["TxnType"] == "Payment" else None
        if payment is None:
            continue
        undo(desk, payment)
        lines = [line for line in payment["Line"] if not _names(line, "Invoice", invoice_id)]
        lines = _credits_no_larger_than_invoices(lines)
        customer = desk.find("Customer", payment["CustomerRef"]["value"]) or {}
        stored, unapplied = apply(desk, payment | {"Line": lines}, customer)
        desk.change.put("Payment", payment | {"Line": stored, "UnappliedAmt": unapplied})


def apply_to_oldest(desk: Desk, credit: Document) -> None:
    """What AutoApplyCredit does: a zero payment from the new credit to the customer's oldest open invoices."""
    customer_id = credit["CustomerRef"]["value"]
    left, lines = Decimal(credit["RemainingCredit"]), []
    for invoice in sorted(
        desk.change.books.open_invoices(customer_id), key=lambda one: (one["DueDate"], int(one["Id"]))
    ):
        amount = min(left, Decimal(invoice["Balance"]))
        if amount > 0:
            lines.append({"Amount": amount, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]})
            left -= amount
    used = Decimal(credit["RemainingCredit"]) - left
    if not used:
        return
    lines.append({"Amount": used, "LinkedTxn": [{"TxnId": credit["Id"], "TxnType": "CreditMemo"}]})
    payment: Document = {"Id": desk.change.books.next_id("Payment"), "TxnDate": credit["TxnDate"], "Line": lines}
    payment |= {"CustomerRef": credit["CustomerRef"], "TotalAmt": ZERO, "ProcessPayment": False}
    stored, unapplied = apply(desk, payment, desk.find("Customer", customer_id) or {})
    desk.change.put("Payment", payment | {"Line": stored, "UnappliedAmt": unapplied})


def _check_owner(desk: Desk, document: Document, customer: Document) -> None:
    """The customer's own documents, or those of a sub-customer billed with it."""
    owner = desk.find("Customer", document["CustomerRef"]["value"]) or {}
    while owner.get("BillWithParent") and owner.get("Id") != customer.get("Id"):
        owner = desk.find("Customer", fields.ref(owner, "ParentRef")) or {}
    if owner.get("Id") != customer.get("Id"):
        raise answers.business("The transaction that was linked belongs to another customer")


def _move(
    desk: Desk, entity: str, document: Document, by: Decimal, payment_id: str, *, is_unlinked: bool = False
) -> None:
    link = {"TxnId": payment_id, "TxnType": "Payment"}
    others = [one for one in document.get("LinkedTxn", []) if one != link]
    changed = document | {"Balance": Decimal(document["Balance"]) + by}
    changed["LinkedTxn"] = others if is_unlinked else [*others, link]
    if entity == "CreditMemo":
        changed["RemainingCredit"] = Decimal(document["RemainingCredit"]) + by
    desk.change.put(entity, changed | sales.home_amounts(desk, changed))


def _names(line: Document, entity: str, id: str) -> bool:
    return {"TxnId": id, "TxnType": entity} in line["LinkedTxn"]


def _credits_no_larger_than_invoices(lines: list[Document]) -> list[Document]:
    """Without the invoice that they paid, credits may not turn into money: what is too much of them is given back."""
    on_invoices = sum((link.amount for link in links({"Line": lines}) if link.entity == "Invoice"), ZERO)
    room, kept = on_invoices, []
    for line in lines:
        if line["LinkedTxn"][0]["TxnType"] == "Invoice":
            kept.append(line)
            continue
        amount = min(Decimal(line["Amount"]), room)
        room -= amount
        if amount > 0:
            kept.append(line | {"Amount": amount})
    return kept


def _stored_line(link: Link, document: Document) -> Document:
    """With the platform's odd LineEx, whose open balance is the one *before* this payment."""
    values = {"txnId": link.id, "txnOpenBalance": document[LINKABLE[link.entity]]}
    if "DocNumber" in document:
        values["txnReferenceNumber"] = document["DocNumber"]
    wrapper = {
        "name": "{http://schema.intuit.com/finance/v3}NameValue",
        "nil": False,
        "declaredType": "com.intuit.schema.finance.v3.NameValue",
        "scope": "javax.xml.bind.JAXBElement$GlobalScope",
        "globalScope": True,
        "typeSubstituted": False,
    }
    extra = [wrapper | {"value": {"Name": name, "Value": str(value)}} for name, value in values.items()]
    linked = [{"TxnId": link.id, "TxnType": link.entity}]
    return {"Amount": link.amount, "LinkedTxn": linked, "LineEx": {"any": extra}}
