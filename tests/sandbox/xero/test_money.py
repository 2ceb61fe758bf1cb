"""Payments, credit notes, overpayments and prepayments: what they do to balances, to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.clock import SandboxClock
from sandbox.xero import XeroCompany
from sandbox.xero.books import Books
from sandbox.xero.errors import Invalid
from sandbox.xero.invoices import find_invoice
from tests.sandbox.xero.client import SCOPES, Api, Rig, connect
from tests.sandbox.xero.conftest import NOW

BANK = {"Account": {"Code": "090"}}
DAY = date(2026, 3, 5)


def balance(api: Api, invoice: str) -> Decimal:
    (shown,) = api.get(f"Invoices/{invoice}")["Invoices"]
    assert shown["AmountDue"] == shown["Total"] - shown["AmountPaid"] - shown["AmountCredited"]
    amount: Decimal = shown["AmountDue"]
    return amount


def test_a_payment_lowers_the_balance_and_shows_on_both_sides(api: Api, invoice: str) -> None:
    posted = {"Invoice": {"InvoiceNumber": "INV-7"}, **BANK, "Date": "2026-03-04", "Amount": 150.5, "Reference": "eft"}
    (payment,) = api.ok("PUT", "Payments", {"Payments": [posted]})["Payments"]
    assert balance(api, invoice) == Decimal("999.50")
    (read,) = api.get(f"Payments/{payment['PaymentID']}")["Payments"]
    assert (read["Amount"], read["PaymentType"], read["Status"]) == (Decimal("150.5"), "ACCRECPAYMENT", "AUTHORISED")
    assert read["Invoice"]["InvoiceID"] == invoice
    assert read["Invoice"]["Payments"] == [], "a nested array may stand for 'not loaded'"
    (shown,) = api.get(f"Invoices/{invoice}")["Invoices"]
    assert [p["PaymentID"] for p in shown["Payments"]] == [payment["PaymentID"]]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"Amount": "1150.01"}, "Payment amount exceeds the amount outstanding on this document"),
        ({"Amount": 0}, "greater than zero"),
        ({"Account": {"Code": "200"}}, "Account"),
        ({"Account": {"Code": "nope"}}, "Account"),
        ({"CreditNote": {"CreditNoteID": "x"}}, "exactly one"),
    ],
)
def test_a_payment_that_does_not_fit_is_refused(api: Api, invoice: str, change: dict[str, Any], says: str) -> None:
    (message,) = api.messages("PUT", "Payments", {"Invoice": {"InvoiceID": invoice}, **BANK, "Amount": 1, **change})
    assert says in message
    assert balance(api, invoice) == Decimal("1150.00")


def test_a_draft_cannot_be_paid(api: Api, company: XeroCompany, customer: str) -> None:
    draft = company.add_invoice(customer, [("Work", Decimal(10))], issued_on=DAY, due_on=DAY, is_draft=True)
    (message,) = api.messages("PUT", "Payments", {"Invoice": {"InvoiceID": draft}, **BANK, "Amount": 1})
    assert message == "Payments can only be made against Authorised documents"


def test_payments_are_never_edited(api: Api, company: XeroCompany, customer: str, invoice: str) -> None:
    payment = company.receive_payment(customer, Decimal(10), DAY, {invoice: Decimal(10)})
    assert api.messages("POST", f"Payments/{payment}", {"Amount": 5}) == ["Payments cannot be edited, only deleted"]


def test_an_account_with_payments_enabled_takes_a_discount(api: Api, invoice: str) -> None:
    posted = {"Invoice": {"InvoiceID": invoice}, "Account": {"Code": "210"}, "Amount": 23}
    api.ok("PUT", "Payments", posted)
    assert balance(api, invoice) == Decimal("1127.00")


def credit_note(api: Api, customer: str, amount: int, **changes: Any) -> str:
    line = {"Description": "2% prompt payment", "Quantity": 1, "UnitAmount": amount, "AccountCode": "200"}
    posted = {
        "Type": "ACCRECCREDIT",
        "Contact": {"ContactID": customer},
        "Status": "AUTHORISED",
        "LineAmountTypes": "Inclusive",
        "LineItems": [line],
        **changes,
    }
    (made,) = api.ok("PUT", "CreditNotes", posted)["CreditNotes"]
    return str(made["CreditNoteID"])


def test_a_credit_note_is_created_and_then_allocated(api: Api, customer: str, invoice: str) -> None:
    note = credit_note(api, customer, 60)
    (allocation,) = api.ok("PUT", f"CreditNotes/{note}/Allocations", {"Amount": 23, "Invoice": {"InvoiceID": invoice}})[
        "Allocations"
    ]
    assert "AllocationID" not in allocation
    assert allocation["CreditNote"]["CreditNoteID"] == note
    assert balance(api, invoice) == Decimal("1127.00")
    (read,) = api.get(f"CreditNotes/{note}")["CreditNotes"]
    assert (read["RemainingCredit"], read["Status"]) == (Decimal("37.00"), "AUTHORISED")
    api.ok(
        "PUT", f"CreditNotes/{note}/Allocations", {"Allocations": [{"Amount": 37, "Invoice": {"InvoiceID": invoice}}]}
    )
    (read,) = api.get(f"CreditNotes/{note}")["CreditNotes"]
    assert (read["RemainingCredit"], read["Status"]) == (0, "PAID")
    assert len(read["Allocations"]) == 2
    (shown,) = api.get(f"Invoices/{invoice}")["Invoices"]
    assert shown["AmountCredited"] == Decimal("60.00")
    assert [credit["AppliedAmount"] for credit in shown["CreditNotes"]] == [Decimal(23), Decimal(37)]


def test_removing_an_allocation_answers_with_a_bare_object_and_reopens_both(
    api: Api, company: XeroCompany, customer: str, invoice: str
) -> None:
    note = company.add_credit_note(customer, Decimal(60), DAY, {invoice: Decimal(60)})
    (read,) = api.get(f"CreditNotes/{note}")["CreditNotes"]
    allocation = read["Allocations"][0]["AllocationID"]
    removed = api.ok("DELETE", f"CreditNotes/{note}/Allocations/{allocation}")
    assert removed == {
        "AllocationID": allocation,
        "Date": "/Date(1772668800000+0000)/",
        "Invoice": {"InvoiceID": invoice},
        "IsDeleted": True,
    }
    assert balance(api, invoice) == Decimal("1150.00")
    assert api.get(f"CreditNotes/{note}")["CreditNotes"][0]["Status"] == "AUTHORISED"
    assert api.call("DELETE", f"CreditNotes/{note}/Allocations/{allocation}").status_code == 404


@pytest.mark.parametrize(
    ("note", "amount"),
    [({}, 61), ({}, 0), ({"CurrencyCode": "USD"}, 10), ({"Status": "DRAFT"}, 10)],
)
def test_an_allocation_that_does_not_fit_is_refused(
    api: Api, customer: str, invoice: str, note: dict[str, str], amount: int
) -> None:
    made = credit_note(api, customer, 60, **note)
    assert api.messages("PUT", f"CreditNotes/{made}/Allocations", {"Amount": amount, "Invoice": {"InvoiceID": invoice}})
    assert balance(api, invoice) == Decimal("1150.00")


def test_another_customers_credit_cannot_be_allocated(api: Api, company: XeroCompany, invoice: str) -> None:
    note = credit_note(api, company.add_customer("Rimu"), 60)
    (message,) = api.messages(
        "PUT", f"CreditNotes/{note}/Allocations", {"Amount": 1, "Invoice": {"InvoiceID": invoice}}
    )
    assert "same contact" in message


def test_an_allocated_note_cannot_be_voided_nor_discounted(
    api: Api, company: XeroCompany, customer: str, invoice: str
) -> None:
    note = company.add_credit_note(customer, Decimal(60), DAY, {invoice: Decimal(10)})
    assert api.messages("POST", f"CreditNotes/{note}", {"Status": "VOIDED"})
    line = {"Description": "x", "UnitAmount": 1, "DiscountRate": 10}
    posted = {"Type": "ACCRECCREDIT", "Contact": {"ContactID": customer}, "LineItems": [line]}
    assert api.messages("PUT", "CreditNotes", posted) == ["Discounts are not allowed on credit notes"]


def test_money_on_account_becomes_a_prepayment_and_too_much_an_overpayment(
    api: Api, company: XeroCompany, customer: str, invoice: str
) -> None:
    prepayment = company.receive_payment(customer, Decimal(40), DAY, {})
    company.receive_payment(customer, Decimal(1200), DAY, {invoice: Decimal(1150)})
    (held,) = api.get("Prepayments")["Prepayments"]
    assert (held["PrepaymentID"], held["RemainingCredit"], held["Type"]) == (prepayment, 40, "RECEIVE-PREPAYMENT")
    (over,) = api.get("Overpayments", page=1)["Overpayments"]
    assert (over["RemainingCredit"], over["Status"]) == (Decimal("50.00"), "AUTHORISED")
    other = company.add_invoice(customer, [("Work", Decimal(20))], issued_on=DAY, due_on=DAY)
    for path, part in ((f"Prepayments/{prepayment}", 3), (f"Overpayments/{over['OverpaymentID']}", 20)):
        api.ok("PUT", f"{path}/Allocations", {"Amount": part, "Invoice": {"InvoiceID": other}})
    (shown,) = api.get(f"Invoices/{other}")["Invoices"]
    assert (shown["Status"], shown["AmountCredited"]) == ("PAID", Decimal("23.00"))
    assert len(shown["Prepayments"]) == len(shown["Overpayments"]) == 1


def test_a_bank_transaction_makes_a_prepayment(sandbox: Rig, company: XeroCompany, customer: str) -> None:
    api = connect(sandbox, company, f"{SCOPES} accounting.banktransactions")
    posted = {
        "Type": "RECEIVE-PREPAYMENT",
        "Contact": {"ContactID": customer},
        "BankAccount": {"Code": "090"},
        "LineItems": [{"Description": "Deposit", "Quantity": 1, "UnitAmount": 75}],
    }
    (made,) = api.ok("PUT", "BankTransactions", posted)["BankTransactions"]
    (held,) = api.get(f"Prepayments/{made['PrepaymentID']}")["Prepayments"]
    assert held["RemainingCredit"] == 75
    assert api.messages("PUT", "BankTransactions", {**posted, "Type": "SPEND"})


def test_a_refund_is_a_payment_of_the_credit(api: Api, company: XeroCompany, customer: str) -> None:
    note = company.add_credit_note(customer, Decimal(60), DAY, {})
    posted = {"CreditNote": {"CreditNoteID": note}, **BANK, "Amount": 60}
    (refund,) = api.ok("PUT", "Payments", posted)["Payments"]
    assert (refund["PaymentType"], refund["Invoice"]["Type"]) == ("ARCREDITPAYMENT", "ACCRECCREDIT")
    assert api.get(f"CreditNotes/{note}")["CreditNotes"][0]["RemainingCredit"] == 0


def test_several_invoices_at_once_make_a_batch(api: Api, company: XeroCompany, customer: str, invoice: str) -> None:
    other = company.add_invoice(customer, [("Work", Decimal(100))], issued_on=DAY, due_on=DAY)
    company.receive_payment(customer, Decimal(1265), DAY, {invoice: Decimal(1150), other: Decimal(115)}, "eft")
    payments = api.get("Payments")["Payments"]
    assert {p["BatchPayment"]["TotalAmount"] for p in payments} == {Decimal("1265.00")}
    assert len({p["BatchPaymentID"] for p in payments}) == 1
    assert api.messages("POST", f"Payments/{payments[0]['PaymentID']}", {"Status": "DELETED"})


def test_a_foreign_payment_is_banked_at_the_rate(sandbox: Rig) -> None:
    rates = {"USD": Decimal("0.625")}
    company = sandbox.xero.create_company("Exporter", "NZ", "NZD", "Pacific/Auckland", rates=rates)
    buyer = company.add_customer("Buyer Inc", currency="USD")
    sold = company.add_invoice(buyer, [("Work", Decimal(100))], issued_on=DAY, due_on=DAY)
    payment = company.receive_payment(buyer, Decimal(50), DAY, {sold: Decimal(50)})
    assert company.books.payments.rows[payment]["BankAmount"] == Decimal("80.00")


amounts = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(5000), places=2)
steps = st.lists(st.tuples(st.sampled_from(["pay", "credit", "on account", "undo", "void"]), amounts), max_size=25)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=st.lists(amounts, min_size=1, max_size=4), steps=steps)
def test_every_balance_is_what_its_documents_say(lines: list[Decimal], steps: list[tuple[str, Decimal]]) -> None:
    clock = SandboxClock(NOW, ticking=False)
    company = XeroCompany(Books("t", "Books", "NZ", "NZD", "Pacific/Auckland", clock))
    books, customer = company.books, company.add_customer("Kauri")
    sold = company.add_invoice(customer, [("Work", n) for n in lines], issued_on=DAY, due_on=DAY)
    for what, amount in steps:
        _act(company, customer, sold, what, amount)
        doc = find_invoice(books, sold)
        paid = sum(p["Amount"] for p in books.payments.find("DocumentID", sold) if p["Status"] == "AUTHORISED")
        credited = sum(a["Amount"] for a in books.allocations.find("InvoiceID", sold))
        assert doc["AmountPaid"] == paid
        assert doc["AmountCredited"] == credited
        if doc["Status"] != "VOIDED":
            assert doc["AmountDue"] == doc["Total"] - paid - credited >= 0
            assert (doc["Status"] == "PAID") is (doc["AmountDue"] == 0)
        for note in books.credit_notes.rows.values():
            used = sum(a["Amount"] for a in books.allocations.find("SourceID", note["CreditNoteID"]))
            assert note["RemainingCredit"] == note["Total"] - used >= 0


def _act(company: XeroCompany, customer: str, sold: str, what: str, amount: Decimal) -> None:
    """One step; what the rules refuse leaves everything as it was."""
    from sandbox.xero.payments import delete_payment

    books = company.books
    try:
        match what:
            case "pay":
                company.receive_payment(customer, amount, DAY, {sold: amount})
            case "credit":
                company.add_credit_note(customer, amount + 1, DAY, {sold: amount})
            case "on account":
                company.receive_payment(customer, amount, DAY, {})
            case "void":
                company.void_invoice(sold)
            case "undo":
                for payment in list(books.payments.find("DocumentID", sold))[:1]:
                    with books.change():
                        delete_payment(books, payment, {"Status": "DELETED"})
    except Invalid:
        pass
