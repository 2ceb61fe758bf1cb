"""What an owner uploads where books live elsewhere, as the connector makes it and the store keeps it. Pure values.

One row per record of a file, by its own id, so that a later file changes what it names and leaves the rest alone. A
record is one of `engine.books`, as JSON.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from engine.books import CreditRecord, CustomerRecord, InvoiceRecord, PaymentRecord

Record = CustomerRecord | InvoiceRecord | PaymentRecord | CreditRecord
RECORDS: dict[str, type[Record]] = {
    "customer": CustomerRecord,
    "invoice": InvoiceRecord,
    "payment": PaymentRecord,
    "credit_note": CreditRecord,
}
"""By the entity of a row, in the order in which files are taken: documents name customers."""


class UploadedRow(Struct, frozen=True, kw_only=True):
    """One row of a file. What could not be read has a `problem` and, where it never could, no `record`."""

    entity: str
    id: str
    customer_id: str = ""
    """Whose it is; of a customer, their own id. Empty where a payment names an invoice only."""
    record: str = ""
    applies_to: str = ""
    """The number or id of the invoice that a payment or a credit is for."""
    states_balance: bool = False
    """Whether an invoice's file says what is still owed; otherwise its payments decide."""
    problem: str = ""
    """One sentence for the owner."""
    is_gone: bool = False
    """It was there before, and is not in the file that was said to be everything."""


class Shelf(Struct, frozen=True, kw_only=True):
    """What is kept of a company's uploads as a whole. `version` rises with each."""

    version: int = 0
    uploaded_on: date | None = None
    """The day of the latest upload of documents, in UTC; None before the first."""
    fresh_days: int = 7
    """For so long after it the owner's word is taken for the books."""


STAY, PAID, GONE = "stay", "paid", "gone"
"""What becomes of what a file no longer has: nothing; paid, where files only hold what is open; or gone, where the file
is everything there is."""


class Comparison(Struct, frozen=True, kw_only=True):
    """A file beside what is kept: how many of its rows are new, changed and as before, and what it no longer has."""

    new: int = 0
    changed: int = 0
    same: int = 0
    unreadable: int = 0
    missing: dict[str, str] = {}
    """What the file no longer has: id → number or name, in the order of these. Of invoices, open ones only."""
    may_be_everything: bool = True
    """False where a row that cannot be read may be one of those that seem to be missing."""
