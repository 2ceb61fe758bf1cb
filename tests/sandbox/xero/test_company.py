"""The bookkeeper's side of an organisation, and ledgers taken over whole."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest

from sandbox.clock import SandboxClock
from sandbox.company import SandboxCompany
from sandbox.xero import XeroCompany
from sandbox.xero.books import Books
from sandbox.xero.errors import Invalid
from sandbox.xero.zones import xero_zone
from tests.sandbox.xero.client import Api, Rig
from tests.sandbox.xero.conftest import NOW

DAY = date(2026, 3, 5)


def test_a_xero_company_is_a_sandbox_company(company: XeroCompany, customer: str, invoice: str) -> None:
    books: SandboxCompany = company
    (open_one,) = books.open_invoices(customer)
    assert (open_one.id, open_one.number, open_one.balance) == (invoice, "INV-7", Decimal("1150.00"))
    assert (open_one.issued_on, open_one.due_on) == (date(2026, 1, 20), date(2026, 2, 20))


def test_only_approved_sales_with_a_balance_are_open(company: XeroCompany, customer: str, invoice: str) -> None:
    company.add_invoice(customer, [("Work", Decimal(10))], issued_on=DAY, due_on=DAY, is_draft=True)
    voided = company.add_invoice(customer, [("Work", Decimal(10))], issued_on=DAY, due_on=DAY)
    company.void_invoice(voided)
    company.receive_payment(customer, Decimal(1150), DAY, {invoice: Decimal(1150)})
    assert company.open_invoices() == []


def test_the_books_rules_bind_the_bookkeeper_too(company: XeroCompany, customer: str, invoice: str) -> None:
    with pytest.raises(Invalid, match="exceeds"):
        company.receive_payment(customer, Decimal(2000), DAY, {invoice: Decimal(2000)})
    with pytest.raises(Invalid, match="unique"):
        company.add_customer("Kauri Homes")
    with pytest.raises(Invalid, match="unique"):
        company.add_invoice(customer, [("Work", Decimal(1))], issued_on=DAY, due_on=DAY, number="INV-7")
    assert [doc.balance for doc in company.open_invoices()] == [Decimal("1150.00")]


def test_a_refused_act_leaves_nothing_half_done(company: XeroCompany, customer: str, invoice: str) -> None:
    other = company.add_invoice(customer, [("Work", Decimal(1))], issued_on=DAY, due_on=DAY)
    before = dict(company.books.invoices.rows)
    with pytest.raises(Invalid):
        company.receive_payment(customer, Decimal(1155), DAY, {invoice: Decimal(1150), other: Decimal(5)})
    assert company.books.invoices.rows == before
    assert list(company.books.invoices.rows) == list(before)
    assert len(company.books.payments) == 0
    assert [row["InvoiceID"] for row in company.books.invoices.find("ContactID", customer)]


def test_an_unknown_switch_is_refused(sandbox: Rig) -> None:
    with pytest.raises(TypeError, match="colour"):
        sandbox.xero.create_company("X", "NZ", "NZD", "Pacific/Auckland", colour="blue")


def test_the_organisation_shows_its_settings(sandbox: Rig, api: Api) -> None:
    (shown,) = api.get("Organisation")["Organisations"]
    assert (shown["BaseCurrency"], shown["CountryCode"], shown["Timezone"]) == ("NZD", "NZ", "NEWZEALANDSTANDARDTIME")
    assert api.get("Organisation/Actions")["Actions"][0]["Status"] == "ALLOWED"
    assert api.get("InvoiceReminders/Settings")["InvoiceReminders"] == [{"Enabled": False}]


@pytest.mark.parametrize(
    ("iana", "xero"),
    [
        ("Pacific/Auckland", "NEWZEALANDSTANDARDTIME"),
        ("Europe/London", "GMTSTANDARDTIME"),
        ("America/Toronto", "EASTERNSTANDARDTIME"),
        ("Australia/Sydney", "AUSEASTERNSTANDARDTIME"),
    ],
)
def test_zones_are_squeezed_windows_names(iana: str, xero: str) -> None:
    assert xero_zone(iana) == xero


def test_a_loaded_ledger_is_taken_as_it_stands(api: Api, company: XeroCompany) -> None:
    company.load("Contact", [{"ContactID": "C1", "Name": "tvATWxpyhsfz4MLYa2r8bw=="}])
    paid = {
        "Type": "ACCREC", "InvoiceID": "I1", "InvoiceNumber": "1001", "Contact": {"ContactID": "C1"}, "Status": "PAID",
        "Date": "2020-11-04", "DueDate": "2020-12-04", "FullyPaidOnDate": "2020-12-10", "CurrencyCode": "GBP",
        "CurrencyRate": "0.58", "SubTotal": "2250", "TotalTax": "0", "Total": "2250", "AmountDue": "0",
        "AmountPaid": "2250", "AmountCredited": "0", "UpdatedDateUTC": "2020-12-10T14:45:34.083",
        "LineItems": [{"Quantity": "3", "UnitAmount": "750", "AccountCode": "207", "TaxType": "TAX9"}],
        "Payments": [{"PaymentID": "P1", "Amount": "2250", "Date": "2020-12-10"}],
    }  # fmt: skip
    bill = {"Type": "ACCPAY", "InvoiceID": "I2", "Contact": {"ContactID": "C2", "Name": "Supplier"}, "Status": "VOIDED",
            "Date": "2020-04-21", "DueDate": "2020-04-21", "Total": "47.99", "AmountDue": "0", "Url": "",
            "UpdatedDateUTC": "2020-04-26 14:45:34.083"}  # fmt: skip
    assert company.load("Invoice", [paid, bill]) == 2
    voided, shown = api.get("Invoices", page=1)["Invoices"]
    assert (voided["InvoiceID"], voided["Status"], voided["Total"]) == ("i2", "VOIDED", Decimal("47.99"))
    assert (shown["Total"], shown["AmountPaid"], shown["CurrencyCode"]) == (2250, 2250, "GBP")
    assert shown["UpdatedDateUTC"] == "/Date(1607611534083+0000)/"
    assert shown["LineItems"][0]["TaxType"] == "TAX9"
    (payment,) = api.get("Payments")["Payments"]
    assert (payment["PaymentID"], payment["Invoice"]["InvoiceID"]) == ("P1", "i1")
    assert company.open_invoices() == []


def test_loaded_credits_bring_their_allocations(api: Api, company: XeroCompany, customer: str, invoice: str) -> None:
    allocation = {"AllocationID": "A1", "Amount": 20, "Date": "2026-01-21", "Invoice": {"InvoiceID": invoice}}
    note = {"CreditNoteID": "N1", "Type": "ACCRECCREDIT", "Contact": {"ContactID": customer}, "Status": "AUTHORISED",
            "Date": "2026-01-21", "Total": 60, "RemainingCredit": 40, "Allocations": [allocation]}  # fmt: skip
    company.load("CreditNote", [note])
    (shown,) = api.get("CreditNotes")["CreditNotes"]
    assert (shown["RemainingCredit"], shown["Allocations"][0]["AllocationID"]) == (40, "A1")


def test_nonsense_is_not_loaded(company: XeroCompany) -> None:
    with pytest.raises(ValueError, match="Quote"):
        company.load("Quote", [])
    with pytest.raises(ValueError, match="not an amount"):
        company.load("Invoice", [{"Contact": {"ContactID": "c"}, "Total": "lots"}])


def test_changes_after_loading_come_after_the_loaded(company: XeroCompany, customer: str) -> None:
    company.load(
        "Invoice", [{"InvoiceID": "i", "Contact": {"ContactID": customer}, "UpdatedDateUTC": "2027-01-01T00:00:00"}]
    )
    company.add_invoice(customer, [("Work", Decimal(1))], issued_on=DAY, due_on=DAY)
    stamps = [doc["UpdatedDateUTC"] for doc in company.books.invoices.rows.values()]
    assert stamps == sorted(stamps)


def test_two_thousand_invoices_with_payments_are_written_in_seconds() -> None:
    company = XeroCompany(Books("t", "Books", "NZ", "NZD", "Pacific/Auckland", SandboxClock(NOW, ticking=False)))
    customers = [company.add_customer(f"Customer {n}") for n in range(50)]
    began = time.process_time()
    for n in range(2000):
        who = customers[n % 50]
        sold = company.add_invoice(who, [("A", Decimal(100)), ("B", Decimal(50))], issued_on=DAY, due_on=DAY)
        company.receive_payment(who, Decimal(100), DAY, {sold: Decimal(100)})
    assert time.process_time() - began < 5
