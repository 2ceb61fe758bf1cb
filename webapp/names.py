"""Names of customers, for pages that hold only their ids."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session, col

from store.scope import Scope
from store.tables import Customer


def customer_names(session: Session, company_id: int, ids: Iterable[str]) -> dict[str, str]:
    """Names by id; an id that the company does not have is missing."""
    scope = Scope(session, company_id)
    wanted = scope.select(Customer).where(col(Customer.id).in_(sorted(set(ids))))
    return {customer.id: customer.name for customer in scope.all(wanted)}
