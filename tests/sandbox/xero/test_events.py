"""Webhooks out: what is told, to whom, how it is signed. Delivery and retries: `tests/sandbox/test_webhooks.py`."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sandbox.faults import Fault
from sandbox.xero import XeroCompany
from sandbox.xero.events import signature
from tests.sandbox.conftest import Listener
from tests.sandbox.xero.client import CLIENT, Api, Rig, connect

DAY = date(2026, 3, 5)
KEY = "webhook-key"


@pytest.fixture
def heard(sandbox: Rig, listener: Listener) -> Any:
    """Everything told so far, one list per delivery."""
    app = sandbox.xero.apps[CLIENT]
    app.webhook_url, app.webhook_key = listener.url, KEY

    def read() -> list[list[dict[str, Any]]]:
        assert sandbox.webhooks.settle()
        return [json.loads(body)["events"] for body in listener.bodies]

    return read


def test_a_change_is_told_and_signed(
    sandbox: Rig, api: Api, company: XeroCompany, customer: str, listener: Listener, heard: Any
) -> None:
    sold = company.add_invoice(customer, [("Work", Decimal(10))], issued_on=DAY, due_on=DAY)
    ((event,),) = heard()
    assert event == {
        "resourceUrl": f"https://api.xero.com/api.xro/2.0/Invoices/{sold}",
        "resourceId": sold,
        "tenantId": company.external_id,
        "tenantType": "ORGANISATION",
        "eventCategory": "INVOICE",
        "eventType": "CREATE",
        "eventDateUtc": "2026-03-04T21:00:00.001",
    }
    ((body, headers),) = listener.heard
    assert headers["x-xero-signature"] == signature(KEY, body)
    envelope = json.loads(body)
    assert (envelope["firstEventSequence"], envelope["lastEventSequence"]) == (1, 1)
    assert len(envelope["entropy"]) == 20


def test_credit_events_say_type_and_status(api: Api, company: XeroCompany, customer: str, heard: Any) -> None:
    company.add_credit_note(customer, Decimal(60), DAY, {})
    ((event,),) = heard()
    assert (event["eventCategory"], event["data"]) == ("CREDITNOTE", {"Type": "ACCRECCREDIT", "Status": "AUTHORISED"})


def test_a_payment_shows_as_an_update_of_its_invoice_alone(
    api: Api, company: XeroCompany, customer: str, invoice: str, heard: Any
) -> None:
    company.receive_payment(customer, Decimal(10), DAY, {invoice: Decimal(10)})
    (events,) = heard()[-1:]
    assert [(event["eventCategory"], event["eventType"]) for event in events] == [("INVOICE", "UPDATE")]
    company.books.switches.payment_fires_event = False
    company.receive_payment(customer, Decimal(10), DAY, {invoice: Decimal(10)})
    assert len(heard()) == 1


def test_notes_groups_blind_edits_and_disconnects_are_silent(
    sandbox: Rig, api: Api, company: XeroCompany, customer: str, invoice: str, heard: Any
) -> None:
    company.receive_payment(customer, Decimal(10), DAY, {invoice: Decimal(10)})
    before = len(heard())
    api.ok("PUT", f"Invoices/{invoice}/History", {"HistoryRecords": [{"Details": "x"}]})
    (group,) = api.ok("PUT", "ContactGroups", {"Name": "Credit hold"})["ContactGroups"]
    api.ok("PUT", f"ContactGroups/{group['ContactGroupID']}/Contacts", {"ContactID": customer})
    company.change_due_date(invoice, date(2026, 5, 1))
    sandbox.xero.disconnect(company.external_id)
    assert len(heard()) == before


def test_a_refused_write_tells_nothing(api: Api, customer: str, heard: Any) -> None:
    good = {"Type": "ACCREC", "Contact": {"ContactID": customer}}
    assert api.call("PUT", "Invoices", {"Invoices": [good, {"Type": "NOPE"}]}).status_code == 400
    assert heard() == []


def test_only_connected_tenants_are_told_of(sandbox: Rig, heard: Any) -> None:
    stranger = sandbox.xero.create_company("Stranger", "NZ", "NZD", "Pacific/Auckland")
    stranger.add_customer("Rimu")
    assert heard() == []


def test_one_delivery_mixes_tenants_and_sequences_rise(
    sandbox: Rig, api: Api, company: XeroCompany, listener: Listener, heard: Any
) -> None:
    second = sandbox.xero.create_company("Second Ltd", "GB", "GBP", "Europe/London")
    connect(sandbox, second)
    with sandbox.xero.events.held():
        company.add_customer("Rimu")
        second.add_customer("Oak")
    company.add_customer("Totara")
    first, last = heard()
    assert {event["tenantId"] for event in first} == {company.external_id, second.external_id}
    assert len(last) == 1
    sequences = [(json.loads(b)["firstEventSequence"], json.loads(b)["lastEventSequence"]) for b in listener.bodies]
    assert sequences == [(1, 2), (3, 3)]


def test_an_unknown_category_on_request(sandbox: Rig, api: Api, company: XeroCompany, heard: Any) -> None:
    sandbox.faults.add(Fault("unknown_category"))
    company.add_customer("Rimu")
    (events,) = heard()
    assert [event["eventCategory"] for event in events] == ["CONTACT", "UNHEARDOF"]


def test_an_address_must_prove_that_it_checks_signatures(sandbox: Rig, api: Api, listener: Listener) -> None:
    listener.statuses = [200, 401, 401, 200]
    assert sandbox.xero.set_webhook(CLIENT, listener.url, KEY)
    assert [json.loads(body)["events"] for body in listener.bodies] == [[]] * 4
    is_good = [headers["x-xero-signature"] == signature(KEY, body) for body, headers in listener.heard]
    assert is_good == [True, False, False, True]


def test_an_address_that_believes_anything_hears_nothing(
    sandbox: Rig, api: Api, company: XeroCompany, listener: Listener
) -> None:
    assert not sandbox.xero.set_webhook(CLIENT, listener.url, KEY)
    listener.heard.clear()
    company.add_customer("Rimu")
    assert sandbox.webhooks.settle()
    assert listener.heard == []
