"""History: what an account remembers of money received, fees charged, invoices settled and words given.

Pure values. The store reads them out of the books and of the ledger of acts; the rules on fees, credit and promises
rest on them. Days are in the company's own calendar.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from engine.money import Money


class Received(Struct, frozen=True):
    """Money received and applied to one invoice. Credits are not among them: what was credited was never owed."""

    on: date
    """The day of the payment itself, not the day on which somebody matched it."""
    amount: Money


class FeeCharged(Struct, frozen=True, kw_only=True):
    """What one fee document of ours charges for one invoice: done, under way, or taken back by a person since.

    A fee that was taken back stays on the list: it was forgiven, and is not charged a second time.
    """

    invoice_id: str
    through_on: date
    """The charge day it belongs to: the last day whose interest is in it."""
    fixed: Money
    interest: Money


class FeeForgiven(Struct, frozen=True, kw_only=True):
    """A fee of ours in the books that a person takes back."""

    key: str
    """That of the act which charged it."""
    invoice_ids: tuple[str, ...]
    """What it was charged for."""
    why: str


class Settled(Struct, frozen=True, kw_only=True, gc=False):
    """One invoice paid in full within the last two years, however it was paid."""

    issued_on: date
    due_on: date
    settled_on: date
    total: Money

    @property
    def days_late(self) -> int:
        """Whole calendar days after the due date; negative when paid early."""
        return (self.settled_on - self.due_on).days


class PastPromise(Struct, frozen=True):
    """A promise whose day has passed, and what became of it."""

    pay_on: date
    was_kept: bool


class Instalment(Struct, frozen=True):
    """One part of an invoice's balance, agreed to be paid by `due_on`. `number` counts from 1."""

    number: int
    due_on: date
    amount: Money
    place: int = 0
    of: int = 0
    """Which part of the whole plan it is, and of how many; 0 where nobody has asked."""
