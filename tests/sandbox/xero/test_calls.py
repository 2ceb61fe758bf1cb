"""What every call goes through: idempotency keys, limits, faults."""

from __future__ import annotations

import json
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
import requests

from sandbox.faults import Fault
from sandbox.xero import XeroCompany
from tests.sandbox.xero.client import CLIENT, Api, Rig, connect


def note(api: Api, invoice: str, key: str, text: str = "Reminder 1", **query: Any) -> requests.Response:
    posted = {"HistoryRecords": [{"Details": text}]}
    return api.call("PUT", f"Invoices/{invoice}/History", posted, {"Idempotency-Key": key}, **query)


def test_a_key_gives_the_first_answer_again_without_a_second_effect(
    api: Api, company: XeroCompany, invoice: str
) -> None:
    first = note(api, invoice, "k")
    assert first.status_code == 200
    assert note(api, invoice, "k").content == first.content
    assert company.notes_on("invoice", invoice) == ["Reminder 1"]


def test_errors_are_given_again_too(api: Api, company: XeroCompany, invoice: str) -> None:
    company.books.switches.plan = "DEMO"
    headers = {"Idempotency-Key": "k"}
    first = api.call("POST", f"Invoices/{invoice}/Email", {}, headers)
    company.books.switches.plan = "STANDARD"
    again = api.call("POST", f"Invoices/{invoice}/Email", {}, headers)
    assert (first.status_code, again.status_code, again.content) == (400, 400, first.content)
    assert company.outbox == []


def test_a_key_is_new_again_after_six_minutes(sandbox: Rig, api: Api, company: XeroCompany, invoice: str) -> None:
    note(api, invoice, "k")
    sandbox.clock.advance(timedelta(minutes=5, seconds=59))
    note(api, invoice, "k")
    assert len(company.notes_on("invoice", invoice)) == 1
    sandbox.clock.advance(timedelta(seconds=1))
    note(api, invoice, "k")
    assert len(company.notes_on("invoice", invoice)) == 2


def test_a_key_cannot_be_used_for_something_else(api: Api, company: XeroCompany, customer: str, invoice: str) -> None:
    note(api, invoice, "k")
    posted = {"HistoryRecords": [{"Details": "Reminder 1"}]}
    others = [
        note(api, invoice, "k", "Reminder 2"),
        api.call("POST", f"Invoices/{invoice}/History", posted, {"Idempotency-Key": "k"}),
        api.call("PUT", f"Contacts/{customer}/History", posted, {"Idempotency-Key": "k"}),
    ]
    for answer in others:
        assert answer.status_code == 400
        assert "different request" in answer.text
    assert company.notes_on("invoice", invoice) == ["Reminder 1"]


def test_keys_belong_to_the_app_not_to_the_tenant(sandbox: Rig, api: Api, company: XeroCompany) -> None:
    second = sandbox.xero.create_company("Second Ltd", "GB", "GBP", "Europe/London")
    posted, headers = {"Name": "Rimu"}, {"Idempotency-Key": "k"}
    api.call("PUT", "Contacts", posted, headers)
    connect(sandbox, second).call("PUT", "Contacts", posted, headers)
    assert len(company.books.contacts) == 1
    assert len(second.books.contacts) == 0


def test_a_key_has_at_most_128_characters_and_means_nothing_on_reads(api: Api, invoice: str) -> None:
    assert note(api, invoice, "k" * 128).status_code == 200
    assert note(api, invoice, "k" * 129).status_code == 400
    assert api.call("GET", "Invoices", headers={"Idempotency-Key": "k" * 129}).status_code == 200


def limits_of(sandbox: Rig) -> Any:
    return sandbox.xero.apps[CLIENT].switches


def test_every_answer_says_what_is_left(sandbox: Rig, api: Api) -> None:
    limits_of(sandbox).minute_limit = 60
    for answer in (api.call("GET", "Organisation"), api.call("PUT", "Contacts", {})):
        assert answer.headers["Xero-Correlation-Id"]
    assert answer.status_code == 400
    assert answer.headers["X-MinLimit-Remaining"] == "58"
    assert answer.headers["X-DayLimit-Remaining"] == "4998"
    assert answer.headers["X-AppMinLimit-Remaining"] == "9998"


@pytest.mark.parametrize(
    ("switch", "problem", "most"),
    [("minute_limit", "minute", 60), ("day_limit", "day", 86_400), ("app_minute_limit", "appminute", 60)],
)
def test_windows_are_fixed_and_retry_after_ends_them(
    sandbox: Rig, api: Api, switch: str, problem: str, most: int
) -> None:
    setattr(limits_of(sandbox), switch, 2)
    assert [api.call("GET", "Organisation").status_code for _ in range(3)] == [200, 200, 429]
    refused = api.call("GET", "Organisation")
    assert refused.headers["X-Rate-Limit-Problem"] == problem
    assert refused.content == b""
    wait = int(refused.headers["Retry-After"])
    assert 0 < wait <= most
    if problem != "day":
        sandbox.clock.advance(timedelta(seconds=wait))
        assert api.call("GET", "Organisation").status_code == 200


