"""Documents of ours in a platform's books: what is ordered, where it is booked, and what makes it."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from msgspec import Struct


class Choice(Struct, frozen=True, kw_only=True):
    """One account, tax rate or item of the platform, as the owner chooses it from a live list."""

    id: str
    name: str
    detail: str = ""


class Choices(Struct, frozen=True, kw_only=True):
    """What fees and credits may be booked to. Empty where the platform has no such notion (`items` on Xero)."""

    accounts: tuple[Choice, ...] = ()
    taxes: tuple[Choice, ...] = ()
    items: tuple[Choice, ...] = ()


class Booking(Struct, frozen=True, kw_only=True):
    """Where a document of ours is booked, as the owner chose: ids out of `Choices`; empty where not needed."""

    account: str = ""
    tax: str = ""
    item: str = ""


class FeeOrder(Struct, frozen=True, kw_only=True):
    """A fee invoice to be made. `amount` is net, in minor units.

    `reference` is its permanent mark over there, and its number where the platform takes ours: ASCII letters, digits
    and hyphens, at most 50; numbers on QuickBooks Online take 21.
    """

    customer_id: str
    currency: str
    amount: int
    description: str
    reference: str
    dated_on: date
    due_on: date
    is_draft: bool = False
    booking: Booking = Booking()


class CreditOrder(Struct, frozen=True, kw_only=True):
    """A credit over `amount` minor units, tax included, to be made and applied to one invoice.

    The tax in it follows the invoice's own lines. `reference` is its permanent mark over there.
    """

    customer_id: str
    invoice_id: str
    currency: str
    amount: int
    description: str
    reference: str
    dated_on: date
    booking: Booking = Booking()


class DocumentWriter(Protocol):
    """Documents that Dunwell makes on a platform. Guarded twice: by a key, and by looking before repeating.

    Each method may raise what `Books` raises, Refused with the platform's own words (locked period, no permission,
    plan limit), and OutcomeUnknown. All are safe to repeat: what is there already, by its reference, is not made again.
    """

    def choices(self) -> Choices: ...

    def make_fee(self, order: FeeOrder, key: str) -> str:
        """Returns the id of the fee invoice, new or found by its reference."""
        ...

    def find_fee(self, reference: str) -> str | None: ...

    def void_fee(self, invoice_id: str, key: str) -> None:
        """Take a fee back: only one that carries our reference, and nothing applied to it."""
        ...

    def grant_credit(self, order: CreditOrder, key: str) -> str:
        """Make the credit and apply it to its invoice; goes on where a former attempt stopped. Returns its id."""
        ...

    def deliver_invoice(self, invoice_id: str, key: str) -> None:
        """Have the platform itself email the invoice. Not repeatable by nature: OutcomeUnknown rather than a guess."""
        ...

    def expect_payment(self, invoice_id: str, on: date | None, key: str) -> bool:
        """Show the promised day on the invoice; False where the platform has no place for it or refuses this one."""
        ...
