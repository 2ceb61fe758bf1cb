"""The world: the same seed makes the same books, the books add up, and a reminder makes those pay who wait for one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import requests

from sandbox.company import OpenInvoice, SandboxCompany
from sandbox.quickbooks import QuickBooksCompany
from sandbox.server import Sandbox
from sandbox.world import World
from sandbox.world.books import Book
from sandbox.world.businesses import HARBOR_LANE
from sandbox.world.customers import Customer
from sandbox.world.demo import STAGE_AT, DemoWorld, build_demo
from sandbox.world.habits import REMINDED
from sandbox.xero import XeroCompany


@pytest.fixture(scope="module")
def stage() -> tuple[Sandbox, DemoWorld]:
    """The stage as it is set. Tests look at it and change nothing; those that live on take `played`."""
    sandbox = Sandbox()
    return sandbox, build_demo(sandbox)


def small_world(sandbox: Sandbox, seed: int = 7) -> Book:
    """One company, with a shorter history and fewer customers."""
    sandbox.clock.set(STAGE_AT - timedelta(days=240))
    sandbox.world = World(sandbox.clock, sandbox.mailbox, seed)
    company = sandbox.quickbooks.create_company("Harbor Lane", "US", "USD", "America/Los_Angeles")
    book = sandbox.world.add(company, HARBOR_LANE, customers=24, stage_on=STAGE_AT.date())
    sandbox.world.live_until(STAGE_AT)
    return book


@pytest.fixture
def played() -> Iterator[tuple[Sandbox, Book]]:
    """A small world that a test may live on in, in a running sandbox."""
    with Sandbox() as sandbox:
        yield sandbox, small_world(sandbox)


@pytest.fixture(params=["quickbooks", "xero", "unconnected", "freshbooks"])
def company(request: pytest.FixtureRequest, stage: tuple[Sandbox, DemoWorld]) -> SandboxCompany:
    found: SandboxCompany = getattr(stage[1], request.param)
    return found


def today(company: SandboxCompany) -> date:
    return STAGE_AT.astimezone(ZoneInfo(company.time_zone)).date()


def overdue(company: SandboxCompany) -> dict[str, int]:
    """Customer → days overdue of its oldest open invoice."""
    days: dict[str, int] = {}
    for invoice in company.open_invoices():
        late = (today(company) - invoice.due_on).days
        if late > 0:
            days[invoice.customer_id] = max(late, days.get(invoice.customer_id, 0))
    return days


def book_of(world: DemoWorld, company: SandboxCompany) -> Book:
    return next(book for book in world.world.books if book.company is company)


def told(company: SandboxCompany) -> list[OpenInvoice]:
    return sorted(company.open_invoices(), key=lambda invoice: invoice.number)


def test_most_is_paid_and_some_customers_are_late_at_every_step(company: SandboxCompany) -> None:
    days = sorted(overdue(company).values())
    assert 25 <= len(company.open_invoices()) <= 45
    assert 10 <= len(days) <= 15
    for first, last in ((3, 9), (10, 19), (20, 34), (35, 59), (60, 364), (366, 500)):
        assert any(first <= late <= last for late in days), f"nobody is {first} to {last} days late"


def test_there_are_forty_to_sixty_customers_and_two_years_of_business(stage: tuple[Sandbox, DemoWorld]) -> None:
    quickbooks, xero = stage[1].quickbooks, stage[1].xero
    assert isinstance(quickbooks, QuickBooksCompany)
    assert isinstance(xero, XeroCompany)
    assert 40 <= len(quickbooks.documents("Customer")) <= 60
    assert 40 <= len(xero.books.contacts) <= 60
    first = min(invoice["TxnDate"] for invoice in quickbooks.documents("Invoice"))
    assert first <= (today(quickbooks) - timedelta(days=720)).isoformat()
    assert len(xero.books.invoices) > 500


def test_documents_are_stamped_with_the_day_on_which_they_were_made(stage: tuple[Sandbox, DemoWorld]) -> None:
    quickbooks = stage[1].quickbooks
    assert isinstance(quickbooks, QuickBooksCompany)
    for invoice in quickbooks.documents("Invoice"):
        assert invoice["MetaData"]["CreateTime"][:10] == invoice["TxnDate"]


def test_every_balance_in_quickbooks_is_explained_by_documents(stage: tuple[Sandbox, DemoWorld]) -> None:
    quickbooks = stage[1].quickbooks
    assert isinstance(quickbooks, QuickBooksCompany)
    paid: dict[str, Decimal] = {}
    for payment in quickbooks.documents("Payment"):
        for line in payment["Line"]:
            for link in line["LinkedTxn"]:
                if link["TxnType"] == "Invoice":
                    paid[link["TxnId"]] = paid.get(link["TxnId"], Decimal(0)) + line["Amount"]
    for invoice in quickbooks.documents("Invoice"):
        assert invoice["TotalAmt"] - paid.get(invoice["Id"], Decimal(0)) == invoice["Balance"], invoice["DocNumber"]


def test_every_balance_in_xero_is_explained_by_documents(stage: tuple[Sandbox, DemoWorld]) -> None:
    for company in (stage[1].xero, stage[1].unconnected):
        assert isinstance(company, XeroCompany)
        explained: dict[str, Decimal] = {}
        for payment in company.books.payments.rows.values():
            if payment["Status"] == "AUTHORISED":
                explained[payment["DocumentID"]] = explained.get(payment["DocumentID"], Decimal(0)) + payment["Amount"]
        for allocation in company.books.allocations.rows.values():
            explained[allocation["InvoiceID"]] = (
                explained.get(allocation["InvoiceID"], Decimal(0)) + allocation["Amount"]
            )
        due = {
            invoice["InvoiceID"]: invoice["Total"] - explained.get(invoice["InvoiceID"], Decimal(0))
            for invoice in company.books.invoices.rows.values()
            if invoice["Status"] == "AUTHORISED"
        }
        assert due == {invoice.id: invoice.balance for invoice in company.open_invoices()}


def test_every_kind_of_customer_is_on_stage(stage: tuple[Sandbox, DemoWorld], company: SandboxCompany) -> None:
    customers = book_of(stage[1], company).customers
    habits = {customer.part.habit.name for customer in customers}
    assert habits >= {
        "prompt", "usually late", "pays after a reminder", "promises, then pays", "pays in parts", "slow giant",
        "disputes", "gone bust", "pays on account", "rounds up",
    }  # fmt: skip
    assert any(not customer.email for customer in customers)
    assert any(customer.email.count(",") == 1 for customer in customers)
    assert len({customer.name for customer in customers}) == len(customers)


def test_the_books_hold_what_nobody_may_be_chased_for(stage: tuple[Sandbox, DemoWorld]) -> None:
    xero, quickbooks = stage[1].xero, stage[1].quickbooks
    assert isinstance(xero, XeroCompany)
    assert isinstance(quickbooks, QuickBooksCompany)
    statuses = {invoice["Status"] for invoice in xero.books.invoices.rows.values()}
    assert statuses == {"PAID", "AUTHORISED", "DRAFT", "VOIDED", "DELETED"}
    assert {invoice["CurrencyCode"] for invoice in xero.books.invoices.rows.values()} == {"NZD", "AUD"}
    assert any(invoice["TotalAmt"] == 0 for invoice in quickbooks.documents("Invoice")), "nothing was voided"
    assert any(grave.entity == "Invoice" for grave in quickbooks.books.graves), "nothing was deleted"
    for company in (xero, quickbooks):
        assert set(overdue(company)) - {c.id for c in book_of(stage[1], company).customers if c.email}, (
            "all have e-mail"
        )


def test_credit_and_money_on_account_lie_open(stage: tuple[Sandbox, DemoWorld]) -> None:
    quickbooks = stage[1].quickbooks
    assert isinstance(quickbooks, QuickBooksCompany)
    assert any(memo["RemainingCredit"] > 0 for memo in quickbooks.documents("CreditMemo"))
    assert any(payment["UnappliedAmt"] > 0 for payment in quickbooks.documents("Payment"))


def test_some_quickbooks_customers_pay_early_for_the_discount(stage: tuple[Sandbox, DemoWorld]) -> None:
    quickbooks = stage[1].quickbooks
    assert isinstance(quickbooks, QuickBooksCompany)
    [term] = [term for term in quickbooks.documents("Term") if term.get("DiscountPercent")]
    assert (term["DiscountPercent"], term["DiscountDays"], term["DueDays"]) == (2, 10, 30)
    assert any(customer["SalesTermRef"]["value"] == term["Id"] for customer in quickbooks.documents("Customer"))


def test_the_same_seed_makes_the_same_books_and_another_seed_others() -> None:
    first, again, other = (small_world(Sandbox(), seed) for seed in (7, 7, 8))
    assert isinstance(first.company, QuickBooksCompany)
    assert isinstance(again.company, QuickBooksCompany)
    for entity in ("Customer", "Invoice", "Payment", "CreditMemo"):
        assert first.company.documents(entity) == again.company.documents(entity)
    assert told(first.company) == told(again.company) != told(other.company)


def test_the_stage_is_set_in_working_hours_of_both_companies(stage: tuple[Sandbox, DemoWorld]) -> None:
    now = stage[0].clock.now()
    assert timedelta(0) <= now - STAGE_AT < timedelta(minutes=10)
    for company in (stage[1].quickbooks, stage[1].xero):
        local = STAGE_AT.astimezone(ZoneInfo(company.time_zone))
        assert (local.weekday() < 5, 9 <= local.hour < 17) == (True, True)


def late_and_waiting(book: Book) -> list[Customer]:
    """Customers who owe something overdue and pay after a reminder."""
    late = overdue(book.company)
    return [customer for customer in book.customers if customer.part.habit is REMINDED and customer.id in late]


def has_paid(book: Book, customer: Customer) -> bool:
    return not any(invoice.due_on < today(book.company) for invoice in book.company.open_invoices(customer.id))


def owed(book: Book, customer: Customer) -> list[tuple[str, Decimal]]:
    return [(invoice.number, invoice.balance) for invoice in book.company.open_invoices(customer.id)]


def live(sandbox: Sandbox, days: int) -> None:
    assert sandbox.world is not None
    sandbox.world.live(days)


def remind(sandbox: Sandbox, address: str) -> None:
    sandbox.mailbox.keep_raw("credit@dunwell.example", [address], b"Subject: Overdue\r\n\r\nPlease pay.")


def test_a_reminder_makes_those_pay_who_wait_for_one(played: tuple[Sandbox, Book]) -> None:
    sandbox, book = played
    written_to, *others = late_and_waiting(book)
    remind(sandbox, written_to.addresses[0].upper())
    live(sandbox, days=6)
    assert has_paid(book, written_to)
    assert not any(has_paid(book, other) for other in others)


def test_a_mail_to_the_second_of_two_addresses_counts_as_well(played: tuple[Sandbox, Book]) -> None:
    sandbox, book = played
    twice = next(customer for customer in late_and_waiting(book) if len(customer.addresses) == 2)
    remind(sandbox, twice.addresses[1])
    live(sandbox, days=6)
    assert has_paid(book, twice)


def test_a_mail_to_somebody_else_moves_nobody(played: tuple[Sandbox, Book]) -> None:
    sandbox, book = played
    remind(sandbox, "stranger@elsewhere.example")
    live(sandbox, days=5)
    assert not any(has_paid(book, customer) for customer in late_and_waiting(book))


def test_business_goes_on_when_the_clock_is_moved(played: tuple[Sandbox, Book]) -> None:
    sandbox, book = played
    before = {invoice.id for invoice in book.company.open_invoices()}
    moved = requests.post(f"{sandbox.base_url}/control/clock", json={"weeks": 2}, timeout=10).json()
    assert moved["now"].startswith("2026-03-25T21:30")
    after = {invoice.id for invoice in book.company.open_invoices()}
    assert before - after, "nobody paid"
    assert after - before, "nothing was billed"


def test_a_jump_of_the_clock_moves_nobody(played: tuple[Sandbox, Book]) -> None:
    sandbox, book = played
    before = told(book.company)
    requests.post(f"{sandbox.base_url}/control/clock", json={"weeks": 2, "jump": True}, timeout=10)
    assert told(book.company) == before


def test_who_is_gone_bust_neither_pays_nor_orders(played: tuple[Sandbox, Book]) -> None:
    sandbox, book = played
    bust = next(
        customer for customer in book.customers if customer.part.overdue_days and customer.is_broke(STAGE_AT.date())
    )
    before = owed(book, bust)
    assert len(before) == 2
    remind(sandbox, bust.addresses[0])
    live(sandbox, days=90)
    assert owed(book, bust) == before


def test_money_on_account_is_left_unmatched(played: tuple[Sandbox, Book]) -> None:
    """The customer has paid, and its invoices still show as open: the money is on account."""
    _, book = played
    payer = next(customer for customer in book.customers if not customer.part.habit.matches)
    assert isinstance(book.company, QuickBooksCompany)
    unapplied = sum(
        payment["UnappliedAmt"]
        for payment in book.company.documents("Payment")
        if payment["CustomerRef"]["value"] == payer.id
    )
    late = sum(i.balance for i in book.company.open_invoices(payer.id) if i.due_on < STAGE_AT.date())
    assert unapplied >= late > 0


def test_a_customer_can_be_given_another_habit(played: tuple[Sandbox, Book]) -> None:
    sandbox, book = played
    path = f"{sandbox.base_url}/control/world/{book.company.external_id}/customers/{book.customers[0].id}"
    answer = requests.post(path, json={"habit": "slow giant"}, timeout=10).json()
    assert answer["books"][0]["customers"][0]["habit"] == "slow giant"
    assert "is no habit" in requests.post(path, json={"habit": "angelic"}, timeout=10).json()["error"]


def test_the_world_never_lives_backwards(stage: tuple[Sandbox, DemoWorld]) -> None:
    with pytest.raises(ValueError, match="cannot live back"):
        stage[1].world.live_until(STAGE_AT - timedelta(days=1))
