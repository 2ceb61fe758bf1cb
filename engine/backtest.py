"""Backtest: what a policy would have done over recorded history, decided by the same `decide` that runs tonight.

Pure: pasts in, what would have been said and done out. Every plan is taken as carried out on its day. How customers
would have answered is not guessed at: they pay when they paid, so the messages counted are an upper bound, and no money
gained is claimed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from engine.carry import carried_out_together
from engine.family import decide_family
from engine.past import Books, Past
from engine.policy import Policy
from engine.would import Would, would_do

Key = TypeVar("Key", date, tuple[str, str])

MESSAGES = ("remind", "discount_offer", "statement", "thank_you", "deliver")
SAMPLES_A_MONTH = 25
PAID_SAMPLES = 100
WORST = 5


class Month(Struct, frozen=True, kw_only=True):
    """What one calendar month would have seen, by kind."""

    first_on: date
    counts: dict[str, int]

    @property
    def messages(self) -> int:
        """Those that customers would have got."""
        return sum(self.counts.get(kind, 0) for kind in MESSAGES)


class Backtest(Struct, frozen=True, kw_only=True):
    """What a policy would have done from `first_on` up to and including `last_on`."""

    first_on: date
    last_on: date
    customers: int
    """Customers looked at."""
    written_to: int
    """Those who would have had a message."""
    messages: int
    had_paid: int
    """Messages that would have reached somebody who had already paid: at most so many."""
    counts: dict[str, int]
    """Everything, by kind."""
    months: tuple[Month, ...]
    worst_days: tuple[tuple[date, int], ...]
    """Days with the most messages, the worst first."""
    most_written: tuple[tuple[str, str, int], ...]
    """(customer id, name, messages), those who would have had the most first."""
    samples: tuple[Would, ...]
    """Some of each month, and of those that crossed with a payment, oldest first."""


def replay(family: Sequence[Past], policy: Policy, first_on: date, last_on: date) -> Iterator[Would]:
    """What would have been done for one family of customers, most often a single one, day by day, `last_on` included.

    Days on which nothing is new and no time limit runs out are skipped: `decide` itself names the next one that counts.
    """
    books, asked = [Books(past, first_on) for past in family], set[tuple[str, str]]()
    day: date | None = first_on
    while day is not None and day <= last_on:
        accounts = [each.advance(day) for each in books]
        plans = decide_family(accounts, policy, day)
        for account, plan in zip(accounts, plans, strict=True):
            for would in would_do(account, plan):
                task = (would.customer_id, would.subject)
                if would.subject and task in asked:
                    continue  # the same task, asked again: it stays open until somebody settles it
                asked.add(task)
                ids = frozenset(would.invoice_ids)
                crossed = any(each.was_being_paid(ids, day) for each in books)
                yield replace(would, had_paid=True) if crossed else would
        if any(plan.actions for plan in plans):
            for each, account in zip(books, carried_out_together(accounts, plans), strict=True):
                each.became(account)
        coming = [each.next_change_on for each in books] + [plan.look_again_on for plan in plans]
        day = max(min(found), day + timedelta(days=1)) if (found := [on for on in coming if on is not None]) else None


class Tally:
    """Adds families of customers up, one by one, so that a long backtest can tell how far it is."""

    def __init__(self, policy: Policy, first_on: date, last_on: date) -> None:
        self._policy, self._first_on, self._last_on = policy, first_on, last_on
        self._customers = self._had_paid = 0
        self._months: dict[date, Counter[str]] = {}
        self._days: Counter[date] = Counter()
        self._written: Counter[tuple[str, str]] = Counter()
        self._samples: dict[date, list[Would]] = {}
        self._crossed: list[Would] = []

    def add(self, family: Sequence[Past]) -> None:
        """Replay one more family: a customer, with those billed with it where the policy writes to them together."""
        self._customers += len(family)
        for would in replay(family, self._policy, self._first_on, self._last_on):
            self._count(would)

    def _count(self, would: Would) -> None:
        month = would.on.replace(day=1)
        self._months.setdefault(month, Counter())[would.kind] += 1
        if would.kind in MESSAGES:
            self._days[would.on] += 1
            self._written[(would.customer_id, would.customer_name)] += 1
        if would.had_paid:
            self._had_paid += 1
            if len(self._crossed) < PAID_SAMPLES:
                self._crossed.append(would)
        elif len(shown := self._samples.setdefault(month, [])) < SAMPLES_A_MONTH:
            shown.append(would)

    def result(self) -> Backtest:
        counts: Counter[str] = Counter()
        for month in self._months.values():
            counts.update(month)
        samples = [*self._crossed, *(would for shown in self._samples.values() for would in shown)]
        return Backtest(
            first_on=self._first_on,
            last_on=self._last_on,
            customers=self._customers,
            written_to=len(self._written),
            messages=sum(self._days.values()),
            had_paid=self._had_paid,
            counts=dict(sorted(counts.items())),
            months=tuple(self._every_month()),
            worst_days=tuple(_most(self._days)),
            most_written=tuple((*who, times) for who, times in _most(self._written)),
            samples=tuple(sorted(samples, key=lambda would: (would.on, would.customer_name, would.kind))),
        )

    def _every_month(self) -> Iterator[Month]:
        month = self._first_on.replace(day=1)
        while month <= self._last_on:
            yield Month(first_on=month, counts=dict(self._months.get(month, {})))
            month = (month + timedelta(days=32)).replace(day=1)


def backtest(families: Iterable[Sequence[Past]], policy: Policy, first_on: date, last_on: date) -> Backtest:
    """Replay every family and add them up."""
    tally = Tally(policy, first_on, last_on)
    for family in families:
        tally.add(family)
    return tally.result()


def _most(counts: Counter[Key]) -> list[tuple[Key, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:WORST]
