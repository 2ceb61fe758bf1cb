"""What the conformance tests know of a connector: its books, the bookkeeper behind them, and our store before them.

A new connector is one more function here, and everything in this folder is asked of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import select

from connectors.ports import Books
from connectors.uploads.books import UploadedBooks
from engine.audit import AuditRow
from engine.books import Page
from engine.money import minor_units
from sandbox.clock import SandboxClock
from sandbox.faults import Fault
from sandbox.server import Sandbox
from store import companies, pages, uploads
from store.audit_rows import audit_rows
from store.database import Database
from store.pages import PageCounts
from store.secrets import SecretBox
from store.tables import Invoice, SetAsideRecord
from tests.connectors.freshbooks import connected as freshbooks
from tests.connectors.quickbooks import connected as quickbooks
from tests.connectors.uploads.desk import UploadDesk
from tests.connectors.xero import connected as xero

START = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
SECRET = "a-secret-of-at-least-thirty-two-characters"
WRITERS = ("quickbooks", "xero")
ONLINE = (*WRITERS, "freshbooks")
"""Those that speak to a platform. In FreshBooks, invoices alone are made and sent."""
ALL = (*ONLINE, "uploads")
PAGE_SIZES = {
    "quickbooks": ("connectors.quickbooks.query.PAGE",),
    "xero": ("connectors.xero.books.PAGE_SIZE",),
    "freshbooks": ("connectors.freshbooks.client.PAGE",),
    "uploads": ("connectors.uploads.books.PAGE_SIZE",),
}


@dataclass(kw_only=True)
class Subject:
    """One company behind one connector. `company` is its bookkeeper; `sandbox` is None where books are files."""

    name: str
    company: Any
    books: Callable[[], Books]
    database: Database
    company_id: int
    clock: SandboxClock
    sandbox: Sandbox | None
    undo_payment: Callable[[str], None]
    """Void or delete it, whichever the platform knows."""
    payments: Callable[[], list[str]]
    """Those that can be undone."""
    spoil: Callable[[], None]
    """One invoice makes no sense in the next reading; changing its due date mends it."""
    quiet_calls: int
    """What a sync may cost that brings nothing new."""
    has_voids: bool = True
    """Whether a void invoice stays in these books, and is not as good as deleted."""

    def sync(self) -> list[PageCounts]:
        """From where the last one ended, into the store."""
        return [self.take(page) for page in self.books().changes(self.cursor())]

    def take(self, page: Page) -> PageCounts:
        with self.database.begin() as session:
            return pages.store_page(session, self.company_id, page, self.clock.now())

    def cursor(self) -> str:
        with self.database.read() as session:
            return pages.load_cursor(session, self.company_id)

    def rows(self, table: type[Any]) -> list[Any]:
        with self.database.read() as session:
            return list(session.exec(select(table).where(table.company_id == self.company_id)))

    def owed(self) -> dict[str, int]:
        """Invoice → what our copy says is still owed on it."""
        return {row.id: row.balance for row in self.rows(Invoice) if row.status == "open"}

    def owed_there(self) -> dict[str, int]:
        """The same as the bookkeeper sees it."""
        currencies = {row.id: row.currency for row in self.rows(Invoice)}
        return {one.id: minor_units(one.balance, currencies.get(one.id, "USD")) for one in self.company.open_invoices()}

    def assert_agreement(self) -> None:
        assert self.owed() == self.owed_there()
        assert [row.id for row in self.rows(Invoice) if row.has_drift] == []

    def unread(self) -> list[tuple[str, str]]:
        return [(row.entity, row.id) for row in self.rows(SetAsideRecord) if row.resolved_at is None]

    def audit_rows(self) -> list[AuditRow]:
        """Our copy as the audit wants it."""
        with self.database.read() as session:
            return list(audit_rows(session, self.company_id))

    def calls(self) -> int:
        """API calls that the platform has seen since `forget_calls`."""
        return sum(any(part in path for part in ("/v3/", "api.xro", "/accounting/")) for _, path in self._seen())

    def forget_calls(self) -> None:
        self._seen().clear()

    def _seen(self) -> Any:
        return self.sandbox.platforms[self.name].requests_seen if self.sandbox else []


def quickbooks_subject(
    sandbox: Sandbox, database: Database, app: dict[str, Any] | None = None, **switches: Any
) -> Subject:
    """`app` and `switches` are the sandbox's, for what the platform leaves open."""
    sandbox.clock.set(START)
    sandbox.quickbooks.register_app(quickbooks.CLIENT_ID, quickbooks.CLIENT_SECRET, [quickbooks.REDIRECT], **app or {})
    company = sandbox.quickbooks.create_company(
        "Harbor Lane Provisions", "US", "USD", "America/Los_Angeles", **{"multi_currency": True} | switches
    )
    platform = quickbooks.platform_at(sandbox)
    connected = quickbooks.Connected(sandbox, company, platform, database, SecretBox((SECRET,))).connect()
    return Subject(
        name="quickbooks",
        company=company,
        books=connected.books,
        database=database,
        company_id=connected.company_id,
        clock=sandbox.clock,
        sandbox=sandbox,
        undo_payment=company.void_payment,
        payments=lambda: [one["Id"] for one in company.documents("Payment") if one["TotalAmt"]],
        spoil=lambda: sandbox.faults.add(Fault("bad_record", path="#Invoice")),
        quiet_calls=1,
    )


