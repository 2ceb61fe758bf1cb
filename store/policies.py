"""A company's policy: the version in force, every version before it, and the one made for a company that saved none."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import bindparam, select
from sqlmodel import Session

from engine.policy import Calendar, Policy
from engine.zones import time_zones, usual_zone
from store import audit, companies, tasks
from store.scope import Scope
from store.sql import insert_into, run, table_of
from store.tables import AccountState, Company, PolicyVersion

VERSION = table_of(PolicyVersion)
STATE = table_of(AccountState)


def current(session: Session, company_id: int) -> Policy:
    """The policy in force, with its `version`; 0 is the default for the company's zone, country and currency."""
    return _saved(session, company_id) or default_for(companies.get(session, company_id))


def for_company(session: Session, company: Company) -> Policy:
    """The same, for who has the company's row at hand."""
    return _saved(session, company.stored_id) or default_for(company)


def save(session: Session, company_id: int, policy: Policy, now: datetime, by: str, *, on: int | None = None) -> Policy:
    """Keep a new version and have every account decided anew. Saving what is in force already changes nothing.

    `on` is the version that the policy was made from. Raises Superseded where it is in force no more.
    """
    before = current(session, company_id)
    if before.version and before.to_yaml() == policy.to_yaml():
        return before
    version = before.version + 1
    row = {"company_id": company_id, "version": version, "document": policy.to_yaml(), "saved_at": now, "saved_by": by}
    # Of two at the same moment, the second waits here for the first, and then finds the number taken.
    taken = insert_into(session, VERSION).values(**row).on_conflict_do_nothing()
    if before.version != (before.version if on is None else on) or not run(session, taken):
        raise companies.Superseded
    run(session, STATE.update().where(STATE.c.company_id == company_id).values(is_touched=True))
    # Whoever saves a policy has seen the time zone in it, guessed or not.
    tasks.close_task(session, company_id, kind="time_zone", subject="company", outcome="saved", now=now)
    # Where fees are booked may be in it now; if not, the next fee that is due asks again.
    tasks.close_task(session, company_id, kind="fee_booking", subject="company", outcome="saved", now=now)
    audit.append(session, company_id, now, by, "policy saved", {"version": version})
    return policy.model_copy(update={"version": version})


def at_version(session: Session, company_id: int, version: int) -> Policy | None:
    """One version as it was saved, 0 being the default; None where there is none."""
    if version == 0:
        return default_for(companies.get(session, company_id))
    kept = Scope(session, company_id).get(PolicyVersion, version=version)
    return _read(kept.document, kept.version) if kept else None


def since(session: Session, company_id: int, version: int) -> list[PolicyVersion]:
    """What was saved after that version, newest first."""
    return [one for one in history(session, company_id) if one.version > version]


def history(session: Session, company_id: int) -> list[PolicyVersion]:
    """Every version ever saved, newest first."""
    scope = Scope(session, company_id)
    return scope.all(scope.select(PolicyVersion).order_by(VERSION.c.version.desc()))


def local_day(session: Session, company_id: int, now: datetime) -> date:
    """The day it is for the company at `now`, by the calendar of its policy."""
    return current(session, company_id).calendar.day_of(now)


def default_for(company: Company) -> Policy:
    """The default policy in the company's own zone, country and currency, as far as they are known and make sense."""
    zone = company.time_zone if company.time_zone in time_zones() else usual_zone(company.country)
    country = company.country if re.fullmatch("[A-Z]{2}", company.country) else ""
    currency = company.base_currency if re.fullmatch("[A-Z]{3}", company.base_currency) else ""
    return _default(zone, country, currency)


@lru_cache(maxsize=256)
def _default(zone: str, country: str, currency: str) -> Policy:
    return Policy(calendar=Calendar(time_zone=zone, country=country), base_currency=currency)


_LATEST = (
    select(VERSION.c.document, VERSION.c.version)
    .where(VERSION.c.company_id == bindparam("company_id"))
    .order_by(VERSION.c.version.desc())
    .limit(1)
)


def _saved(session: Session, company_id: int) -> Policy | None:
    latest = session.connection().execute(_LATEST, {"company_id": company_id}).first()
    return _read(latest.document, latest.version) if latest else None


@lru_cache(maxsize=256)
def _read(document: str, version: int) -> Policy:
    """A policy is frozen and asked for at every act: reading its YAML once is enough."""
    return Policy.from_yaml(document).model_copy(update={"version": version})
