"""Builders: documents with sensible defaults, and a company to put them into and ask about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from engine.account import Account
from engine.books import (
    AllocationRecord,
    CreditKind,
    CreditRecord,
    CustomerRecord,
    DocumentStatus,
    InvoiceRecord,
    InvoiceStatus,
    Page,
    PaymentRecord,
)
from engine.money import Money
from engine.plan import Action as Planned
from engine.plan import Decision, InvoiceDue, Plan, Reason, SendReminder
from store import accounts, companies, ledger, pages
from store.database import Database
from store.ledger import PlannedAct
from store.scope import Scope
from store.tables import Action, Invoice

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning."""


def because(rule: str, sentence: str, figures: dict[str, Any] | None = None) -> Reason:
    """A reason that says just this."""
    return Reason(rule, lambda *told: told, (sentence, figures or {}))


WHY = because("step_due", "INV-1 is 9 days overdue: reminder 1 was due after 3 days.", {"days": 9})


def customer(id: str = "C1", **facts: Any) -> CustomerRecord:
    return CustomerRecord(id=id, **({"name": f"Customer {id}", "email": "pay@example.com"} | facts))


def invoice(id: str = "I1", customer_id: str = "C1", total: int = 10_000, **facts: Any) -> InvoiceRecord:
    """Open, due on 2026-02-21, and with nothing paid according to the platform unless told otherwise."""
    told: dict[str, Any] = {
        "number": f"INV-{id.removeprefix('I')}",
        "status": InvoiceStatus.OPEN,
        "issued_on": date(2026, 1, 22),
        "due_on": date(2026, 2, 21),
        "currency": "USD",
        "stated_balance": total,
    }
    return InvoiceRecord(id=id, customer_id=customer_id, total=total, **(told | facts))


def payment(id: str = "P1", customer_id: str = "C1", total: int = 4_000, **facts: Any) -> PaymentRecord:
    told: dict[str, Any] = {"status": DocumentStatus.POSTED, "paid_on": date(2026, 2, 25), "currency": "USD"}
    return PaymentRecord(id=id, customer_id=customer_id, total=total, **(told | facts))


def credit(id: str = "N1", customer_id: str = "C1", total: int = 3_000, **facts: Any) -> CreditRecord:
    told: dict[str, Any] = {
        "kind": CreditKind.CREDIT_NOTE,
        "number": id,
        "status": DocumentStatus.POSTED,
        "issued_on": date(2026, 2, 1),
        "currency": "USD",
        "remaining": 0,
    }
    return CreditRecord(id=id, customer_id=customer_id, total=total, **(told | facts))


def applied(source_id: str, invoice_id: str, amount: int, kind: str = "payment", position: int = 0) -> AllocationRecord:
    return AllocationRecord(
        source_kind=kind,
        source_id=source_id,
        invoice_id=invoice_id,
        position=position,
        amount=amount,
        currency="USD",
        allocated_on=date(2026, 2, 25),
    )


def page(*records: Any, cursor: str = "1", **facts: Any) -> Page:
    """A page of any records, sorted into their places."""

    def of(kind: type) -> tuple[Any, ...]:
        return tuple(record for record in records if isinstance(record, kind))

    return Page(
        cursor=cursor,
        customers=of(CustomerRecord),
        invoices=of(InvoiceRecord),
        payments=of(PaymentRecord),
        credits=of(CreditRecord),
        allocations=of(AllocationRecord),
        **facts,
    )


@dataclass
class Shop:
    """One company in the store, and what a test does with it."""

    database: Database
    id: int
    now: datetime

    @classmethod
    def open(cls, database: Database, external_id: str, now: datetime) -> Shop:
        with database.begin() as session:
            company = companies.connect(
                session, platform="xero", external_id=external_id, name=external_id, mode="automatic", now=now
            )
        assert company.id is not None
        return cls(database, company.id, now)

    @property
    def today(self) -> date:
        return self.now.date()

    def reads(self, *records: Any, **facts: Any) -> pages.PageCounts:
        """Store one page."""
        with self.database.begin() as session:
            return pages.store_page(session, self.id, page(*records, **facts), self.now)

    def balance(self, invoice_id: str = "I1") -> int:
        return self.invoice(invoice_id).balance

    def invoice(self, invoice_id: str = "I1") -> Invoice:
        with self.database.read() as session:
            row = Scope(session, self.id).get(Invoice, id=invoice_id)
        assert row is not None
        return row

    def account(self, customer_id: str = "C1", **facts: Any) -> Account:
        with self.database.read() as session:
            (account,) = accounts.load(session, self.id, [customer_id], self.today, **facts)
        return account

    def due(self, today: date | None = None) -> list[str]:
        with self.database.read() as session:
            return accounts.due_customers(session, self.id, today or self.today)

    def act(self, key: str = "remind-1") -> Action:
        with self.database.read() as session:
            act = Scope(session, self.id).get(Action, key=key)
        assert act is not None
        return act

    def records(self, plan: Plan, acts: Sequence[PlannedAct] = ()) -> list[str]:
        """Record a plan whose every action takes these acts."""

        def bodies(_action: Planned) -> Sequence[PlannedAct]:
            return acts

        with self.database.begin() as session:
            company = companies.get(session, self.id)
            return ledger.record_plan(session, company, plan, 1, None, self.now, self.today, bodies)

    def plans_reminder(self, key: str = "remind-1", invoices: Iterable[str] = ("I1",), step: int = 1) -> list[str]:
        """Record a reminder, and the note on the platform that follows it."""
        taken = tuple((invoice_id, step) for invoice_id in invoices)
        acts = [
            PlannedAct(kind="remind", key=key, step=step, invoices=taken, body='{"mail":1}'),
            PlannedAct(kind="note", key=f"note-{key}", after_key=key, step=step, invoices=taken, body='{"note":1}'),
        ]
        return self.records(reminder(self.today, step=step), acts)

    def moves(self, move: Any, *arguments: Any, **named: Any) -> Any:
        """One transition of the ledger, in a transaction of its own."""
        with self.database.begin() as session:
            return move(session, self.id, *arguments, **named)

    def sends(self, key: str = "remind-1") -> None:
        assert self.moves(ledger.claim, key, "worker", self.now)
        assert self.moves(ledger.done, key, "<message-id>", self.now)

    def ready(self) -> list[str]:
        with self.database.read() as session:
            return [act.key for act in ledger.next_acts(session, self.id, self.now)]


def reminder(on: date, customer_id: str = "C1", step: int = 1) -> Plan:
    """The plan of an account with one invoice that is reminded."""
    due = InvoiceDue(
        invoice_id="I1",
        number="INV-1",
        due_on=date(2026, 2, 21),
        balance=Money(10_000, "USD"),
        days_overdue=9,
        step=step,
    )
    action = SendReminder(customer_id=customer_id, step=step, template="reminder_1", invoices=(due,), reason=WHY)
    return Plan(
        customer_id=customer_id,
        on=on,
        actions=(action,),
        decisions=(Decision(invoice_id="I1", outcome="remind", reason=WHY),),
        look_again_on=on + timedelta(days=7),
    )
