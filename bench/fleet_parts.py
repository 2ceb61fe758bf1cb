"""The real parts of a fleet's worker, against books that are quiet and answer after a set time.

Only the platform is not there: its calls become waits of the same length, so that what is measured is queue, claims,
store and decisions on PostgreSQL, and not a stand-in for a platform sharing the machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, cast

from connectors.config import MailConfig
from connectors.mail.smtp import SmtpMailer
from connectors.ports import Books, Platform
from engine.books import CompanyRecord, InvoiceRecord, InvoiceStatus, Page
from scheduler.parts import Links, Parts
from store.database import Database
from store.secrets import SecretBox

CALLS = 6
"""What a quiet sync of a Xero organisation costs (`connectors.xero.books`); QuickBooks Online takes half."""


def now() -> datetime:
    return datetime.now(UTC)


class QuietBooks:
    """Books in which `changed` invoices moved their due date since the last look."""

    def __init__(self, latency: float, changed: int) -> None:
        self.api_calls = 0
        self._latency, self._changed = latency, changed

    def company(self) -> CompanyRecord:
        self._call()
        return CompanyRecord(external_id="", name="", country="GB", base_currency="GBP", time_zone="Europe/London")

    def changes(self, cursor: str) -> Iterator[Page]:
        for _ in range(CALLS):
            self._call()
        moved = int(cursor or 0) + 1
        invoices = tuple(invoice(number, moved) for number in range(self._changed))
        yield Page(cursor=str(moved), is_complete=True, invoices=invoices)

    def reread(self, _accounts: Mapping[str, Sequence[str]]) -> Page:
        raise AssertionError("a company in observe mode has nothing to do")

    def _call(self) -> None:
        self.api_calls += 1
        time.sleep(self._latency)


class QuietPlatform:
    """Opens quiet books."""

    name, title, token_owner = "xero", "Xero", "person"

    def __init__(self, latency: float, changed: int) -> None:
        self._make: Callable[[], QuietBooks] = lambda: QuietBooks(latency, changed)

    def books(self, _external_id: str, _vault: Any, _clock: Any) -> Books:
        return cast(Books, self._make())


def invoice(number: int, moved: int) -> InvoiceRecord:
    """Invoice `number`, four to a customer; `moved` days make another version of it."""
    due_on = date.fromordinal(date(2026, 1, 1).toordinal() + number % 300 + moved)
    return InvoiceRecord(
        id=f"I{number}",
        customer_id=f"C{number // 4}",
        number=f"INV-{number}",
        status=InvoiceStatus.OPEN,
        issued_on=date(2025, 12, 1),
        due_on=due_on,
        currency="GBP",
        total=10_000 + number,
        stated_balance=10_000 + number,
        version=str(moved),
    )


def parts(url: str, worker: str, latency: float, changed: int) -> Parts:
    return Parts(
        database=Database(url),
        box=SecretBox(("a secret that protects nothing",)),
        platforms={"xero": cast(Platform, QuietPlatform(latency, changed))},
        mailer=SmtpMailer(MailConfig()),
        links=Links(portal=lambda _c, _i: "", unsubscribe=lambda _c, _i: "", logo=lambda _c, _f: "", home=""),
        clock=now,
        worker=worker,
    )
