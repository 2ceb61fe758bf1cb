"""Lists: pages, views, filters, order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sandbox.xero import XeroCompany
from tests.sandbox.xero.client import Api


@pytest.fixture
def many(company: XeroCompany, customer: str) -> list[str]:
    """Twelve invoices of 100 to 1,200 before tax, one a day from 1 January."""
    return [
        company.add_invoice(
            customer,
            [("Work", Decimal(100 * n))],
            issued_on=date(2026, 1, n),
            due_on=date(2026, 2, n),
        )
        for n in range(1, 13)
    ]


def ids(answer: dict[str, Any]) -> list[str]:
    return [invoice["InvoiceID"] for invoice in answer["Invoices"]]


def test_without_asking_for_json_the_answer_is_xml(api: Api, invoice: str) -> None:
    answer = api.call("GET", "Invoices", headers={"Accept": "*/*"})
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert f"<InvoiceID>{invoice}</InvoiceID>".encode() in answer.content


def test_the_envelope(api: Api, invoice: str) -> None:
    answer = api.get("Invoices")
    assert answer["Status"] == "OK"
    assert answer["DateTimeUTC"] == "/Date(1772658000000)/"
    assert "pagination" not in answer
    assert ids(answer) == [invoice]


def test_pages_and_their_block(api: Api, many: list[str]) -> None:
    first = api.get("Invoices", page=1, pageSize=5)
    assert ids(first) == many[:5]
    assert first["pagination"] == {"page": 1, "pageSize": 5, "pageCount": 3, "itemCount": 12}
    assert ids(api.get("Invoices", page=3, pageSize=5)) == many[10:]
    assert ids(api.get("Invoices", page=4, pageSize=5)) == []


@pytest.mark.parametrize(("asked", "given"), [("5000", 1000), ("0", 1), ("", 100)])
def test_page_sizes_are_clamped_not_refused(api: Api, asked: str, given: int) -> None:
    assert api.get("Invoices", page=1, pageSize=asked)["pagination"]["pageSize"] == given


def test_a_page_that_is_no_number_is_refused(api: Api) -> None:
    assert api.call("GET", "Invoices", page="x").json()["Type"] == "QueryParseException"


def test_only_paged_and_single_reads_carry_lines(api: Api, invoice: str) -> None:
    (listed,) = api.get("Invoices")["Invoices"]
    assert listed["LineItems"] == []
    (paged,) = api.get("Invoices", page=1)["Invoices"]
    assert [line["Description"] for line in paged["LineItems"]] == ["Kitchen", "Fitting"]
    (single,) = api.get(f"Invoices/{invoice}")["Invoices"]
    assert single["LineItems"] == paged["LineItems"]


def test_the_contact_inside_a_list_is_two_fields_and_empty_arrays(
    api: Api, company: XeroCompany, customer: str, invoice: str
) -> None:
    company.books.contacts.put(
        {**company.books.contacts.rows[customer], "ContactPersons": [{"EmailAddress": "x", "IncludeInEmails": True}]}
    )
    (paged,) = api.get("Invoices", page=1)["Invoices"]
    assert paged["Contact"]["ContactPersons"] == []
    assert "EmailAddress" not in paged["Contact"]
    contact = api.get(f"Invoices/{invoice}")["Invoices"][0]["Contact"]
    assert contact["EmailAddress"] == "accounts@kauri.example"
    assert len(contact["ContactPersons"]) == 1
    assert "Balances" not in contact
    assert "PaymentTerms" not in contact


def test_statuses_and_summary_force_paging(api: Api, many: list[str]) -> None:
    assert api.get("Invoices", Statuses="AUTHORISED")["pagination"]["pageSize"] == 100
    summary = api.get("Invoices", summaryOnly="true")
    assert summary["pagination"]["itemCount"] == 12
    assert not {"Payments", "LineItems", "HasAttachments"} & set(summary["Invoices"][0])


def test_a_summary_cannot_be_filtered_by_what_it_drops(api: Api) -> None:
    answer = api.call("GET", "Invoices", summaryOnly="true", where="HasAttachments==true")
    assert answer.status_code == 400


def test_both_date_forms_name_the_same_day(api: Api, invoice: str) -> None:
    (shown,) = api.get("Invoices")["Invoices"]
    assert (shown["DueDate"], shown["DueDateString"]) == ("/Date(1771545600000+0000)/", "2026-02-20T00:00:00")
    assert shown["UpdatedDateUTC"] == "/Date(1772658000001+0000)/"
    assert shown["UpdatedDateUTCString"] == "2026-03-04T21:00:00Z"


def test_by_number_as_well_as_by_id(api: Api, company: XeroCompany, customer: str, invoice: str) -> None:
    assert ids(api.get("Invoices/INV-7")) == [invoice]
    slashed = company.add_invoice(
        customer, [("A", Decimal(1))], issued_on=date(2026, 1, 1), due_on=date(2026, 2, 1), number="INV/1"
    )
    assert ids(api.get("Invoices/INV%2F1")) == [slashed]
    answer = api.call("GET", "Invoices/INV-8")
    assert answer.status_code == 404
    assert not answer.headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize(
    ("where", "numbers"),
    [
        ('Status=="PAID"', []),
        ('Status="AUTHORISED" AND Total>=1150', [10, 11, 12]),
        ("total < 230 or Total > 1300", [1, 12]),
        ("Date>=DateTime(2026,01,10) && Date<DateTime(2026,1,12)", [10, 11]),
        ("(AmountDue==115 || AmountDue==230) and Type==\"ACCREC\"", [1, 2]),
        ('Contact.Name.StartsWith("Kauri") AND InvoiceNumber.EndsWith("3")', [3]),
        ('Reference.Contains("none")', []),
        ("SentToContact AND AmountDue==115", [1]),
        ("!(Total>115)", [1]),
        ("ExpectedPaymentDate!=null", []),
    ],
)  # fmt: skip
def test_where(api: Api, many: list[str], where: str, numbers: list[int]) -> None:
    assert ids(api.get("Invoices", where=where)) == [many[n - 1] for n in numbers]


def test_where_takes_guids(api: Api, many: list[str], customer: str) -> None:
    assert len(ids(api.get("Invoices", where=f'Contact.ContactID==guid("{customer.upper()}")'))) == 12
    assert ids(api.get("Invoices", where=f'InvoiceId==Guid("{many[4]}")')) == [many[4]]


@pytest.mark.parametrize(
    "where",
    ["Status==", "==1", 'Status=="PAID', "Nope==1", "Total>", "Total==1)", "(Total==1", "Total~1", 'Total>"x"',
     "Date==DateTime(2026,13,1)", "Date==DateTime(99999999999999999999,1,1)",
     "Date==DateTime(2026)", "Status.Contains(1)", "a" * 9000, "(" * 60 + "Total==1" + ")" * 60],
)  # fmt: skip
def test_a_malformed_filter_is_refused(api: Api, many: list[str], where: str) -> None:
    answer = api.call("GET", "Invoices", where=where)
    assert answer.status_code == 400, answer.text
    assert answer.json()["Type"] == "QueryParseException"


def test_list_parameters(api: Api, many: list[str], customer: str) -> None:
    assert ids(api.get("Invoices", IDs=f"{many[2]},{many[0]}")) == [many[0], many[2]]
    assert ids(api.get("Invoices", invoicenumbers="INV-0003,INV-0099")) == [many[2]]
    assert len(ids(api.get("Invoices", ContactIDs=customer))) == 12
    assert ids(api.get("Invoices", Statuses="DRAFT,VOIDED")) == []
    assert ids(api.get("Invoices", SearchTerm="inv-0012")) == [many[11]]


def test_query_names_paths_and_booleans_are_case_blind(api: Api, many: list[str]) -> None:
    answer = api.get("invoices", PAGE=1, PageSize=2, SummaryOnly="True")
    assert ids(answer) == many[:2]
    assert "LineItems" not in answer["Invoices"][0]


@pytest.mark.parametrize(
    ("order", "first"), [("Date DESC", 12), ("AmountDue", 1), ("Total desc, Date ASC", 12), ("UpdatedDateUTC DESC", 12)]
)
def test_order(api: Api, many: list[str], order: str, first: int) -> None:
    assert ids(api.get("Invoices", order=order))[0] == many[first - 1]


def test_the_id_breaks_ties_under_any_order(api: Api, many: list[str]) -> None:
    assert ids(api.get("Invoices", order="Status")) == sorted(many)
    assert ids(api.get("Invoices", order="InvoiceID")) == sorted(many)


def test_an_unknown_order_is_refused(api: Api) -> None:
    assert api.call("GET", "Invoices", order="Nope DESC").status_code == 400


def test_too_much_work_is_refused(api: Api, company: XeroCompany, many: list[str]) -> None:
    company.books.switches.too_many = 11
    assert api.call("GET", "Invoices").status_code == 400
    assert api.call("GET", "Invoices", where="SubTotal==100").status_code == 400
    assert api.call("GET", "Invoices", where="AmountDue==115", order="SubTotal").status_code == 400
    assert len(ids(api.get("Invoices", where="AmountDue==115", order="Date"))) == 1


def test_an_unpaged_contact_list_leaves_most_out(api: Api, company: XeroCompany) -> None:
    company.add_customer("Rimu Ltd", "a@rimu.example", people=[("Ana Ruiz", "ana@rimu.example")], term_days=20)
    (listed,) = api.get("Contacts")["Contacts"]
    assert listed["ContactPersons"] == []
    assert not {"PaymentTerms", "Balances", "BrandingTheme", "HasAttachments"} & set(listed)
    (paged,) = api.get("Contacts", page=1)["Contacts"]
    assert paged["ContactPersons"][0]["EmailAddress"] == "ana@rimu.example"
    assert paged["PaymentTerms"] == {"Sales": {"Day": 20, "Type": "DAYSAFTERBILLDATE"}}
    (summary,) = api.get("Contacts", summaryOnly="true")["Contacts"]
    assert not {"Addresses", "Balances", "ContactPersons", "IsCustomer"} & set(summary)


def test_archived_contacts_hide_unless_asked_for(api: Api, company: XeroCompany, customer: str) -> None:
    company.archive_customer(customer)
    assert api.get("Contacts", page=1)["Contacts"] == []
    (shown,) = api.get("Contacts", page=1, includeArchived="True")["Contacts"]
    assert shown["ContactStatus"] == "ARCHIVED"


def test_contact_filters_are_blind_to_case_and_accents(api: Api, company: XeroCompany) -> None:
    company.add_customer("Café Ltd", "hello@cafe.example")
    assert len(api.get("Contacts", where='Name=="CAFE ltd"')["Contacts"]) == 1


def test_balances_are_in_the_contact_and_do_not_bump_it(api: Api, customer: str, invoice: str) -> None:
    (before,) = api.get(f"Contacts/{customer}")["Contacts"]
    assert before["Balances"]["AccountsReceivable"] == {
        "Outstanding": Decimal("1150.00"),
        "Overdue": Decimal("1150.00"),
    }
    assert before["IsCustomer"] is True
    api.ok("PUT", "Payments", {"Invoice": {"InvoiceID": invoice}, "Account": {"Code": "090"}, "Amount": 150})
    (after,) = api.get(f"Contacts/{customer}")["Contacts"]
    assert after["Balances"]["AccountsReceivable"]["Outstanding"] == Decimal("1000.00")
    assert after["UpdatedDateUTC"] == before["UpdatedDateUTC"]


def test_an_unknown_path_is_not_found_and_an_unknown_method_not_implemented(api: Api) -> None:
    assert api.call("GET", "Nonsense").status_code == 404
    assert api.call("DELETE", "Invoices").status_code == 501
