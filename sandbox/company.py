"""A company's books as its bookkeeper works them: what the world does in the platform's own user interface.

Both platforms' companies fit this protocol, so that one world can drive either. Everything happens at the sandbox
clock's now.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableSequence, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol


@dataclass(frozen=True)
class OpenInvoice:
    """One unpaid invoice, as the bookkeeper sees it in a list."""

    id: str
    number: str
    customer_id: str
    issued_on: date
    due_on: date
    total: Decimal
    balance: Decimal


class SandboxCompany(Protocol):
    """What a bookkeeper can do. Ids are the platform's own; amounts are in the document's currency."""

    external_id: str
    """realmId or tenantId."""
    name: str
    country: str
    currency: str
    time_zone: str

    def add_customer(
        self,
        name: str,
        email: str = "",
        *,
        people: Sequence[tuple[str, str]] = (),
        phone: str = "",
        city: str = "",
        currency: str = "",
        term_days: int = 30,
        discount: tuple[Decimal, int] | None = None,
    ) -> str:
        """`people` are further (name, email) pairs; `discount` is (per cent, days), where the terms carry one."""
        ...

    def add_invoice(
        self,
        customer_id: str,
        lines: Sequence[tuple[str, Decimal]],
        *,
        issued_on: date,
        due_on: date,
        number: str = "",
        is_draft: bool = False,
        is_sent: bool = True,
    ) -> str:
        """`lines` are (description, net amount) pairs; the company's usual tax is added."""
        ...

    def receive_payment(
        self, customer_id: str, amount: Decimal, paid_on: date, applied: Mapping[str, Decimal], reference: str = ""
    ) -> str:
        """Money in; `applied` says how much of it goes to which invoice, the rest stays unapplied."""
        ...

    def add_credit_note(
        self,
        customer_id: str,
        amount: Decimal,
        issued_on: date,
        applied: Mapping[str, Decimal],
        description: str = "Credit",
    ) -> str:
        """`amount` including tax."""
        ...

    def void_invoice(self, invoice_id: str) -> None: ...

    def delete_invoice(self, invoice_id: str) -> None: ...

    def change_due_date(self, invoice_id: str, due_on: date) -> None: ...

    def change_email(self, customer_id: str, email: str) -> None: ...

    def archive_customer(self, customer_id: str) -> None: ...

    def open_invoices(self, customer_id: str | None = None) -> Sequence[OpenInvoice]: ...

    def notes_on(self, entity: str, entity_id: str) -> Sequence[str]:
        """Texts of the notes on an "invoice" or a "customer", oldest first."""
        ...

    def customers_on_hold(self) -> Sequence[str]:
        """Ids of customers that the books show as on credit hold, however the platform shows it (a group, a note)."""
        ...


class SandboxPlatform(Protocol):
    """One platform of the sandbox: its applications, its companies, and what was asked of it."""

    @property
    def companies(self) -> Mapping[str, SandboxCompany]:
        """By external id."""
        ...

    @property
    def requests_seen(self) -> MutableSequence[tuple[str, str]]:
        """(method, path) of every API call answered, oldest first."""
        ...

    def register_app(
        self,
        client_id: str,
        client_secret: str,
        redirect_uris: list[str] | tuple[str, ...],
        webhook_url: str = "",
        webhook_key: str = "",
        **switches: Any,
    ) -> Any: ...

    def create_company(
        self, name: str, country: str, currency: str, time_zone: str, **switches: Any
    ) -> SandboxCompany: ...

    def disconnect(self, external_id: str) -> Any:
        """The owner removes every application from a company, on the platform's own pages."""
        ...