def test_tenants_have_their_own_minutes(sandbox: Rig, api: Api) -> None:
    second = connect(sandbox, sandbox.xero.create_company("Second Ltd", "GB", "GBP", "Europe/London"))
    limits_of(sandbox).minute_limit = 1
    assert api.call("GET", "Organisation").status_code == 200
    assert api.call("GET", "Organisation").status_code == 429
    assert second.call("GET", "Organisation").status_code == 200


def test_the_concurrent_limit_has_no_retry_after(sandbox: Rig, api: Api, company: XeroCompany) -> None:
    limits_of(sandbox).concurrent_limit = 1
    with company.books.lock:  # a call that takes long
        other = Api(api.root, api.access_token, api.tenant_id)
        slow = threading.Thread(target=other.call, args=("GET", "Organisation"))
        slow.start()
        while not sandbox.xero.limits.busy(CLIENT, company.external_id):
            time.sleep(0.001)
        refused = api.call("GET", "Organisation")
    slow.join()
    assert (refused.status_code, refused.headers["X-Rate-Limit-Problem"]) == (429, "concurrent")
    assert "Retry-After" not in refused.headers
    assert api.call("GET", "Organisation").status_code == 200


@pytest.mark.parametrize(
    ("args", "wait"),
    [
        ({}, "20"),
        ({"problem": "day", "retry_after": 20_000}, "20000"),
        ({"problem": "minute", "retry_after": None}, None),
        ({"problem": "concurrent"}, None),
    ],
)
def test_throttling_on_request(sandbox: Rig, api: Api, args: dict[str, Any], wait: str | None) -> None:
    sandbox.faults.add(Fault("throttle", path="Invoices", args=args))
    assert api.call("GET", "Contacts").status_code == 200
    answer = api.call("GET", "Invoices")
    assert answer.status_code == 429
    assert answer.headers["X-Rate-Limit-Problem"] == args.get("problem", "minute")
    assert answer.headers.get("Retry-After") == wait
    assert api.call("GET", "Invoices").status_code == 200


@pytest.mark.parametrize(("name", "status"), [("token_expired", 401), ("forbidden", 403)])
def test_refusals_on_request(sandbox: Rig, api: Api, name: str, status: int) -> None:
    sandbox.faults.add(Fault(name, times=1))
    answer = api.call("GET", "Invoices")
    assert (answer.status_code, answer.json()["Status"]) == (status, status)
    assert api.call("GET", "Invoices").status_code == 200


def test_a_lost_answer_after_the_effect_is_found_by_its_key(
    sandbox: Rig, api: Api, company: XeroCompany, invoice: str
) -> None:
    sandbox.faults.add(Fault("drop_after", "PUT", "History"))
    with pytest.raises(requests.ConnectionError):
        note(api, invoice, "k")
    assert note(api, invoice, "k").status_code == 200
    assert company.notes_on("invoice", invoice) == ["Reminder 1"]


def test_an_unknown_word_in_one_record(sandbox: Rig, api: Api, invoice: str) -> None:
    sandbox.faults.add(Fault("unknown_enum", "GET", "Invoices"))
    assert api.get("Invoices")["Invoices"][0]["Status"] == "UNHEARDOF"
    sandbox.faults.add(Fault("unknown_enum", "GET", "Organisation"))
    assert api.get("Organisation")["Organisations"][0]["Class"] == "UNHEARDOF"
    sandbox.faults.add(Fault("unknown_enum", "GET", "Invoices", args={"field": "CurrencyCode", "value": "XTS"}))
    assert api.get("Invoices")["Invoices"][0]["CurrencyCode"] == "XTS"


def test_bad_records_nulls_and_other_spellings(sandbox: Rig, api: Api, invoice: str) -> None:
    def spoilt(name: str, **args: Any) -> dict[str, Any]:
        sandbox.faults.add(Fault(name, "GET", "Invoices", args=args))
        found: dict[str, Any] = json.loads(api.call("GET", "Invoices").content)["Invoices"][0]
        return found

    assert spoilt("bad_record")["Date"] is None
    assert spoilt("bad_record", field="Total", value="lots")["Total"] == "lots"
    assert spoilt("nulls", fields=["CurrencyCode"])["Reference"] is None
    assert spoilt("string_booleans")["SentToContact"] == "false"
    assert spoilt("iso_dates")["DueDate"] == "2026-02-20T00:00:00"
    sandbox.faults.add(Fault("xml", "GET", "Invoices"))
    assert api.call("GET", "Invoices").content.startswith(b"<?xml")


def test_every_request_is_seen(sandbox: Rig, api: Api) -> None:
    sandbox.xero.requests_seen.clear()
    api.get("Invoices")
    assert sandbox.xero.requests_seen == [("GET", "/xero/api.xro/2.0/Invoices")]
