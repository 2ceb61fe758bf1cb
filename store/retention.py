"""What is forgotten with time, over all companies. Called daily, in small bites, so that no run waits for it.

Kept without end: the copy of the books, which acts there were and what became of them, the contacts that measures
count, every version of a policy, and the audit. What is forgotten tells nothing that a decision still rests on.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, func, select, update
from sqlmodel import Session

from store.sql import run, table_of
from store.tables import Action, Decision, KeptPaper, OAuthRequest, Run, SetAsideRecord, Task, Upload, WebhookDelivery

ACTION, DECISION, TASK = table_of(Action), table_of(Decision), table_of(Task)
PAPER = table_of(KeptPaper)
RUN, SET_ASIDE = table_of(Run), table_of(SetAsideRecord)
OAUTH, DELIVERY, UPLOAD = table_of(OAuthRequest), table_of(WebhookDelivery), table_of(Upload)

BITE = 2000
"""Rows in one transaction."""
RUNS_KEPT = timedelta(days=90)
"""Runs and records that read well again: of use while somebody looks for a fault."""
DELIVERIES_KEPT = timedelta(days=31)
"""Both platforms stop repeating a webhook well before this."""
SIGN_INS_KEPT = timedelta(days=1)
FILES_KEPT = timedelta(days=1)
"""Uploaded files that nobody has said a word on."""
ENDED = ("done", "failed", "cancelled")


def old(now: datetime, keep: timedelta | None) -> dict[str, tuple[Table, ColumnElement[bool]]]:
    """What is past its time, by what it is. `keep` is the age of what speaks of customers; None keeps that."""
    found: dict[str, tuple[Table, ColumnElement[bool]]] = {
        "sign-ins begun": (OAUTH, OAUTH.c.created_at < now - SIGN_INS_KEPT),
        "uploaded files that waited": (
            UPLOAD,
            (UPLOAD.c.state != "taken") & (UPLOAD.c.uploaded_at < now - FILES_KEPT),
        ),
        "webhook deliveries": (DELIVERY, DELIVERY.c.received_at < now - DELIVERIES_KEPT),
        "runs": (RUN, RUN.c.finished_at < now - RUNS_KEPT),
        "records that read well again": (SET_ASIDE, SET_ASIDE.c.resolved_at < now - RUNS_KEPT),
    }
    if keep is None:
        return found
    since = now - keep
    over = DECISION.c.is_current.is_(False) & (DECISION.c.last_on < since.date())
    written = ACTION.c.state.in_(ENDED) & (ACTION.c.ended_at < since) & (ACTION.c.body != "")
    return found | {
        "texts of messages": (ACTION, written),
        "decisions that others have followed": (DECISION, over),
        "papers kept": (PAPER, PAPER.c.made_at < since),
        "tasks done": (TASK, (TASK.c.state != "open") & (TASK.c.done_at < since)),
    }


def count(session: Session, now: datetime, keep: timedelta | None) -> dict[str, int]:
    """How many there are of each. Changes nothing."""
    counted = {
        what: select(func.count()).select_from(table).where(here) for what, (table, here) in old(now, keep).items()
    }
    return {what: session.scalar(wanted) or 0 for what, wanted in counted.items()}


def forget_some(session: Session, what: str, now: datetime, keep: timedelta | None) -> int:
    """Forget a bite of one kind; returns how many that was, 0 when none is left."""
    table, here = old(now, keep)[what]
    key = list(table.primary_key)
    # Of the tables here only set-asides and papers have a key of several columns; they are few.
    bite = here if len(key) > 1 else key[0].in_(select(key[0]).where(here).limit(BITE))
    if table is ACTION:
        return run(session, update(table).where(bite).values(body=""))
    return run(session, delete(table).where(bite))
