"""Invariants: what must hold of the evidence, each a pure function from what was seen to what is wrong with it.

Numbered as in the design: 1 owed, 2 once and never lost, 3 apart, 4 every cent, 5 the same answer, 6 no document of
ours, 7 in the window and the budget, 8 reasons, 10 trouble is told and everything else goes on. Number 9 is the type
checker's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import pairwise

from engine.plan import Plan
from tests.simulation.evidence import STEP_DAYS, Message, Sight

OPENS, CLOSES = time(9), time(17)
GAP, MESSAGES, PER = timedelta(days=3), 2, timedelta(days=7)
GRACE = timedelta(days=14)
"""Weekends, holidays, the contact budget, a bad week of a platform: after that a step that has not gone out is lost."""


def owed(messages: Iterable[Message]) -> list[str]:
    """1. Nobody is asked for money that is not owed, or about which they have spoken."""
    found = []
    for message in messages:
        who = f"{message.company}: the mail to {message.customer} on {message.local_at:%d %b %Y}"
        today = message.local_at.date()
        for invoice in message.invoices:
            if not invoice.is_open or invoice.balance <= 0:
                found.append(f"{who} asks for {invoice.number}, of which nothing is owed")
            if invoice.is_disputed:
                found.append(f"{who} asks for {invoice.number}, which is disputed")
            if invoice.promised_on is not None and today <= invoice.promised_on:
                found.append(f"{who} asks for {invoice.number}, promised for {invoice.promised_on}")
        if not message.invoices:
            found.append(f"{who} names no invoice")
        elif message.unapplied >= message.owed_so_far:
            found.append(f"{who} asks for what {message.unapplied} of money not yet matched covers")
        if message.is_silenced:
            found.append(f"{who} goes to somebody who is not to be written to")
    return found


def once(messages: Sequence[Message]) -> list[str]:
    """2. The same message never twice, and no step of an invoice twice for one due date.

    A mail at a step takes at least one of its invoices there for the first time: so the mails of one step must find
    invoices of their own, a different one each. A due date moved later begins another round, one moved earlier none.
    """
    keys = Counter((message.company, message.key) for message in messages)
    found = [f"{company}: message {key} went out {times} times" for (company, key), times in keys.items() if times > 1]
    steps: dict[tuple[str, str, int], list[Message]] = defaultdict(list)
    for message in messages:
        steps[message.company, message.customer, message.step].append(message)
    for (company, customer, step), mails in steps.items():
        if not _each_has_its_own(_by_round(mails)):
            found.append(f"{company}: {customer} got step {step} {len(mails)} times for the same invoices")
    return found


def _by_round(mails: Iterable[Message]) -> list[list[tuple[str, date]]]:
    """The invoices of each mail, with the latest due date that they had had by then."""
    latest: dict[str, date] = {}
    rounds = []
    for mail in sorted(mails, key=lambda mail: mail.local_at):
        for invoice in mail.invoices:
            latest[invoice.number] = max(invoice.due_on, latest.get(invoice.number, invoice.due_on))
        rounds.append([(invoice.number, latest[invoice.number]) for invoice in mail.invoices])
    return rounds


def _each_has_its_own(choices: Sequence[Sequence[tuple[str, date]]]) -> bool:
    """Whether everybody can get one of their choices without sharing: augmenting paths, as in any textbook."""
    taken: dict[tuple[str, date], int] = {}

    def settle(who: int, tried: set[tuple[str, date]]) -> bool:
        for choice in choices[who]:
            if choice not in tried:
                tried.add(choice)
                if choice not in taken or settle(taken[choice], tried):
                    taken[choice] = who
                    return True
        return False

    return all(settle(who, set()) for who in range(len(choices)))


def noted_once(sight: Sight) -> list[str]:
    """2. No note twice on any document."""
    return [
        f"{sight.name}: {document} carries the note {mark} {times} times"
        for document, marks in sight.notes.items()
        for mark, times in Counter(marks).items()
        if times > 1
    ]


def lost(sight: Sight, told: Mapping[str, date], watched_since: date, excused: Mapping[str, str]) -> list[str]:
    """2. Whatever has been due for two weeks has gone out, unless there is a reason.

    `told` has the day of the last message, `excused` the reason, both by invoice number.
    """
    found = []
    for bill in sight.open_invoices.values():
        days = [bill.due_on + timedelta(days=after) for step, after in STEP_DAYS.items() if step > 1]
        due = [day for day in days if max(day, watched_since) + GRACE <= sight.today]
        if due and bill.number not in excused and told.get(bill.number, date.min) < max(due):
            found.append(f"{sight.name}: {bill.number}, due {bill.due_on}, has had no message since {max(due)}")
    return found


def apart(messages: Iterable[Message], addresses: Mapping[str, frozenset[str]]) -> list[str]:
    """3. A company writes to its own customers only, about its own invoices."""
    found = []
    for message in messages:
        foreign = {to.lower() for to in message.recipients} - addresses.get(message.company, frozenset())
        if foreign:
            found.append(f"{message.company or 'nobody we know'} wrote to {', '.join(sorted(foreign))}")
        if any(invoice.number.startswith("unknown ") for invoice in message.invoices):
            found.append(f"{message.company} names invoices that are not its own: {message.invoices}")
    return found


def to_the_cent(sight: Sight, set_aside: frozenset[str]) -> list[str]:
    """4. Every balance equals the platform's."""
    theirs = {id: one.balance for id, one in sight.open_invoices.items() if id not in set_aside}
    ours = {id: balance for id, balance in sight.our_balances.items() if id not in set_aside}
    return [
        f"{sight.name}: invoice {id} is {theirs.get(id, 'nothing')} there and {ours.get(id, 'nothing')} here"
        for id in sorted(theirs.keys() | ours.keys())
        if theirs.get(id, Decimal(0)) != ours.get(id, Decimal(0))
    ]


