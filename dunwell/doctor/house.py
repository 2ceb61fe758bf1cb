"""What is ours: the secret, the database and its room on the disk, whether runs keep up, the address of the web app."""

from __future__ import annotations

import os
import shutil
import socket
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlmodel import Session

from connectors.ports import Clock
from dunwell.clock import clock_from, system_clock
from dunwell.doctor.finding import Finding, to_mend, unknown, well
from dunwell.settings import Settings, WrongSettings
from store import companies, pulse, runs, tokens, uploads
from store.database import Database

FREE_BYTES, FREE_SHARE = 500 * 2**20, 0.05
LATE = timedelta(hours=1)
DAY = timedelta(days=1)
XERO_DAY = {"starter": 1000, "others": 5000}
"""Calls a day of one app to one organisation, by Xero's plan for the app. Source: Xero's pricing page, 2026."""
NEAR = 0.8


def clock_of(settings: Settings) -> Clock:
    return clock_from(settings.now) if settings.now else system_clock


def secret(settings: Settings) -> Finding:
    kept = settings.data_dir / "secret.key"
    if not settings.secret_key and not settings.database_url and not kept.exists():
        return well("secret", f"{kept} will be made at the first start")
    try:
        keys = settings.secret_keys()
    except WrongSettings as error:
        return to_mend("secret", str(error), "Every process needs the same one")
    if not settings.secret_key and stat.S_IMODE(kept.stat().st_mode) & 0o077:
        return to_mend("secret", f"others on this machine can read {kept}", f"chmod 600 {kept}")
    if len(keys) > 1:
        return well("secret", f"{len(keys)} in use; `dunwell rotate-secrets`, then take the old ones away")
    return well("secret", "one in use; keep a copy of it apart from the copies of the database")


def database(settings: Settings) -> Finding:
    """Looks at the schema without bringing it up to date."""
    file = _file(settings)
    if file is not None and not file.exists():
        return well("database", f"{file} will be made at the first start")
    held = Database(settings.database())
    try:
        found, newest = held.revision(), held.newest()
    except Exception as error:
        advice = "Check DUNWELL_DATABASE_URL, and that the server is up and lets this machine in"
        return to_mend("database", f"does not answer ({type(error).__name__})", advice)
    finally:
        held.dispose()
    if found > newest:
        return to_mend("database", f"schema {found} is of a newer Dunwell than this one ({newest})", "Update Dunwell")
    if found != newest:
        return to_mend(
            "database", f"schema {found}; the newest is {newest}", "Run dunwell migrate; a start does it too"
        )
    return well("database", f"{'PostgreSQL' if file is None else file}, schema {found}")


def disk(settings: Settings) -> Iterator[Finding]:
    """Room for the database to grow, and for a copy beside it."""
    file = _file(settings)
    folder = (file.parent if file else settings.data_dir).resolve()
    while not folder.exists():
        folder = folder.parent
    room = shutil.disk_usage(folder)
    free = f"{room.free / 2**30:.1f} GB free at {folder}"
    size = file.stat().st_size if file and file.exists() else 0
    if room.free < FREE_BYTES or room.free < room.total * FREE_SHARE:
        yield to_mend("disk", free, "Make room: on a full disk nothing can be recorded, and so nothing is sent")
    elif room.free < 2 * size:
        yield to_mend("disk", f"{free}, less than two copies of the database", "Make room for `dunwell backup`")
    else:
        yield well("disk", free)
    if not os.access(folder, os.W_OK):
        yield to_mend("data folder", f"{folder} cannot be written to", "Let the user that runs Dunwell write there")


def keeping_up(settings: Settings, now: Clock) -> Iterator[Finding]:
    """Whether companies that are due get their runs, and how near the busiest is to its platform's daily limit."""
    file = _file(settings)
    if file is not None and not file.exists():
        return
    held = Database(settings.database())
    try:
        at = now()
        with held.read() as session:
            found, calls = pulse.pulse(session, at), runs.most_calls(session, at - DAY)
            ending = [*_paused(session), *_consents(session, at)]
    except Exception:
        return  # told as the database's own finding
    finally:
        held.dispose()
    yield _pace(found)
    yield from ending
    yield from _calls(calls)


def _pace(found: pulse.Pulse) -> Finding:
    connected = sum(number for (_, status), number in found.companies.items() if status == "connected")
    behind = timedelta(seconds=found.lag_seconds)
    if behind > LATE:
        detail = f"a company has waited {behind.total_seconds() / 3600:.0f} hours for its run"
        return to_mend("runs", detail, "Is `dunwell serve` running, and on PostgreSQL a `dunwell worker`?")
    if found.stale:
        advice = "Activity and the log say what came back"
        return to_mend("runs", f"the books of {found.stale} companies were not read for a day", advice)
    return well("runs", f"{connected} companies connected, none of them waits")


def _paused(session: Session) -> Iterator[Finding]:
    """No fault, but after a restore easily forgotten: whoever asks why nothing goes out finds it here."""
    if paused := [company.name for company in companies.wanted(session) if company.is_paused]:
        some = ", ".join(paused[:5]) + (" and more" if len(paused) > 5 else "")
        yield well("paused", f"nothing goes out for {some}, until that is ended under Settings")


def _consents(session: Session, now: datetime) -> Iterator[Finding]:
    """Companies that only their owner can bring back, and those whose consent is about to end."""
    ends = dict(tokens.ending(session, now))
    for company in companies.wanted(session):
        name = f"company {company.id}"
        if company.status == "reconnect_needed" and company.platform == uploads.PLATFORM:
            why = company.status_detail.partition(".")[0]
            yield to_mend(name, why[:1].lower() + why[1:], f"The owner of {company.name} must upload files")
        elif company.status == "reconnect_needed":
            yield to_mend(name, "the consent is gone", f"The owner of {company.name} must connect again")
        elif at := ends.get(company.stored_id):
            detail = f"the consent ends on {at:%d %B %Y}"
            yield to_mend(name, detail, f"The owner of {company.name} must connect again before")


def _calls(calls: dict[str, int]) -> Iterator[Finding]:
    most = calls.get("xero")
    if most is None:
        return
    detail = f"the busiest Xero organisation took {most} calls in a day; an app may make {XERO_DAY['others']}"
    detail += f" ({XERO_DAY['starter']} on the Starter plan)"
    if most > XERO_DAY["others"] * NEAR:
        yield to_mend("limits", detail, "What is over waits until tomorrow: see docs/scale.md")
    elif most > XERO_DAY["starter"] * NEAR:
        yield unknown("limits", detail, "On the Starter plan that is too near: see docs/scale.md")
    else:
        yield well("limits", detail)


def address(settings: Settings) -> Finding:
    parts = urlsplit(settings.base_url)
    host = parts.hostname or ""
    try:
        socket.getaddrinfo(host, None)
    except OSError:
        return to_mend("address", f"{host} has no entry in the name service", "Check DUNWELL_BASE_URL")
    modes = f"new companies start in {settings.default_mode} mode"
    if parts.scheme == "http" and not settings.sandbox:
        return unknown(
            "address",
            f"{settings.base_url} is this machine only; {modes}",
            "Customers' links and webhooks need a public https address in DUNWELL_BASE_URL",
        )
    return well("address", f"{settings.base_url}; {modes}")


def _file(settings: Settings) -> Path | None:
    url = make_url(settings.database())
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
