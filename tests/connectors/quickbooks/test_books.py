"""Reading the books over HTTP: everything once, then only what changed, and never a record lost on the way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from connectors.errors import ReconnectNeeded, RetryLater
from connectors.quickbooks import changes
from engine.books import DocumentStatus, InvoiceStatus, Page
from sandbox.faults import Fault
from sandbox.quickbooks import QuickBooksCompany
from tests.connectors.quickbooks.connected import Connected

ISSUED, DUE = date(2026, 2, 2), date(2026, 3, 4)


def invoice(company: QuickBooksCompany, customer: str, amount: str = "100.00") -> str:
    return company.add_invoice(customer, [("Espresso beans", Decimal(amount))], issued_on=ISSUED, due_on=DUE)


def balances(pages: list[Page]) -> dict[str, int]:
    """Each invoice's balance as the documents explain it, in cents; a source's later page replaces its earlier one."""
    invoices = {record.id: record for page in pages for record in page.invoices}
    sources = {}
    for page in pages:
        for payment in page.payments:
            sources[payment.id] = [record for record in page.allocations if record.source_id == payment.id]
    paid = dict.fromkeys(invoices, 0)
    for record in (record for records in sources.values() for record in records):
        paid[record.invoice_id] += record.amount
    return {id: record.total - record.paid_at_issue - paid[id] for id, record in invoices.items()}


def stated(pages: list[Page]) -> dict[str, int]:
    return {record.id: record.stated_balance for page in pages for record in page.invoices}


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pages of three rows, so that walking can be watched without thousands of documents."""
    monkeypatch.setattr("connectors.quickbooks.query.PAGE", 3)
    return


def test_an_inactive_customer_is_read_too(connected: Connected, company: QuickBooksCompany, customer: str) -> None:
    company.archive_customer(customer)
    (record,) = [record for page in connected.sync() for record in page.customers]
    assert (record.id, record.is_active) == (customer, False)


def test_a_term_with_a_discount_reaches_its_invoices(connected: Connected, company: QuickBooksCompany) -> None:
    customer = company.add_customer("Quay Bakery", discount=(Decimal(2), 10))
    invoice(company, customer)
    (record,) = [record for page in connected.sync() for record in page.invoices]
    assert (record.discount_percent, record.discount_days) == (Decimal(2), 10)


@pytest.mark.usefixtures("small_pages")
def test_a_killed_first_sync_goes_on_where_it_stopped(
    connected: Connected, company: QuickBooksCompany, customer: str
) -> None:
    ids = {invoice(company, customer) for _ in range(9)}
    pages = []
    for page in connected.books().changes(""):
        pages.append(page)
        if page.invoices:
            break
    connected.forget_seen()
    pages += connected.sync(pages[-1].cursor)
    assert {record.id for page in pages for record in page.invoices} == ids
    assert pages[-1].is_complete
    assert connected.seen("/batch") == 0, "terms and home currency are known from the cursor"


def test_a_quiet_sync_costs_one_call_and_brings_nothing_new(
    connected: Connected, company: QuickBooksCompany, customer: str
) -> None:
    invoice(company, customer)
    cursor = connected.sync()[-1].cursor
    connected.sandbox.clock.advance(timedelta(hours=1))
    cursor = connected.sync(cursor)[-1].cursor
    connected.forget_seen()
    (page,) = connected.sync(cursor)
    assert page.is_complete
    assert len(connected.sandbox.quickbooks.requests_seen) == 1
    assert connected.seen("/cdc") == 1


def test_one_call_brings_what_changed(connected: Connected, company: QuickBooksCompany, customer: str) -> None:
    first = invoice(company, customer)
    cursor = connected.sync()[-1].cursor
    connected.sandbox.clock.advance(timedelta(hours=1))
    second = invoice(company, customer, "250.00")
    company.receive_payment(customer, Decimal("100"), DUE, {first: Decimal("100")})
    company.change_email(customer, "new@larkspur.example")
    connected.forget_seen()
    (page,) = connected.sync(cursor)
    assert connected.seen("/v3/company") == 1
    assert {record.id: record.status for record in page.invoices} == {
        first: InvoiceStatus.PAID,
        second: InvoiceStatus.OPEN,
    }
    assert page.customers[0].email == "new@larkspur.example"
    assert [(record.invoice_id, record.amount) for record in page.allocations] == [(first, 10000)]


def test_a_deleted_invoice_is_told_as_deleted_and_never_as_paid(
    connected: Connected, company: QuickBooksCompany, customer: str
) -> None:
    id = invoice(company, customer)
    cursor = connected.sync()[-1].cursor
    connected.sandbox.clock.advance(timedelta(hours=1))
    company.delete_invoice(id)
    (page,) = connected.sync(cursor)
    assert page.deleted == (("invoice", id),)
    assert page.invoices == ()