def the_same_answer(
    first: Plan, second: Plan, already: frozenset[str], keys: Iterable[str], *, is_due: bool
) -> list[str]:
    """5. Deciding twice says the same, and before the day to look again nothing new."""
    found = [] if first == second else [f"customer {first.customer_id} is decided differently the second time"]
    new = set(keys) - already
    if new and not is_due:
        found.append(f"customer {first.customer_id} was not to be looked at, and yet {len(new)} acts are called for")
    return found


def nothing_made(requests: Iterable[tuple[str, str]]) -> list[str]:
    """6. While no fees are charged, no document is made over there: notes and holds are all that we write."""
    writes = [(method, path) for method, path in requests if method in ("POST", "PUT")]
    return [f"{method} {path}" for method, path in writes if not _may_write(path)]


def _may_write(path: str) -> bool:
    allowed = (
        "/query",
        "/batch",
        "/attachable",
        "/customer",
        "/history",
        "/contactgroups",
        "/connect/token",
        "/tokens",
    )
    return any(part in path.lower() for part in allowed)


def at_a_decent_hour(messages: Iterable[Message]) -> list[str]:
    """7. On weekdays, from nine to five where the company is, and never more than a customer can bear."""
    found = []
    by_customer: dict[tuple[str, str], list[Message]] = defaultdict(list)
    for message in messages:
        if message.local_at.weekday() > 4 or not OPENS <= message.local_at.time() < CLOSES:
            found.append(f"{message.company}: {message.customer} was written to at {message.local_at:%a %H:%M}")
        by_customer[message.company, message.customer].append(message)
    for (company, customer), mails in by_customer.items():
        days = sorted(mail.local_at.date() for mail in mails)
        if any(later - earlier < GAP for earlier, later in pairwise(days)):
            found.append(f"{company}: two messages to {customer} within three days: {[str(day) for day in days]}")
        if any(days[n + MESSAGES] - days[n] < PER for n in range(len(days) - MESSAGES)):
            found.append(f"{company}: more than two messages to {customer} within a week")
    return found


def explained(sight: Sight, set_aside: frozenset[str]) -> list[str]:
    """8. Every open invoice has its reason; of one that cannot be read, its owner is told just that."""
    return [
        f"{sight.name}: nobody says what becomes of invoice {one.number}"
        for id, one in sight.open_invoices.items()
        if id not in set_aside and not sight.reasons.get(id)
    ]


def goes_on(last_runs: Mapping[str, tuple[int, str]]) -> list[str]:
    """10. No company is forgotten for more than a day, and nothing goes wrong that nobody foresaw.

    `last_runs` has (hours since the last run, the detail of it) by company.
    """
    found = [f"{name} has not been run for {hours} hours" for name, (hours, _) in last_runs.items() if hours > 24]
    return found + [f"{name}: {detail}" for name, (_, detail) in last_runs.items() if "unexpected" in detail]
