"""How long each page takes over large books: server time, p50 and p95, of the real app over a real database.

    python -m bench.pages [--json] [--cpu] [--invoices 100000] [--times 20] [--keep FILE]

The books are made up: five invoices a customer, four of five of them paid, each with its payment; every account is
decided on once, as after a first run in observe mode. Single figures move with the machine; what stays is how the pages
compare, and which of them grow with the books. `--cpu` counts the processor's time alone, which other work on the
machine does not lengthen much. `--keep` leaves the database for another time.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import quantiles

from flask.testing import FlaskClient

from dunwell.serving import GIVES_WAY_AFTER
from engine.books import (
    AllocationRecord,
    CustomerRecord,
    DocumentStatus,
    InvoiceRecord,
    InvoiceStatus,
    Page,
    PaymentRecord,
)
from engine.decide import decide
from store import accounts, api_keys, companies, ledger, people, policies
from store.database import Database
from store.pages import store_page
from store.secrets import SecretBox
from store.sql import chunks
from store.tables import Company
from webapp import create_app
from webapp.links import portal_url
from webapp.services import Services

NOW = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
TODAY = date(2026, 3, 3)
KEYS = ("a key for measuring only",)
A_CUSTOMER = 5
"""Invoices of one customer; the last is open."""
PAGES = (
    "/",
    "/sync",
    "/activity",
    "/activity?search=7777",
    "/activity?rule=step_due",
    "/tasks",
    "/customers",
    "/customers?search=7777",
    "/customers?state=overdue",
    "/customers?state=overdue&page=50",
    "/customers/c77",
    "/customers/c77/statement",
    "/customers/c77/story",
    "/runs",
    "/financing",
    "/settings",
    "/settings/finer",
    "/settings/groups",
    "/settings/groups/0",
    "/settings/booking",
    "/settings/people",
    "/settings/wordings",
    "/settings/wordings/reminder_2",
    "/settings/wordings/reminder_2?language=es",
    "/settings/logo",
    "/settings/losses",
    "/settings/programs",
    "/settings/webhooks",
    "/settings/versions",
    "/settings/versions/1",
    portal_url("", KEYS, 1, "c77"),
    "/charts/ageing/NZD-wide.svg",
    "/api/v1/customers/c77/credit?amount=100",
    "/api/v1/customers?limit=200",
    "/api/v1/invoices?limit=200",
)


def made_up_pages(invoices: int) -> Iterator[Page]:
    """The books, 200 customers a page."""
    for numbers in chunks(range(invoices // A_CUSTOMER), 200):
        customers = [CustomerRecord(id=f"c{n}", name=f"Customer {n}", email=f"c{n}@customer.example") for n in numbers]
        bills = [_invoice(n, place) for n in numbers for place in range(A_CUSTOMER)]
        paid = [bill for bill in bills if bill.settled_on is not None]
        yield Page(
            cursor=str(numbers[-1]),
            is_complete=True,
            customers=tuple(customers),
            invoices=tuple(bills),
            payments=tuple(_payment(bill) for bill in paid),
            allocations=tuple(_allocation(bill) for bill in paid),
        )


def _invoice(customer: int, place: int) -> InvoiceRecord:
    """Three a year, the newest around its due date; paid up to six weeks late."""
    due_on = TODAY + timedelta(days=30 - customer % 90 - 122 * (A_CUSTOMER - 1 - place))
    total = 1_000 + (customer * 7919 + place * 104_729) % 900_000
    is_paid = place < A_CUSTOMER - 1
    return InvoiceRecord(
        id=f"i{customer}-{place}",
        number=f"INV-{customer}-{place}",
        customer_id=f"c{customer}",
        status=InvoiceStatus.PAID if is_paid else InvoiceStatus.OPEN,
        issued_on=due_on - timedelta(days=30),
        due_on=due_on,
        currency="NZD",
        total=total,
        stated_balance=0 if is_paid else total,
        settled_on=due_on + timedelta(days=customer % 42) if is_paid else None,
    )


def _payment(bill: InvoiceRecord) -> PaymentRecord:
    return PaymentRecord(
        id=f"p{bill.id}",
        customer_id=bill.customer_id,
        status=DocumentStatus.POSTED,
        paid_on=bill.settled_on or bill.due_on,
        currency=bill.currency,
        total=bill.total,
    )


def _allocation(bill: InvoiceRecord) -> AllocationRecord:
    return AllocationRecord(
        source_kind="payment",
        source_id=f"p{bill.id}",
        invoice_id=bill.id,
        position=0,
        amount=bill.total,
        currency=bill.currency,
        allocated_on=bill.settled_on or bill.due_on,
    )


def fill(database: Database, invoices: int) -> None:
    """One company in observe mode, its books read and every account decided on."""
    database.upgrade()
    with database.begin() as session:
        company = companies.connect(
            session, platform="xero", external_id="1", name="Large Books Ltd", mode="observe", now=NOW
        )
        company.country, company.base_currency, company.time_zone = "NZ", "NZD", "Pacific/Auckland"
        session.add(company)
        user = people.sign_in(session, "xero", "mia", "mia@large.example", "Mia", NOW)
        people.grant_role(session, user.id or 0, company.stored_id, "owner")
    for page in made_up_pages(invoices):
        with database.begin() as session:
            store_page(session, company.stored_id, page, NOW)
    _decide(database, company)


def _decide(database: Database, company: Company) -> None:
    with database.begin() as session:
        policy = policies.save(session, company.stored_id, policies.current(session, company.stored_id), NOW, "bench")
        due = accounts.due_customers(session, company.stored_id, TODAY)
    for some in chunks(due, 500):
        with database.begin() as session:
            for account in accounts.load(session, company.stored_id, some, TODAY):
                plan = decide(account, policy, TODAY)
                ledger.record_plan(session, company, plan, policy.version, None, NOW, TODAY, lambda _action: ())


def signed_in(database: Database) -> FlaskClient:
    """The owner's browser at the real app."""
    app = create_app(
        Services(
            database=database,
            box=SecretBox(KEYS),
            platforms={},
            clock=lambda: NOW,
            base_url="http://localhost",
            secret_keys=KEYS,
            default_mode="observe",
            is_sandbox=False,
            metrics=lambda: b"",
            is_ready=dict,
        )
    )
    client = app.test_client()
    with client.session_transaction() as session:
        session["user"], session["since"] = 1, int(NOW.timestamp())
    with database.begin() as writing:
        key = api_keys.make(writing, 1, "bench", "read", NOW, "bench")
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client


