"""History notes and Xero's own invoice mail."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from sandbox.xero import XeroCompany
from tests.sandbox.xero.client import Api, Rig


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_notes_are_appended(api: Api, company: XeroCompany, invoice: str, method: str) -> None:
    posted = {"HistoryRecords": [{"Details": "Reminder 1 sent"}, {"Details": "Called"}]}
    answered = api.ok(method, f"Invoices/{invoice}/History", posted)["HistoryRecords"]
    assert [record["Details"] for record in answered] == ["Reminder 1 sent", "Called"]
    assert "User" not in answered[0]
    assert company.notes_on("invoice", invoice) == ["Reminder 1 sent", "Called"]


def test_notes_are_system_generated_and_listed_newest_first(
    sandbox: Rig, api: Api, company: XeroCompany, customer: str
) -> None:
    for text in ("first", "second"):
        api.ok("PUT", f"contacts/{customer}/HISTORY", {"HistoryRecords": [{"Details": text}]})
        sandbox.clock.advance(timedelta(minutes=1))
    records = api.get(f"Contacts/{customer}/History")["HistoryRecords"]
    assert [record["Details"] for record in records] == ["second", "first"]
    assert {(record["Changes"], record["User"]) for record in records} == {("Note", "System Generated")}
    assert records[1]["DateUTCString"] == "2026-03-04T21:00:00"
    company.books.switches.history_newest_first = False
    records = api.get(f"Contacts/{customer}/History")["HistoryRecords"]
    assert [record["Details"] for record in records] == ["first", "second"]


@pytest.mark.parametrize(("length", "status"), [(2500, 200), (2501, 400), (0, 400)])
def test_a_note_has_at_most_2500_characters(api: Api, invoice: str, length: int, status: int) -> None:
    posted = {"HistoryRecords": [{"Details": "x" * length}]}
    assert api.call("PUT", f"Invoices/{invoice}/History", posted).status_code == status


def test_one_bad_note_stores_none(api: Api, company: XeroCompany, invoice: str) -> None:
    posted = {"HistoryRecords": [{"Details": "good"}, {"Details": ""}]}
    assert api.call("PUT", f"Invoices/{invoice}/History", posted).status_code == 400
    assert company.notes_on("invoice", invoice) == []


def test_a_note_on_what_is_not_there_is_not_found(api: Api) -> None:
    posted = {"HistoryRecords": [{"Details": "x"}]}
    assert api.call("PUT", "Invoices/00000000-0000-0000-0000-000000000001/History", posted).status_code == 404


def test_a_note_bumps_the_document_only_where_switched_on(api: Api, company: XeroCompany, invoice: str) -> None:
    before = api.get("Invoices")["Invoices"][0]["UpdatedDateUTC"]
    api.ok("PUT", f"Invoices/{invoice}/History", {"HistoryRecords": [{"Details": "x"}]})
    assert api.get("Invoices")["Invoices"][0]["UpdatedDateUTC"] == before
    company.books.switches.note_bumps = True
    api.ok("PUT", f"Invoices/{invoice}/History", {"HistoryRecords": [{"Details": "x"}]})
    assert api.get("Invoices")["Invoices"][0]["UpdatedDateUTC"] > before


def test_xeros_own_mail_goes_to_the_contact_and_the_included_persons(api: Api, company: XeroCompany) -> None:
    contact = company.add_customer("Rimu", "a@rimu.example", people=[("Ana Ruiz", "ana@rimu.example")])
    persons = [{"EmailAddress": "not@rimu.example"}, {"EmailAddress": "ana@rimu.example", "IncludeInEmails": True}]
    api.ok("POST", f"Contacts/{contact}", {"ContactPersons": persons})
    sold = company.add_invoice(
        contact, [("Work", Decimal(10))], issued_on=date(2026, 3, 1), due_on=date(2026, 4, 1), is_sent=False
    )
    answer = api.call("POST", f"Invoices/{sold}/Email", {})
    assert (answer.status_code, answer.content) == (204, b"")
    (mail,) = company.outbox
    assert mail.to == ("a@rimu.example", "ana@rimu.example")
    assert mail.invoice_id == sold
    assert api.get(f"Invoices/{sold}")["Invoices"][0]["SentToContact"] is True
    assert api.get(f"Invoices/{sold}/History")["HistoryRecords"][0]["Changes"] == "Invoice sent"


def test_drafts_bills_and_contacts_without_an_address_get_no_mail(
    api: Api, company: XeroCompany, customer: str
) -> None:
    day = date(2026, 3, 1)
    draft = company.add_invoice(customer, [("Work", Decimal(10))], issued_on=day, due_on=day, is_draft=True)
    silent = company.add_invoice(company.add_customer("Rimu"), [("Work", Decimal(10))], issued_on=day, due_on=day)
    for invoice in (draft, silent):
        assert api.call("POST", f"Invoices/{invoice}/Email", {}).json()["Type"] == "ValidationException"
    assert company.outbox == []


@pytest.mark.parametrize(("plan", "cap"), [("DEMO", 0), ("TRIAL", 20)])
def test_the_daily_cap_follows_the_plan(
    sandbox: Rig, api: Api, company: XeroCompany, invoice: str, plan: str, cap: int
) -> None:
    company.books.switches.plan = plan
    answers = [api.call("POST", f"Invoices/{invoice}/Email", {}).status_code for _ in range(cap + 1)]
    assert answers == [204] * cap + [400]
    assert len(company.outbox) == cap


def test_the_cap_counts_days_of_the_organisation(sandbox: Rig, api: Api, company: XeroCompany, invoice: str) -> None:
    company.books.switches.email_cap = 1
    assert api.call("POST", f"Invoices/{invoice}/Email", {}).status_code == 204
    assert api.call("POST", f"Invoices/{invoice}/Email", {}).status_code == 400
    sandbox.clock.advance(timedelta(hours=14))
    from tests.sandbox.xero.client import connect

    assert connect(sandbox, company).call("POST", f"Invoices/{invoice}/Email", {}).status_code == 204


def test_an_online_invoice_has_an_address_unless_it_is_a_draft(api: Api, company: XeroCompany, invoice: str) -> None:
    (online,) = api.get(f"Invoices/{invoice}/OnlineInvoice")["OnlineInvoices"]
    assert online["OnlineInvoiceUrl"].startswith("https://in.xero.com/")
    draft = {**company.books.invoices.rows[invoice], "Status": "DRAFT"}
    company.books.put(company.books.invoices, draft)
    assert api.call("GET", f"Invoices/{invoice}/OnlineInvoice").status_code == 400
