"""`dunwell erase`: what there is of one customer, told before anything is removed, and removed while no run is on."""

from __future__ import annotations

from collections.abc import Iterator

from dunwell.wiring import House
from scheduler.lease import Lease
from store import companies, erasing
from store.erasing import Holdings

BY = "the operator"
"""Who did it, in the audit: a command line knows no names."""
STAYS = (
    "Stays, because the company has to keep its accounts (GDPR Article 17(3)(b)): amounts, dates, numbers and the "
    "platform's ids of documents; that something was done, when and of what kind; the customer's id, so that no sync "
    "brings the rest back."
)
ELSEWHERE = (
    "Not here, and for you to see to: the customer in QuickBooks Online or Xero and the notes there, mails that have "
    "gone, copies of this database."
)


class CannotErase(Exception):
    """Why not, and what to do about it. Nothing was changed."""


def find(house: House, company_id: int, wanted: str) -> Holdings:
    """The one customer meant by an id, a name or an address. Raises CannotErase for none or several."""
    with house.database.read() as session:
        if all(company.id != company_id for company in companies.all_companies(session)):
            raise CannotErase(f"there is no company {company_id}")
        found = erasing.find(session, company_id, wanted)
        if len(found) > 1:
            several = ", ".join(f"{id} ({name})" for id, name in found)
            raise CannotErase(f"several customers are meant by {wanted!r}; name one by its id: {several}")
        if not found:
            raise CannotErase(f"company {company_id} has no customer with the id, name or address {wanted!r}")
        return erasing.holdings(session, company_id, found[0][0])


def told(found: Holdings) -> Iterator[str]:
    """What would go, what stays and what stands against it, line by line."""
    yield f"{found.name} ({', '.join(found.ids)})"
    yield (
        "Goes: name, addresses, telephone, references; the text of messages, reasons, outcomes and tasks; what each "
        "entry of the audit says."
    )
    yield "In: " + (", ".join(f"{number} {what}" for what, number in found.rows.items() if number) or "nothing else")
    yield STAYS
    yield ELSEWHERE
    if found.owed:
        some = ", ".join(found.owed[:10]) + (" and more" if len(found.owed) > 10 else "")
        yield (
            f"Still owed: {some}. What is needed to claim it may be kept (Article 17(3)(e)): erase when it is paid or "
            "written off, or say --although-owing. Nothing more is sent to an erased customer."
        )
    if found.in_doubt:
        yield f"{found.in_doubt} acts are under way or held: first say in Tasks whether they went out."


def stands_against(found: Holdings, *, although_owing: bool) -> str:
    """Why it cannot be done now; "" when it can."""
    if found.in_doubt:
        return "acts are under way or held"
    if found.owed and not although_owing:
        return "money is still owed"
    return ""


def erase(house: House, company_id: int, customer_id: str) -> Holdings:
    """Remove it while no run is on. Raises CannotErase while one is."""
    with house.database.begin() as session:
        is_run = companies.get(session, company_id).status == "connected"
        lease = Lease.take(house.parts, session, company_id) if is_run else None
    if is_run and lease is None:
        raise CannotErase("a run is under way: try again in a few minutes")
    now = house.parts.clock()
    try:
        with house.database.begin() as session:
            return erasing.erase(session, company_id, customer_id, now, BY)
    finally:
        if lease is not None:
            with house.database.begin() as session:
                lease.release(session, now)
