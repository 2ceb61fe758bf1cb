"""Upkeep: what is done now and then beside the runs: tell owners of trouble, give a sign of life, throw away the old.

Every chore may be done by several processes at once and twice in a row: the store decides who tells an owner, and the
rest does no harm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

import requests
import structlog

from connectors.errors import DunwellError
from engine.policy import Notices
from scheduler.owner_mail import owner_mail
from scheduler.parts import Parts
from scheduler.telling import tell_programs
from store import alerts, budgets, companies, outbox, policies, pulse, retention, tokens

log = structlog.get_logger(__name__)

PING_PATIENCE = 10.0
"""Seconds to wait for whoever listens to our signs of life."""
TOO_FAR_BEHIND = timedelta(hours=1)
"""A company that has waited so long past its time means that nobody works: then no sign of life is given."""


@dataclass(frozen=True)
class Chore:
    """Something to do every so often, in real time. `name` shows in the log."""

    name: str
    every: timedelta
    work: Callable[[], object]


def chores(parts: Parts, ping_url: str, keep: timedelta | None) -> list[Chore]:
    """All of them. Without a `ping_url` nobody is told that we live; `keep` is how long what is over is kept."""
    found = [
        Chore("tell owners", timedelta(minutes=15), lambda: tell_owners(parts)),
        Chore("tell programs", timedelta(seconds=5), lambda: tell_programs(parts)),
        Chore("throw away", timedelta(days=1), lambda: throw_away(parts, keep)),
    ]
    if ping_url:
        found.append(Chore("sign of life", timedelta(minutes=5), lambda: sign_life(parts, ping_url)))
    return found


def tell_owners(parts: Parts) -> int:
    """Look for trouble, and write to the owners of companies that have some; returns how many mails went out."""
    with parts.database.begin() as session:
        alerts.note(session, alerts.troubles(session, parts.clock()), parts.clock())
        taken = alerts.take(session, parts.clock())
    told = 0
    for company_id, some in groupby(taken, key=lambda trouble: trouble.company_id):
        told += _tell(parts, company_id, list(some))
    return told


def throw_away(parts: Parts, keep: timedelta | None) -> dict[str, int]:
    """Forget what is past its time, and token sets that speak for no company; returns how many of each."""
    now = parts.clock()
    with parts.database.begin() as session:
        found = {
            "unused consents": tokens.drop_unused(session),
            "messages to programs": outbox.forget_old(session, now),
        }
        budgets.forget_old(session, now)
    for what in retention.old(now, keep):
        found[what] = 0
        while some := _forget_some(parts, what, now, keep):
            found[what] += some
    log.info("thrown away", **{what.replace(" ", "_"): number for what, number in found.items() if number})
    return found


def _forget_some(parts: Parts, what: str, now: datetime, keep: timedelta | None) -> int:
    with parts.database.begin() as session:
        return retention.forget_some(session, what, now, keep)


def sign_life(parts: Parts, url: str) -> bool:
    """Call the address that raises an alarm when it is not called. Not while due companies wait unrun."""
    with parts.database.read() as session:
        behind = pulse.lag(session, parts.clock())
    if behind > TOO_FAR_BEHIND:
        log.error("no sign of life given: companies wait to be run", behind_seconds=round(behind.total_seconds()))
        return False
    try:
        requests.get(url, timeout=PING_PATIENCE, allow_redirects=False).raise_for_status()
    except requests.RequestException as error:
        # The address is a secret of sorts: whoever has it can keep the alarm from going off.
        log.warning("the sign of life did not arrive", error=type(error).__name__)
        return False
    return True


def _asked_for(notices: Notices) -> dict[str, bool]:
    return {"sync_stale": notices.stale, "held": notices.held, "nothing_sent": notices.unsent}


def _tell(parts: Parts, company_id: int, troubles: list[alerts.Trouble]) -> bool:
    with parts.database.read() as session:
        company, people = companies.get(session, company_id), alerts.owners(session, company_id)
        notices = policies.current(session, company_id).notices
    unwanted = {kind for kind, is_wanted in _asked_for(notices).items() if not is_wanted}
    troubles = [trouble for trouble in troubles if trouble.kind not in unwanted]
    if not troubles:
        return False
    kinds = [trouble.kind for trouble in troubles]
    if not people:
        log.error("an owner cannot be told: no address is known", company=company_id, troubles=kinds)
        return False
    try:
        mail = owner_mail(company, people, troubles, parts.links.home, parts.clock(), notices.language)
        parts.mailer.send(mail)
    except DunwellError as error:
        # Told twice is better than not at all, so an unknown outcome counts as not told.
        log.warning("an owner could not be told", company=company_id, troubles=kinds, error=str(error))
        with parts.database.begin() as session:
            alerts.give_back(session, company_id, kinds)
        return False
    log.info("owner told", company=company_id, troubles=kinds)
    return True
