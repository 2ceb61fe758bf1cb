"""What a customer may see of its account by a link: its own invoices, and those of the sub-customers that its messages
speak of. A sub-customer's own link shows nothing of the others."""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from sqlmodel import Session

from store import families, policies
from store.home.customers import CustomerFile, customer_file
from store.home.owed import Owed
from store.home.plans import PlanTold
from store.tables import Invoice, InvoiceWish


class SharedAccount(Struct, frozen=True, kw_only=True):
    """Invoices of every state, what was said of them, and sums by currency."""

    invoices: tuple[Invoice, ...]
    invoice_wishes: dict[str, InvoiceWish]
    balances: tuple[Owed, ...]
    plans: tuple[PlanTold, ...]
    """Payment plans under way."""
    owners: dict[str, str]
    """Name of the sub-customer, by invoice; the customer's own are not in it."""


def shared_account(session: Session, company_id: int, customer_id: str, today: date) -> SharedAccount | None:
    """The account behind a customer's link; None when the company has no such customer."""
    own = customer_file(session, company_id, customer_id, today)
    if own is None:
        return None
    policy = policies.current(session, company_id)
    _, *members = families.billed_with(session, company_id, own.customer.id, policy)
    subs = [found for name in members if (found := customer_file(session, company_id, name, today)) is not None]
    files = [own, *subs]
    return SharedAccount(
        invoices=tuple(invoice for file in files for invoice in file.invoices),
        invoice_wishes={name: wish for file in files for name, wish in file.invoice_wishes.items()},
        balances=_sums(files),
        plans=tuple(plan for file in files for plan in file.plans if plan.state in ("kept", "late")),
        owners={invoice.id: file.customer.name for file in subs for invoice in file.invoices},
    )


def _sums(files: list[CustomerFile]) -> tuple[Owed, ...]:
    sums: dict[str, Owed] = {}
    for one in (line for file in files for line in file.balances):
        so_far = sums.get(one.currency) or Owed(currency=one.currency)
        sums[one.currency] = Owed(
            currency=one.currency, owed=so_far.owed + one.owed, unapplied=so_far.unapplied + one.unapplied
        )
    return tuple(sums.values())
