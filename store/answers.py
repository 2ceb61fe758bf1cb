"""What a customer answers, on their own page or to a colleague who calls, and what follows at once.

Dunwell takes the customer at their word, within what the policy allows, so that no message crosses with it; and asks a
person to look. A word that has held back reminders once for an invoice does not do so twice: whoever says "paid" every
month is reminded in between, and a person sees it each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session

from engine.money import Money
from store import effects, remarks, tasks
from store.remarks import BY_CUSTOMER
from store.tables import Customer, Invoice
from store.wishes import Speaker

PAID_WAIT = timedelta(days=7)
"""How long reminders wait for a payment that the customer says is on its way: banks and bookkeepers take their time."""


class Answer:
    """One customer's answer about some of their open invoices, at one moment."""

    def __init__(
        self,
        session: Session,
        company_id: int,
        customer: Customer,
        today: date,
        now: datetime,
        by: str = BY_CUSTOMER,
    ) -> None:
        self._session, self._company_id, self._customer = session, company_id, customer
        self._today, self._now, self._by = today, now, by
        self._speaker = Speaker(session, company_id, now, by)

    def paid(self, invoices: Sequence[Invoice], paid_on: date, text: str) -> None:
        """They say that they have paid: reminders wait for it to be booked, once for each invoice."""
        for invoice in invoices:
            if not self._said(invoice, "says it is paid"):
                self._speaker.pause_invoice(invoice.id, True, self._today + PAID_WAIT)
            self._note("says it is paid", text, invoice, paid_on)
        detail = f"{_named(invoices)}: paid on {paid_on}, the customer says. Is it in your bank?"
        self._ask("says_paid", detail, text, invoices)

    def promises(self, invoices: Sequence[Invoice], pay_on: date, text: str) -> None:
        """They promise to pay by that day. How far a promise holds, and for whom, is the policy's business."""
        for invoice in invoices:
            self._speaker.promise(invoice.id, pay_on)
            if text:
                self._note("note", text, invoice)

    def contests(self, invoices: Sequence[Invoice], text: str) -> None:
        """Something is wrong with the invoices: they wait until a person has settled it."""
        for invoice in invoices:
            self._speaker.dispute(invoice.id, True, text)
        self._ask("dispute", f"{_named(invoices)}: the customer says that something is wrong.", text, invoices)

    def asks_for_instalments(
        self, invoices: Sequence[Invoice], owed: Sequence[Money], count: int, first_on: date, text: str
    ) -> None:
        """They ask to pay in parts. A person answers; messages wait as after any talk with a person."""
        sums = " and ".join(str(one) for one in owed)
        self._note("asks for instalments", text, on=first_on)
        effects.person_in_touch(self._session, self._company_id, self._customer.id, self._now)
        detail = f"{sums} in {count} parts, the first on {first_on}, is what the customer asks for."
        self._ask("asks_instalments", detail, text, invoices)

    def says(self, what: str, text: str) -> None:
        """Something else, in a few words of ours and theirs."""
        self._note(what, text)

    def _said(self, invoice: Invoice, what: str) -> bool:
        return remarks.said_before(self._session, self._company_id, self._customer.id, invoice.id, what)

    def _note(self, what: str, text: str, invoice: Invoice | None = None, on: date | None = None) -> None:
        remarks.add(
            self._session,
            self._company_id,
            self._customer.id,
            what,
            text,
            invoice_id=invoice.id if invoice else "",
            on=on,
            now=self._now,
            by=self._by,
        )

    def _ask(self, kind: str, detail: str, text: str, invoices: Sequence[Invoice]) -> None:
        """A new task, or the open one of the kind once more with what was said last. A colleague knows already."""
        if self._by != BY_CUSTOMER:
            return
        subject, company_id = self._customer.id, self._company_id
        tasks.close_task(self._session, company_id, kind=kind, subject=subject, outcome="said again", now=self._now)
        tasks.open_task(
            self._session,
            company_id,
            kind=kind,
            subject=subject,
            customer_id=self._customer.id,
            title=TITLES[kind],
            detail=f"{detail} “{text}”" if text else detail,
            now=self._now,
            invoice_ids=[invoice.id for invoice in invoices],
        )


TITLES = {
    "says_paid": "A customer says that they have paid",
    "dispute": "A customer contests an invoice",
    "asks_instalments": "A customer asks to pay in parts",
}


def _named(invoices: Sequence[Invoice]) -> str:
    return ", ".join(invoice.number or f"invoice {invoice.id}" for invoice in invoices)
