"""What any connector must make of a platform's bad hours: told by what to do next, and nothing lost afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from connectors.errors import OutcomeUnknown, ReconnectNeeded, RetryLater
from connectors.ports import NoteTarget
from sandbox.faults import Fault
from tests.connectors.conformance.subject import Subject

API = {"quickbooks": "/v3/company/", "xero": "api.xro", "freshbooks": "/accounting/"}


@pytest.fixture
def books_with_bills(online: Subject) -> Subject:
    customer = online.company.add_customer("Larkspur Ltd", "ap@larkspur.example")
    for _ in range(7):
        online.company.add_invoice(
            customer, [("Work", Decimal(100))], issued_on=date(2026, 2, 2), due_on=date(2026, 2, 20)
        )
    return online


def strike(platform: Subject, name: str, times: int = 9, skip: int = 0) -> None:
    assert platform.sandbox is not None
    platform.sandbox.faults.add(Fault(name, path=API[platform.name], times=times, skip=skip))


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "truncate", "empty", "html", "status", "xml"])
def test_an_answer_that_cannot_be_read_means_later_and_the_next_sync_makes_it_good(
    books_with_bills: Subject, fault: str
) -> None:
    strike(books_with_bills, fault, skip=1)
    with pytest.raises(RetryLater):
        books_with_bills.sync()
    assert books_with_bills.sandbox is not None
    books_with_bills.sandbox.faults.clear()
    books_with_bills.sync()
    books_with_bills.assert_agreement()


@pytest.fixture
def a_second_of_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.quickbooks.transport.READ_TIMEOUT", (1, 1))
    monkeypatch.setattr("connectors.quickbooks.transport.WRITE_TIMEOUT", (1, 1))
    monkeypatch.setattr("connectors.xero.client.TIMEOUT", (1, 1))
    monkeypatch.setattr("connectors.freshbooks.transport.READ_TIMEOUT", (1, 1))
    monkeypatch.setattr("connectors.xero.client.ATTEMPTS", 1)


@pytest.mark.usefixtures("a_second_of_patience")
def test_nobody_waits_for_ever(platform: Subject) -> None:
    """neither SDK has a timeout of its own, and one of them ignores what it is told in another form"""
    customer = platform.company.add_customer("Larkspur Ltd", "ap@larkspur.example")
    books = platform.books()
    list(books.changes(""))
    assert platform.sandbox is not None
    platform.sandbox.faults.add(Fault("slow", path=API[platform.name], times=2, args={"seconds": 1.5}))
    with pytest.raises(RetryLater):
        list(books.changes(""))
    with pytest.raises(OutcomeUnknown):
        books.write_note(NoteTarget("customer", customer), "Called them.", "7f3a9c1b" * 4)


def test_throttled_for_long_the_company_waits_its_turn(books_with_bills: Subject) -> None:
    strike(books_with_bills, "throttle")
    with pytest.raises(RetryLater) as caught:
        books_with_bills.sync()
    assert timedelta(0) < caught.value.wait <= timedelta(hours=24)


@pytest.mark.usefixtures("small_pages")
def test_a_token_that_ends_between_two_pages_is_renewed(books_with_bills: Subject) -> None:
    for page in books_with_bills.books().changes(""):
        books_with_bills.take(page)
        books_with_bills.clock.advance(timedelta(hours=13))
    books_with_bills.sync()
    books_with_bills.assert_agreement()


def test_a_token_refused_though_it_should_be_good_is_renewed_once(books_with_bills: Subject) -> None:
    strike(books_with_bills, "token_expired", times=1)
    books_with_bills.sync()
    books_with_bills.assert_agreement()


def test_a_consent_taken_back_over_there_asks_for_a_new_one(books_with_bills: Subject) -> None:
    books_with_bills.sync()
    assert books_with_bills.sandbox is not None
    sandbox = books_with_bills.sandbox.platforms[books_with_bills.name]
    sandbox.disconnect(books_with_bills.company.external_id)
    with pytest.raises(ReconnectNeeded):
        books_with_bills.sync()
    with pytest.raises(ReconnectNeeded):
        books_with_bills.books().company()
