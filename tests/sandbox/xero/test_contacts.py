"""Contacts and groups."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.xero import XeroCompany
from tests.sandbox.xero.client import Api


def test_put_of_a_taken_name_is_refused_and_post_updates(api: Api, customer: str) -> None:
    (message,) = api.messages("PUT", "Contacts", {"Name": "Kauri Homes"})
    assert "must be unique" in message
    (updated,) = api.ok("POST", "Contacts", {"Name": "Kauri Homes", "ContactNumber": "C-1"})["Contacts"]
    assert (updated["ContactID"], updated["EmailAddress"]) == (customer, "accounts@kauri.example")
    (found,) = api.get("Contacts/C-1")["Contacts"]
    assert found["ContactID"] == customer


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"Name": ""},
        {"Name": "a <b>"},
        {"Name": " spaced"},
        {"Name": "two  spaces"},
        {"Name": "x" * 256},
        {"Name": "Ok", "EmailAddress": "x" * 256},
        {"Name": "Ok", "ContactPersons": [{"FirstName": str(n)} for n in range(6)]},
        {"Name": "Ok", "PaymentTerms": {"Sales": {"Day": 40, "Type": "DAYSAFTERBILLDATE"}}},
    ],
)
def test_what_makes_no_sense_is_refused(api: Api, posted: dict[str, Any]) -> None:
    assert api.messages("PUT", "Contacts", posted)
    assert api.get("Contacts")["Contacts"] == []


def test_contact_persons_are_replaced_omitted_ones_kept_and_an_empty_list_clears_nothing(api: Api) -> None:
    persons = [{"FirstName": "Ana", "EmailAddress": "ana@x.example", "IncludeInEmails": True}]
    (made,) = api.ok("PUT", "Contacts", {"Name": "Rimu", "ContactPersons": persons})["Contacts"]
    path = f"Contacts/{made['ContactID']}"
    changes: list[dict[str, Any]] = [{"AccountNumber": "A-1"}, {"ContactPersons": []}]
    for change in changes:
        (kept,) = api.ok("POST", path, change)["Contacts"]
        assert [person["FirstName"] for person in kept["ContactPersons"]] == ["Ana"]
    (replaced,) = api.ok("POST", path, {"ContactPersons": [{"FirstName": "Bo"}]})["Contacts"]
    assert [person["FirstName"] for person in replaced["ContactPersons"]] == ["Bo"]


def test_archiving_by_post(api: Api, customer: str) -> None:
    (archived,) = api.ok("POST", "Contacts", {"ContactID": customer, "ContactStatus": "ARCHIVED"})["Contacts"]
    assert archived["ContactStatus"] == "ARCHIVED"
    posted = {"Type": "ACCREC", "Contact": {"ContactID": customer}}
    assert "archived" in api.messages("PUT", "Invoices", posted)[0]
    assert api.ok("PUT", "Contacts", {"Name": "Kauri Homes"}), "the name of an archived contact is free"


def new_group(api: Api, name: str = "Credit hold") -> str:
    (group,) = api.ok("PUT", "ContactGroups", {"Name": name})["ContactGroups"]
    return str(group["ContactGroupID"])


def test_a_group_takes_and_gives_up_members(api: Api, company: XeroCompany, customer: str) -> None:
    group = new_group(api)
    other = company.add_customer("Rimu")
    for _ in range(2):
        api.ok("PUT", f"ContactGroups/{group}/Contacts", {"Contacts": [{"ContactID": customer}, {"ContactID": other}]})
    (read,) = api.get(f"ContactGroups/{group}")["ContactGroups"]
    assert [member["Name"] for member in read["Contacts"]] == ["Kauri Homes", "Rimu"]
    assert company.customers_on_hold() == [customer, other]
    (listed,) = api.get("ContactGroups")["ContactGroups"]
    assert listed["Contacts"] == [], "members are shown by id only"
    assert api.get(f"Contacts/{customer}")["Contacts"][0]["ContactGroups"][0]["Name"] == "Credit hold"
    assert api.call("DELETE", f"ContactGroups/{group}/Contacts/{customer}").status_code == 204
    assert api.call("DELETE", f"ContactGroups/{group}/Contacts/{customer}").status_code == 404
    assert company.customers_on_hold() == [other]
    assert api.call("DELETE", f"ContactGroups/{group}/Contacts").status_code == 204
    assert company.customers_on_hold() == []


def test_an_unknown_member_is_refused(api: Api) -> None:
    group = new_group(api)
    answer = api.call("PUT", f"ContactGroups/{group}/Contacts", {"Contacts": [{"ContactID": "nobody"}]})
    assert answer.status_code == 400


def test_the_hundred_and_first_group_is_refused(api: Api) -> None:
    api.ok("PUT", "ContactGroups", {"ContactGroups": [{"Name": f"Group {n}"} for n in range(100)]})
    assert api.messages("PUT", "ContactGroups", {"Name": "One more"})


def test_a_group_deleted_under_us_takes_nobody(api: Api, customer: str) -> None:
    group = new_group(api)
    assert api.messages("POST", f"ContactGroups/{group}", {"Name": "Credit hold"}), "nothing changed"
    api.ok("POST", f"ContactGroups/{group}", {"Name": "On hold"})
    api.ok("POST", f"ContactGroups/{group}", {"Status": "DELETED"})
    answer = api.call("PUT", f"ContactGroups/{group}/Contacts", {"Contacts": [{"ContactID": customer}]})
    assert answer.status_code == 400
    assert api.get("ContactGroups")["ContactGroups"] == []


def test_membership_bumps_the_contact_only_where_switched_on(api: Api, company: XeroCompany, customer: str) -> None:
    group, since = new_group(api), "2026-03-04T21:00:00"
    before = api.get("Contacts", since)["Contacts"][0]["UpdatedDateUTC"]
    api.ok("PUT", f"ContactGroups/{group}/Contacts", {"ContactID": customer})
    assert api.get("Contacts", since)["Contacts"][0]["UpdatedDateUTC"] == before
    company.books.switches.group_bumps = True
    api.ok("PUT", f"ContactGroups/{group}/Contacts", {"ContactID": customer})
    assert api.get("Contacts", since)["Contacts"][0]["UpdatedDateUTC"] > before
