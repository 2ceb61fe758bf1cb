"""Endpoints: addresses of a company's own programs that are told what happens here, each with a secret of its own."""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session

from store import audit, tasks
from store.scope import Scope, of_company
from store.secrets import SecretBox
from store.sql import run, table_of
from store.tables import WebhookEndpoint, WebhookMessage

ENDPOINT = table_of(WebhookEndpoint)
MESSAGE = table_of(WebhookMessage)

_LIVE = of_company(WebhookEndpoint).where(ENDPOINT.c.off_at.is_(None)).order_by(ENDPOINT.c.id)

MOST = 10
"""Endpoints of one company."""
PREFIX = "whsec_"
"""What secrets begin with (Standard Webhooks, symmetric signatures)."""
SHOWN = 50
"""Messages of one endpoint on its page: the newest."""


class TooManyEndpointsError(Exception):
    """The company has as many as it may: one must be removed first."""


def add(
    session: Session, company_id: int, box: SecretBox, url: str, kinds: Iterable[str], now: datetime, by: str
) -> str:
    """Tell this address of these kinds of event; returns its secret. Raises TooManyEndpointsError beyond `MOST`."""
    if len(all_of(session, company_id)) >= MOST:
        raise TooManyEndpointsError(f"there are {MOST} addresses already")
    secret = PREFIX + b64encode(secrets.token_bytes(32)).decode()
    row = WebhookEndpoint(
        company_id=company_id,
        url=url,
        kinds=",".join(kinds),
        sealed=box.seal(secret.encode()),
        created_at=now,
        created_by=by,
    )
    session.add(row)
    session.flush()
    audit.append(session, company_id, now, by, "webhook added", {"endpoint": row.id, "url": url, "kinds": row.kinds})
    return secret


def remove(session: Session, company_id: int, endpoint_id: int, now: datetime, by: str) -> bool:
    """Tell it nothing more, and forget what it was told; False when the company has no such endpoint."""
    run(session, MESSAGE.delete().where(MESSAGE.c.company_id == company_id, MESSAGE.c.endpoint_id == endpoint_id))
    if not run(session, ENDPOINT.delete().where(ENDPOINT.c.company_id == company_id, ENDPOINT.c.id == endpoint_id)):
        return False
    tasks.close_task(session, company_id, kind="webhook_off", subject=str(endpoint_id), outcome="removed", now=now)
    audit.append(session, company_id, now, by, "webhook removed", {"endpoint": endpoint_id})
    return True


def switch_off(session: Session, company_id: int, endpoint_id: int, why: str, now: datetime) -> bool:
    """Send nothing there for the time being; what waits goes on waiting. False when it is off already."""
    here = _this(company_id, endpoint_id).where(ENDPOINT.c.off_at.is_(None))
    if not run(session, here.values(off_at=now, off_reason=why)):
        return False
    waiting = update(MESSAGE).where(MESSAGE.c.endpoint_id == endpoint_id, MESSAGE.c.state == "waiting")
    run(session, waiting.values(next_try_at=None))
    audit.append(session, company_id, now, audit.MACHINE, "webhook off", {"endpoint": endpoint_id, "why": why})
    return True


def switch_on(session: Session, company_id: int, endpoint_id: int, now: datetime, by: str) -> bool:
    """Send there again, beginning with what has waited; False when it is not off."""
    here = _this(company_id, endpoint_id).where(ENDPOINT.c.off_at.is_not(None))
    if not run(session, here.values(off_at=None, off_reason="")):
        return False
    waiting = update(MESSAGE).where(MESSAGE.c.endpoint_id == endpoint_id, MESSAGE.c.state == "waiting")
    run(session, waiting.values(next_try_at=now))
    tasks.close_task(session, company_id, kind="webhook_off", subject=str(endpoint_id), outcome="on again", now=now)
    audit.append(session, company_id, now, by, "webhook on again", {"endpoint": endpoint_id})
    return True


def all_of(session: Session, company_id: int) -> list[WebhookEndpoint]:
    """Every endpoint of the company, oldest first."""
    scope = Scope(session, company_id)
    return scope.all(scope.select(WebhookEndpoint).order_by(ENDPOINT.c.id))


def live(session: Session, company_id: int) -> list[WebhookEndpoint]:
    """Those that are sent anything."""
    return Scope(session, company_id).ask(_LIVE)


def messages(session: Session, company_id: int, endpoint_id: int) -> list[WebhookMessage]:
    """What the endpoint was told last, newest first."""
    scope = Scope(session, company_id)
    mine = scope.select(WebhookMessage).where(MESSAGE.c.endpoint_id == endpoint_id)
    return scope.all(mine.order_by(MESSAGE.c.id.desc()).limit(SHOWN))


def _this(company_id: int, endpoint_id: int) -> Any:
    return update(ENDPOINT).where(ENDPOINT.c.company_id == company_id, ENDPOINT.c.id == endpoint_id)
