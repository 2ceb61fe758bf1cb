"""How an act moves on: planned → approved → claimed → done | failed | held | cancelled.

Every move is an update that names the state it expects, so that of two who try, one is told False. The audit, and what
follows from a move — a contact, a hold, a step set free, a task — are written in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, and_, bindparam, exists, or_, select, true, update
from sqlmodel import Session

from store import attention, audit, effects, outbox, tasks
from store.acts import TURNED_DOWN
from store.scope import Scope, of_company
from store.sql import chunks, run, table_of
from store.tables import Action, ActionInvoice

ACTION = table_of(Action)
TAKEN = table_of(ActionInvoice)
BEFORE = ACTION.alias("before")

_IS_READY = and_(
    ACTION.c.state == "approved",
    or_(ACTION.c.not_before_at.is_(None), ACTION.c.not_before_at <= bindparam("now")),
    or_(
        ACTION.c.after_key == "",
        exists().where(
            BEFORE.c.company_id == ACTION.c.company_id, BEFORE.c.key == ACTION.c.after_key, BEFORE.c.state == "done"
        ),
    ),
)
_NEXT = of_company(Action).where(_IS_READY).order_by(ACTION.c.id).limit(bindparam("limit", type_=Integer))
_STUCK = of_company(Action).where(ACTION.c.state == "claimed").order_by(ACTION.c.id)
_CLAIM = (
    update(ACTION)
    .where(ACTION.c.company_id == bindparam("company"), ACTION.c.key == bindparam("act"), _IS_READY)
    .values(state="claimed", claimed_by=bindparam("worker"), claimed_at=bindparam("now"))
)
_CLAIM_REWRITTEN = _CLAIM.values(body=bindparam("text"))
_WAITS_UNTIL = (
    select(ACTION.c.not_before_at)
    .where(ACTION.c.company_id == bindparam("company_id"), ACTION.c.state == "approved")
    .where(ACTION.c.not_before_at > bindparam("since"))
    .order_by(ACTION.c.not_before_at)
    .limit(1)
)

WAITING = ("planned", "approved")
"""States in which nothing has happened yet."""
JUST_COME = timedelta(minutes=5)
"""A run that is at its end may have missed what came meanwhile."""


def approve(session: Session, company_id: int, key: str, now: datetime, by: str) -> bool:
    """A person lets a planned act, and what waits for it, go ahead."""
    if not _move(session, company_id, key, ("planned",), state="approved"):
        return False
    waiting = update(ACTION).where(ACTION.c.company_id == company_id, ACTION.c.after_key == key)
    run(session, waiting.where(ACTION.c.state == "planned").values(state="approved"))
    tasks.close_task(session, company_id, kind="approve", subject=key, outcome="approved", now=now)
    audit.append(session, company_id, now, by, "approved", {"key": key})
    return True


def reword(
    session: Session, company_id: int, key: str, was: str, body: str, now: datetime, by: str, **told: str
) -> bool:
    """Another body for an act that waits for approval, `told` being what the audit says of it. False where the act has
    been settled, or is no longer as it `was` when the person looked at it."""
    here = update(ACTION).where(ACTION.c.company_id == company_id, ACTION.c.key == key, ACTION.c.state == "planned")
    if run(session, here.where(ACTION.c.body == was).values(body=body)) != 1:
        return False
    audit.append(session, company_id, now, by, "reworded", {"key": key, **told})
    return True


def waiting_messages(session: Session, company_id: int, keys: Sequence[str]) -> dict[str, bool]:
    """Those of the acts that are messages waiting for approval, and whether a person has changed their words."""
    # A quotation mark within a text is escaped in JSON: no text can look like the field.
    is_edited = ACTION.c.body.contains('"edited":{').label("is_edited")
    wanted = select(ACTION.c.key, is_edited).where(ACTION.c.company_id == company_id, ACTION.c.state == "planned")
    wanted = wanted.where(ACTION.c.kind.in_(effects.MESSAGES))
    rows = (row for some in chunks(keys) for row in session.execute(wanted.where(ACTION.c.key.in_(some))))
    return {row.key: bool(row.is_edited) for row in rows}


def reject(session: Session, company_id: int, key: str, now: datetime, by: str) -> bool:
    """A person turns an act down that has not begun. Its steps stay taken: the same question is not asked again
    tomorrow, though what it means for the account may be."""
    if not _end(session, company_id, key, WAITING, "cancelled", f"{TURNED_DOWN} {by}", now, by):
        return False
    act = _get(session, company_id, key)
    effects.of_turned_down(session, company_id, act)
    attention.touch(session, company_id, [act.customer_id])
    return True


def claim(session: Session, company_id: int, key: str, worker: str, now: datetime, body: str | None = None) -> bool:
    """Take an approved act whose turn has come; `body` replaces the frozen one. False when it cannot be taken."""
    given: dict[str, Any] = {"company": company_id, "act": key, "worker": worker, "now": now}
    taken = run(session, _CLAIM, **given) if body is None else run(session, _CLAIM_REWRITTEN, **given, text=body)
    if taken != 1:
        return False
    audit.append(session, company_id, now, audit.MACHINE, "claimed", {"key": key})
    return True


def done(session: Session, company_id: int, key: str, outcome: str, now: datetime) -> bool:
    """It happened: `outcome` is what the other side calls it."""
    if not _end(session, company_id, key, ("claimed",), "done", outcome, now):
        return False
    act = _get(session, company_id, key)
    effects.of_done(session, company_id, act, now)
    _announce(session, company_id, act, now)
    return True


def failed(session: Session, company_id: int, key: str, why: str, now: datetime) -> bool:
    """It was refused for good. Its steps stay taken, what waits for it is dropped, and a person is told."""
    if not _end(session, company_id, key, ("claimed",), "failed", why, now):
        return False
    _cancel_dependants(session, company_id, key, why, now)
    act = _get(session, company_id, key)
    effects.ask_person(session, company_id, act, "failed_action", why, now)
    _announce(session, company_id, act, now)
    attention.touch(session, company_id, [act.customer_id])
    return True


def hold(session: Session, company_id: int, key: str, why: str, now: datetime) -> bool:
    """Nobody can tell whether it happened: a person must say. Until then it counts as a contact."""
    if not _move(session, company_id, key, ("claimed",), state="held", outcome=why):
        return False
    act = _get(session, company_id, key)
    effects.count_contact(session, company_id, act, now)
    effects.ask_person(session, company_id, act, "held_action", why, now)
    _announce(session, company_id, act, now)
    audit.append(session, company_id, now, audit.MACHINE, "held", {"key": key, "why": why})
    return True


def resolve_held(session: Session, company_id: int, key: str, went: bool, now: datetime, by: str) -> bool:
    """A person says whether a held act happened. What did not is set free, to be decided anew."""
    act = _get(session, company_id, key)
    said = "it happened" if went else "it did not happen"
    if not _end(session, company_id, key, ("held",), "done" if went else "cancelled", f"{said}, says {by}", now, by):
        return False
    tasks.close_task(session, company_id, kind="held_action", subject=key, outcome=said, now=now)
    if went:
        effects.of_done(session, company_id, act, now)
        _announce(session, company_id, _get(session, company_id, key), now)
    else:
        effects.uncount_contact(session, company_id, act)
        _set_free(session, company_id, act)
    return True


def cancel(session: Session, company_id: int, key: str, why: str, now: datetime, by: str = audit.MACHINE) -> bool:
    """Not called for any more: its steps are free again, what waits for it is dropped, the account is decided anew."""
    if not _end(session, company_id, key, WAITING, "cancelled", why, now, by):
        return False
    _set_free(session, company_id, _get(session, company_id, key))
    return True


def cancel_open(session: Session, company_id: int, customer_id: str, why: str, now: datetime) -> int:
    """Cancel everything of a customer that has not begun; returns how many acts that was."""
    wanted = select(ACTION.c.key).where(ACTION.c.company_id == company_id, ACTION.c.customer_id == customer_id)
    keys = session.scalars(wanted.where(ACTION.c.state.in_(WAITING), ACTION.c.after_key == "")).all()
    return sum(cancel(session, company_id, key, why, now) for key in keys)


def retry_at(session: Session, company_id: int, key: str, when: datetime, why: str, now: datetime) -> bool:
    """It surely did not happen: try again, not before `when`."""
    again = {"state": "approved", "not_before_at": when, "attempts": ACTION.c.attempts + 1, "outcome": why}
    if not _move(session, company_id, key, ("claimed",), claimed_by="", claimed_at=None, **again):
        return False
    audit.append(session, company_id, now, audit.MACHINE, "put off", {"key": key, "why": why})
    return True


def put_off(session: Session, company_id: int, key: str, until: datetime) -> bool:
    """Its turn within the day comes later: an approved act waits for it."""
    return _move(session, company_id, key, ("approved",), not_before_at=until)


def release_claim(session: Session, company_id: int, key: str, now: datetime, worker: str = "") -> bool:
    """Give a claimed act back untried: it surely did not happen. With `worker`, only while it is that one's."""
    here = update(ACTION).where(ACTION.c.company_id == company_id, ACTION.c.key == key, ACTION.c.state == "claimed")
    if worker:
        here = here.where(ACTION.c.claimed_by == worker)
    if run(session, here.values(state="approved", claimed_by="", claimed_at=None)) != 1:
        return False
    audit.append(session, company_id, now, audit.MACHINE, "claim released", {"key": key})
    return True


