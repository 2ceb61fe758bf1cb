"""Credit memos: positive amounts that a payment applies to invoices; never voided, only deleted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sandbox.quickbooks import answers
from sandbox.quickbooks.desk import Desk, Entity
from sandbox.quickbooks.encode import Document
from sandbox.quickbooks.entities import applying, sales


def create(desk: Desk, body: Document) -> Document:
    document, total = sales.completed(desk, body, None)
    document |= {"Balance": total, "RemainingCredit": total, "LinkedTxn": []}
    document = _put(desk, document)
    if desk.office.preference("SalesFormsPrefs", "AutoApplyCredit"):
        applying.apply_to_oldest(desk, document)
    return document


def update(desk: Desk, current: Document, body: Document) -> Document:
    document, total = sales.completed(desk, body, current)
    used = Decimal(current["TotalAmt"]) - Decimal(current["RemainingCredit"])
    if total < used:
        raise answers.business("The credit is less than what was already applied of it")
    document |= {"Balance": total - used, "RemainingCredit": total - used, "LinkedTxn": current.get("LinkedTxn", [])}
    return _put(desk, document)


def _put(desk: Desk, document: Document) -> Document:
    document |= sales.home_amounts(desk, document)
    document = {name: value for name, value in document.items() if value is not None}
    desk.change.put("CreditMemo", document)
    return document


def delete(desk: Desk, current: Document) -> None:
    desk.check_open_period(date.fromisoformat(current["TxnDate"]))
    if current.get("LinkedTxn"):
        raise answers.business("The credit memo is applied. Unlink it before deleting it")
    desk.change.remove("CreditMemo", current["Id"])


CREDIT_MEMO = Entity(
    name="CreditMemo",
    writable=sales.WRITABLE | {"InvoiceRef"},
    read_only=sales.READ_ONLY | {"RemainingCredit"},
    filterable=sales.FILTERABLE - {"DueDate"} | {"RemainingCredit"},
    longest=sales.LONGEST,
    create=create,
    update=update,
    delete=delete,
    is_sendable=True,
)
