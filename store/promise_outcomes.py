"""What became of promises, told once: to the company's other programs, and in Activity.

Whether a promise was kept follows from the payments and is reckoned each time (`store.promises`). Here it is only kept
what was told of it, so that nobody is told twice, and somebody is told again when a payment turns it round.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlmodel import Session

from store import outbox, policies, promises
from store.attention import survivors
from store.promises import Word
from store.scope import Scope
from store.sql import insert_into, run, table_of
from store.tables import PromiseOutcome

OUTCOME = table_of(PromiseOutcome)

NEWS_FOR = timedelta(days=31)
"""What became of older promises is no news any more, when it is seen for the first time."""


def note(session: Session, company_id: int, customer_ids: Iterable[str], today: date, now: datetime) -> int:
    """Tell what has become of these customers' promises since the last look; returns how many that is.

    Merged customers' promises are their survivors'.
    """
    scope, ends = Scope(session, company_id), survivors(session, company_id)
    wanted = set(customer_ids)
    names = wanted | {name for name, survivor in ends.items() if survivor in wanted}
    grace_days = policies.current(session, company_id).promises.grace_days
    became = [
        (word, state)
        for word, state in promises.outcomes(scope, names, today, grace_days)
        if state in ("kept", "broken")
    ]
    if not became:
        return 0
    rows = scope.all(
        scope.select(PromiseOutcome).where(OUTCOME.c.customer_id.in_({word.customer_id for word, _ in became}))
    )
    told = {(row.invoice_id, row.pay_on): row.state for row in rows}
    news = [
        (word, state)
        for word, state in became
        if told.get((word.invoice_id, word.promise.pay_on), state if _is_old(word, today) else "") != state
    ]
    for word, state in news:
        _tell(session, company_id, word, state, today, now)
    return len(news)


def _is_old(word: Word, today: date) -> bool:
    return word.promise.pay_on < today - NEWS_FOR


def _tell(session: Session, company_id: int, word: Word, state: str, today: date, now: datetime) -> None:
    promised = str(word.promise.amount) if word.promise.amount else "the whole of it"
    verb = "came in" if state == "kept" else "did not come in"
    row = {
        "company_id": company_id,
        "invoice_id": word.invoice_id,
        "pay_on": word.promise.pay_on,
        "customer_id": word.customer_id,
        "state": state,
        "on": today,
        "at": now,
        "sentence": f"{word.number}: {promised}, promised for {word.promise.pay_on}, {verb}.",
    }
    statement = insert_into(session, OUTCOME).values(**row)
    changes = {name: statement.excluded[name] for name in ("state", "on", "at", "sentence", "customer_id")}
    key = ["company_id", "invoice_id", "pay_on"]
    run(session, statement.on_conflict_do_update(index_elements=key, set_=changes))
    told = {name: row[name] for name in ("customer_id", "invoice_id", "pay_on")}
    amount = word.promise.amount
    told |= {"number": word.number, "amount": str(amount) if amount else None}
    outbox.put(session, company_id, f"promise.{state}", told, now)
