"""Families: which customers are told about together, because the platform bills them with their parent.

Only where the policy says so: then an account is decided with its whole family, whichever of them is due.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import select, true
from sqlmodel import Session

from engine.account import Account
from engine.family import decide_family
from engine.needs import EVERYTHING, Needs
from engine.plan import Plan
from engine.policy import Policy
from store import accounts
from store.attention import survivors
from store.sql import table_of
from store.tables import Customer

CUSTOMER = table_of(Customer)

Family = tuple[str, ...]
"""Customer ids, the parent first; most customers are a family of their own."""


def families(
    session: Session, company_id: int, customer_ids: Iterable[str], policies: Sequence[Policy]
) -> list[Family]:
    """The whole families of these customers, each once, in their order."""
    wanted = dict.fromkeys(customer_ids)
    if all(policy.consolidation.by != "parent" for policy in policies):
        return [(name,) for name in wanted]
    heads = _heads(session, company_id)
    members: dict[str, list[str]] = {}
    for name, head in heads.items():
        members.setdefault(head, []).append(name)
    found = dict.fromkeys(heads.get(name, name) for name in wanted)
    return [(head, *sorted(members.get(head, ()))) for head in found]


def billed_with(session: Session, company_id: int, customer_id: str, policy: Policy) -> Family:
    """The customer and the sub-customers whose invoices its messages speak of; alone where it is no parent."""
    [family] = families(session, company_id, [customer_id], [policy])
    return family if family[0] == customer_id else (customer_id,)


def plans(
    session: Session,
    company_id: int,
    some: Iterable[Family],
    policy: Policy,
    today: date,
    without_acts: Iterable[str] = (),
    needs: Needs = EVERYTHING,
) -> Iterator[tuple[Account, Plan]]:
    """Every account of these families, and its plan."""
    chosen = list(some)
    loaded = accounts.load(
        session, company_id, [name for family in chosen for name in family], today, without_acts, needs=needs
    )
    known = {account.customer_id: account for account in loaded}
    for family in chosen:
        yield from together(family, known, policy, today)


def together(
    family: Family, known: Mapping[str, Account], policy: Policy, today: date
) -> Iterator[tuple[Account, Plan]]:
    """One family's accounts, as far as they are known, with their plans."""
    present = [known[name] for name in family if name in known]
    if present:
        yield from zip(present, decide_family(present, policy, today), strict=True)


def _heads(session: Session, company_id: int) -> dict[str, str]:
    """Sub-customer billed with its parent → the one at the top. A ring, which makes no sense, is nobody's family."""
    ends = survivors(session, company_id)
    rows = session.execute(
        select(CUSTOMER.c.id, CUSTOMER.c.parent_id).where(
            CUSTOMER.c.company_id == company_id,
            CUSTOMER.c.merged_into_id.is_(None),
            CUSTOMER.c.is_billed_with_parent == true(),
            CUSTOMER.c.parent_id.is_not(None),
        )
    )
    parents = {row.id: ends.get(row.parent_id, row.parent_id) for row in rows}
    known = set(session.scalars(select(CUSTOMER.c.id).where(CUSTOMER.c.company_id == company_id)))
    found = {}
    for name in parents:
        head, seen = name, {name}
        while (above := parents.get(head)) is not None and above in known and above not in seen:
            seen.add(above)
            head = above
        if head != name and (parents.get(head) is None or parents[head] not in seen):
            found[name] = head
    return found
