"""One company's days: what its bookkeeper enters each morning, because of what its customers did.

Everything happens through the company's own books at the sandbox clock's now, a minute or more apart, so that
timestamps look as a person's work looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from sandbox.clock import SandboxClock
from sandbox.company import OpenInvoice, SandboxCompany
from sandbox.world.businesses import Business
from sandbox.world.casting import Part, cast
from sandbox.world.customers import Customer
from sandbox.world.naming import Naming

CENT = Decimal("0.01")
MATCHING_STOPS_BEFORE = timedelta(days=30)
"""Money on account from the last days before the stage is set is not matched yet: somebody will get to it."""


class Book:
    """A company, its trade and its customers. `stage_on` is the day for which the parts are written."""

    def __init__(
        self,
        company: SandboxCompany,
        business: Business,
        *,
        customers: int,
        stage_on: date,
        clock: SandboxClock,
        rng: Random,
    ) -> None:
        self.company = company
        self.business = business
        self.stage_on = stage_on
        self.customers: list[Customer] = []
        self._clock = clock
        self.rng = rng
        self._drafts: list[tuple[date, str]] = []
        self._parts = cast(business, customers, rng)
        self._naming = Naming(business, rng)

    def as_json(self) -> dict[str, Any]:
        """Who trades here and how each customer pays, for the control API."""
        customers = [
            {"id": customer.id, "name": customer.name, "email": customer.email, "habit": customer.part.habit.name}
            for customer in self.customers
        ]
        return {"external_id": self.company.external_id, "name": self.company.name, "customers": customers}

    def open(self, day: date) -> None:
        """Enter the customers on the company's first day."""
        for part in self._parts:
            self._enter(part, day)

    def live(self, day: date) -> None:
        """One morning. Nobody works at weekends."""
        if day.weekday() > 4:
            return
        for customer in self.customers:
            self._bank(customer, day)
        for customer in self.customers:
            self._bill(customer, day)
            self._credit(customer, day)
        if self.business.has_drafts:
            self._draft(day)

    def _enter(self, part: Part, day: date) -> None:
        self._step()
        who = self._naming.customer(part.addresses)
        id = self.company.add_customer(
            who.name,
            who.email,
            people=who.people,
            phone=who.phone,
            city=who.city,
            currency=self.business.other_currency if part.is_abroad else "",
            term_days=part.term_days,
            discount=self.business.discount if part.habit.takes_discount else None,
        )
        first = self._first_order(part, day)
        self.customers.append(Customer(id, who.name, who.email, part, self.stage_on, first))

    def _first_order(self, part: Part, day: date) -> date:
        """The first of the orders that, one rhythm after another, lead to the part's overdue invoice."""
        if part.overdue_days is None:
            return day + timedelta(days=self.rng.randrange(part.every_days))
        wanted = self.stage_on - timedelta(days=part.overdue_days + part.term_days)
        return wanted - timedelta(days=(wanted - day).days // part.every_days * part.every_days)

    def _bill(self, customer: Customer, day: date) -> None:
        while _business_day(customer.next_order_on) <= day:
            nominal = customer.next_order_on
            customer.next_order_on += timedelta(days=customer.part.every_days)
            if not customer.is_gone(nominal):
                self._invoice(customer, day, nominal + timedelta(days=customer.part.term_days))
        if customer.part.archived_before_days is not None:
            self._archive(customer, day)

    def _invoice(self, customer: Customer, day: date, due_on: date) -> None:
        self._step()
        lines = self._lines(customer.part)
        if self.rng.random() < 0.015:
            # Entered twice, or for the wrong customer: taken back at once.
            wrong = self.company.add_invoice(customer.id, lines, issued_on=day, due_on=due_on, is_sent=False)
            self._step()
            self.rng.choice((self.company.void_invoice, self.company.void_invoice, self.company.delete_invoice))(wrong)
        sent = self.rng.random() < 0.9
        id = self.company.add_invoice(customer.id, lines, issued_on=day, due_on=due_on, is_sent=sent)
        customer.take(id, day, due_on, self.rng)
        if self.rng.random() < 0.02:
            self._return_goods(customer, id, lines, day)

    def _return_goods(
        self, customer: Customer, invoice_id: str, lines: Sequence[tuple[str, Decimal]], day: date
    ) -> None:
        self._step()
        amount = (lines[0][1] / 4).quantize(CENT, ROUND_HALF_UP)
        self.company.add_credit_note(customer.id, amount, day, {invoice_id: amount}, f"Returned: {lines[0][0]}")

    def _credit(self, customer: Customer, day: date) -> None:
        before = customer.part.credit_before_days
        if before is None or day != _business_day(self.stage_on - timedelta(days=before)):
            return
        self._step()
        amount = (self._lines(customer.part)[0][1] / 2).quantize(CENT, ROUND_HALF_UP)
        self.company.add_credit_note(customer.id, amount, day, {}, "Returned goods")

    def _archive(self, customer: Customer, day: date) -> None:
        left_on = _business_day(self.stage_on - timedelta(days=customer.part.archived_before_days or 0))
        if day == left_on and not customer.debts:
            self._step()
            self.company.archive_customer(customer.id)

    def _draft(self, day: date) -> None:
        for made_on, id in [draft for draft in self._drafts if draft[0] <= day - timedelta(days=28)]:
            self._step()
            self.company.delete_invoice(id)
            self._drafts.remove((made_on, id))
        if self.rng.random() < 0.08:
            self._step()
            customer = self.rng.choice([c for c in self.customers if not c.is_gone(day) and not c.part.is_abroad])
            id = self.company.add_invoice(
                customer.id,
                self._lines(customer.part),
                issued_on=day,
                due_on=day + timedelta(days=customer.part.term_days),
                is_draft=True,
                is_sent=False,
            )
            self._drafts.append((day, id))

    def _lines(self, part: Part) -> list[tuple[str, Decimal]]:
        count = self.rng.choice((1, 1, 2, 2, 3, 4))
        return [self._line(good, part.size) for good in self.rng.sample(self.business.goods, count)]

    def _line(self, good: tuple[str, str, str, str, int], size: int) -> tuple[str, Decimal]:
        description, unit, low, high, most = good
        quantity = max(1, self.rng.randint(1, most) * size // 100)
        # Prices end in 5 or 0 cents, as price lists do.
        price = Decimal(self.rng.randint(int(Decimal(low) * 20), int(Decimal(high) * 20))) / 20
        return f"{description}, {quantity} × {unit}", (price * quantity).quantize(CENT)

    def _bank(self, customer: Customer, day: date) -> None:
        """Enter the money that came from one customer."""
        meant = customer.paying_on(day)
        if not meant:
            return
        listed = {invoice.id: invoice for invoice in self.company.open_invoices(customer.id)}
        for id in [id for id in meant if id not in listed]:
            del customer.debts[id]
        bills = [listed[id] for id in meant if id in listed]
        if not bills:
            return
        self._step()
        applied = {bill.id: self._amount(customer, bill, day) for bill in bills}
        self._receive(customer, applied, day)
        for id in applied:
            customer.paid(id, day, self.rng)

    def _amount(self, customer: Customer, bill: OpenInvoice, day: date) -> Decimal:
        """What comes for one bill, after what was settled by credit first: a dispute's outcome, a discount taken."""
        debt = customer.debts[bill.id]
        balance = bill.balance
        if debt.is_disputed:
            balance -= self._settle(customer, bill, Decimal(self.rng.randint(8, 20)), day, "Settlement of a complaint")
        elif customer.part.habit.takes_discount and self.business.discount is not None:
            percent, days = self.business.discount
            if day <= bill.issued_on + timedelta(days=days):
                balance -= self._settle(customer, bill, percent, day, f"{percent}% early-payment discount")
        return (balance * debt.share / 100).quantize(CENT, ROUND_HALF_UP)

    def _settle(self, customer: Customer, bill: OpenInvoice, percent: Decimal, day: date, why: str) -> Decimal:
        amount = min((bill.total * percent / 100).quantize(CENT, ROUND_HALF_UP), bill.balance)
        self.company.add_credit_note(customer.id, amount, day, {bill.id: amount}, f"{why}, invoice {bill.number}")
        return amount

    def _receive(self, customer: Customer, applied: dict[str, Decimal], day: date) -> None:
        habit = customer.part.habit
        total = sum(applied.values(), Decimal(0))
        reference = self.rng.choice(("", "eft", f"ref {self.rng.randint(1000, 9999)}"))
        if not habit.matches and day >= self.stage_on - MATCHING_STOPS_BEFORE:
            round_sum = (total / 50).quantize(Decimal(1), "ROUND_UP") * 50
            self.company.receive_payment(customer.id, round_sum, day, {}, "on account")
            return
        if habit.rounds_up and self.rng.random() < 0.15:
            total = (total / 10).quantize(Decimal(1), "ROUND_UP") * 10
        self.company.receive_payment(customer.id, total, day, applied, reference)

    def _step(self) -> None:
        """Some time passes between one entry and the next."""
        self._clock.advance(timedelta(seconds=self.rng.randint(40, 150)))


def _business_day(day: date) -> date:
    """`day`, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
