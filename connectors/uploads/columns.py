"""Which column of whose export is what: guessed from the usual headings, or said by the owner, and kept as JSON.

Pure. Headings are compared without case, accents, spaces and punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from unicodedata import combining, normalize

from msgspec import Struct

_ID, _CURRENCY = ("id",), ("currency", "currencycode", "moneda", "divisa")
_REFERENCE = ("reference", "ref", "memo", "description", "ponumber", "referencia", "concepto")
_DATE = ("date", "fecha")
_TOTAL = ("total", "amount", "totalamount", "importe")
_NUMBER = ("number", "no", "docnumber", "documentnumber", "numero")
_CUSTOMER = (
    "customer",
    "customerid",
    "customername",
    "client",
    "clientid",
    "clientname",
    "contact",
    "contactname",
    "billto",
    "account",
    "cliente",
)
_INVOICE = ("invoice", "invoiceno", "invoicenumber", "invoiceid", "factura", "numerodefactura")

USUAL: Mapping[str, Mapping[str, Sequence[str]]] = {
    "customer": {
        "id": (*_ID, "customerid", "customerno", "customernumber", "accountnumber", "clientid", "codigo"),
        "name": (
            *("name", "customer", "customername", "company", "companyname", "displayname", "client", "contactname"),
            *("nombre", "cliente", "razonsocial"),
        ),
        "email": ("email", "emailaddress", "mail", "billingemail", "correo", "correoelectronico"),
        "phone": ("phone", "telephone", "tel", "phonenumber", "mobile", "telefono"),
        "currency": _CURRENCY,
        "country": ("country", "countrycode", "pais"),
    },
    "invoice": {
        "id": (*_ID, "invoiceid"),
        "number": (*_INVOICE, *_NUMBER),
        "customer": _CUSTOMER,
        "issued_on": (*_DATE, "invoicedate", "issued", "issuedate", "issuedon", "txndate", "fechadefactura"),
        "due_on": ("due", "duedate", "dueon", "vencimiento", "fechadevencimiento"),
        "total": (*_TOTAL, "invoiceamount", "invoicetotal", "grosstotal"),
        "balance": ("balance", "amountdue", "outstanding", "openbalance", "balancedue", "saldo", "pendiente"),
        "currency": _CURRENCY,
        "status": ("status", "state", "estado"),
        "reference": _REFERENCE,
    },
    "payment": {
        "id": (*_ID, "paymentid", "receiptno", "transactionid", "recibo"),
        "customer": _CUSTOMER,
        "invoice": (*_INVOICE, "appliedto"),
        "paid_on": (*_DATE, "paymentdate", "paid", "paidon", "received", "receivedon", "fechadepago"),
        "amount": (*_TOTAL, "paymentamount", "amountpaid"),
        "currency": _CURRENCY,
        "reference": _REFERENCE,
    },
    "credit_note": {
        "id": (*_ID, "creditid", "creditnoteid"),
        "number": (
            *("creditnote", "creditnoteno", "creditnotenumber", "creditnumber", "creditno", "abono", "notadecredito"),
            *_NUMBER,
        ),
        "customer": _CUSTOMER,
        "invoice": (*_INVOICE, "appliedto"),
        "issued_on": (*_DATE, "creditdate", "creditnotedate", "issued", "issuedate", "issuedon"),
        "amount": (*_TOTAL, "creditamount"),
        "currency": _CURRENCY,
        "reference": _REFERENCE,
    },
}
"""Our entity → our field → headings that usually stand over it."""
NEEDED: Mapping[str, Sequence[str]] = {
    "customer": ("name",),
    "invoice": ("number", "customer", "issued_on", "due_on", "total"),
    "payment": ("paid_on", "amount"),
    "credit_note": ("number", "issued_on", "amount"),
}
DATE_ORDERS = ("day first", "month first")
DECIMAL_MARKS = (".", ",")


class Columns(Struct, frozen=True, kw_only=True):
    """What the owner said: headings by entity and field, where guessing is not enough; "" says that there is none.

    `date_order` tells how 03/04/2026 is meant (ISO dates are always understood); `decimal_mark` is "." or ",".
    """

    headings: dict[str, dict[str, str]] = {}
    date_order: str = "day first"
    decimal_mark: str = "."


def found_in(entity: str, headings: Sequence[str], columns: Columns) -> dict[str, int]:
    """Field → the place of its column, for all that these headings have."""
    said = columns.headings.get(entity, {})
    places = {squeezed(heading): place for place, heading in reversed(list(enumerate(headings)))}
    places.pop("", None)
    found = {}
    for field, usual in USUAL[entity].items():
        # What was said of another file may not be in this one: then it is guessed after all.
        is_said = field in said and (not said[field] or squeezed(said[field]) in places)
        names = (said[field],) if is_said else usual
        place = next((places[squeezed(name)] for name in names if squeezed(name) in places), None)
        if place is not None:
            found[field] = place
    return found


def missing_from(entity: str, found: Mapping[str, int]) -> list[str]:
    """The fields without which no row of the file makes sense, and which no column is for."""
    return [field for field in NEEDED[entity] if field not in found]


def squeezed(heading: str) -> str:
    bare = "".join(letter for letter in normalize("NFKD", heading) if not combining(letter))
    return re.sub(r"[\W_]", "", bare).casefold()
