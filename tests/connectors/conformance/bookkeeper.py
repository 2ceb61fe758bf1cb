"""Does something believable in the books, by the dice of one seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_UP, Decimal

from tests.connectors.conformance.subject import Subject

DAY = date(2026, 3, 4)


class Bookkeeper:
    """What a bookkeeper of any platform may do. Void and delete meet unpaid invoices only: Xero allows no others."""

    def __init__(self, subject: Subject, seed: int) -> None:
        self.subject, self.company, self.dice = subject, subject.company, random.Random(seed)
        self.customers = [self.company.add_customer(f"Customer {number}") for number in range(3)]

    def act(self) -> None:
        acts: list[Callable[[], object]] = [self.bill, self.bill, self.be_paid, self.be_paid, self.undo_payment]
        acts += [self.void_invoice, self.delete_invoice, self.move_due_date, self.give_credit]
        self.dice.choice(acts)()

    def bill(self) -> None:
        amount = Decimal(self.dice.randint(1, 99999)).scaleb(-2)
        customer = self.dice.choice(self.customers)
        self.company.add_invoice(customer, [("Work", amount)], issued_on=DAY, due_on=DAY + timedelta(days=30))

    def be_paid(self) -> None:
        customer, applied = self._some_of_what_is_open()
        too_much = Decimal(self.dice.choice([0, 0, 500])).scaleb(-2)
        if total := sum(applied.values(), too_much):
            self.company.receive_payment(customer, total, DAY, applied)

    def give_credit(self) -> None:
        customer, applied = self._some_of_what_is_open()
        left = Decimal(self.dice.choice([0, 1000])).scaleb(-2)
        if total := sum(applied.values(), left):
            self.company.add_credit_note(customer, total, DAY, applied)

    def undo_payment(self) -> None:
        if found := self.subject.payments():
            self.subject.undo_payment(self.dice.choice(found))

    def void_invoice(self) -> None:
        if found := self._unpaid():
            self.company.void_invoice(self.dice.choice(found))

    def delete_invoice(self) -> None:
        if found := self._unpaid():
            self.company.delete_invoice(self.dice.choice(found))

    def move_due_date(self) -> None:
        if found := self.company.open_invoices():
            self.company.change_due_date(self.dice.choice(found).id, DAY + timedelta(days=60))

    def _unpaid(self) -> list[str]:
        return [one.id for one in self.company.open_invoices() if one.balance == one.total]

    def _some_of_what_is_open(self) -> tuple[str, dict[str, Decimal]]:
        customer = self.dice.choice(self.customers)
        found = list(self.company.open_invoices(customer))
        chosen = self.dice.sample(found, min(len(found), self.dice.randint(0, 2)))
        part = self.dice.choice([Decimal(1), Decimal("0.5")])
        return customer, {one.id: (one.balance * part).quantize(Decimal("0.01"), ROUND_UP) for one in chosen}
