"""Faults on request, and webhooks: the trouble and the news that the platform makes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
import requests

from sandbox.faults import Fault
from sandbox.quickbooks import QuickBooksCompany, QuickBooksSandbox, events
from sandbox.quickbooks.books import Event
from sandbox.server import Sandbox
from tests.sandbox.quickbooks.client import CLIENT_ID, CLIENT_SECRET, REDIRECT, Client, paid, sale

TERMS = "query?query=select * from Term"


@pytest.mark.parametrize(
    ("fault", "status", "expected"),
    [
        (Fault("throttle"), 429, '"fault"'),
        (Fault("throttle", args={"shape": "service", "retry_after": 7}), 429, '"Fault"'),
        (Fault("token_expired"), 401, '"3200"'),
        (Fault("forbidden"), 403, '"3100"'),
        (Fault("stale"), 400, '"5010"'),
        (Fault("system_fault"), 500, '"10000"'),
        (Fault("fault_200"), 200, '"Fault"'),
        (Fault("fault_without_code"), 400, '"Fault"'),
        (Fault("xml"), 200, "<?xml"),
    ],
)
def test_a_fault_strikes_once_with_its_own_shape(
    sandbox: Sandbox, client: Client, fault: Fault, status: int, expected: str
) -> None:
    sandbox.faults.add(fault)
    answer = client.send("GET", TERMS)
    assert answer.status_code == status
    assert expected in answer.text
    assert answer.headers.get("Retry-After") == (
        str(fault.args["retry_after"]) if "retry_after" in fault.args else None
    )
    assert client.send("GET", TERMS).status_code == 200


def test_a_fault_without_code_has_none(sandbox: Sandbox, client: Client) -> None:
    sandbox.faults.add(Fault("fault_without_code"))
    assert "code" not in client.send("GET", TERMS).json()["Fault"]["Error"][0]


def test_a_fault_that_stands_before_the_work_has_no_effect_and_one_after_it_has(
    sandbox: Sandbox, company: QuickBooksCompany, client: Client
) -> None:
    for name, made in (("system_fault", 0), ("system_fault_after", 1)):
        sandbox.faults.add(Fault(name, "POST", "/customer$"))
        assert (
            client.send("POST", "customer", json={"DisplayName": name}, params={"requestid": name}).status_code == 500
        )
        assert len(company.documents("Customer")) == made
    answer = client.send("POST", "customer", json={"DisplayName": "again"}, params={"requestid": "system_fault_after"})
    assert answer.json()["Customer"]["DisplayName"] == "system_fault_after"


def test_a_dropped_answer_leaves_the_work_done(sandbox: Sandbox, company: QuickBooksCompany, client: Client) -> None:
    sandbox.faults.add(Fault("drop_after", "POST", "/customer"))
    with pytest.raises(requests.ConnectionError):
        client.send("POST", "customer", json={"DisplayName": "Aster"})
    assert [one["DisplayName"] for one in company.documents("Customer")] == ["Aster"]


@pytest.fixture
def three(client: Client, customer: str) -> list[str]:
    return [str(client.post("invoice", sale(customer, str(n)))["Invoice"]["Id"]) for n in (10, 20, 30)]


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [("unknown_enum", "EmailStatus", "Pondering"), ("bad_record", "Balance", "a lot"), ("nulls", "Line", None)],
)
@pytest.mark.parametrize("how", ["query", "cdc", "batch"])
def test_one_record_of_a_list_is_spoiled_and_the_books_are_not(
    sandbox: Sandbox,
    company: QuickBooksCompany,
    client: Client,
    three: list[str],
    how: str,
    name: str,
    field: str,
    value: Any,
) -> None:
    sandbox.faults.add(Fault(name, path="#Invoice"))
    client.query("select * from Customer")
    rows = _read(client, how)
    assert [row["Id"] for row in rows if row.get(field) == value] == [three[1]]
    assert company.document("Invoice", three[1])[field] != value
    assert not any(row[field] == value for row in _read(client, how))


def _read(client: Client, how: str) -> list[dict[str, Any]]:
    if how == "query":
        found = client.query("select * from Invoice")
    elif how == "cdc":
        found = client.get("cdc", entities="Invoice", changedSince="2026-03-01")["CDCResponse"][0]["QueryResponse"][0]
    else:
        body = {"BatchItemRequest": [{"bId": "1", "Query": "select * from Invoice"}]}
        found = client.post("batch", body)["BatchItemResponse"][0]["QueryResponse"]
    rows: list[dict[str, Any]] = found["Invoice"]
    return rows


def test_the_record_and_the_field_can_be_picked(sandbox: Sandbox, client: Client, three: list[str]) -> None:
    args = {"id": three[2], "field": "DueDate", "value": "someday"}
    sandbox.faults.add(Fault("bad_record", path="query#Invoice", args=args))
    assert [row["DueDate"] == "someday" for row in _read(client, "query")] == [False, False, True]


@pytest.fixture
def told(sandbox: Sandbox, platform: QuickBooksSandbox, stranger: Client) -> Client:
    """A client whose app is told of changes; deliveries wait, to be looked at."""
    url = "http://localhost:9/webhooks"
    platform.register_app(CLIENT_ID, CLIENT_SECRET, [REDIRECT], url, "verifier-1")
    sandbox.webhooks.pause()
    return stranger.connect()


def _bodies(sandbox: Sandbox) -> list[Any]:
    return [json.loads(delivery.body) for delivery in sandbox.webhooks.waiting]


def test_webhooks_are_signed_over_their_exact_bytes(sandbox: Sandbox, told: Client, customer: str) -> None:
    (delivery,) = sandbox.webhooks.waiting
    digest = hmac.new(b"verifier-1", delivery.body, hashlib.sha256).digest()
    assert delivery.headers["intuit-signature"] == base64.b64encode(digest).decode()
    assert delivery.headers["Content-Type"] == "application/cloudevents+json"


def test_cloud_events_say_what_happened_to_what(
    sandbox: Sandbox, company: QuickBooksCompany, told: Client, customer: str
) -> None:
    invoice = told.post("invoice", sale(customer, "10"))["Invoice"]["Id"]
    told.post("payment", paid(customer, "10", ("Invoice", invoice, "10")))
    told.post(f"invoice/{invoice}/send", None)
    company.void_invoice(invoice)
    told.post("attachable", {"Note": "n"})
    types = [[event["type"] for event in body] for body in _bodies(sandbox)]
    assert types[0] == ["qbo.customer.created.v1"]
    assert types[1] == ["qbo.invoice.created.v1"]
    assert sorted(types[2]) == ["qbo.invoice.updated.v1", "qbo.payment.created.v1"]
    assert types[3] == ["qbo.invoice.emailed.v1"]
    assert sorted(types[4]) == ["qbo.invoice.voided.v1", "qbo.payment.updated.v1"]
    assert len(types) == 5
    event = _bodies(sandbox)[1][0]
    assert (event["intuitentityid"], event["intuitaccountid"], event["specversion"]) == (invoice, told.realm, "1.0")
    assert len(event["time"].rpartition(".")[2]) == len("179851517Z")
    assert "datacontenttype" not in event


def test_the_legacy_format_is_a_switch_of_the_app(
    sandbox: Sandbox, platform: QuickBooksSandbox, company: QuickBooksCompany, told: Client, customer: str
) -> None:
    platform.apps[CLIENT_ID].webhook_format = "legacy"
    loser = company.add_customer("Larkspur Cafe")
    company.merge_customer(loser, customer)
    delivery, body = sandbox.webhooks.waiting[-1], _bodies(sandbox)[-1]
    assert delivery.headers["Content-Type"] == "application/json"
    (notification,) = body["eventNotifications"]
    assert notification["realmId"] == told.realm
    (entity,) = notification["dataChangeEvent"]["entities"]
    assert (entity["name"], entity["id"], entity["operation"], entity["deletedId"]) == (
        "Customer",
        customer,
        "Merge",
        loser,
    )


def test_one_call_can_speak_of_several_companies(sandbox: Sandbox, platform: QuickBooksSandbox, told: Client) -> None:
    other = platform.create_company("Other", "US", "USD", "America/New_York")
    Client(told.root, other.external_id).connect()
    now = sandbox.clock.now()
    platform.announce([(realm, Event("Invoice", "7", "Update", now)) for realm in (told.realm, other.external_id)])
    assert [event["intuitaccountid"] for event in _bodies(sandbox)[-1]] == [told.realm, other.external_id]
    legacy = json.loads(
        events.body(
            platform.register_app("b", "b", [], webhook_format="legacy"),
            [
                (told.realm, Event("Invoice", "7", "Update", now)),
                (other.external_id, Event("Invoice", "8", "Delete", now)),
            ],
        )
    )
    assert [one["realmId"] for one in legacy["eventNotifications"]] == [told.realm, other.external_id]


def test_a_company_that_is_not_connected_tells_nobody(
    sandbox: Sandbox, platform: QuickBooksSandbox, company: QuickBooksCompany, told: Client
) -> None:
    platform.disconnect(company.external_id)
    company.add_customer("Aster")
    assert _bodies(sandbox) == []
