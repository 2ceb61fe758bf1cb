"""One organisation's books: its tables, its settings, and the two ways in which a document changes.

`put` bumps `UpdatedDateUTC`, strictly rising by milliseconds, and is heard by webhooks. `put_quietly` is the blind
spot: changes that make no journal show neither in a delta nor in a webhook. Rules live with each kind of document.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sandbox.clock import SandboxClock
from sandbox.xero import chart
from sandbox.xero.events import CATEGORIES, event
from sandbox.xero.switches import CompanySwitches
from sandbox.xero.tables import Journal, Table
from sandbox.xero.values import Doc, new_id, to_millisecond

_TICK = timedelta(milliseconds=1)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Mail:
    """A mail that Xero itself sent for this organisation."""

    to: tuple[str, ...]
    subject: str
    body: str
    invoice_id: str
    at: datetime


class Books:
    """Everything that one organisation's API answers from. Take `lock` around any use."""

    def __init__(
        self,
        tenant_id: str,
        name: str,
        country: str,
        currency: str,
        time_zone: str,
        clock: SandboxClock,
        **switches: object,
    ) -> None:
        """Raises TypeError for a switch that does not exist."""
        self.tenant_id, self.name = tenant_id, name
        self.country, self.currency, self.time_zone = country, currency, time_zone
        self.switches = CompanySwitches(**switches)  # type: ignore[arg-type]  # names are checked by the dataclass
        self.lock = threading.RLock()
        self.clock = clock
        self.created_at = to_millisecond(clock.now())
        self.contacts = Table("Contacts", "ContactID", ("Name", "ContactNumber"))
        self.groups = Table("ContactGroups", "ContactGroupID")
        self.invoices = Table("Invoices", "InvoiceID", ("ContactID", "InvoiceNumber"))
        self.credit_notes = Table("CreditNotes", "CreditNoteID", ("ContactID", "CreditNoteNumber"))
        self.overpayments = Table("Overpayments", "OverpaymentID", ("ContactID",))
        self.prepayments = Table("Prepayments", "PrepaymentID", ("ContactID",))
        self.payments = Table("Payments", "PaymentID", ("DocumentID", "BatchPaymentID"))
        self.allocations = Table("Allocations", "AllocationID", ("InvoiceID", "SourceID"))
        self.history = Table("HistoryRecords", "RecordID", ("Target",))
        self.bank_transactions = Table("BankTransactions", "BankTransactionID", ("ContactID",))
        self.accounts = chart.accounts(currency)
        self.tax_rates = chart.tax_rates(country, self.switches.tax_percent)
        self.theme: Doc = {
            "BrandingThemeID": new_id(),
            "Name": "Standard",
            "Type": "INVOICE",
            "SortOrder": 0,
            "CreatedDateUTC": self.created_at,
        }
        self.short_code = "!" + tenant_id.replace("-", "")[:5]
        self.user_name = "Mia Cole"
        self.outbox: list[Mail] = []
        self.numbers = {"Invoices": 0, "CreditNotes": 0}
        self.tell: Callable[[str, Sequence[Doc]], None] = lambda _tenant, _events: None
        self._last = _BEGINNING
        self._events: list[Doc] = []
        self._depth = 0

    def now(self) -> datetime:
        return self.clock.now()

    def today(self) -> date:
        """The day in the organisation's own zone."""
        return self.now().astimezone(ZoneInfo(self.time_zone)).date()

    def stamp(self) -> datetime:
        """The next `UpdatedDateUTC`: now, or a millisecond after the last one where that is later."""
        self._last = max(to_millisecond(self.now()), self._last + _TICK)
        return self._last

    def has_seen(self, at: datetime) -> None:
        """Documents with their own timestamps were loaded: changes from now on come after them."""
        self._last = max(self._last, at)

    def put(self, table: Table, doc: Doc, *, is_heard: bool = True) -> Doc:
        """Store a change that makes a journal: the document moves to the end of every delta."""
        is_new = table.get(doc[table.key]) is None
        doc = {**doc, "UpdatedDateUTC": self.stamp()}
        table.put(doc)
        if is_heard and table.name in CATEGORIES:
            self._events.append(
                event(
                    tenant_id=self.tenant_id,
                    collection=table.name,
                    entity_id=doc[table.key],
                    is_new=is_new,
                    at=doc["UpdatedDateUTC"],
                    doc=doc,
                )
            )
        return doc

    def put_quietly(self, table: Table, doc: Doc) -> Doc:
        """Store a change that no delta and no webhook shows."""
        table.put(doc, keep_place=True)
        return doc

    @contextmanager
    def change(self) -> Iterator[None]:
        """One request or one act of the bookkeeper: all of it, or on an exception none. Webhooks go out at its end."""
        with self.lock:
            self._depth += 1
            journal = self._begin() if self._depth == 1 else None
            try:
                yield
            except BaseException:
                if journal is not None:
                    journal.roll_back()
                    self._events.clear()
                raise
            finally:
                self._depth -= 1
                if journal is not None:
                    self._end()

    def _begin(self) -> Journal:
        journal = Journal()
        for table in self._tables():
            table.journal = journal
        return journal

    def _end(self) -> None:
        for table in self._tables():
            table.journal = None
        events, self._events = self._events, []
        if events:
            self.tell(self.tenant_id, events)

    def _tables(self) -> tuple[Table, ...]:
        return (
            self.contacts,
            self.groups,
            self.invoices,
            self.credit_notes,
            self.overpayments,
            self.prepayments,
            self.payments,
            self.allocations,
            self.history,
            self.bank_transactions,
        )

    def rate(self, currency: str) -> Decimal:
        """Units of `currency` for one of the base currency, today."""
        return Decimal(1) if currency == self.currency else self.switches.rates.get(currency, Decimal(1))

    def account(self, code_or_id: str) -> Doc | None:
        return next((a for a in self.accounts if code_or_id and code_or_id in (a["Code"], a["AccountID"])), None)

    def bank(self) -> Doc:
        """The account that customers pay into."""
        return next(a for a in self.accounts if a["Type"] == "BANK")

    def tax_percent(self, tax_type: str) -> Decimal | None:
        return next((rate["EffectiveRate"] for rate in self.tax_rates if rate["TaxType"] == tax_type), None)

    def usual_tax_type(self) -> str:
        return chart.usual_tax(self.country)[0]