def next_acts(session: Session, company_id: int, now: datetime, limit: int = 500) -> list[Action]:
    """Approved acts whose turn has come, in the order they were planned."""
    return Scope(session, company_id).ask(_NEXT, now=now, limit=limit)


def next_waiting_at(session: Session, company_id: int, now: datetime) -> datetime | None:
    """The first instant for which an approved act waits; None when none waits for a time.

    What has come and did not go is held by something else, such as the hours: it waits for no time of its own.
    """
    earliest: datetime | None = session.connection().scalar(
        _WAITS_UNTIL, {"company_id": company_id, "since": now - JUST_COME}
    )
    return earliest


def stuck_claims(session: Session, company_id: int) -> list[Action]:
    """Claimed acts: asked by whoever has just taken the company, they are what an earlier run left in the middle."""
    return Scope(session, company_id).ask(_STUCK)


def _move(session: Session, company_id: int, key: str, expected: tuple[str, ...], **values: Any) -> bool:
    here = update(ACTION).where(ACTION.c.company_id == company_id, ACTION.c.key == key)
    return run(session, here.where(ACTION.c.state.in_(expected)).values(**values)) == 1


def _end(
    session: Session,
    company_id: int,
    key: str,
    expected: tuple[str, ...],
    state: str,
    outcome: str,
    now: datetime,
    by: str = audit.MACHINE,
) -> bool:
    """Bring an act to one of its last states, close the question about it, and write the audit."""
    if not _move(session, company_id, key, expected, state=state, outcome=outcome, ended_at=now):
        return False
    tasks.close_task(session, company_id, kind="approve", subject=key, outcome=outcome, now=now)
    audit.append(session, company_id, now, by, state, {"key": key, "outcome": outcome})
    if state == "cancelled":
        _cancel_dependants(session, company_id, key, outcome, now)
    return True


def _cancel_dependants(session: Session, company_id: int, key: str, why: str, now: datetime) -> None:
    wanted = select(ACTION.c.key).where(ACTION.c.company_id == company_id, ACTION.c.after_key == key)
    for dependant in session.scalars(wanted.where(ACTION.c.state.in_(WAITING))).all():
        cancel(session, company_id, dependant, why, now)


def _announce(session: Session, company_id: int, act: Action, now: datetime) -> None:
    """Tell the company's other programs how an act came out."""
    told = {name: getattr(act, name) for name in ("key", "kind", "customer_id", "step", "rule", "reason", "outcome")}
    outbox.put(session, company_id, f"action.{act.state}", told, now)


def _set_free(session: Session, company_id: int, act: Action) -> None:
    here = (TAKEN.c.company_id == company_id) & (TAKEN.c.action_key == act.key) & (TAKEN.c.is_live == true())
    run(session, update(TAKEN).where(here).values(is_live=False))
    attention.touch(session, company_id, [act.customer_id])


def _get(session: Session, company_id: int, key: str) -> Action:
    act = Scope(session, company_id).get(Action, key=key)
    if act is None:
        raise LookupError(f"there is no act {key}")
    return act