def measure(client: FlaskClient, times: int, now: Callable[[], float]) -> dict[str, tuple[float, float, int]]:
    """By page: p50 and p95 in milliseconds of the clock `now`, and the answer's size in bytes."""
    found = {}
    for path in PAGES:
        spent, size = [], 0
        for _ in range(times):
            started = now()
            answer = client.get(path)
            spent.append((now() - started) * 1000)
            assert answer.status_code == 200, (path, answer.status_code)
            size = len(answer.data)
        cuts = quantiles(spent, n=20, method="inclusive")
        found[path] = (cuts[9], cuts[18], size)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--cpu", action="store_true")
    parser.add_argument("--invoices", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    sys.setswitchinterval(GIVES_WAY_AFTER)
    with tempfile.TemporaryDirectory() as folder:
        file = chosen.keep or Path(folder) / "pages.db"
        is_new = not file.exists()
        database = Database(f"sqlite:///{file}")
        if is_new:
            fill(database, chosen.invoices)
        found = measure(signed_in(database), chosen.times, time.thread_time if chosen.cpu else time.perf_counter)
        database.dispose()
    if chosen.json:
        names = ("p50_ms", "p95_ms", "bytes")
        json.dump({path: dict(zip(names, one, strict=True)) for path, one in found.items()}, sys.stdout)
        return
    print(f"{'page':42} {'p50 ms':>8} {'p95 ms':>8} {'kB':>6}")
    for path, (middle, most, size) in found.items():
        print(f"{path[:42]:42} {middle:8.1f} {most:8.1f} {size / 1000:6.0f}")


if __name__ == "__main__":
    main()
