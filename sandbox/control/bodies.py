"""What the control API may be asked to do, as typed bodies: msgspec checks them and says what is wrong where.

Each bookkeeper's act is a body named after the method of `SandboxCompany` that it is passed on to.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from msgspec import Meta, Struct

Count = Annotated[int, Meta(ge=0)]


class Body(Struct, forbid_unknown_fields=True, kw_only=True):
    """A request's JSON. Unknown fields are refused, so that a misspelt one is not silently without effect."""


class MoveClock(Body):
    """`at`, or any of the others. With a world, the days in between are lived, unless `jump`."""

    at: datetime | None = None
    minutes: Count = 0
    hours: Count = 0
    days: Count = 0
    weeks: Count = 0
    jump: bool = False


class NewFault(Body):
    """See `sandbox.faults.Fault`."""

    name: Annotated[str, Meta(min_length=1)]
    method: str = ""
    path: str = ""
    times: Annotated[int, Meta(ge=1)] = 1
    skip: Count = 0
    chance: Annotated[float, Meta(gt=0, le=1)] = 1.0
    args: dict[str, Any] = {}


class NewCompany(Body):
    name: Annotated[str, Meta(min_length=1)]
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    time_zone: Annotated[str, Meta(min_length=1)]
    switches: dict[str, Any] = {}


class NewApp(Body):
    client_id: Annotated[str, Meta(min_length=1)]
    client_secret: str
    redirect_uris: list[str]
    webhook_url: str = ""
    webhook_key: str = ""
    switches: dict[str, Any] = {}


class Load(Body):
    """Documents in the platform's own JSON shape, put in as they are."""

    entity: str
    documents: list[dict[str, Any]]


class Habit(Body):
    habit: str


class Url(Body):
    url: str


class AddCustomer(Body):
    name: str
    email: str = ""
    people: list[tuple[str, str]] = []
    phone: str = ""
    city: str = ""
    currency: str = ""
    term_days: Count = 30
    discount: tuple[Decimal, int] | None = None


class AddInvoice(Body):
    customer_id: str
    lines: list[tuple[str, Decimal]]
    issued_on: date
    due_on: date
    number: str = ""
    is_draft: bool = False
    is_sent: bool = True


class ReceivePayment(Body):
    customer_id: str
    amount: Decimal
    paid_on: date
    applied: dict[str, Decimal] = {}
    reference: str = ""


class AddCreditNote(Body):
    customer_id: str
    amount: Decimal
    issued_on: date
    applied: dict[str, Decimal] = {}
    description: str = "Credit"


class OneInvoice(Body):
    invoice_id: str


class ChangeDueDate(Body):
    invoice_id: str
    due_on: date


class ChangeEmail(Body):
    customer_id: str
    email: str


class OneCustomer(Body):
    customer_id: str


ACTS: dict[str, type[Body]] = {
    "add_customer": AddCustomer,
    "add_invoice": AddInvoice,
    "receive_payment": ReceivePayment,
    "add_credit_note": AddCreditNote,
    "void_invoice": OneInvoice,
    "delete_invoice": OneInvoice,
    "change_due_date": ChangeDueDate,
    "change_email": ChangeEmail,
    "archive_customer": OneCustomer,
}
"""Method of `SandboxCompany` → the body that it takes."""
