"""Customers and the short lists, and the rules of changing any document."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from sandbox.quickbooks import QuickBooksCompany
from tests.sandbox.quickbooks.client import Client, paid, sale


def test_a_new_document_starts_at_sync_token_0_and_each_change_raises_it(client: Client) -> None:
    made = client.post("customer", {"DisplayName": "Aster"})["Customer"]
    assert made["SyncToken"] == "0"
    changed = client.post("customer", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Notes": "Rings first"})[
        "Customer"
    ]
    assert changed["SyncToken"] == "1"
    before, after = (datetime.fromisoformat(one["MetaData"]["LastUpdatedTime"]) for one in (made, changed))
    assert after > before
    assert changed["MetaData"]["CreateTime"] == made["MetaData"]["CreateTime"]


def test_a_stale_sync_token_is_refused_and_nothing_changes(client: Client, customer: str) -> None:
    body = {"Id": customer, "SyncToken": "7", "sparse": True, "Notes": "late"}
    refusal = client.refused("customer", body)
    assert refusal["code"] == "5010"
    assert refusal["Detail"].startswith("Stale Object Error : You and ")
    assert "Notes" not in client.get(f"customer/{customer}")["Customer"]


def test_timestamps_rise_strictly_even_when_the_clock_stands(client: Client, company: QuickBooksCompany) -> None:
    for number in range(20):
        company.add_customer(f"Customer {number}")
    stamps = [record.updated_at for record in company.books.records("Customer")]
    assert stamps == sorted(set(stamps))


def test_a_sparse_update_keeps_what_it_leaves_out_and_a_full_one_clears_it(client: Client) -> None:
    made = client.post("customer", {"DisplayName": "Aster", "Notes": "n", "PrimaryPhone": {"FreeFormNumber": "1"}})[
        "Customer"
    ]
    sparse = client.post("customer", {"Id": made["Id"], "SyncToken": "0", "sparse": "true", "Notes": "m"})["Customer"]
    assert (sparse["Notes"], sparse["PrimaryPhone"]) == ("m", {"FreeFormNumber": "1"})
    full = client.post("customer", {"Id": made["Id"], "SyncToken": "1", "DisplayName": "Aster"})["Customer"]
    assert "Notes" not in full
    assert "PrimaryPhone" not in full


def test_an_empty_text_in_a_sparse_update_clears_the_field(client: Client) -> None:
    made = client.post("customer", {"DisplayName": "Aster", "Notes": "n"})["Customer"]
    changed = client.post("customer", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Notes": ""})["Customer"]
    assert "Notes" not in changed
    assert changed["DisplayName"] == "Aster"


def test_read_only_fields_in_a_body_are_ignored(client: Client) -> None:
    made = client.post("customer", {"DisplayName": "Aster", "Balance": 900, "FullyQualifiedName": "x"})["Customer"]
    assert (made["Balance"], made["FullyQualifiedName"]) == (0, "Aster")


def test_display_names_are_unique_in_any_case(client: Client, company: QuickBooksCompany, customer: str) -> None:
    assert client.refused("customer", {"DisplayName": "LARKSPUR café"})["code"] == "6240"
    company.books.names["seaside supply"] = ("Vendor", "1")
    assert client.refused("customer", {"DisplayName": "Seaside Supply"})["code"] == "6240"


def test_a_customer_needs_a_name_and_parts_of_one_will_do(client: Client) -> None:
    assert client.refused("customer", {"CompanyName": "Aster LLC"})["code"] == "2020"
    assert client.post("customer", {"GivenName": "Ida", "FamilyName": "Lund"})["Customer"]["DisplayName"] == "Ida Lund"
    assert client.refused("customer", {"DisplayName": "a:b"})["element"] == "DisplayName"


@pytest.mark.parametrize(("field", "longest"), [("DisplayName", 500), ("Notes", 2000), ("Title", 16)])
def test_a_text_that_is_too_long_is_refused_and_not_cut(client: Client, field: str, longest: int) -> None:
    body = {"DisplayName": "Aster"}
    refusal = client.refused("customer", body | {field: "x" * (longest + 1)})
    assert (refusal["code"], refusal["element"]) == ("2050", field)
    assert client.post("customer", body | {field: "x" * longest})["Customer"][field] == "x" * longest


def test_an_inactive_customer_cannot_be_invoiced_and_shows_its_state(
    client: Client, company: QuickBooksCompany, customer: str
) -> None:
    company.archive_customer(customer)
    assert client.refused("invoice", sale(customer))["code"] == "2500"
    assert client.get(f"customer/{customer}")["Customer"]["DisplayName"] == "Larkspur Café (deleted)"


def test_sub_customers_carry_their_parents_name_and_balance(client: Client, customer: str) -> None:
    job = client.post(
        "customer", {"DisplayName": "Pier Bar", "ParentRef": {"value": customer}, "BillWithParent": True}
    )["Customer"]
    assert (job["Job"], job["Level"], job["FullyQualifiedName"]) == (True, 1, "Larkspur Café:Pier Bar")
    invoice = client.post("invoice", sale(job["Id"], "80"))["Invoice"]
    parent = client.get(f"customer/{customer}")["Customer"]
    assert (parent["Balance"], parent["BalanceWithJobs"]) == (0, 80)
    client.post("payment", paid(customer, "80", ("Invoice", invoice["Id"], "80")))
    assert client.get(f"customer/{customer}")["Customer"]["BalanceWithJobs"] == 0


def test_merging_two_customers_moves_the_documents(client: Client, company: QuickBooksCompany, customer: str) -> None:
    loser = company.add_customer("Larkspur Cafe", "old@larkspur.example")
    invoice = client.post("invoice", sale(loser, "80"))["Invoice"]
    company.merge_customer(loser, customer)
    assert client.send("GET", f"customer/{loser}").json()["Fault"]["Error"][0]["code"] == "610"
    assert client.get(f"invoice/{invoice['Id']}")["Invoice"]["CustomerRef"]["value"] == customer
    assert client.get(f"customer/{customer}")["Customer"]["Balance"] == 80
    assert [one.id for one in company.open_invoices(customer)] == [invoice["Id"]]


def test_a_term_gets_its_type_from_what_was_sent(client: Client) -> None:
    early = client.post("term", {"Name": "2/10", "DueDays": 30, "DiscountPercent": "2.5", "DiscountDays": 10})["Term"]
    assert (early["Type"], early["DiscountPercent"], early["DiscountDays"]) == ("STANDARD", Decimal("2.5"), 10)
    assert client.post("term", {"Name": "EOM", "DayOfMonthDue": 31})["Term"]["Type"] == "DATE_DRIVEN"
    assert client.refused("term", {"Name": "x" * 32, "DueDays": 1})["code"] == "2050"


def test_an_items_sku_is_there_only_when_named(client: Client) -> None:
    client.post("item", {"Name": "Beans", "Sku": "B-5", "IncomeAccountRef": {"value": "79"}})
    bare, named = (client.query(f"SELECT {what} FROM Item WHERE Name = 'Beans'") for what in ("*", "*, Sku"))
    assert "Sku" not in bare["Item"][0]
    assert named["Item"][0]["Sku"] == "B-5"


def test_company_info_has_id_1_and_the_subscription(client: Client, company: QuickBooksCompany) -> None:
    info = client.get(f"companyinfo/{client.realm}")["CompanyInfo"]
    assert (info["Id"], info["Country"]) == ("1", "US")
    assert {"Name": "SubscriptionStatus", "Value": "PAID"} in info["NameValue"]
    assert client.query("select * from CompanyInfo")["CompanyInfo"] == [info]


def test_an_ended_subscription_can_be_read_but_not_written(
    client: Client, company: QuickBooksCompany, customer: str
) -> None:
    company.end_subscription()
    assert client.refused("invoice", sale(customer))["code"] == "6190"
    info = client.get(f"companyinfo/{client.realm}")["CompanyInfo"]
    assert {"Name": "SubscriptionStatus", "Value": "EXPIRED"} in info["NameValue"]


def test_preferences_are_read_queried_and_changed_group_by_group(client: Client, company: QuickBooksCompany) -> None:
    company.prefer("AccountingInfoPrefs", BookCloseDate="2025-12-31")
    preferences = client.get("preferences")["Preferences"]
    assert preferences["AccountingInfoPrefs"]["BookCloseDate"] == "2025-12-31"
    assert preferences["SalesFormsPrefs"]["DefaultTerms"]["name"] == "Net 30"
    assert client.query("select * from Preferences")["Preferences"] == [preferences]
