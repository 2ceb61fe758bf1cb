"""The past: one customer's books as they stood on any day of recorded history, walked forward a day at a time.

Pure. Invoices appear on the day they were issued; a payment or credit counts from the day on which the books knew of
it, which may be later than the day on which the customer paid. What people have said since (promises, pauses, a hold
set by hand) has no date that reaches back, so it is left out; a dispute, an opt-out and "never chase" are kept. Of what
the customer's habits were, only as much is known on a day as had been settled by then.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from engine.account import Account, CreditStanding, Invoice
from engine.books import InvoiceStatus
from engine.history import Received, Settled
from engine.money import Money

OPEN, PAID = InvoiceStatus.OPEN, InvoiceStatus.PAID
KEPT = timedelta(days=60)
"""How long a settled invoice, and a contact, still belong to the account: as in tonight's run."""


class Use(Struct, frozen=True, kw_only=True):
    """What a payment or credit took off one invoice, in the invoice's currency, and the day it was set against it."""

    invoice_id: str
    on: date
    amount: Money


class Receipt(Struct, frozen=True, kw_only=True):
    """One payment or credit: the customer's day, the first day on which our books knew, and where it went."""

    paid_on: date
    known_on: date
    left: Money
    """What is not applied to any invoice today."""
    uses: tuple[Use, ...] = ()
    is_payment: bool = True


class Past(Struct, frozen=True, kw_only=True):
    """One customer: the account as it is now, with every invoice of the time looked at, and all money received."""

    account: Account
    receipts: tuple[Receipt, ...] = ()


Change: TypeAlias = tuple[date, int, str, Money | None, date | None]
"""(day, kind, invoice id or "", amount, the day a payment was made): sorted by kind within a day, so that an invoice is
there before its money."""
ISSUED, RECEIVED, USED, KNOWN_TODAY = range(4)


class Books:
    """One customer's books on one day. `advance` moves the day on; `became` takes in what was decided in between."""

    def __init__(self, past: Past, watched_since_on: date) -> None:
        account = past.account
        self._invoices = {one.id: one for one in account.invoices if one.status in (OPEN, PAID)}
        self._receipts = past.receipts
        self._late = [one for one in past.receipts if one.is_payment and one.paid_on < one.known_on]
        changes = sorted(self._changes(), key=lambda change: change[:3])
        self._days = [(day, list(some)) for day, some in groupby(changes, key=lambda change: change[0])]
        self._next = 0
        self._live: dict[str, Invoice] = {}
        self._unapplied: dict[str, int] = {}
        self._settled: list[Settled] = []
        self.account = replace(
            account,
            invoices=(),
            unapplied=(),
            contacts=(),
            fees=(),
            forgiven=(),
            history=(),
            promises=(),
            returned_payments=0,
            answered=frozenset(),
            credit=CreditStanding(limit=account.credit.limit),
            is_paused=False,
            paused_until_on=None,
            watched_since_on=watched_since_on,
        )

    @property
    def next_change_on(self) -> date | None:
        """The first day still to come on which something new stands in the books."""
        return self._days[self._next][0] if self._next < len(self._days) else None

    def advance(self, today: date) -> Account:
        """The account as of `today`, which never goes back."""
        while self._next < len(self._days) and self._days[self._next][0] <= today:
            for change in self._days[self._next][1]:
                self._apply(change)
            self._next += 1
        since = today - KEPT
        live = {key: one for key, one in self._live.items() if one.settled_on is None or one.settled_on >= since}
        self._live = live
        self.account = replace(
            self.account,
            invoices=tuple(live.values()),
            unapplied=tuple(Money(left, code) for code, left in sorted(self._unapplied.items()) if left > 0),
            contacts=tuple(contact for contact in self.account.contacts if contact.on >= since),
            history=tuple(self._settled),
        )
        return self.account

    def became(self, account: Account) -> None:
        """Take in what a plan, carried out, changed in the account of this day."""
        self.account = account
        self._live = {one.id: one for one in account.invoices}

    def was_being_paid(self, invoice_ids: frozenset[str], on: date) -> bool:
        """Whether a payment for one of these had been made by that day, of which our books learnt only later."""
        return any(
            receipt.paid_on <= on < receipt.known_on and any(use.invoice_id in invoice_ids for use in receipt.uses)
            for receipt in self._late
        )

    def _changes(self) -> Iterator[Change]:
        last_use: dict[str, date] = {}
        for receipt in self._receipts:
            came = receipt.left.minor
            for use in receipt.uses:
                invoice = self._invoices.get(use.invoice_id)
                day = max(receipt.known_on, use.on, invoice.issued_on if invoice else use.on)
                came += use.amount.minor if use.amount.currency == receipt.left.currency else 0
                if invoice is not None:
                    last_use[invoice.id] = max(day, last_use.get(invoice.id, day))
                yield day, USED, use.invoice_id, use.amount, receipt.paid_on if receipt.is_payment else None
            yield receipt.known_on, RECEIVED, "", Money(came, receipt.left.currency), None
        for invoice in self._invoices.values():
            yield invoice.issued_on, ISSUED, invoice.id, None, None
            # Deposits, refunds, differences: once all its documents are in, the books say what they say today.
            all_in = last_use.get(invoice.id, invoice.settled_on or invoice.issued_on)
            yield all_in, KNOWN_TODAY, invoice.id, None, None

    def _apply(self, change: Change) -> None:
        day, kind, invoice_id, amount, paid_on = change
        if kind == ISSUED:
            self._live[invoice_id] = _as_issued(self._invoices[invoice_id])
        elif kind == RECEIVED and amount is not None:
            self._unapplied[amount.currency] = self._unapplied.get(amount.currency, 0) + amount.minor
        elif kind == USED and amount is not None:
            if amount.currency in self._unapplied:
                self._unapplied[amount.currency] -= amount.minor
            self._lower(invoice_id, day, by=amount.minor)
            if paid_on is not None and (paid := self._live.get(invoice_id)) is not None:
                self._live[invoice_id] = replace(paid, payments=(*paid.payments, Received(paid_on, amount)))
        elif kind == KNOWN_TODAY:
            self._lower(invoice_id, day, to=self._invoices[invoice_id].balance.minor)

    def _lower(self, invoice_id: str, day: date, *, by: int = 0, to: int | None = None) -> None:
        invoice = self._live.get(invoice_id)
        if invoice is None or invoice.settled_on is not None:
            return
        left = max(0, invoice.balance.minor - by)
        left = left if to is None else min(left, to)
        invoice = replace(invoice, balance=Money(left, invoice.balance.currency))
        if left == 0:
            invoice = replace(invoice, status=PAID, settled_on=day)
            self._settled.append(
                Settled(issued_on=invoice.issued_on, due_on=invoice.due_on, settled_on=day, total=invoice.total)
            )
        self._live[invoice_id] = invoice


def _as_issued(invoice: Invoice) -> Invoice:
    return replace(
        invoice,
        status=OPEN,
        balance=invoice.total,
        payments=(),
        settled_on=None,
        last_step=0,
        last_contact_on=None,
        discount_offered=False,
        offered_percent=None,
        offered_until_on=None,
        discount_refused=False,
        discount_accepted=False,
        promise=None,
        is_paused=False,
        paused_until_on=None,
        is_unread=False,
    )
