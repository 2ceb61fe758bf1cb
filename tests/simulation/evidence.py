"""Evidence: what anybody outside could see, taken from the platforms' own books and the customers' mailbox.

Nothing here asks Dunwell's store. A mail is read as its customer reads it: who sent it, which invoices its table names,
and which step of the ladder its subject is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from sandbox.company import OpenInvoice, SandboxCompany
from sandbox.mailbox import Mail
from sandbox.quickbooks.company import QuickBooksCompany
from sandbox.xero.organisation import XeroCompany

SUBJECTS = (
    (0, r"^Save .* on invoice "),
    (1, r"(is due on .*|are coming due)$"),
    (2, r"^A reminder about "),
    (3, r"(is|are) still open$"),
    (4, r": please arrange payment$"),
    (5, r"^Overdue: "),
    (6, r"^Final reminder: "),
)
"""(step of the default ladder, how its subject reads); 0 is an early-payment offer."""

STEP_DAYS = {1: -3, 2: 3, 3: 10, 4: 20, 5: 35, 6: 50}
"""The default ladder: days after the due date."""


@dataclass(frozen=True)
class Standing:
    """One invoice at the moment at which a mail named it, by the platform's books and by what people have said."""

    number: str
    due_on: date
    balance: Decimal
    is_open: bool = True
    is_disputed: bool = False
    promised_on: date | None = None


@dataclass(frozen=True)
class Message:
    """One mail, and what it spoke of."""

    key: str
    company: str
    customer: str
    recipients: tuple[str, ...]
    local_at: datetime
    step: int
    invoices: tuple[Standing, ...]
    unapplied: Decimal = Decimal(0)
    owed_so_far: Decimal = Decimal(0)
    """All that the customer owes which is due no later than what the mail names: money not matched pays the oldest."""
    is_silenced: bool = False
    """The customer was paused, had opted out, or was not to be chased."""


@dataclass
class Sight:
    """One company as it stands now, from outside."""

    name: str
    today: date
    open_invoices: Mapping[str, OpenInvoice]
    our_balances: Mapping[str, Decimal] = field(default_factory=dict)
    """What Dunwell says of open invoices: the one thing here that is asked of it, to be compared."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, list[str]] = field(default_factory=dict)
    """Marks of notes, by document."""


def step_of(subject: str) -> int:
    """Raises LookupError for a subject that no template writes."""
    for step, pattern in SUBJECTS:
        if re.search(pattern, subject):
            return step
    raise LookupError(f"no template writes the subject {subject!r}")


def numbers_in(text: str) -> tuple[str, ...]:
    """Invoice numbers out of a mail's table."""
    rule = re.split(r"(?m)^-{20,}\r?$", text)
    return tuple(line.split("  ")[0].strip() for line in rule[1].splitlines() if line.strip())


def sender_of(mail: Mail) -> str:
    return parseaddr(mail.from_)[0]


def unapplied(books: SandboxCompany, customer_id: str) -> Decimal:
    """Money in the platform's books that belongs to a customer and is set against nothing yet."""
    if isinstance(books, QuickBooksCompany):
        payments = [doc.get("UnappliedAmt") for doc in books.documents("Payment") if _is_of(doc, customer_id)]
        credits = [doc.get("Balance") for doc in books.documents("CreditMemo") if _is_of(doc, customer_id)]
        return sum((Decimal(amount or 0) for amount in payments + credits), Decimal(0))
    assert isinstance(books, XeroCompany)
    total = Decimal(0)
    for table in (books.books.credit_notes, books.books.overpayments, books.books.prepayments):
        for doc in table.rows.values():
            if doc["ContactID"] == customer_id and doc["Status"] == "AUTHORISED":
                total += doc["RemainingCredit"]
    return total


def _is_of(doc: Mapping[str, object], customer_id: str) -> bool:
    reference = doc.get("CustomerRef")
    return isinstance(reference, Mapping) and reference.get("value") == customer_id


def local(at: datetime, time_zone: str) -> datetime:
    return at.astimezone(ZoneInfo(time_zone))
