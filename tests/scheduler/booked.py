"""A company whose owner has chosen where documents of ours are booked, from the platform's live lists."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from connectors.documents import DocumentWriter
from engine.policy import Booking, Fees, Place
from sandbox.company import SandboxCompany
from store import companies
from tests.trial import Trial

CLAUSE = "Section 9 of our terms: 12 % a year on what is paid late."


def documents(trial: Trial, company: int) -> DocumentWriter:
    """The company's own documents over there, reached as a run reaches them."""
    with trial.house.database.read() as session:
        row = companies.get(session, company)
    found = trial.house.parts.books(row).documents
    assert found is not None
    return found


def place(trial: Trial, company: int) -> Place:
    """The first choice of each list: an account or an item, and a tax."""
    choices = documents(trial, company).choices()
    account = choices.accounts[0].id if choices.accounts else ""
    item = choices.items[0].id if choices.items else ""
    return Place(account=account, item=item, tax=choices.taxes[0].id)


def charge_fees(trial: Trial, company: int, *, is_booked: bool = True, **terms: Any) -> None:
    """The owner switches fees on, without reminders: 12 % a year by contract, on the first of the month."""
    told: dict[str, Any] = {"annual_rate": Decimal(12), "as_draft": False, "issued_from_on": date(2025, 1, 1)}
    fees = Fees(is_on=True, clause=CLAUSE, **(told | terms))
    booking = Booking(fees=place(trial, company)) if is_booked else Booking()
    trial.save_policy(company, fees=fees, booking=booking, ladder=())


def fees_made(books: SandboxCompany) -> list[Any]:
    """Open invoices over there that are fees of ours."""
    return [invoice for invoice in books.open_invoices() if invoice.total < 100]
