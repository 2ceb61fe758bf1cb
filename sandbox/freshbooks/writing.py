"""Invoices made, changed, sent and deleted through the API.

A change goes in phases, of which only the first that is asked for happens, and the rest is dropped in silence:
`vis_state`, then actions, then the data. A new invoice is a draft. Source: FreshBooks, "Active and Deleted Objects" and
"Invoices".
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.freshbooks.books import DELETED, Invoice
from sandbox.freshbooks.company import FreshBooksCompany


class RefusedError(Exception):
    """A request that is turned down, with its HTTP status and FreshBooks' own number."""

    def __init__(self, status: int, errno: int, message: str) -> None:
        super().__init__(message)
        self.status, self.errno = status, errno


def write(company: FreshBooksCompany, method: str, id: int, body: Any) -> Invoice:
    """Raises RefusedError."""
    if method == "POST":
        return _create(company, _content(body))
    row = company.books.invoices.get(id)
    if row is None:
        raise RefusedError(404, 1012, "Invoice not found.")
    _change(company, row, {"vis_state": DELETED} if method == "DELETE" else _content(body))
    row.updated = company.books.stamp()
    return row


def _content(body: Any) -> dict[str, Any]:
    content = body.get("invoice") if isinstance(body, dict) else None
    if not isinstance(content, dict):
        raise RefusedError(422, 1001, "The request body must contain an invoice object.")
    return content


def _create(company: FreshBooksCompany, content: dict[str, Any]) -> Invoice:
    books, client = company.books, company.books.clients.get(content.get("customerid", 0))
    if client is None or client.vis_state == DELETED:
        raise RefusedError(422, 1012, "Client not found.")
    if "create_date" not in content:
        raise RefusedError(422, 1001, "create_date is a required field")
    try:
        issued_on = date.fromisoformat(content["create_date"])
        lines = [_line(line) for line in content.get("lines", [])]
    except (TypeError, ValueError, KeyError, InvalidOperation) as error:
        raise RefusedError(422, 1004, f"Invalid value: {error}") from None
    due_on = issued_on + timedelta(days=int(content.get("due_offset_days", 0)))
    invoice = Invoice(
        id=books.new_id(),
        updated=books.stamp(),
        customerid=client.id,
        number=content.get("invoice_number") or f"{len(books.invoices) + 1:07}",
        create_date=issued_on.isoformat(),
        due_date=due_on.isoformat(),
        code=content.get("currency_code") or client.code,
        lines=lines,
        state="draft",
        notes=content.get("notes") or "",
        po_number=content.get("po_number"),
    )
    books.invoices[invoice.id] = invoice
    return invoice


def _line(line: dict[str, Any]) -> tuple[str, Decimal]:
    return line.get("name", ""), Decimal(line["unit_cost"]["amount"]) * int(line.get("qty", 1))


def _change(company: FreshBooksCompany, row: Invoice, content: dict[str, Any]) -> None:
    if "vis_state" in content:
        row.vis_state = content["vis_state"]
    elif content.get("action_email"):
        recipients = content.get("email_recipients")
        if not recipients:
            raise RefusedError(422, 1001, "email_recipients is a required field")
        company.outbox += [(row.number, address) for address in recipients]
        row.state = "sent" if row.state == "draft" else row.state
    elif content.get("action_mark_as_sent"):
        row.state = "sent" if row.state == "draft" else row.state
    else:
        row.notes, row.po_number = content.get("notes", row.notes), content.get("po_number", row.po_number)
