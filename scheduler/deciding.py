"""Decide and record: every account that was touched or is due, in chunks, each chunk one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlmodel import Session

from engine.account import Account
from engine.needs import needs_of
from engine.plan import Plan
from engine.policy import Policy
from scheduler.acts import Pen
from scheduler.booking import ask_where_fees_go
from scheduler.lease import Lease
from scheduler.parts import Parts
from scheduler.report import Report
from scheduler.words import Words, words_for
from store import accounts, companies, families, lapsing, ledger, policies, promise_outcomes
from store.families import Family
from store.tables import Company

CHUNK = 200
"""Accounts decided and recorded in one transaction: small enough not to hold up the web pages on SQLite."""


def decide_and_record(
    parts: Parts, company_id: int, run_id: int, lease: Lease, report: Report, *, dry_run: bool
) -> None:
    """Decide every due account and record the plans. Nothing is sent here."""
    with parts.database.begin() as session:
        company = companies.get(session, company_id)
        policy = policies.for_company(session, company)
        today = policy.calendar.day_of(parts.clock())
        if not dry_run:
            company = _begin_day(session, company, today, parts.clock())
        due = families.families(session, company_id, accounts.due_customers(session, company_id, today), [policy])
        words = words_for(session, company_id) if due else Words({}, {})
    for chunk in _chunks(due):
        with parts.database.begin() as session:
            accounts.lock(session, company_id, [name for family in chunk for name in family])
            decided = list(families.plans(session, company_id, chunk, policy, today, needs=needs_of(policy)))
            for account, plan in decided:
                _count(plan, report)
                if not dry_run:
                    _record(parts, session, company, policy, words, account, plan, run_id, today)
            if not dry_run:
                lapsing.look(session, company_id, decided, parts.clock())
                names = [name for family in chunk for name in family]
                promise_outcomes.note(session, company_id, names, today, parts.clock())
        lease.beat()


def _begin_day(session: Session, company: Company, today: date, now: datetime) -> Company:
    """The first day of the watch, and the day after a pause, are noted; most days are neither."""
    if company.watched_since_on is not None and company.paused_until_on is None:
        return company
    companies.begin_watch(session, company.stored_id, today)
    companies.end_pause(session, company.stored_id, today, now)
    return companies.get(session, company.stored_id)


def _record(
    parts: Parts,
    session: Session,
    company: Company,
    policy: Policy,
    words: Words,
    account: Account,
    plan: Plan,
    run_id: int,
    today: date,
) -> None:
    pen = Pen(company, policy, account, parts.links, today, parts.platforms[company.platform], words)
    ledger.record_plan(session, company, plan, policy.version, run_id, parts.clock(), today, pen.acts_for)
    if company.mode != "observe":
        ask_where_fees_go(session, pen, plan, parts.clock())


def _count(plan: Plan, report: Report) -> None:
    report.decided.update(decision.outcome for decision in plan.decisions)


def _chunks(due: Sequence[Family]) -> Iterator[list[Family]]:
    """Whole families, until there are enough accounts."""
    chunk: list[Family] = []
    size = 0
    for family in due:
        chunk.append(family)
        size += len(family)
        if size >= CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
