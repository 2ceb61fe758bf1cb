"""If-Modified-Since, what bumps a document, and the blind spots that a client must live with."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from sandbox.xero import XeroCompany
from tests.sandbox.xero.client import Api, Rig

BEFORE, AT, AFTER = "2026-03-04T20:59:59", "2026-03-04T21:00:00", "2026-03-04T21:00:01"


@pytest.mark.parametrize(
    ("since", "count"),
    [
        (BEFORE, 1),
        (AT, 1),
        (AFTER, 0),
        ("Wed, 04 Mar 2026 21:00:01 GMT", 0),
        ("2026-03-04T21:00:00.900000+00:00", 1),
        ("2026-03-05T10:00:01+13:00", 0),
        ("nonsense", 1),
    ],
)
def test_the_bound_counts_to_the_second(api: Api, invoice: str, since: str, count: int) -> None:
    assert len(api.get("Invoices", since)["Invoices"]) == count


def test_odd_forms_may_be_switched_to_be_ignored(api: Api, company: XeroCompany, invoice: str) -> None:
    company.books.switches.odd_since_ignored = True
    assert len(api.get("Invoices", "Wed, 04 Mar 2026 21:00:01 GMT")["Invoices"]) == 1
    assert api.get("Invoices", AFTER)["Invoices"] == []


def test_nothing_changed_may_be_switched_to_304(api: Api, company: XeroCompany, invoice: str) -> None:
    company.books.switches.not_modified_status = 304
    assert api.call("GET", "Invoices", headers={"If-Modified-Since": AFTER}).status_code == 304


def changed(sandbox: Rig, api: Api, path: str = "Invoices") -> list[str]:
    """Ids changed since now; the clock then moves on by a minute."""
    since = sandbox.clock.now().strftime("%Y-%m-%dT%H:%M:%S")
    found = api.get(path, since)[path]
    sandbox.clock.advance(timedelta(minutes=1))
    return [doc[f"{path[:-1]}ID"] for doc in found]


def test_payments_allocations_and_voids_bump_the_invoice(
    sandbox: Rig, api: Api, company: XeroCompany, customer: str, invoice: str
) -> None:
    sandbox.clock.advance(timedelta(minutes=1))
    company.receive_payment(customer, Decimal(100), date(2026, 3, 5), {invoice: Decimal(100)})
    assert changed(sandbox, api) == [invoice]
    note = company.add_credit_note(customer, Decimal(50), date(2026, 3, 5), {invoice: Decimal(50)})
    assert changed(sandbox, api) == [invoice]
    (credit,) = api.get(f"CreditNotes/{note}")["CreditNotes"]
    api.call("DELETE", f"CreditNotes/{note}/Allocations/{credit['Allocations'][0]['AllocationID']}")
    assert changed(sandbox, api) == [invoice]
    assert changed(sandbox, api) == []


def test_due_date_and_sent_to_contact_of_a_part_paid_invoice_are_a_blind_spot(
    sandbox: Rig, api: Api, company: XeroCompany, customer: str, invoice: str
) -> None:
    company.receive_payment(customer, Decimal(100), date(2026, 3, 5), {invoice: Decimal(100)})
    sandbox.clock.advance(timedelta(minutes=1))
    company.change_due_date(invoice, date(2026, 4, 20))
    api.ok("POST", f"Invoices/{invoice}", {"SentToContact": True, "DueDate": "2026-04-21"})
    assert changed(sandbox, api) == []
    (shown,) = api.get("Invoices", IDs=invoice)["Invoices"]
    assert (shown["DueDateString"], shown["SentToContact"]) == ("2026-04-21T00:00:00", True)


def test_the_due_date_of_an_unpaid_invoice_shows_in_a_delta(
    sandbox: Rig, api: Api, company: XeroCompany, invoice: str
) -> None:
    sandbox.clock.advance(timedelta(minutes=1))
    company.change_due_date(invoice, date(2026, 4, 20))
    assert changed(sandbox, api) == [invoice]


def test_deletions_arrive_as_statuses(sandbox: Rig, api: Api, company: XeroCompany, customer: str) -> None:
    lines = [("Work", Decimal(100))]
    draft = company.add_invoice(customer, lines, issued_on=date(2026, 3, 1), due_on=date(2026, 4, 1), is_draft=True)
    approved = company.add_invoice(customer, lines, issued_on=date(2026, 3, 1), due_on=date(2026, 4, 1))
    company.delete_invoice(draft)
    company.void_invoice(approved)
    statuses = {doc["InvoiceID"]: doc["Status"] for doc in api.get("Invoices", AT)["Invoices"]}
    assert statuses == {draft: "DELETED", approved: "VOIDED"}
    company.books.switches.lists_deleted = False
    assert [doc["InvoiceID"] for doc in api.get("Invoices")["Invoices"]] == [approved]
    assert len(api.get("Invoices", Statuses="DELETED,VOIDED")["Invoices"]) == 2


def test_a_deleted_payment_arrives_as_a_status_and_reopens_the_invoice(
    sandbox: Rig, api: Api, company: XeroCompany, customer: str, invoice: str
) -> None:
    payment = company.receive_payment(customer, Decimal(1150), date(2026, 3, 5), {invoice: Decimal(1150)})
    sandbox.clock.advance(timedelta(minutes=1))
    api.ok("POST", f"Payments/{payment}", {"Status": "DELETED"})
    (shown,) = api.get("Payments", AFTER)["Payments"]
    assert (shown["PaymentID"], shown["Status"]) == (payment, "DELETED")
    (reopened,) = api.get("Invoices", AFTER)["Invoices"]
    assert (reopened["Status"], reopened["AmountDue"]) == ("AUTHORISED", Decimal("1150.00"))
    assert "FullyPaidOnDate" not in reopened


def test_a_record_edited_between_two_pages_shifts_the_next_one(api: Api, company: XeroCompany, customer: str) -> None:
    made = [
        company.add_invoice(customer, [("Work", Decimal(n))], issued_on=date(2026, 3, 1), due_on=date(2026, 4, 1))
        for n in range(1, 7)
    ]
    first = [doc["InvoiceID"] for doc in api.get("Invoices", page=1, pageSize=3)["Invoices"]]
    company.change_due_date(made[0], date(2026, 5, 1))
    second = [doc["InvoiceID"] for doc in api.get("Invoices", page=2, pageSize=3)["Invoices"]]
    assert first == made[:3]
    assert second == [made[4], made[5], made[0]]
    assert made[3] not in first + second


def test_walking_by_id_meets_every_record(api: Api, company: XeroCompany, customer: str) -> None:
    made = [
        company.add_invoice(customer, [("Work", Decimal(n))], issued_on=date(2026, 3, 1), due_on=date(2026, 4, 1))
        for n in range(1, 7)
    ]
    seen = {doc["InvoiceID"] for doc in api.get("Invoices", page=1, pageSize=3, order="InvoiceID")["Invoices"]}
    company.change_due_date(made[0], date(2026, 5, 1))
    seen |= {doc["InvoiceID"] for doc in api.get("Invoices", page=2, pageSize=3, order="InvoiceID")["Invoices"]}
    assert seen == set(made)


def test_timestamps_rise_with_every_change(api: Api, company: XeroCompany, customer: str) -> None:
    for n in range(1, 5):
        company.add_invoice(customer, [("Work", Decimal(n))], issued_on=date(2026, 3, 1), due_on=date(2026, 4, 1))
    stamps = [doc["UpdatedDateUTC"] for doc in api.get("Invoices")["Invoices"]]
    assert stamps == sorted(set(stamps))
