"""The bookkeeper at work, documents loaded as they are, and books that always add up."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from sandbox.clock import SandboxClock
from sandbox.company import SandboxCompany
from sandbox.faults import Faults
from sandbox.quickbooks import QuickBooksCompany, QuickBooksSandbox
from sandbox.webhooks import Webhooks

DAY = date(2026, 3, 2)


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(datetime(2026, 3, 2, 18, tzinfo=UTC), ticking=False)


@pytest.fixture
def books(clock: SandboxClock) -> QuickBooksCompany:
    """A company without HTTP around it."""
    platform = QuickBooksSandbox(clock, Faults(), Webhooks(clock))
    return platform.create_company("Harbor Lane", "US", "USD", "America/Los_Angeles")


def _sell(books: QuickBooksCompany, customer: str, amount: int, number: str = "") -> str:
    lines = [("Espresso beans, 5 kg", Decimal(amount))]
    return books.add_invoice(customer, lines, issued_on=DAY, due_on=DAY + timedelta(days=30), number=number)


def test_a_company_fits_the_worlds_protocol(books: QuickBooksCompany) -> None:
    fits: SandboxCompany = books
    assert (fits.external_id, fits.currency, fits.time_zone) == ("9130355012345678", "USD", "America/Los_Angeles")


def test_a_customer_gets_its_term_and_all_its_addresses(books: QuickBooksCompany) -> None:
    people = [("Bo", "bo@larkspur.example")]
    id = books.add_customer("Larkspur", "ap@larkspur.example", people=people, discount=(Decimal(2), 10))
    customer = books.document("Customer", id)
    assert customer["PrimaryEmailAddr"]["Address"] == "ap@larkspur.example, bo@larkspur.example"
    term = books.document("Term", customer["SalesTermRef"]["value"])
    assert (term["Name"], term["DiscountPercent"], term["DiscountDays"], term["DueDays"]) == ("2% 10 Net 30", 2, 10, 30)
    again = books.document("Customer", books.add_customer("Aster", discount=(Decimal(2), 10)))
    assert again["SalesTermRef"] == customer["SalesTermRef"]


def test_a_sent_invoice_is_in_the_outbox_and_a_draft_is_not(books: QuickBooksCompany) -> None:
    customer = books.add_customer("Larkspur", "ap@larkspur.example")
    sent = _sell(books, customer, 100, "A-7")
    held = books.add_invoice(customer, [("x", Decimal(5))], issued_on=DAY, due_on=DAY, is_draft=True)
    assert [mail.id for mail in books.outbox] == [sent]
    assert books.document("Invoice", sent)["EmailStatus"] == "EmailSent"
    assert books.document("Invoice", held)["EmailStatus"] == "NotSet"


def test_open_invoices_are_those_with_a_balance(books: QuickBooksCompany) -> None:
    customer = books.add_customer("Larkspur")
    first, second, third = (_sell(books, customer, amount) for amount in (100, 200, 300))
    books.receive_payment(customer, Decimal(250), DAY, {first: Decimal(100), second: Decimal(150)}, "10244")
    books.void_invoice(third)
    (left,) = books.open_invoices(customer)
    assert (left.id, left.due_on) == (second, DAY + timedelta(days=30))
    assert (left.total, left.balance) == (Decimal(200), Decimal(50))


def test_a_credit_is_applied_by_a_zero_payment(books: QuickBooksCompany) -> None:
    customer = books.add_customer("Larkspur")
    invoice = _sell(books, customer, 100)
    credit = books.add_credit_note(customer, Decimal(30), DAY, {invoice: Decimal(20)}, "Broken cups")
    assert books.document("CreditMemo", credit)["RemainingCredit"] == 10
    assert books.document("Invoice", invoice)["Balance"] == 80
    assert books.documents("Payment")[0]["TotalAmt"] == 0


def test_address_and_due_date_change_in_place(books: QuickBooksCompany) -> None:
    customer = books.add_customer("Larkspur", "old@larkspur.example")
    invoice = _sell(books, customer, 100)
    books.change_email(customer, "new@larkspur.example")
    books.change_due_date(invoice, DAY)
    assert books.document("Customer", customer)["PrimaryEmailAddr"]["Address"] == "new@larkspur.example"
    assert books.open_invoices()[0].due_on == DAY
    books.change_email(customer, "")
    assert "PrimaryEmailAddr" not in books.document("Customer", customer)


def test_loaded_documents_are_kept_as_they_are(books: QuickBooksCompany) -> None:
    books.load("Customer", [{"Id": "58", "DisplayName": "Larkspur", "SyncToken": "3", "Active": True}])
    times = {"CreateTime": "2021-01-19T12:51:02-08:00", "LastUpdatedTime": "2021-01-19T13:48:12-08:00"}
    invoice = {
        "Id": "412",
        "DocNumber": "1069",
        "TxnDate": "2021-01-19",
        "DueDate": "2021-02-03",
        "TotalAmt": Decimal("291.60"),
        "Balance": Decimal("191.60"),
        "CustomerRef": {"value": "58"},
        "Line": [],
        "MetaData": times,
    }
    books.load("Invoice", [invoice, {"Id": "398", "status": "Deleted", "MetaData": times}])
    kept = books.document("Invoice", "412")
    assert (kept["SyncToken"], kept["MetaData"], kept["Balance"]) == ("0", times, Decimal("191.60"))
    assert books.document("Customer", "58")["Balance"] == Decimal("191.60")
    assert [(grave.entity, grave.id) for grave in books.books.graves] == [("Invoice", "398")]
    assert int(_sell(books, "58", 5)) > 412
    assert books.open_invoices("58")[1].number == "1070"


def test_a_float_is_not_money(books: QuickBooksCompany) -> None:
    with pytest.raises(TypeError, match="float"):
        books.load("Invoice", [{"Id": "1", "Balance": 1.5}])


def test_an_unknown_switch_is_a_mistake(clock: SandboxClock) -> None:
    platform = QuickBooksSandbox(clock, Faults(), Webhooks(clock))
    with pytest.raises(TypeError):
        platform.create_company("x", "US", "USD", "America/New_York", colour="red")


@pytest.mark.parametrize("seed", range(5))
def test_every_balance_is_what_the_documents_say(books: QuickBooksCompany, seed: int) -> None:
    """After any order of sales, payments, credits, voids and deletions."""
    chance = random.Random(seed)
    customers = [books.add_customer(f"Customer {n}") for n in range(4)]
    for _ in range(80):
        _act(books, chance, chance.choice(customers))
    applied: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    owed: dict[str, Decimal] = defaultdict(Decimal)
    for payment in books.documents("Payment"):
        signed = Decimal(0)
        for line in payment["Line"]:
            kind, id = line["LinkedTxn"][0]["TxnType"], line["LinkedTxn"][0]["TxnId"]
            applied[kind, id] += line["Amount"]
            signed += line["Amount"] if kind == "Invoice" else -line["Amount"]
        assert payment["UnappliedAmt"] == payment["TotalAmt"] - signed >= 0
        owed[payment["CustomerRef"]["value"]] -= payment["UnappliedAmt"]
    for kind, sign, field in (("Invoice", 1, "Balance"), ("CreditMemo", -1, "RemainingCredit")):
        for document in books.documents(kind):
            assert document[field] == document["TotalAmt"] - applied[kind, document["Id"]] >= 0
            owed[document["CustomerRef"]["value"]] += sign * document[field]
    assert {id: books.document("Customer", id)["Balance"] for id in customers} == {id: owed[id] for id in customers}
    listed = sum((one.balance for one in books.open_invoices()), Decimal(0))
    assert listed == sum((one["Balance"] for one in books.documents("Invoice")), Decimal(0))


def _act(books: QuickBooksCompany, chance: random.Random, customer: str) -> None:
    unpaid = books.open_invoices(customer)
    picked = chance.choice(unpaid) if unpaid else None
    part = picked.balance if picked and chance.random() < 0.5 else Decimal(chance.randint(1, 20))
    on = {picked.id: min(part, picked.balance)} if picked else {}
    match chance.randint(0, 6):
        case 0 | 1 | 2:
            _sell(books, customer, chance.randint(20, 200))
        case 3:
            books.receive_payment(customer, sum(on.values(), Decimal(chance.randint(0, 9))), DAY, on)
        case 4:
            books.add_credit_note(customer, sum(on.values(), Decimal(5)), DAY, on)
        case 5 if picked:
            books.void_invoice(picked.id)
        case 6 if picked:
            books.delete_invoice(picked.id)


def test_years_of_history_are_made_in_seconds(books: QuickBooksCompany, clock: SandboxClock) -> None:
    customers = [books.add_customer(f"Customer {n}", f"c{n}@example.com") for n in range(40)]
    started = time.thread_time()
    for number in range(300):
        clock.advance(timedelta(hours=6))
        customer = customers[number % 40]
        invoice = _sell(books, customer, 100)
        books.receive_payment(customer, Decimal(100), DAY, {invoice: Decimal(100)})
    assert time.thread_time() - started < 2
    stamps = sorted(record.updated_at for record in books.books.records("Invoice"))
    assert stamps == sorted(set(stamps))
