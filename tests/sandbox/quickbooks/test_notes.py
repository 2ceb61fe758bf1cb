"""Attachable notes: pinned on a document, found by it, and no burden to it."""

from __future__ import annotations

from typing import Any

from sandbox.quickbooks import QuickBooksCompany
from tests.sandbox.quickbooks.client import Client, sale


def _note(kind: str, id: str, text: str = "Reminder 1 sent") -> dict[str, Any]:
    return {"Note": text, "AttachableRef": [{"EntityRef": {"type": kind, "value": id}, "IncludeOnSend": False}]}


def test_a_note_has_a_long_id_and_leaves_its_document_alone(
    client: Client, company: QuickBooksCompany, customer: str
) -> None:
    invoice = client.post("invoice", sale(customer))["Invoice"]
    made = client.post("attachable", _note("Invoice", invoice["Id"]))["Attachable"]
    assert len(made["Id"]) == 19
    assert made["AttachableRef"][0] == {
        "EntityRef": {"type": "Invoice", "value": invoice["Id"]},
        "IncludeOnSend": False,
    }
    assert client.get(f"invoice/{invoice['Id']}")["Invoice"] == invoice
    assert company.notes_on("invoice", invoice["Id"]) == ["Reminder 1 sent"]


def test_notes_are_found_by_kind_and_id_together(client: Client, company: QuickBooksCompany, customer: str) -> None:
    invoice = client.post("invoice", sale(customer))["Invoice"]["Id"]
    assert invoice == customer == "1"
    for kind, text in (("Invoice", "on the invoice"), ("Customer", "on the customer"), ("Invoice", "again")):
        client.post("attachable", _note(kind, "1", text))
    where = "AttachableRef.EntityRef.Type = 'invoice' AND AttachableRef.EntityRef.value = '1'"
    rows = client.query(f"SELECT * FROM Attachable WHERE {where}")["Attachable"]
    assert [row["Note"] for row in rows] == ["on the invoice", "again"]
    assert company.notes_on("customer", "1") == ["on the customer"]
    assert "sparse" in client.query(f"SELECT Note FROM Attachable WHERE {where}")["Attachable"][0]


def test_a_note_has_text_of_at_most_2000_characters_and_a_real_target(client: Client, customer: str) -> None:
    assert client.refused("attachable", _note("Customer", customer, "x" * 2001))["code"] == "2050"
    assert client.refused("attachable", _note("Customer", customer, ""))["code"] == "2020"
    assert client.refused("attachable", _note("Customer", "404"))["code"] == "2500"
    assert client.refused("attachable", _note("Unicorn", customer))["code"] == "2170"


def test_deleting_a_note_takes_the_whole_of_it(client: Client, company: QuickBooksCompany, customer: str) -> None:
    made = client.post("attachable", _note("Customer", customer))["Attachable"]
    bare = {"Id": made["Id"], "SyncToken": made["SyncToken"]}
    assert client.refused("attachable", bare, operation="delete")["code"] == "2020"
    assert client.post("attachable", made, operation="delete")["Attachable"]["status"] == "Deleted"
    assert company.notes_on("customer", customer) == []


def test_a_hold_is_whatever_the_customers_notes_say_of_one(
    client: Client, company: QuickBooksCompany, customer: str
) -> None:
    other = company.add_customer("Aster")
    client.post("customer", {"Id": other, "SyncToken": "0", "sparse": True, "Notes": "Please hold the door"})
    assert company.customers_on_hold() == []
    client.post(
        "customer", {"Id": customer, "SyncToken": "0", "sparse": True, "Notes": "VIP\n[On credit hold since 1 March]"}
    )
    assert company.customers_on_hold() == [customer]
    client.post("customer", {"Id": customer, "SyncToken": "1", "sparse": True, "Notes": "VIP"})
    assert company.customers_on_hold() == []
