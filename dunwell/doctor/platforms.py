"""The platforms: whether they can be reached, and whether our clock agrees with theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import requests

from connectors.ports import Clock
from dunwell.doctor.finding import Finding, to_mend, unknown, well
from dunwell.settings import Settings

PATIENCE = 5.0
"""Seconds to wait for anything outside."""
MAY_DIFFER = timedelta(seconds=60)
"""Sign-ins and their tokens are good for a stretch of time: beyond this they begin to be refused."""


NO_WEBHOOKS = "none"
"""In the place of a key, where a platform's webhooks are not used at all."""


def platforms(settings: Settings, now: Clock) -> Iterator[Finding]:
    quickbooks, xero, freshbooks = settings.quickbooks(), settings.xero(), settings.freshbooks()
    if not any(keys.client_id for keys in (quickbooks, xero, freshbooks)):
        advice = "Set the client id and secret of QuickBooks Online, Xero or FreshBooks (docs/configuration.md)"
        yield to_mend("platforms", "no platform has keys", advice)
    dates: list[datetime] = []
    for name, client_id, secret, webhook, addresses in (
        (
            "quickbooks",
            quickbooks.client_id,
            quickbooks.client_secret,
            quickbooks.webhook_token,
            (quickbooks.discovery_url, quickbooks.api_url),
        ),
        (
            "xero",
            xero.client_id,
            xero.client_secret,
            xero.webhook_key,
            (f"{xero.identity_url}/.well-known/openid-configuration", f"{xero.api_url}/connections"),
        ),
        (
            "freshbooks",
            freshbooks.client_id,
            freshbooks.client_secret,
            NO_WEBHOOKS,
            (f"{freshbooks.auth_url}/oauth/authorize", f"{freshbooks.api_url}/auth/api/v1/users/me"),
        ),
    ):
        if client_id and not secret:
            yield to_mend(name, "a client id without a secret", f"Set DUNWELL_{name.upper()}_CLIENT_SECRET")
        elif client_id:
            yield _answers(name, addresses, dates)
            if not webhook:
                key = "TOKEN" if name == "quickbooks" else "KEY"
                advice = f"Set DUNWELL_{name.upper()}_WEBHOOK_{key}: payments are then seen within minutes"
                yield unknown(f"{name} webhooks", "no key: changes are seen every few hours only", advice)
    if settings.now:
        yield well("clock", f"set by DUNWELL_NOW: {now():%Y-%m-%d %H:%M} UTC")
    elif dates:
        yield clock(now(), dates[0])
    else:
        yield unknown(
            "clock", "could not check: no platform told its time", "Compare it with another: sign-ins need it right"
        )


def _answers(name: str, addresses: tuple[str, str], dates: list[datetime]) -> Finding:
    """Both the door and the books themselves. Being turned away (401) is an answer: we bring no token here."""
    for url in addresses:
        try:
            answer = requests.get(url, timeout=PATIENCE, allow_redirects=False)
        except requests.RequestException as error:
            advice = f"Check the network, the proxy and {url}"
            return to_mend(name, f"cannot be reached ({type(error).__name__})", advice)
        if answer.status_code >= 500:
            return to_mend(name, f"{url} answers with {answer.status_code}", "See its status page, and try again later")
        date = _date(answer.headers.get("Date", ""))
        if date is not None:
            dates.append(date)
    return well(name, "sign-in and books can be reached")


def clock(ours: datetime, theirs: datetime) -> Finding:
    """How far our clock is from a platform's."""
    apart = ours - theirs
    seconds = abs(apart.total_seconds())
    if seconds > MAY_DIFFER.total_seconds():
        way = "ahead of" if apart > timedelta(0) else "behind"
        advice = "Set the machine's clock by the network (systemd-timesyncd, chrony): sign-ins will be refused"
        return to_mend("clock", f"{seconds:.0f} seconds {way} the platforms'", advice)
    return well("clock", f"within {seconds:.0f} seconds of the platforms'")


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return found if found.tzinfo else None