def test_a_voided_invoice_is_voided_and_its_payment_is_free_again(
    connected: Connected, company: QuickBooksCompany, customer: str
) -> None:
    id = invoice(company, customer)
    company.receive_payment(customer, Decimal("100"), DUE, {id: Decimal("100")})
    cursor = connected.sync()[-1].cursor
    connected.sandbox.clock.advance(timedelta(hours=1))
    company.void_invoice(id)
    (page,) = connected.sync(cursor)
    assert [(record.status, record.total, record.stated_balance) for record in page.invoices] == [
        (InvoiceStatus.VOIDED, 0, 0)
    ]
    assert [(record.unapplied, record.status) for record in page.payments] == [(10000, DocumentStatus.POSTED)]
    assert page.allocations == ()


def test_a_merged_customer_is_gone_and_its_invoices_are_the_others(
    connected: Connected, company: QuickBooksCompany, customer: str
) -> None:
    double = company.add_customer("Larkspur Cafe, again")
    id = invoice(company, double)
    cursor = connected.sync()[-1].cursor
    connected.sandbox.clock.advance(timedelta(hours=1))
    company.merge_customer(double, customer)
    (page,) = connected.sync(cursor)
    assert page.deleted == (("customer", double),)
    assert [(record.id, record.customer_id) for record in page.invoices] == [(id, customer)]


def test_a_credit_applied_by_a_zero_payment_explains_the_invoice(
    connected: Connected, company: QuickBooksCompany, customer: str
) -> None:
    """
    invoice 100.00   credit memo 40.00, of which 25.00 applied   payment 30.00
    invoice balance 45.00, all of it explained   credit remaining 15.00
    """
    id = invoice(company, customer)
    company.add_credit_note(customer, Decimal("40"), DUE, {id: Decimal("25")})
    company.receive_payment(customer, Decimal("30"), DUE, {id: Decimal("30")})
    pages = connected.sync()
    assert balances(pages) == stated(pages) == {id: 4500}
    (credit,) = [record for page in pages for record in page.credits]
    assert (credit.total, credit.remaining) == (4000, 1500)
    assert sorted(record.total for page in pages for record in page.payments) == [0, 3000]


