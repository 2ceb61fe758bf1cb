"""The doctor: is everything there that Dunwell needs, and if not, what to mend."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests

from dunwell.clock import system_clock
from dunwell.settings import Settings, WrongSettings

if TYPE_CHECKING:
    from store.database import Database

PATIENCE = 5.0
"""Seconds to wait for anything outside."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `advice` says what to do where it is not well."""

    what: str
    is_well: bool
    detail: str
    advice: str = ""

    def as_line(self) -> str:
        return f"{'ok  ' if self.is_well else 'MEND'}  {self.what}: {self.detail}" + (
            f". {self.advice}" if self.advice else ""
        )


def examine(settings: Settings) -> list[Finding]:
    """Look at everything; one thing that is wrong does not stop the rest."""
    return [*_database(settings), _mail(settings), *_platforms(settings), _mode(settings)]


def _database(settings: Settings) -> Iterator[Finding]:
    from store.database import Database

    try:
        keys = settings.secret_keys()
    except WrongSettings as error:
        yield Finding("secret", False, str(error))
    else:
        yield Finding("secret", True, f"{len(keys)} in use")
    try:
        database = Database(settings.database())
        database.upgrade()
        yield Finding("database", True, f"schema {database.revision()}")
        yield from _consents(database, settings.now or system_clock())
        database.dispose()
    except Exception as error:
        yield Finding(
            "database", False, f"{type(error).__name__}", "Check DUNWELL_DATABASE_URL and that the server is up"
        )


def _consents(database: Database, now: datetime) -> Iterator[Finding]:
    """Companies that only their owner can bring back, and those whose consent is about to end."""
    from store import companies, tokens

    with database.read() as session:
        ends = dict(tokens.ending(session, now))
        wanted = companies.wanted(session)
    for company in wanted:
        name = f"company {company.id}"
        if company.status == "reconnect_needed":
            yield Finding(name, False, "the consent is gone", f"The owner of {company.name} must connect again")
        elif at := ends.get(company.stored_id):
            detail = f"the consent ends on {at:%d %B %Y}"
            yield Finding(name, False, detail, f"The owner of {company.name} must connect again before")


def _mail(settings: Settings) -> Finding:
    address = urlsplit(settings.mail().smtp_url)
    if not address.hostname:
        return Finding("mail", False, "no mail server is set", "Set DUNWELL_SMTP_URL and DUNWELL_MAIL_FROM")
    if not settings.mail_from:
        return Finding("mail", False, "no sender is set", "Set DUNWELL_MAIL_FROM")
    make: Callable[..., smtplib.SMTP] = smtplib.SMTP_SSL if address.scheme == "smtps" else smtplib.SMTP
    try:
        with make(address.hostname, address.port or 0, timeout=PATIENCE) as server:
            server.ehlo_or_helo_if_needed()
    except (OSError, smtplib.SMTPException) as error:
        return Finding("mail", False, f"{address.hostname} does not answer: {error}", "Check DUNWELL_SMTP_URL")
    return Finding("mail", True, f"{address.hostname} answers")


def _platforms(settings: Settings) -> Iterator[Finding]:
    quickbooks, xero = settings.quickbooks(), settings.xero()
    if not quickbooks.client_id and not xero.client_id:
        advice = "Set the client id and secret of QuickBooks Online or Xero (docs/configuration.md)"
        yield Finding("platforms", False, "no platform has keys", advice)
    for name, client_id, secret, url in (
        ("quickbooks", quickbooks.client_id, quickbooks.client_secret, quickbooks.discovery_url),
        ("xero", xero.client_id, xero.client_secret, f"{xero.identity_url}/.well-known/openid-configuration"),
    ):
        if client_id and not secret:
            yield Finding(name, False, "a client id without a secret", f"Set DUNWELL_{name.upper()}_CLIENT_SECRET")
        elif client_id:
            yield _answers(name, url)


def _answers(name: str, url: str) -> Finding:
    try:
        answer = requests.get(url, timeout=PATIENCE)
    except requests.RequestException as error:
        return Finding(name, False, f"cannot be reached ({type(error).__name__})", "Check the network and the address")
    is_well = answer.status_code < 500
    return Finding(name, is_well, f"answers with {answer.status_code}", "" if is_well else "Try again later")


def _mode(settings: Settings) -> Finding:
    host = urlsplit(settings.base_url).hostname or ""
    try:
        socket.getaddrinfo(host, None)
    except OSError:
        return Finding("address", False, f"{host} has no entry in the name service", "Check DUNWELL_BASE_URL")
    return Finding("address", True, f"{settings.base_url}; new companies start in {settings.default_mode} mode")
