"""The world lives its days: every company's morning in its own time zone, in order, with the clock moved to each.

The same seed and the same mails make the same world. Nothing is random that does not come from the seed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sandbox.clock import SandboxClock
from sandbox.company import SandboxCompany
from sandbox.mailbox import Mail, Mailbox
from sandbox.world.books import Book
from sandbox.world.businesses import Business
from sandbox.world.customers import Customer
from sandbox.world.habits import HABITS

MORNING = time(8, 0)
"""When a company's bookkeeper enters what came, on the company's own clock."""


class World:
    """Companies and the days they live. Mails that reach customers move those who are moved by mails."""

    def __init__(self, clock: SandboxClock, mailbox: Mailbox, seed: int = 7) -> None:
        self.clock = clock
        self.mailbox = mailbox
        self.seed = seed
        self.books: list[Book] = []
        self._mails_read = 0
        # One history at a time: the clock is everybody's.
        self._lock = threading.Lock()

    def add(self, company: SandboxCompany, business: Business, *, customers: int, stage_on: date) -> Book:
        """Let a company take part. Its customers are entered when the world next lives, on its first morning."""
        # A generator of its own, so that one company more changes nothing in the others.
        rng = Random(f"{self.seed}|{business.name}")
        book = Book(company, business, customers=customers, stage_on=stage_on, clock=self.clock, rng=rng)
        self.books.append(book)
        return book

    def live(self, days: int) -> None:
        """Live through whole days, from the clock's now to the same hour `days` later."""
        self.live_until(self.clock.now() + timedelta(days=days))

    def live_until(self, at: datetime) -> None:
        """Live every company's mornings up to `at`, and leave the clock there. Raises ValueError for the past."""
        with self._lock, self.clock.standing():
            now = self.clock.now()
            if at < now:
                raise ValueError(f"the world cannot live back from {now.isoformat()} to {at.isoformat()}")
            for starts_at, day, book in sorted(self._mornings(now, at), key=lambda morning: morning[:1]):
                # A long morning elsewhere may have passed the hour already: time never goes back.
                self.clock.set(max(starts_at, self.clock.now()))
                self._read_mails()
                if not book.customers:
                    book.open(day)
                book.live(day)
            self.clock.set(max(at, self.clock.now()))

    def change_habit(self, external_id: str, customer_id: str, habit: str) -> None:
        """From the next bill on, a customer pays otherwise. Raises LookupError, naming what is not there."""
        if habit not in HABITS:
            raise LookupError(f"{habit!r} is no habit: expected one of {', '.join(HABITS)}")
        for book in self.books:
            for customer in book.customers:
                if (book.company.external_id, customer.id) == (external_id, customer_id):
                    customer.part = replace(customer.part, habit=HABITS[habit])
                    return
        raise LookupError(f"no customer {customer_id!r} lives in company {external_id!r}")

    def _mornings(self, after: datetime, until: datetime) -> Iterator[tuple[datetime, date, Book]]:
        for book in self.books:
            zone = ZoneInfo(book.company.time_zone)
            day = after.astimezone(zone).date()
            while (starts_at := datetime.combine(day, MORNING, zone)) <= until:
                if starts_at > after:
                    yield starts_at, day, book
                day += timedelta(days=1)

    def _read_mails(self) -> None:
        """Customers read what came since the last morning anywhere."""
        fresh = self.mailbox.mails[self._mails_read :]
        if not fresh:
            return
        self._mails_read += len(fresh)
        for book in self.books:
            zone = ZoneInfo(book.company.time_zone)
            for customer in book.customers:
                for mail in fresh:
                    if _is_for(mail, customer):
                        customer.hear(mail.received_at.astimezone(zone).date(), book.rng)


def _is_for(mail: Mail, customer: Customer) -> bool:
    return any(recipient.strip().lower() in customer.addresses for recipient in mail.recipients)
