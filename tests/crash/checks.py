"""Checks: what must hold once the trouble is over, read from the platform's books and the customers' mailbox.

Our own store is asked only for what nobody else can know: that every act has an end or a person who was asked, and that
every open invoice has its reason.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from store import audit
from store.tables import Action, Company, ContactEvent, Decision, Invoice, Task
from tests.crash.stage import Case

MARK = re.compile(r"\[ref ([0-9a-f]{12})\]")
ENDED = ("done", "failed", "held", "cancelled")


@dataclass(frozen=True)
class Outcome:
    """What the outside world saw of one case: messages by (address, subject), notes by document, holds."""

    messages: Counter[tuple[str, str]]
    notes: Counter[str]
    holds: int


def outcome(case: Case) -> Outcome:
    documents = [("invoice", row.id) for row in case.rows(Invoice)]
    notes: Counter[str] = Counter()
    for place, (entity, id) in enumerate(sorted(documents, key=lambda each: _number(case, each[1]))):
        notes[f"{entity} {place}"] = len(MARK.findall("\n".join(case.books.notes_on(entity, id))))
    return Outcome(
        messages=Counter((mail.recipients[0].split("@")[0], mail.subject) for mail in case.mails()),
        notes=+notes,
        holds=len(case.books.customers_on_hold()),
    )


def _number(case: Case, id: str) -> str:
    return str(next(row.number for row in case.rows(Invoice, id=id)))


def problems(case: Case, expected: Outcome) -> list[str]:
    """Everything that does not hold, in words; empty when all is well. `expected` is the same case undisturbed."""
    return [
        *nothing_twice(case),
        *nothing_lost(case, expected),
        *nothing_silent(case),
        *money_agrees(case),
        *books_of_our_own(case),
    ]


def nothing_twice(case: Case) -> list[str]:
    ids = Counter(str(mail.message["Message-ID"]) for mail in case.mails())
    found = [f"the message {name} went out {times} times" for name, times in ids.items() if times > 1]
    subjects = outcome(case).messages
    found += [f"{whom} got {subject!r} {times} times" for (whom, subject), times in subjects.items() if times > 1]
    for row in case.rows(Invoice):
        marks = Counter(MARK.findall("\n".join(case.books.notes_on("invoice", row.id))))
        found += [f"invoice {row.number} carries the note {mark} {n} times" for mark, n in marks.items() if n > 1]
    for customer in {row.customer_id for row in case.rows(Invoice)}:
        marks = Counter(MARK.findall("\n".join(case.books.notes_on("customer", customer))))
        found += [f"customer {customer} carries the note {mark} {n} times" for mark, n in marks.items() if n > 1]
    return found


def nothing_lost(case: Case, expected: Outcome) -> list[str]:
    """Whatever would have gone out went out, or a person has been asked about it."""
    here = outcome(case)
    asked = {task.subject for task in case.rows(Task, state="open")}
    acts = case.rows(Action)
    questions = sum(act.state in ("held", "failed") and act.key in asked for act in acts)
    missing = expected.messages - here.messages
    found = []
    if missing.total() > questions:
        found.append(f"lost: {dict(missing)}, and a person was asked about {questions}")
    if here.messages - expected.messages:
        found.append(f"nobody had called for {dict(here.messages - expected.messages)}")
    if not questions and here.notes != expected.notes:
        found.append(f"notes {dict(here.notes)} instead of {dict(expected.notes)}")
    if not questions and here.holds != expected.holds:
        found.append(f"{here.holds} customers on hold instead of {expected.holds}")
    sent = {str(mail.message["Message-ID"]).strip("<>").split("@")[0] for mail in case.mails()}
    for act in acts:
        if act.kind in ("remind", "discount_offer"):
            if act.state == "done" and act.key not in sent:
                found.append(f"{act.kind} is done, and no mail came")
            if act.key in sent and act.state not in ("done", "held"):
                found.append(f"{act.kind} went out and is {act.state}")
    return found


def nothing_silent(case: Case) -> list[str]:
    asked = {task.subject for task in case.rows(Task, state="open")}
    found = []
    states = {act.key: act.state for act in case.rows(Action)}
    for act in case.rows(Action):
        # What waits for a held act waits for a person, too.
        if act.state not in ENDED and states.get(act.after_key) != "held":
            found.append(f"{act.kind} is left {act.state}: {act.outcome}")
        if act.state in ("held", "failed") and act.key not in asked:
            found.append(f"{act.kind} is {act.state}, and nobody was asked")
    told = {row.invoice_id for row in case.rows(Decision, is_current=True) if row.sentence}
    found += [f"open invoice {one.number} has no reason" for one in case.books.open_invoices() if one.id not in told]
    return found


def money_agrees(case: Case) -> list[str]:
    theirs = {one.id: one.balance for one in case.books.open_invoices()}
    ours = {row.id: Decimal(row.balance).scaleb(-2) for row in case.rows(Invoice, status="open")}
    return [] if theirs == ours else [f"we say {ours}, the platform says {theirs}"]


def books_of_our_own(case: Case) -> list[str]:
    """The audit holds together, each message counts once as a contact, and the company is free again."""
    with case.parts.database.read() as session:
        found = audit.verify(session, case.company_id)
    contacts = Counter(row.action_key for row in case.rows(ContactEvent))
    for act in case.rows(Action):
        wanted = act.kind in ("remind", "discount_offer") and act.state in ("done", "held")
        if contacts[act.key] != wanted:
            found.append(f"{act.kind}, {act.state}, counts {contacts[act.key]} times as a contact")
    [company] = case.rows(Company)
    if company.claimed_by:
        found.append(f"the company is still claimed by {company.claimed_by}")
    return found
