"""Making a customer's hand-over pack: for whoever asks for it, and for the task that suggests it, to be kept.

Within an application context whose company is `g.company`: days and amounts are written as that company does.
"""

from __future__ import annotations

from flask import Flask, g
from msgspec import Struct

from engine.claim import Claim, claims
from engine.policy import Policy
from store import accounts, companies, papers, policies
from store import home as reads
from store.attention import survivors
from store.dossier import dossier
from store.scope import Scope
from store.tables import Company, Customer, KeptPaper, Task
from webapp.formatting import local_today
from webapp.papers import handover
from webapp.services import now, services

AT_ONCE = 20


class Claimed(Struct, frozen=True, kw_only=True):
    """One customer and what may be claimed of it today."""

    customer: Customer
    claims: tuple[Claim, ...]
    policy: Policy


def claimed(company: Company, customer_id: str) -> Claimed | None:
    """None for a customer that the company does not have; a merged one is its survivor."""
    with services().database.read() as reading:
        wanted = survivors(reading, company.stored_id).get(customer_id, customer_id)
        customer = Scope(reading, company.stored_id).get(Customer, id=wanted)
        policy = policies.current(reading, company.stored_id)
        found = accounts.load(reading, company.stored_id, [wanted], local_today())
    if customer is None or not found:
        return None
    return Claimed(customer=customer, claims=claims(found[0], policy, local_today()), policy=policy)


def hand_over_pack(company: Company, customer_id: str) -> tuple[str, bytes] | None:
    """Name and content of the zip, from the books as they are now."""
    found = claimed(company, customer_id)
    if found is None:
        return None
    with services().database.read() as reading:
        file = reads.customer_file(reading, company.stored_id, found.customer.id, local_today())
        said = dossier(reading, company.stored_id, found.customer.id)
    if file is None:
        return None
    case = handover.Case(company=company, file=file, claims=found.claims, dossier=said, today=local_today())
    return f"hand-over {found.customer.name} {local_today()}.zip", handover.pack(case)


def pack_of_task(company: Company, task: Task) -> KeptPaper | None:
    """The pack that is kept with a task; made now where nobody has made it yet."""
    with services().database.read() as reading:
        found = papers.kept(reading, company.stored_id, task.id or 0)
    if found is not None or (made := hand_over_pack(company, task.customer_id)) is None:
        return found
    with services().database.begin() as writing:
        name, content = made
        papers.keep(writing, company.stored_id, task, name, content, now())
    with services().database.read() as reading:
        return papers.kept(reading, company.stored_id, task.id or 0)


def keep_packs(app: Flask) -> int:
    """Make the packs of tasks that have just appeared; returns how many. A chore, which may be killed at any time."""
    with app.app_context():
        with services().database.read() as reading:
            waiting = papers.missing(reading, AT_ONCE)
        return sum(_keep(row.company_id, row.id) for row in waiting)


def _keep(company_id: int, task_id: int) -> bool:
    with services().database.read() as reading:
        g.company = companies.get(reading, company_id)
        task = Scope(reading, company_id).get(Task, id=task_id)
    return task is not None and pack_of_task(g.company, task) is not None
