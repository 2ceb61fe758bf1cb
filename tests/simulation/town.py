"""A town: companies on both platforms and in several time zones, their customers, and what these have told us."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from sandbox.company import SandboxCompany
from sandbox.server import Sandbox
from sandbox.world import World
from sandbox.world.books import Book
from sandbox.world.businesses import HARBOR_LANE, KAURI_LANE, PENNINE, Business
from store import companies
from tests.joining import join
from tests.simulation.evidence import local
from tests.trial import Trial

HISTORY = timedelta(days=120)
CUSTOMERS = 15
"""As many as have parts of their own: every habit, once."""
TRADES = (("quickbooks", HARBOR_LANE), ("xero", KAURI_LANE), ("xero", PENNINE), ("quickbooks", PENNINE))


class Uuids:
    """Ids from the seed: a random one would let each life take another course."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng

    def uuid4(self) -> UUID:
        return UUID(int=self._rng.getrandbits(128), version=4)


@dataclass
class House:
    """One company of the town: its books over there, its id here, and what was said of its invoices and customers."""

    platform: str
    book: Book
    company_id: int
    mode: str
    since: date
    disputed: set[str] = field(default_factory=set)
    promised: dict[str, date] = field(default_factory=dict)
    words_given: Counter[str] = field(default_factory=Counter)
    """How often each customer has promised to pay."""
    silenced: set[str] = field(default_factory=set)
    opted_out: set[str] = field(default_factory=set)
    spoken_of: dict[str, date] = field(default_factory=dict)
    """The day on which somebody last said something about an invoice or a customer, by id."""

    @property
    def company(self) -> SandboxCompany:
        return self.book.company

    @property
    def name(self) -> str:
        return self.company.name

    def today(self, now: datetime) -> date:
        return local(now, self.company.time_zone).date()

    def addresses(self) -> frozenset[str]:
        named = {address for customer in self.book.customers for address in customer.addresses}
        host = {address.split("@")[1] for address in named}
        # Contact persons have addresses at the same company.
        return frozenset(named | {f"{who.split()[0].lower()}@{at}" for who in self.book.business.people for at in host})


@dataclass
class Town:
    """Everybody. `settle` founds it."""

    trial: Trial
    world: World
    houses: list[House]
    arrived: set[str] = field(default_factory=set)
    """Keys of the messages that are in somebody's mailbox."""

    @property
    def now(self) -> datetime:
        return self.trial.sandbox.clock.now()


def settle(trial: Trial, seed: int, count: int, starts_at: datetime) -> Town:
    """Found `count` companies, let them do business for some months, and connect them at `starts_at`."""
    for app in trial.sandbox.quickbooks.apps.values():
        app.webhook_url = ""
    for xero_app in trial.sandbox.xero.apps.values():
        xero_app.webhook_url = ""
    world = World(trial.sandbox.clock, trial.sandbox.mailbox, seed)
    trial.sandbox.clock.set(starts_at - HISTORY)
    founded = list(found(trial.sandbox, world, count, starts_at.date()))
    world.live_until(starts_at)
    return Town(trial, world, [_connect(trial, platform, book, mode) for platform, book, mode in founded])


def found(sandbox: Sandbox, world: World, count: int, stage_on: date) -> Iterator[tuple[str, Book, str]]:
    """(platform, book, mode) of each company, its books still empty: they fill as the world lives."""
    for number in range(count):
        platform, trade = TRADES[number % len(TRADES)]
        business = _named(trade, number)
        more: dict[str, Any] = {"tax_percent": Decimal(0)} if platform == "quickbooks" else {}
        company = getattr(sandbox, platform).create_company(
            business.name, business.country, business.currency, business.time_zone, **more
        )
        book = world.add(company, business, customers=CUSTOMERS, stage_on=stage_on)
        yield platform, book, "approve" if number % 5 == 4 else "automatic"


def _named(trade: Business, number: int) -> Business:
    """One currency, so that what is not matched can be set against what is owed without a rate."""
    return replace(trade, name=f"{trade.name} {number + 1}", other_currency="")


def _connect(trial: Trial, platform: str, book: Book, mode: str) -> House:
    company, parts, now = book.company, trial.house.parts, trial.sandbox.clock.now()
    company_id = join(trial.sandbox, parts.database, parts.box, platform, company, mode)
    with parts.database.begin() as session:
        companies.set_contact(
            session, company_id, time_zone=company.time_zone, email="office@town.example", now=now, by="owner"
        )
    return House(platform, book, company_id, mode, local(now, company.time_zone).date())
