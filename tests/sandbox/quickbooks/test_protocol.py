"""How the API answers whoever asks wrongly, too often, or the same thing twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
import requests

from sandbox.quickbooks import QuickBooksCompany, QuickBooksSandbox
from sandbox.quickbooks.answers import Refusal
from sandbox.quickbooks.limits import Limits
from sandbox.quickbooks.settings import Switches
from sandbox.server import Sandbox
from tests.sandbox.quickbooks.client import Client, read, sale

TERMS = "query?query=select * from Term"


def test_every_answer_has_a_trace_id_of_its_own(client: Client) -> None:
    ids = {client.send("GET", path).headers["intuit_tid"] for path in (TERMS, TERMS, "invoice/404", "nonsense/1")}
    assert len(ids) == 4


def test_without_a_living_token_the_gateway_answers_401_in_its_own_shape(sandbox: Sandbox, client: Client) -> None:
    sandbox.clock.advance(timedelta(seconds=3600))
    answer = client.send("GET", TERMS)
    assert answer.status_code == 401
    body = answer.json()
    assert body["fault"]["error"][0]["code"] == "3200"
    assert body["queryResponse"] is None
    assert isinstance(body["time"], int)


@pytest.mark.parametrize(("shape", "start"), [("service", '{"Fault"'), ("xml", "<?xml")])
def test_a_401_can_come_in_other_shapes(platform: QuickBooksSandbox, stranger: Client, shape: str, start: str) -> None:
    platform.unauthorised_shape = shape
    answer = stranger.send("GET", TERMS)
    assert answer.status_code == 401
    assert answer.text.startswith(start)


def test_a_token_for_another_company_gets_403(platform: QuickBooksSandbox, client: Client) -> None:
    other = platform.create_company("Other", "US", "USD", "America/New_York")
    answer = client.send("GET", TERMS, realm=other.external_id)
    assert (answer.status_code, answer.json()["fault"]["error"][0]["code"]) == (403, "3100")


def test_whoever_does_not_ask_for_json_gets_xml(client: Client) -> None:
    answer = client.send("GET", TERMS, headers={"Accept": "*/*"})
    assert answer.headers["Content-Type"].startswith("application/xml")
    assert answer.text.startswith("<?xml")


def test_a_body_that_is_not_utf8_gets_code_500(client: Client) -> None:
    answer = client.send("POST", "customer", data=b'{"DisplayName": "Caf\xe9"}')
    assert (answer.status_code, answer.json()["Fault"]["Error"][0]["code"]) == (400, "500")


def test_a_us_company_may_refuse_what_latin1_cannot_hold(company: QuickBooksCompany, client: Client) -> None:
    company.switches.rejects_beyond_latin1 = True
    raw = '{"DisplayName": "Joy \U0001f600"}'.encode()
    assert client.send("POST", "customer", data=raw).json()["Fault"]["Error"][0]["code"] == "500"
    assert client.send("POST", "customer", data='{"DisplayName": "Café"}'.encode()).status_code == 200


def test_unknown_paths_and_verbs_are_http_errors(client: Client) -> None:
    assert client.send("GET", "unicorn/1").status_code == 404
    assert client.send("PUT", "invoice").status_code == 405
    assert client.send("DELETE", "invoice").status_code == 405


@pytest.mark.parametrize("version", ["1", "74", "75", ""])
def test_every_minor_version_is_served_as_75(client: Client, version: str) -> None:
    assert "Term" in client.get("query", query="select * from Term", minorversion=version)["QueryResponse"]


@pytest.mark.parametrize(
    ("now", "offset"), [("2026-03-04T18:00:00+00:00", "-08:00"), ("2026-07-01T18:00:00+00:00", "-07:00")]
)
def test_times_carry_the_pacific_offset_of_the_day(
    sandbox: Sandbox, company: QuickBooksCompany, stranger: Client, now: str, offset: str
) -> None:
    sandbox.clock.set(datetime.fromisoformat(now))
    made = stranger.connect().post("customer", {"DisplayName": "Aster"})
    times = [made["time"], *made["Customer"]["MetaData"].values()]
    assert [time[-6:] for time in times] == [offset] * 3


def test_the_envelope_clock_may_lag_behind_the_documents(company: QuickBooksCompany, client: Client) -> None:
    company.switches.time_lag = timedelta(seconds=150)
    made = client.post("customer", {"DisplayName": "Aster"})
    lag = datetime.fromisoformat(made["Customer"]["MetaData"]["LastUpdatedTime"]) - datetime.fromisoformat(made["time"])
    assert timedelta(seconds=149) < lag < timedelta(seconds=155)


def test_what_has_no_value_is_absent_and_amounts_are_exact(client: Client, customer: str) -> None:
    made = client.post("invoice", sale(customer, "0.10", PrivateNote="", CustomerMemo=None))["Invoice"]
    assert str(made["TotalAmt"]) == "0.10"
    assert "PrivateNote" not in made
    assert "CustomerMemo" not in made
    assert None not in made.values()


def test_a_misspelt_property_is_refused(client: Client, customer: str) -> None:
    refusal = client.refused("invoice", sale(customer, DueDat="2026-04-01"))
    assert (refusal["code"], refusal["element"]) == ("2010", "DueDat")


def test_a_body_that_is_no_json_object_is_refused(client: Client) -> None:
    assert client.refused("invoice", [1, 2])["code"] == "2010"
    assert client.send("POST", "invoice", data=b"{").json()["Fault"]["Error"][0]["code"] == "2010"


def test_a_repeated_requestid_brings_the_first_answer_byte_for_byte(client: Client, customer: str) -> None:
    first = client.send("POST", "invoice", json=sale(customer), params={"requestid": "r-1"})
    made = read(first.text)["Invoice"]
    client.post(
        "payment",
        {
            "CustomerRef": {"value": customer},
            "TotalAmt": 100,
            "Line": [{"Amount": 100, "LinkedTxn": [{"TxnId": made["Id"], "TxnType": "Invoice"}]}],
        },
    )
    again = client.send("POST", "invoice", json=sale(customer, "999"), params={"requestid": "r-1"})
    assert again.content == first.content
    assert client.query("select count(*) from Invoice")["totalCount"] == 1


def test_a_requestid_counts_per_company_and_for_a_while(
    sandbox: Sandbox, company: QuickBooksCompany, platform: QuickBooksSandbox, client: Client
) -> None:
    other = platform.create_company("Other", "US", "USD", "America/New_York")
    elsewhere = Client(client.root, other.external_id).connect()
    ids = [
        one.post("customer", {"DisplayName": "Aster"}, requestid="r-1")["Customer"]["Id"] for one in (client, elsewhere)
    ]
    assert ids == ["1", "1"]
    sandbox.clock.advance(company.switches.request_id_life + timedelta(seconds=1))
    client.refresh()
    assert client.refused("customer", {"DisplayName": "Aster"}, requestid="r-1")["code"] == "6240"


def test_a_refused_call_is_carried_out_when_repeated_unless_refusals_are_replayed(
    company: QuickBooksCompany, client: Client
) -> None:
    for id, replays in (("r-1", False), ("r-2", True)):
        company.switches.replays_refusals = replays
        assert client.refused("customer", {"Notes": "nameless"}, requestid=id)["code"] == "2020"
        again = client.send("POST", "customer", json={"DisplayName": id}, params={"requestid": id})
        assert again.status_code == (400 if replays else 200)


def test_a_requestid_has_at_most_50_characters(client: Client) -> None:
    assert client.refused("customer", {"DisplayName": "Aster"}, requestid="x" * 51)["code"] == "2050"
    assert client.post("customer", {"DisplayName": "Aster"}, requestid="x" * 50)["Customer"]["Id"]


def test_the_minute_budget_of_a_company_is_429_and_recovers(
    sandbox: Sandbox, company: QuickBooksCompany, client: Client
) -> None:
    company.switches.requests_a_minute = 3
    answers = [client.send("GET", TERMS) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["fault"]["error"][0]["code"] == "3001"
    assert "Retry-After" not in answers[-1].headers
    sandbox.clock.advance(timedelta(seconds=60))
    assert client.send("GET", TERMS).status_code == 200


def test_batches_have_a_budget_of_their_own(company: QuickBooksCompany, client: Client) -> None:
    company.switches.batches_a_minute = 1
    body = {"BatchItemRequest": [{"bId": "1", "Query": "select * from Term"}]}
    assert [client.send("POST", "batch", json=body).status_code for _ in range(2)] == [200, 429]
    assert client.send("GET", TERMS).status_code == 200


NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def _admitted(limits: Limits, instants: Iterator[datetime]) -> int:
    """How many requests get in when none of them ends."""
    count = 0
    with ExitStack() as running:
        for now in instants:
            try:
                running.enter_context(limits.request(now, is_batch=False))
            except Refusal:
                continue
            count += 1
    return count


def test_ten_at_once_and_where_wanted_ten_a_second() -> None:
    spread = (NOON + timedelta(seconds=second) for second in range(12))
    assert _admitted(Limits(Switches()), spread) == 10
    burst = (NOON + timedelta(milliseconds=50 * number) for number in range(40))
    assert _admitted(Limits(Switches(concurrent=None, requests_a_second=10)), burst) == 20


def test_reads_are_counted_by_month_and_writes_and_failures_are_not(company: QuickBooksCompany, client: Client) -> None:
    company.switches.reads_a_month = 2
    client.post("customer", {"DisplayName": "Aster"})
    assert client.query_refused("select nonsense") == "4000"
    assert [client.send("GET", TERMS).status_code for _ in range(3)] == [200, 200, 429]
    assert list(company.limits.reads.values()) == [2]
    client.post("customer", {"DisplayName": "Birch"})


def test_the_platform_is_not_fooled_by_a_missing_header(client: Client) -> None:
    url = f"{client.root}/v3/company/{client.realm}/query"
    assert requests.get(url, headers={"Accept": "application/json"}, timeout=10).status_code == 401
