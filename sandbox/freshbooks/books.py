"""A business's books: rows as FreshBooks keeps them, and what follows from them (paid, outstanding, credit left).

Nothing is ever removed: what is deleted has `vis_state` 1. Times are written in US/Eastern, without saying so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from zoneinfo import ZoneInfo

from sandbox.clock import SandboxClock

ACTIVE, DELETED, ARCHIVED = 0, 1, 2
EASTERN = ZoneInfo("America/New_York")
FIRST_ID = 12345


@dataclass
class Row:
    """What every row has."""

    id: int
    updated: str
    vis_state: int = ACTIVE


@dataclass(kw_only=True)
class Client(Row):
    organization: str
    email: str = ""
    code: str
    phone: str = ""
    country: str = ""
    note: str = ""
    """Kept by the business about the client; the client never sees it."""


@dataclass(kw_only=True)
class Invoice(Row):
    """`state` is draft, sent or viewed: how far it has got by itself, whatever has been paid."""

    customerid: int
    number: str
    create_date: str
    due_date: str
    code: str
    lines: list[tuple[str, Decimal]] = field(default_factory=list)
    state: str = "sent"
    notes: str = ""
    """Printed on the invoice."""
    po_number: str | None = None
    """Printed on the invoice, as its reference."""

    @property
    def total(self) -> Decimal:
        return sum((amount for _, amount in self.lines), Decimal(0))


@dataclass(kw_only=True)
class Payment(Row):
    """On an invoice; or, without one, what a credit was paid with."""

    clientid: int
    invoiceid: int | None
    creditid: int | None = None
    amount: Decimal
    code: str
    date: str
    type: str = "Check"
    note: str = ""
    from_credit: bool = False
    overpaymentid: int | None = None


@dataclass(kw_only=True)
class Credit(Row):
    clientid: int
    amount: Decimal
    code: str
    create_date: str
    credit_type: str


class Books:
    """The rows of one business."""

    def __init__(self, clock: SandboxClock) -> None:
        self.clock = clock
        self.clients: dict[int, Client] = {}
        self.invoices: dict[int, Invoice] = {}
        self.payments: dict[int, Payment] = {}
        self.credits: dict[int, Credit] = {}
        self._last_id = FIRST_ID

    def stamp(self) -> str:
        return self.clock.now().astimezone(EASTERN).strftime("%Y-%m-%d %H:%M:%S")

    def new_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def paid(self, invoice: Invoice) -> Decimal:
        paid = (one.amount for one in self.payments.values() if one.invoiceid == invoice.id and one.vis_state == ACTIVE)
        return sum(paid, Decimal(0))

    def outstanding(self, invoice: Invoice) -> Decimal:
        return invoice.total - self.paid(invoice)

    def credit_left(self, client: Client) -> dict[str, Decimal]:
        """What the client has in credit, by currency; nothing where there is none."""
        left: dict[str, Decimal] = {}
        for credit in self.credits.values():
            if credit.clientid == client.id and credit.vis_state == ACTIVE:
                left[credit.code] = left.get(credit.code, Decimal(0)) + credit.amount
        for used in self.payments.values():
            if used.clientid == client.id and used.from_credit and used.vis_state == ACTIVE:
                left[used.code] = left.get(used.code, Decimal(0)) - used.amount
        return {code: amount for code, amount in left.items() if amount}
