"""The rarer documents of QuickBooks Online: what moves money on an invoice without looking like it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connectors.documents import Booking, CreditOrder
from engine.books import InvoiceStatus, Page
from sandbox.quickbooks import QuickBooksCompany
from tests.connectors.quickbooks.connected import Connected

ISSUED, DUE, TODAY = date(2026, 2, 2), date(2026, 2, 20), date(2026, 3, 4)
META = {"CreateTime": "2026-03-04T08:30:00-08:00", "LastUpdatedTime": "2026-03-04T08:30:00-08:00"}


def bill(company: QuickBooksCompany, customer: str) -> str:
    return company.add_invoice(customer, [("Beans", Decimal(100))], issued_on=ISSUED, due_on=DUE)


def branch_of(company: QuickBooksCompany, parent: str) -> str:
    body = {"DisplayName": "Larkspur Pier 3", "Job": True, "ParentRef": {"value": parent}, "BillWithParent": True}
    return str(company.write("Customer", body)["Id"])


def explained(pages: list[Page], invoice: str) -> int:
    """What the documents leave owed on it."""
    (record,) = [each for page in pages for each in page.invoices if each.id == invoice]
    return record.total - sum(each.amount for page in pages for each in page.allocations if each.invoice_id == invoice)


def test_a_branch_billed_with_its_parent_is_known_as_that(
    connected: Connected, company: QuickBooksCompany, customer: str
) -> None:
    branch = branch_of(company, customer)
    invoice = bill(company, branch)
    pages = connected.sync()
    (found,) = [each for page in pages for each in page.customers if each.id == branch]
    assert (found.parent_id, found.is_billed_with_parent) == (customer, True)
    assert [each.customer_id for page in pages for each in page.invoices if each.id == invoice] == [branch]


def test_the_parent_pays_for_its_branch(connected: Connected, company: QuickBooksCompany, customer: str) -> None:
    invoice = bill(company, branch_of(company, customer))
    company.receive_payment(customer, Decimal(60), TODAY, {invoice: Decimal(60)})
    pages = connected.sync()
    assert explained(pages, invoice) == 4000
    assert [each.customer_id for page in pages for each in page.payments] == [customer]


def test_a_credit_ordered_for_the_parent_goes_to_the_branch_that_was_billed(
    connected: Connected, company: QuickBooksCompany, customer: str
) -> None:
    branch = branch_of(company, customer)
    invoice = bill(company, branch)
    documents = connected.books().documents
    assert documents is not None
    order = CreditOrder(
        customer_id=customer,
        invoice_id=invoice,
        currency="USD",
        amount=2500,
        description="Early-payment discount",
        reference="DISC-1",
        dated_on=TODAY,
        booking=Booking(item="3"),
    )
    memo = company.document("CreditMemo", documents.grant_credit(order, "k" * 32))
    assert memo["CustomerRef"]["value"] == branch
    assert company.document("Invoice", invoice)["Balance"] == Decimal("75.00")


@pytest.mark.parametrize("kind", ["JournalEntry", "Check", "Expense", "CreditCardCredit", "Deposit"])
def test_an_invoice_credited_by_something_else_than_a_memo_is_explained_all_the_same(
    connected: Connected, company: QuickBooksCompany, customer: str, kind: str
) -> None:
    """QuickBooks puts such a credit on an invoice by a payment of zero; the payment says how much."""
    invoice = bill(company, customer)
    lines: list[dict[str, Any]] = [
        {"Amount": 30, "LinkedTxn": [{"TxnId": invoice, "TxnType": "Invoice"}]},
        {"Amount": 30, "LinkedTxn": [{"TxnId": "7001", "TxnType": kind}]},
    ]
    head = {
        "Id": "7002",
        "SyncToken": "0",
        "TxnDate": "2026-03-04",
        "CustomerRef": {"value": customer},
        "MetaData": META,
    }
    company.load("Payment", [head | {"TotalAmt": 0, "UnappliedAmt": 0, "Line": lines}])
    company.load("Invoice", [company.document("Invoice", invoice) | {"Balance": 70}])
    pages = connected.sync()
    (record,) = [each for page in pages for each in page.invoices]
    assert explained(pages, invoice) == record.stated_balance == 7000


def test_an_invoice_over_nothing_is_paid_and_not_void(
    connected: Connected, company: QuickBooksCompany, customer: str
) -> None:
    invoice = company.add_invoice(customer, [("Sample", Decimal(0))], issued_on=ISSUED, due_on=DUE)
    pages = connected.sync()
    assert [(each.id, each.status) for page in pages for each in page.invoices] == [(invoice, InvoiceStatus.PAID)]


def test_the_first_sync_takes_no_more_calls_than_pages(
    connected: Connected, company: QuickBooksCompany, customer: str
) -> None:
    """One page of each kind of document, and one call for the company and its terms."""
    for _ in range(5):
        bill(company, customer)
    connected.forget_seen()
    connected.sync()
    assert connected.seen("/v3/company") == 4 + 1
