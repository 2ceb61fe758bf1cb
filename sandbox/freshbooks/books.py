"""A business's books: rows as FreshBooks keeps them, and what follows from them (paid, outstanding, credit left).

Nothing is ever removed: what is deleted has `vis_state` 1. Times are written in US/Eastern, without saying so.
"""

from __future__ import annotations

from collections import defaultdict
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
        self._on_invoice: defaultdict[int | None, list[Payment]] = defaultdict(list)
        self._of_client: defaultdict[int, list[Payment | Credit]] = defaultdict(list)
        self._last_id = FIRST_ID

    def add(self, row: Payment | Credit) -> None:
        """With what is asked about it for every row of a list."""
        self._of_client[row.clientid].append(row)
        if isinstance(row, Payment):
            self.payments[row.id] = row
            self._on_invoice[row.invoiceid].append(row)
        else:
            self.credits[row.id] = row

    def stamp(self) -> str:
        return self.clock.now().astimezone(EASTERN).strftime("%Y-%m-%d %H:%M:%S")

    def new_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def payments_of(self, invoice: Invoice) -> list[Payment]:
        return [one for one in self._on_invoice[invoice.id] if one.vis_state == ACTIVE]

    def paid(self, invoice: Invoice) -> Decimal:
        return sum((one.amount for one in self.payments_of(invoice)), Decimal(0))

    def outstanding(self, invoice: Invoice) -> Decimal:
        return invoice.total - self.paid(invoice)

    def credit_left(self, client: Client) -> dict[str, Decimal]:
        """What the client has in credit, by currency; nothing where there is none."""
        left: dict[str, Decimal] = {}
        for row in self._of_client[client.id]:
            if row.vis_state == ACTIVE and (isinstance(row, Credit) or row.from_credit):
                amount = row.amount if isinstance(row, Credit) else -row.amount
                left[row.code] = left.get(row.code, Decimal(0)) + amount
        return {code: amount for code, amount in left.items() if amount}
