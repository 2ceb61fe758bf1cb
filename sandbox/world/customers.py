"""One customer as the world knows it: its part, what it was billed, and when it means to pay."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from sandbox.world.casting import Part


@dataclass
class Debt:
    """One bill in the customer's tray. `pay_on` None: not by itself."""

    due_on: date
    pay_on: date | None
    share: int = 100
    """Per cent of what is open that comes on `pay_on`."""
    is_disputed: bool = False


@dataclass
class Customer:
    """A customer of one company. `stage_on` is the day that its part's day counts look back from."""

    id: str
    name: str
    email: str
    part: Part
    stage_on: date
    next_order_on: date
    debts: dict[str, Debt] = field(default_factory=dict)
    """By invoice id."""

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(address.strip().lower() for address in self.email.split(",") if address.strip())

    def is_broke(self, day: date) -> bool:
        """Pays nothing any more."""
        return self._is_past(self.part.broke_before_days, day)

    def is_gone(self, day: date) -> bool:
        """Orders nothing any more: it left, or it has been broke for some days."""
        left = self.part.archived_before_days
        return self.is_broke(day - timedelta(days=12)) or self._is_past(None if left is None else left + 90, day)

    def _is_past(self, days_before: int | None, day: date) -> bool:
        return days_before is not None and day >= self.stage_on - timedelta(days=days_before)

    def take(self, invoice_id: str, issued_on: date, due_on: date, rng: Random) -> None:
        """Put a bill into the tray and make up one's mind about it."""
        habit = self.part.habit
        disputes = rng.random() < habit.disputes
        lateness = rng.randint(*(habit.rest_days if disputes else habit.lateness))
        if habit.takes_discount:
            # Early-payment terms count from the invoice date; a few days' room for the post.
            pay_on = issued_on + timedelta(days=rng.randint(5, 9))
        else:
            pay_on = max(due_on + timedelta(days=lateness), issued_on + timedelta(days=1))
        if self._stays_open(due_on):
            disputes = habit.disputes > 0
            if habit.first_share == 100 and habit.matches:
                pay_on = max(pay_on, self.stage_on + timedelta(days=rng.randint(6, 20)))
        self.debts[invoice_id] = Debt(due_on, self._pay_day(pay_on), habit.first_share, disputes)

    def _stays_open(self, due_on: date) -> bool:
        overdue = self.part.overdue_days
        return overdue is not None and self.stage_on - timedelta(days=overdue) <= due_on <= self.stage_on

    def hear(self, day: date, rng: Random) -> None:
        """A mail about money came: bills that are due, or nearly, may be paid sooner than was meant."""
        habit = self.part.habit
        if rng.random() >= habit.reaction:
            return
        wanted = self._pay_day(day + timedelta(days=rng.randint(*habit.reaction_days)))
        for debt in self.debts.values():
            is_near = debt.due_on <= day + timedelta(days=3)
            if is_near and debt.pay_on is not None and wanted is not None:
                debt.pay_on = min(debt.pay_on, max(wanted, debt.due_on))

    def paying_on(self, day: date) -> list[str]:
        """Ids of the bills that it means to pay by `day`."""
        return [id for id, debt in self.debts.items() if debt.pay_on is not None and debt.pay_on <= day]

    def paid(self, invoice_id: str, day: date, rng: Random) -> None:
        """Money went out for a bill: the rest of it, if any is to come, comes later."""
        debt = self.debts[invoice_id]
        if debt.share == 100:
            del self.debts[invoice_id]
            return
        later = day + timedelta(days=rng.randint(*self.part.habit.rest_days))
        if self._stays_open(debt.due_on):
            later = max(later, self.stage_on + timedelta(days=rng.randint(6, 20)))
        debt.share, debt.pay_on = 100, self._pay_day(later)

    def _pay_day(self, day: date) -> date | None:
        """The business day on which money meant for `day` goes out; None where the customer is broke by then."""
        if self.part.habit.pays_at_month_end:
            day = day.replace(day=monthrange(day.year, day.month)[1])
            day -= timedelta(days=max(0, day.weekday() - 4))
        elif day.weekday() > 4:
            day += timedelta(days=7 - day.weekday())
        return None if self.is_broke(day) else day
