"""The rarer documents of Xero: refunds, overpayments put on invoices, merged contacts, foreign money."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.books import CreditKind, Page
from sandbox.xero import XeroCompany
from tests.connectors.xero.connected import Connected

ISSUED, DUE, TODAY = date(2026, 2, 1), date(2026, 2, 20), date(2026, 3, 4)


def bill(company: XeroCompany, customer: str, amount: int = 100) -> str:
    return company.add_invoice(customer, [("Work", Decimal(amount))], issued_on=ISSUED, due_on=DUE)


def credits(pages: list[Page]) -> dict[str, tuple[CreditKind, int]]:
    return {each.id: (each.kind, each.remaining) for page in pages for each in page.credits}


def put(connected: Connected, path: str, body: dict[str, Any]) -> None:
    connected.other_app("PUT", path, body)


def test_a_refund_leaves_less_credit_and_is_no_money_received(connected: Connected, customer: str) -> None:
    note = connected.company.add_credit_note(customer, Decimal(50), TODAY, {})
    connected.sync_long_ago()
    refund = {"CreditNote": {"CreditNoteID": note}, "Account": {"Code": "090"}, "Date": "2026-03-04", "Amount": "20.00"}
    put(connected, "Payments", refund)
    pages = connected.sync()
    assert credits(pages) == {note: (CreditKind.CREDIT_NOTE, 3000)}
    assert [each for page in pages for each in page.payments] == []


def test_an_overpayment_put_on_another_invoice_pays_it(connected: Connected, customer: str) -> None:
    company = connected.company
    first, second = bill(company, customer), bill(company, customer)
    company.receive_payment(customer, Decimal(145), TODAY, {first: Decimal(115)})
    (over,) = company.books.overpayments.rows
    connected.sync_long_ago()
    put(connected, f"Overpayments/{over}/Allocations", {"Amount": "30.00", "Invoice": {"InvoiceID": second}})
    pages = connected.sync()
    assert credits(pages) == {over: (CreditKind.OVERPAYMENT, 0)}
    given = [(each.source_kind, each.invoice_id, each.amount) for page in pages for each in page.allocations]
    assert given == [("overpayment", second, 3000)]
    assert connected.known.invoices[second].stated_balance == 8500


def test_an_allocation_taken_back_is_told_with_its_credit(connected: Connected, customer: str) -> None:
    company = connected.company
    invoice = bill(company, customer)
    note = company.add_credit_note(customer, Decimal(40), TODAY, {invoice: Decimal(40)})
    connected.sync_long_ago()
    (allocation,) = company.books.allocations.rows
    connected.other_app("DELETE", f"CreditNotes/{note}/Allocations/{allocation}")
    pages = connected.sync()
    assert credits(pages) == {note: (CreditKind.CREDIT_NOTE, 4000)}
    assert [each for page in pages for each in page.allocations] == []
    assert connected.known.invoices[invoice].stated_balance == 11500


def test_a_merged_contact_names_the_one_it_became(connected: Connected, customer: str) -> None:
    company = connected.company
    double = company.add_customer("Harbour Joinery (old)")
    connected.sync_long_ago()
    rows = company.books.contacts.rows
    with company.books.change():
        merged = {**rows[double], "ContactStatus": "ARCHIVED", "MergedToContactID": customer}
        company.books.put(company.books.contacts, merged)
    (found,) = [each for page in connected.sync() for each in page.customers]
    assert (found.id, found.merged_into_id, found.is_active) == (double, customer, False)


@pytest.mark.parametrize(("currency", "billed"), [("JPY", 11500), ("KWD", 115000), ("USD", 11500)])
def test_foreign_money_stays_in_its_own_currency(connected: Connected, currency: str, billed: int) -> None:
    """Whatever the rate: what is owed is owed in the invoice's own currency, and so is what is paid on it."""
    company = connected.company
    company.books.switches.rates = {currency: Decimal("0.6")}
    customer = company.add_customer("Far Away Ltd", currency=currency)
    amount = Decimal(10000) if currency == "JPY" else Decimal(100)
    invoice = company.add_invoice(customer, [("Work", amount)], issued_on=ISSUED, due_on=DUE)
    company.receive_payment(customer, Decimal(15), TODAY, {invoice: Decimal(15)})
    pages = connected.sync()
    (payment,) = [each for page in pages for each in page.payments]
    assert (payment.currency, payment.total) == (currency, billed - connected.known.invoices[invoice].stated_balance)
    assert connected.known.invoices[invoice].total == billed


def test_the_first_sync_takes_one_call_for_each_list(connected: Connected, customer: str) -> None:
    for _ in range(3):
        bill(connected.company, customer)
    connected.forget_seen()
    connected.sync()
    assert len(connected.calls) == 6


def test_a_day_and_more_of_syncs_reads_all_open_invoices_once_more_and_no_oftener(
    connected: Connected, customer: str
) -> None:
    bill(connected.company, customer)
    connected.sync_long_ago()
    connected.forget_seen()
    for _ in range(4):
        connected.sandbox.clock.advance(timedelta(hours=8))
        connected.sync()
    assert len(connected.calls) == 4 * 6 + 1
