"""Whatever a bookkeeper does and whenever we look: every balance in the store is the platform's, and explained."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_UP, Decimal

import pytest
from sqlmodel import select

from sandbox.quickbooks import QuickBooksCompany
from store import pages
from store.tables import CreditNote, Invoice, Payment
from tests.connectors.quickbooks.connected import Connected

DAY = date(2026, 3, 4)


class Bookkeeper:
    """Does something believable in the books, by the dice of one seed."""

    def __init__(self, company: QuickBooksCompany, seed: int) -> None:
        self.company, self.dice = company, random.Random(seed)
        self.customers = [company.add_customer(f"Customer {number}") for number in range(3)]

    def act(self) -> None:
        acts: list[Callable[[], object]] = [self.bill, self.bill, self.be_paid, self.be_paid, self.give_credit]
        acts += [self.void_invoice, self.delete_invoice, self.void_payment, self.move_due_date]
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

    def void_invoice(self) -> None:
        if found := self.company.open_invoices():
            self.company.void_invoice(self.dice.choice(found).id)

    def delete_invoice(self) -> None:
        if found := self.company.open_invoices():
            self.company.delete_invoice(self.dice.choice(found).id)

    def void_payment(self) -> None:
        if found := [one["Id"] for one in self.company.documents("Payment") if one["TotalAmt"]]:
            self.company.void_payment(self.dice.choice(found))

    def move_due_date(self) -> None:
        if found := self.company.open_invoices():
            self.company.change_due_date(self.dice.choice(found).id, DAY + timedelta(days=60))

    def _some_of_what_is_open(self) -> tuple[str, dict[str, Decimal]]:
        customer = self.dice.choice(self.customers)
        found = self.company.open_invoices(customer)
        chosen = self.dice.sample(found, min(len(found), self.dice.randint(0, 2)))
        part = self.dice.choice([Decimal(1), Decimal("0.5")])
        return customer, {one.id: (one.balance * part).quantize(Decimal("0.01"), ROUND_UP) for one in chosen}


def cents(amount: object) -> int:
    return round(Decimal(str(amount)) * 100)


def sync(connected: Connected) -> None:
    with connected.database.read() as session:
        cursor = pages.load_cursor(session, connected.company_id)
    for page in connected.books().changes(cursor):
        with connected.database.begin() as session:
            pages.store_page(session, connected.company_id, page, connected.sandbox.clock.now())


def assert_the_store_agrees(connected: Connected) -> None:
    company = connected.company
    with connected.database.read() as session:
        invoices = list(session.exec(select(Invoice)))
        payments = list(session.exec(select(Payment)))
        credits = list(session.exec(select(CreditNote)))
    assert {row.id: row.balance for row in invoices if row.status == "open"} == {
        one.id: cents(one.balance) for one in company.open_invoices()
    }
    assert [row.id for row in invoices if row.has_drift] == []
    assert {row.id: row.unapplied for row in payments if row.status == "posted"} == {
        one["Id"]: cents(one["UnappliedAmt"])
        for one in company.documents("Payment")
        if not str(one.get("PrivateNote", "")).startswith("Voided")
    }
    assert {row.id: row.remaining for row in credits} == {
        one["Id"]: cents(one["RemainingCredit"]) for one in company.documents("CreditMemo")
    }


@pytest.mark.parametrize("seed", range(3))
def test_every_balance_is_the_platforms_and_explained(connected: Connected, seed: int) -> None:
    bookkeeper = Bookkeeper(connected.company, seed)
    for _ in range(4):
        for _ in range(12):
            bookkeeper.act()
        sync(connected)
        assert_the_store_agrees(connected)
        connected.sandbox.clock.advance(timedelta(hours=7))


def test_syncing_twice_changes_nothing(connected: Connected) -> None:
    bookkeeper = Bookkeeper(connected.company, 1)
    for _ in range(30):
        bookkeeper.act()
    sync(connected)
    with connected.database.read() as session:
        cursor = pages.load_cursor(session, connected.company_id)
    (page,) = connected.sync(cursor)
    with connected.database.begin() as session:
        counts = pages.store_page(session, connected.company_id, page, connected.sandbox.clock.now())
    assert (counts.customers, counts.invoices, counts.payments, counts.credit_notes) == (0, 0, 0, 0)
