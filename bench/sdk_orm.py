"""The usual way: the SDKs' own model objects, made into SQLModel rows that the ORM's session writes.

As the SDKs' examples do it. `add_all` is the ORM's fastest insert and cannot be repeated; a sync that must be able to
come twice needs `merge`, which is slower still.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from store.database import Database
from store.tables import Invoice


class _Answer:
    """What the SDK's deserialiser reads of a response."""

    def __init__(self, body: bytes) -> None:
        self.text, self.data = body.decode(), body


def xero_models() -> Any:
    """A function from bytes to Xero's models; the SDK is loaded once, outside the measured time."""
    from xero_python.accounting import AccountingApi
    from xero_python.api_client import ApiClient

    client = ApiClient()
    api = AccountingApi(client)
    return lambda body: client.deserialize(_Answer(body), "Invoices", api.get_model_finder()).invoices


def quickbooks_models() -> Any:
    """A function from bytes to python-quickbooks' objects, with exact decimals as the product needs them."""
    from quickbooks.objects.invoice import Invoice as Model

    def models(body: bytes) -> list[Any]:
        answer = json.loads(body, parse_float=Decimal)
        return [Model.from_json(record) for record in answer["QueryResponse"]["Invoice"]]

    return models


def write_page(database: Database, platform: str, models: Any, company_id: int, body: bytes, merge: bool) -> None:
    """One page in one transaction, as rows of the product's own table."""
    rows = _of_xero(models(body), company_id) if platform == "xero" else _of_quickbooks(models(body), company_id)
    with database.begin() as session:
        if merge:
            _merge(session, rows)
        else:
            session.add_all(rows)


def _merge(session: Session, rows: Iterator[Invoice]) -> None:
    for row in rows:
        session.merge(row)


def _minor(amount: Any) -> int:
    return int(Decimal(amount or 0) * 100)


def _of_xero(models: list[Any], company_id: int) -> Iterator[Invoice]:
    for each in models:
        yield Invoice(
            company_id=company_id,
            id=each.invoice_id,
            customer_id=each.contact.contact_id,
            number=each.invoice_number,
            status="open",
            issued_on=each.date,
            due_on=each.due_date,
            currency=each.currency_code.value,
            total=_minor(each.total),
            balance=_minor(each.amount_due),
            stated_balance=_minor(each.amount_due),
            is_sent=each.sent_to_contact,
            reference=each.reference,
            updated_at=each.updated_date_utc,
        )


def _of_quickbooks(models: list[Any], company_id: int) -> Iterator[Invoice]:
    for each in models:
        yield Invoice(
            company_id=company_id,
            id=each.Id,
            customer_id=each.CustomerRef.value,
            number=each.DocNumber,
            status="open",
            issued_on=date.fromisoformat(each.TxnDate),
            due_on=date.fromisoformat(each.DueDate),
            currency=each.CurrencyRef.value,
            total=_minor(each.TotalAmt),
            balance=_minor(each.Balance),
            stated_balance=_minor(each.Balance),
            email=each.BillEmail.Address,
            version=each.SyncToken,
        )
