"""What the sandbox answers fits Xero's own OpenAPI document, call by call."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.xero import XeroCompany
from sandbox.xero.values import from_json
from tests.sandbox.xero.client import SCOPES, Api, Rig, connect
from tests.sandbox.xero.openapi import FILES, Contract

pytestmark = pytest.mark.skipif(not FILES.exists(), reason="Xero's OpenAPI files are kept outside of this project")
BANK = {"Account": {"Code": "090"}}
LINES = [{"Description": "Shelves", "Quantity": 2, "UnitAmount": 50, "AccountCode": "200"}]
MORE = "accounting.reports.aged.read accounting.banktransactions"
SETTINGS = ("Organisation", "Organisation/Actions", "Accounts", "TaxRates", "BrandingThemes", "Currencies", "Users")
PAGED = {"page": "1"}


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract()


class Checked:
    """The API as a client has it; whatever it answers is held against the document."""

    def __init__(self, api: Api, contract: Contract) -> None:
        self._api, self._contract, self.problems = api, contract, list[str]()

    def __call__(self, method: str, path: str, body: Any = None, status: int = 200, **query: Any) -> Any:
        answer = self._api.call(method, path, body, **query)
        assert answer.status_code == status, answer.text
        found = from_json(answer.content) if answer.content else None
        self.problems += self._contract.problems(method, path, status, found)
        return found


@pytest.fixture
def checked(sandbox: Rig, company: XeroCompany, contract: Contract) -> Checked:
    return Checked(connect(sandbox, company, f"{SCOPES} {MORE}"), contract)


def test_what_is_read_of_settings_fits(checked: Checked) -> None:
    for path in SETTINGS:
        assert checked("GET", path)
    for path in ("InvoiceReminders/Settings", "RepeatingInvoices", "ContactGroups"):
        checked("GET", path)
    assert checked.problems == []


def test_invoices_and_everything_about_them_fit(checked: Checked, invoice: str, customer: str) -> None:
    for query in ({}, PAGED, {"IDs": invoice}, {"summaryOnly": "true"}, {"Statuses": "AUTHORISED"}):
        assert checked("GET", "Invoices", **query)["Invoices"]
    fee = {"Type": "ACCREC", "Contact": {"ContactID": customer}, "LineItems": LINES, "Status": "AUTHORISED"}
    fee |= {"Date": "2026-03-05", "DueDate": "2026-04-05"}
    [made] = checked("PUT", "Invoices", {"Invoices": [fee]})["Invoices"]
    path = f"Invoices/{made['InvoiceID']}"
    checked("POST", path, {"ExpectedPaymentDate": "2026-04-01"})
    checked("PUT", f"{path}/History", {"HistoryRecords": [{"Details": "Called them."}]})
    checked("GET", f"{path}/History")
    checked("GET", f"{path}/OnlineInvoice")
    checked("POST", f"{path}/Email", {}, status=204)
    checked("POST", path, {"Status": "VOIDED"})
    checked("PUT", "Invoices", {"Invoices": [{"Type": "NOPE"}]}, status=400)
    assert checked.problems == []


def test_money_and_credits_fit(checked: Checked, company: XeroCompany, invoice: str, customer: str) -> None:
    posted = {"Invoice": {"InvoiceID": invoice}, **BANK, "Date": "2026-03-04", "Amount": 150.5}
    [payment] = checked("PUT", "Payments", {"Payments": [posted]})["Payments"]
    note = {"Type": "ACCRECCREDIT", "Contact": {"ContactID": customer}, "LineItems": LINES, "Status": "AUTHORISED"}
    [credit] = checked("PUT", "CreditNotes", {"CreditNotes": [note]})["CreditNotes"]
    allocations = f"CreditNotes/{credit['CreditNoteID']}/Allocations"
    allocated = {"Allocations": [{"Invoice": {"InvoiceID": invoice}, "Amount": 20, "Date": "2026-03-05"}]}
    checked("PUT", allocations, allocated)
    for kind in ("RECEIVE-OVERPAYMENT", "RECEIVE-PREPAYMENT"):
        line = {"Description": "On account", "Quantity": 1, "UnitAmount": 30, "AccountCode": "610"}
        more = {"Type": kind, "Contact": {"ContactID": customer}, "BankAccount": {"Code": "090"}, "LineItems": [line]}
        checked("PUT", "BankTransactions", {"BankTransactions": [more]})
    for path in ("Payments", "CreditNotes", "Overpayments", "Prepayments", "Invoices"):
        assert checked("GET", path, **PAGED)
    checked("GET", f"Payments/{payment['PaymentID']}")
    checked("GET", f"CreditNotes/{credit['CreditNoteID']}")
    checked("POST", f"Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    assert checked.problems == []


def test_contacts_groups_and_reports_fit(checked: Checked, invoice: str, customer: str) -> None:
    person = {"FirstName": "Ada", "LastName": "Moss", "EmailAddress": "ada@kauri.example", "IncludeInEmails": True}
    checked("POST", f"Contacts/{customer}", {"ContactPersons": [person]})
    for query in ({}, PAGED, {"includeArchived": "true"}, {"summaryOnly": "true", **PAGED}):
        assert checked("GET", "Contacts", **query)["Contacts"]
    checked("GET", f"Contacts/{customer}")
    [group] = checked("PUT", "ContactGroups", {"ContactGroups": [{"Name": "Credit hold"}]})["ContactGroups"]
    members = f"ContactGroups/{group['ContactGroupID']}/Contacts"
    checked("PUT", members, {"Contacts": [{"ContactID": customer}]})
    checked("GET", f"ContactGroups/{group['ContactGroupID']}")
    checked("DELETE", f"{members}/{customer}", status=204)
    checked("GET", "Reports/AgedReceivablesByContact", contactId=customer)
    assert checked.problems == []


def test_an_answer_that_does_not_fit_is_noticed(contract: Contract) -> None:
    """else the tests above would pass for want of a check"""
    wrong = {"Invoices": [{"Type": "NOPE", "Total": "12", "Date": "2026-03-05", "InvoiceID": "7", "Colour": "red"}]}
    found = contract.problems("GET", "Invoices", 200, wrong)
    assert [problem.split(":")[0].rpartition(".")[2] for problem in found] == [
        "Type", "Total", "Date", "InvoiceID", "Colour",
    ]  # fmt: skip