def xero_subject(sandbox: Sandbox, database: Database, app: dict[str, Any] | None = None, **switches: Any) -> Subject:
    """`app` and `switches` are the sandbox's, for what the platform leaves open."""
    sandbox.clock.set(START)
    sandbox.xero.register_app(xero.CLIENT_ID, xero.CLIENT_SECRET, [xero.REDIRECT], **app or {})
    company = sandbox.xero.create_company("Kōwhai Joinery Ltd", "NZ", "NZD", "Pacific/Auckland", **switches)
    platform = xero.platform_at(sandbox)
    connected = xero.Connected(sandbox, company, platform, database, SecretBox((SECRET,))).connect()
    return Subject(
        name="xero",
        company=company,
        books=connected.books,
        database=database,
        company_id=connected.company_id,
        clock=sandbox.clock,
        sandbox=sandbox,
        undo_payment=lambda id: connected.post(f"Payments/{id}", {"Status": "DELETED"}),
        payments=lambda: [
            id
            for id, row in company.books.payments.rows.items()
            # Xero deletes a batch as a whole, in its own pages only.
            if row["Status"] == "AUTHORISED" and not row.get("BatchPaymentID")
        ],
        spoil=lambda: sandbox.faults.add(Fault("bad_record", "GET", "/Invoices")),
        quiet_calls=6,
    )


def freshbooks_subject(
    sandbox: Sandbox, database: Database, app: dict[str, Any] | None = None, **switches: Any
) -> Subject:
    """`app` and `switches` are the sandbox's, for what the platform leaves open."""
    sandbox.clock.set(START)
    sandbox.freshbooks.register_app(freshbooks.CLIENT_ID, freshbooks.CLIENT_SECRET, [freshbooks.REDIRECT], **app or {})
    company = sandbox.freshbooks.create_company("Brightside Studio", "CA", "CAD", "America/Toronto", **switches)
    platform = freshbooks.platform_at(sandbox)
    connected = freshbooks.Connected(sandbox, company, platform, database, SecretBox((SECRET,))).connect()
    return Subject(
        name="freshbooks",
        company=company,
        books=connected.books,
        database=database,
        company_id=connected.company_id,
        clock=sandbox.clock,
        sandbox=sandbox,
        undo_payment=company.delete_payment,
        payments=lambda: [
            str(id) for id, row in company.books.payments.items() if row.invoiceid is not None and not row.vis_state
        ],
        spoil=lambda: sandbox.faults.add(Fault("bad_record", "GET", "#invoice")),
        quiet_calls=7,
        has_voids=False,
    )


def uploads_subject(database: Database) -> Subject:
    clock = SandboxClock(START)
    with database.begin() as session:
        row = companies.connect(
            session, platform="uploads", external_id="desk", name="Pennine Print", mode="observe", now=START
        )
        uploads.open_books(session, row.stored_id)
        company_id = row.stored_id
    desk, shelf = UploadDesk(database, company_id, clock), uploads.StoredShelf(database)

    def books() -> Books:
        desk.upload()
        return UploadedBooks("desk", shelf, clock.now)

    return Subject(
        name="uploads",
        company=desk,
        books=books,
        database=database,
        company_id=company_id,
        clock=clock,
        sandbox=None,
        undo_payment=desk.undo_payment,
        payments=desk.payments,
        spoil=desk.spoil,
        quiet_calls=0,
    )