def test_more_than_change_capture_can_show_is_walked(
    connected: Connected, company: QuickBooksCompany, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cursor = connected.sync()[-1].cursor
    connected.sandbox.clock.advance(timedelta(hours=1))
    ids = {invoice(company, customer) for _ in range(8)}
    monkeypatch.setattr(changes, "CAPTURE", 5)
    pages = connected.sync(cursor)
    assert [page.is_complete for page in pages] == [False] * 4 + [True]
    walked = {record.id for page in pages[1:] for record in page.invoices}
    assert walked == ids
    assert len(connected.sync(pages[-1].cursor)[0].invoices) == 8, "the overlap shows them once more, in one call"


def test_after_more_than_29_days_the_books_are_walked_again(
    connected: Connected, company: QuickBooksCompany, customer: str
) -> None:
    cursor = connected.sync()[-1].cursor
    connected.sandbox.clock.advance(timedelta(days=40))
    id = invoice(company, customer)
    connected.forget_seen()
    pages = connected.sync(cursor)
    assert connected.seen("/cdc") == 0
    assert {record.id for page in pages for record in page.invoices} == {id}
    assert pages[-1].is_complete


def test_a_company_where_nothing_happens_for_months_still_takes_two_calls(connected: Connected, customer: str) -> None:
    """one for what changed, and once a day one for the invoices that are open"""
    assert customer
    cursor = connected.sync()[-1].cursor
    for _ in range(5):
        connected.sandbox.clock.advance(timedelta(days=20))
        connected.forget_seen()
        captured, checked = connected.sync(cursor)
        cursor = checked.cursor
        assert (captured.is_complete, checked.is_complete, checked.is_check) == (False, True, True)
        assert (connected.seen("/cdc"), connected.seen("/v3/")) == (1, 2)


@pytest.mark.parametrize("fault", ["unknown_enum", "bad_record"])
def test_one_bad_record_is_set_aside_and_the_rest_is_read(
    connected: Connected, company: QuickBooksCompany, customer: str, fault: str
) -> None:
    ids = [invoice(company, customer) for _ in range(5)]
    connected.sandbox.faults.add(Fault(fault, path="#Invoice", args={"id": ids[2]}))
    pages = connected.sync()
    (aside,) = [aside for page in pages for aside in page.set_aside]
    assert (aside.entity, aside.id) == ("invoice", ids[2])
    assert "expected" in aside.reason.lower()
    assert f'"Id":"{ids[2]}"' in aside.excerpt
    assert {record.id for page in pages for record in page.invoices} == set(ids) - {ids[2]}
    assert pages[-1].is_complete


def test_the_company_tells_of_itself_in_one_call(connected: Connected, company: QuickBooksCompany) -> None:
    company.prefer("AccountingInfoPrefs", BookCloseDate="2025-12-31")
    books = connected.books()
    record = books.company()
    assert (record.external_id, record.name, record.country) == (company.external_id, "Harbor Lane Provisions", "US")
    assert (record.base_currency, record.lock_on, record.is_read_only) == ("USD", date(2025, 12, 31), False)
    assert record.time_zone == "", "the platform does not tell"
    assert books.api_calls == 1


def test_a_company_whose_subscription_ended_is_read_only(connected: Connected, company: QuickBooksCompany) -> None:
    company.end_subscription("EXPIRED")
    assert connected.books().company().is_read_only


class TestRereading:
    def test_one_call_shows_the_very_documents(
        self, connected: Connected, company: QuickBooksCompany, customer: str
    ) -> None:
        kept, paid, deleted = (invoice(company, customer) for _ in range(3))
        books = connected.books()
        list(books.changes(""))
        company.receive_payment(customer, Decimal("130"), DUE, {paid: Decimal("100")})
        company.delete_invoice(deleted)
        connected.forget_seen()
        page = books.reread({customer: [kept, paid, deleted]})
        assert connected.seen("/v3/company") == connected.seen("/batch") == 1
        assert {record.id: record.stated_balance for record in page.invoices} == {kept: 10000, paid: 0}
        assert page.deleted == (("invoice", deleted),)
        assert [record.unapplied for record in page.payments] == [3000]
        assert (page.cursor, page.is_complete) == ("", False)

    def test_it_needs_no_sync_before(self, connected: Connected, company: QuickBooksCompany, customer: str) -> None:
        id = invoice(company, customer)
        company.add_credit_note(customer, Decimal("40"), DUE, {})
        page = connected.books().reread({customer: [id]})
        assert [record.id for record in page.invoices] == [id]
        assert [record.remaining for record in page.credits] == [4000]

    def test_many_accounts_still_cost_one_call(self, connected: Connected, company: QuickBooksCompany) -> None:
        accounts = {}
        for number in range(40):
            customer = company.add_customer(f"Customer {number}")
            accounts[customer] = [invoice(company, customer)]
        books = connected.books()
        list(books.changes(""))
        calls = books.api_calls
        page = books.reread(accounts)
        assert books.api_calls == calls + 1
        assert {record.id for record in page.invoices} == {id for ids in accounts.values() for id in ids}

    def test_an_invoice_that_cannot_be_read_is_set_aside_and_not_gone(
        self, connected: Connected, company: QuickBooksCompany, customer: str
    ) -> None:
        id = invoice(company, customer)
        connected.sandbox.faults.add(Fault("bad_record", path="/batch#Invoice"))
        page = connected.books().reread({customer: [id]})
        assert (page.invoices, page.deleted) == ((), ())
        assert [aside.id for aside in page.set_aside] == [id]


class TestTrouble:
    @pytest.mark.parametrize(("args", "seconds"), [({"retry_after": 7}, 7), ({}, 60)])
    def test_a_throttled_sync_waits_as_long_as_it_is_told(
        self, connected: Connected, args: dict[str, int], seconds: int
    ) -> None:
        connected.sandbox.faults.add(Fault("throttle", path="/batch", args=args))
        with pytest.raises(RetryLater) as caught:
            connected.sync()
        assert caught.value.wait == timedelta(seconds=seconds)

    def test_a_dropped_connection_is_asked_again_once(self, connected: Connected, customer: str) -> None:
        connected.sandbox.faults.add(Fault("drop_before", path="/batch", times=1))
        assert [record.id for page in connected.sync() for record in page.customers] == [customer]

    def test_a_token_that_has_run_out_is_refreshed_before_it_is_used(self, connected: Connected) -> None:
        connected.sandbox.clock.advance(timedelta(minutes=59))
        connected.forget_seen()
        connected.sync()
        assert connected.seen("/tokens/bearer") == 1

    def test_a_refresh_whose_answer_was_lost_is_tried_once_more(self, connected: Connected) -> None:
        connected.sandbox.clock.advance(timedelta(hours=2))
        connected.sandbox.faults.add(Fault("drop_after", path="/tokens/bearer"))
        assert connected.sync()[-1].is_complete
        assert connected.status == "connected"

    def test_a_sign_in_that_is_away_delays_a_sync_and_loses_nothing(self, connected: Connected) -> None:
        connected.sandbox.clock.advance(timedelta(hours=2))
        connected.sandbox.faults.add(Fault("html", path="/tokens/bearer"))
        with pytest.raises(RetryLater):
            connected.sync()
        assert connected.sync()[-1].is_complete

    def test_eight_workers_whose_token_has_run_out_refresh_once(self, connected: Connected) -> None:
        connected.sandbox.clock.advance(timedelta(hours=2))
        connected.forget_seen()
        together, names = threading.Barrier(8), []

        def work(worker: str) -> None:
            books = connected.books(worker)
            together.wait()
            names.append(books.company().name)

        threads = [threading.Thread(target=work, args=(f"worker-{number}",)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert names == ["Harbor Lane Provisions"] * 8
        assert connected.seen("/tokens/bearer") == 1

    def test_a_second_rejection_asks_for_a_reconnect(self, connected: Connected) -> None:
        connected.sandbox.faults.add(Fault("token_expired", path="/batch", times=2))
        with pytest.raises(ReconnectNeeded):
            connected.sync()

    def test_a_company_that_shuts_us_out_asks_for_a_reconnect(self, connected: Connected) -> None:
        connected.sandbox.faults.add(Fault("forbidden", path="/batch"))
        with pytest.raises(ReconnectNeeded, match="as its admin"):
            connected.sync()
