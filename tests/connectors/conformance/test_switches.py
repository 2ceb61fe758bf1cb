"""Where a platform's behaviour is not settled, the connector does with either: every switch of the sandbox, turned.

The settings that go together are turned together; limits and refusals, which change what can be done, have tests of
their own beside the connectors.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from connectors.documents import Booking, FeeOrder
from connectors.errors import ReconnectNeeded, Refused, RetryLater
from connectors.ports import NoteTarget
from sandbox.server import Sandbox
from store.database import Database
from tests.connectors.conformance.bookkeeper import Bookkeeper
from tests.connectors.conformance.subject import Subject, quickbooks_subject, xero_subject

DAY = date(2026, 3, 4)
KEY = "7f3a9c1b" * 4
BOOKED = {"quickbooks": Booking(item="2"), "xero": Booking(account="260", tax="NONE")}
TURNED: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "QuickBooks Online, otherwise": (
        "quickbooks",
        {"second_exchange_revokes": True, "stale_refresh_revokes": True, "webhook_format": "legacy"},
        {
            "time_lag": timedelta(seconds=150),
            "refuses_large_pages": True,
            "replays_refusals": True,
            "request_id_life": timedelta(0),
            "shuffles_batches": False,
            "custom_txn_numbers": True,
            "rejects_beyond_latin1": True,
            "multi_currency": False,
            "online_payments": False,
            "default_term_days": 0,
        },
    ),
    "Xero, otherwise": (
        "xero",
        {
            "scope_mode": "mixed",
            "missing_scope_status": 403,
            "grace_refresh": "same_pair",
            "one_token_set_per_user": True,
            "idempotency_window": timedelta(hours=24),
            "concurrent_limit": 1,
        },
        {
            "disconnected_status": 401,
            "odd_since_ignored": True,
            "since_is_inclusive": False,
            "not_modified_status": 304,
            "lists_deleted": False,
            "due_date_needed": False,
            "expected_date_on_part_paid": True,
            "history_newest_first": False,
            "note_word": "Notes",
            "note_bumps": True,
            "group_bumps": True,
            "payment_fires_event": False,
            "reminders_enabled": True,
        },
    ),
}


@pytest.fixture(params=TURNED)
def turned(
    request: pytest.FixtureRequest, sandbox: Sandbox, database: Database, monkeypatch: pytest.MonkeyPatch
) -> Subject:
    monkeypatch.setattr("connectors.pace._paces", {})
    name, app, switches = TURNED[request.param]
    make = {"quickbooks": quickbooks_subject, "xero": xero_subject}[name]
    return make(sandbox, database, app, **switches)


def test_every_balance_agrees_all_the_same(turned: Subject) -> None:
    bookkeeper = Bookkeeper(turned, 5)
    for _ in range(4):
        for _ in range(10):
            bookkeeper.act()
        turned.sync()
        turned.assert_agreement()
        turned.clock.advance(timedelta(hours=7))


def test_each_thing_is_written_once_all_the_same(turned: Subject) -> None:
    customer = turned.company.add_customer("Larkspur Ltd", "ap@larkspur.example")
    books, target = turned.books(), NoteTarget("customer", customer)
    assert books.documents is not None
    books.write_note(target, "Called them: “Friday” – ✓.", KEY)
    assert books.has_note(target, KEY)
    for _ in range(2):
        books.show_hold(customer, "On credit hold.", KEY)
    assert list(turned.company.customers_on_hold()) == [customer]
    books.lift_hold(customer, "Released.", KEY[::-1])
    assert list(turned.company.customers_on_hold()) == []
    fee = FeeOrder(
        customer_id=customer, currency=turned.company.currency, amount=2500, description="Late fee",
        reference="FEE-1-7f3a", dated_on=DAY, due_on=DAY + timedelta(days=14), booking=BOOKED[turned.name],
    )  # fmt: skip
    made = books.documents.make_fee(fee, KEY)
    turned.clock.advance(timedelta(hours=1))
    assert turned.books().documents.make_fee(fee, KEY) == made  # type: ignore[union-attr]
    assert [one.id for one in turned.company.open_invoices()] == [made]


def test_a_consent_taken_back_is_noticed_all_the_same(turned: Subject) -> None:
    assert turned.sandbox is not None
    turned.sandbox.platforms[turned.name].disconnect(turned.company.external_id)
    with pytest.raises(ReconnectNeeded):
        turned.sync()


@pytest.mark.parametrize("shape", ["gateway", "service", "xml"])
def test_a_consent_taken_back_is_noticed_in_whatever_shape_it_is_told(
    sandbox: Sandbox, database: Database, shape: str
) -> None:
    subject = quickbooks_subject(sandbox, database)
    sandbox.quickbooks.unauthorised_shape = shape
    test_a_consent_taken_back_is_noticed_all_the_same(subject)


CAPPED = {"quickbooks": {"mails_a_day": 0}, "xero": {"email_cap": 0}}


@pytest.mark.parametrize("name", CAPPED)
def test_a_days_mails_used_up_is_told(sandbox: Sandbox, database: Database, name: str) -> None:
    subject = {"quickbooks": quickbooks_subject, "xero": xero_subject}[name](sandbox, database, **CAPPED[name])
    customer = subject.company.add_customer("Larkspur Ltd", "ap@larkspur.example")
    due_on = DAY - timedelta(days=9)
    invoice = subject.company.add_invoice(customer, [("Work", Decimal(100))], issued_on=due_on, due_on=due_on)
    documents = subject.books().documents
    assert documents is not None
    with pytest.raises((Refused, RetryLater), match=r"mail|day|limit"):
        documents.deliver_invoice(invoice, KEY)
