"""Which column of whose export is what: guessed from the usual headings, or said by the owner, and kept as JSON.

Pure. Headings are compared without case, spaces and punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from connectors.errors import StopRun

FILES = {"customer": "customers.csv", "invoice": "invoices.csv", "payment": "payments.csv"}
"""Our word for the entity → the file it is read from. Payments may be missing."""

_ID, _CURRENCY = ("id",), ("currency", "currencycode")
_CUSTOMER = (
    "customer",
    "customerid",
    "customername",
    "client",
    "clientid",
    "contact",
    "contactname",
    "billto",
    "account",
)
_INVOICE = ("invoice", "invoiceno", "invoicenumber", "invoiceid", "number", "no", "docnumber", "documentnumber")

USUAL: Mapping[str, Mapping[str, Sequence[str]]] = {
    "customer": {
        "id": (*_ID, "customerid", "customerno", "customernumber", "accountnumber", "clientid"),
        "name": ("name", "customer", "customername", "company", "companyname", "displayname", "client", "contactname"),
        "email": ("email", "emailaddress", "mail", "billingemail"),
        "phone": ("phone", "telephone", "tel", "phonenumber", "mobile"),
        "currency": _CURRENCY,
        "country": ("country", "countrycode"),
    },
    "invoice": {
        "id": (*_ID, "invoiceid"),
        "number": _INVOICE,
        "customer": _CUSTOMER,
        "issued_on": ("date", "invoicedate", "issued", "issuedate", "issuedon", "txndate"),
        "due_on": ("due", "duedate", "dueon"),
        "total": ("total", "amount", "invoiceamount", "invoicetotal", "grosstotal", "totalamount"),
        "balance": ("balance", "amountdue", "outstanding", "openbalance", "balancedue"),
        "currency": _CURRENCY,
        "status": ("status", "state"),
    },
    "payment": {
        "id": (*_ID, "paymentid", "receiptno", "transactionid"),
        "customer": _CUSTOMER,
        "invoice": ("invoice", "invoiceno", "invoicenumber", "invoiceid", "appliedto"),
        "paid_on": ("date", "paymentdate", "paid", "paidon", "received", "receivedon"),
        "amount": ("amount", "total", "paymentamount", "amountpaid"),
        "currency": _CURRENCY,
        "reference": ("reference", "ref", "memo", "description"),
    },
}
NEEDED = {
    "customer": ("name",),
    "invoice": ("number", "customer", "issued_on", "due_on", "total"),
    "payment": ("paid_on", "amount"),
}


class Columns(Struct, frozen=True, kw_only=True):
    """What the owner said: headings by entity and field, where guessing is not enough.

    `date_order` tells how 03/04/2026 is meant (ISO dates are always understood); `decimal_mark` is "." or ",".
    """

    headings: dict[str, dict[str, str]] = {}
    date_order: str = "day first"
    decimal_mark: str = "."


def mapped(entity: str, headings: Sequence[str], columns: Columns) -> dict[str, str]:
    """Field → the heading it stands under. Raises StopRun, naming the file, for a needed field that is nowhere."""
    said = columns.headings.get(entity, {})
    by_squeezed = {_squeezed(heading): heading for heading in reversed(headings)}
    found = {}
    for field, usual in USUAL[entity].items():
        names = (said[field],) if field in said else usual
        heading = next((by_squeezed[_squeezed(name)] for name in names if _squeezed(name) in by_squeezed), None)
        if heading is not None:
            found[field] = heading
    missing = [field for field in NEEDED[entity] if field not in found]
    if missing:
        raise StopRun(
            f"{FILES[entity]} has no column for {', '.join(missing)}. It has: {', '.join(headings)[:300] or 'none'}."
        )
    return found


def _squeezed(heading: str) -> str:
    return re.sub(r"[\W_]", "", heading).casefold()
