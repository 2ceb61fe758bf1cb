"""The sandbox over real HTTP: connections are kept, and every transport fault looks as it does in the wild."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest
import requests

from sandbox.faults import Fault
from sandbox.server import Sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[HTTPConnection]:
    connection = HTTPConnection(sandbox.base_url.removeprefix("http://"), timeout=5)
    yield connection
    connection.close()


def ask(client: HTTPConnection, method: str = "GET", body: str = "") -> tuple[int, bytes]:
    client.request(method, "/echo", body=body.encode() or None)
    answer = client.getresponse()
    return answer.status, answer.read()


def asked(client: HTTPConnection) -> int:
    """How often the endpoint did its work, this time included."""
    return int(json.loads(ask(client)[1])["asked"])


def test_many_requests_share_one_connection(client: HTTPConnection) -> None:
    assert ask(client, "POST", "one")[0] == 200
    socket = client.sock
    for _ in range(20):
        assert ask(client, "POST", "more")[0] == 200
    assert client.sock is socket


def test_a_body_arrives_as_it_was_sent(client: HTTPConnection) -> None:
    body = "ü" * 70_000
    assert json.loads(ask(client, "PUT", body)[1])["body"] == body


def test_a_body_may_come_in_chunks(client: HTTPConnection) -> None:
    client.request(
        "POST", "/echo", body=iter([b"one ", b"two"]), headers={"Transfer-Encoding": "chunked"}, encode_chunked=True
    )
    assert json.loads(client.getresponse().read())["body"] == "one two"
    assert ask(client)[0] == 200


def test_an_unread_body_does_not_spoil_the_next_request(client: HTTPConnection) -> None:
    client.request("POST", "/nowhere", body=b"x" * 5000)
    answer = client.getresponse()
    assert (answer.status, len(answer.read()) > 0) == (404, True)
    assert ask(client)[0] == 200


def test_a_call_dropped_before_has_no_effect(sandbox: Sandbox, client: HTTPConnection) -> None:
    sandbox.faults.add(Fault("drop_before"))
    with pytest.raises(http.client.RemoteDisconnected):
        ask(client, "POST")
    assert asked(client) == 1


def test_a_call_dropped_after_has_its_effect_unheard(sandbox: Sandbox, client: HTTPConnection) -> None:
    sandbox.faults.add(Fault("drop_after"))
    with pytest.raises(http.client.RemoteDisconnected):
        ask(client, "POST")
    assert asked(client) == 2


def test_a_slow_answer_comes_after_the_seconds_asked_for(sandbox: Sandbox, client: HTTPConnection) -> None:
    sandbox.faults.add(Fault("slow", args={"seconds": 0.2}))
    began = time.monotonic()
    assert ask(client)[0] == 200
    assert time.monotonic() - began >= 0.2


@pytest.mark.parametrize(("after", "times_done"), [(False, 1), (True, 2)])
def test_a_scripted_status_comes_instead_of_the_answer(
    sandbox: Sandbox, client: HTTPConnection, after: bool, times_done: int
) -> None:
    args = {"code": 429, "body": {"error": "slow down"}, "headers": {"Retry-After": "3"}, "after": after}
    sandbox.faults.add(Fault("status", args=args))
    client.request("GET", "/echo")
    answer = client.getresponse()
    assert (answer.status, answer.headers["Retry-After"], json.loads(answer.read())) == (
        429,
        "3",
        {"error": "slow down"},
    )
    assert asked(client) == times_done


def test_a_cut_answer_is_valid_http_around_broken_json(sandbox: Sandbox, client: HTTPConnection) -> None:
    sandbox.faults.add(Fault("truncate"))
    status, body = ask(client)
    assert status == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)
    assert ask(client)[0] == 200


def test_an_empty_answer_is_a_200_without_a_body(sandbox: Sandbox, client: HTTPConnection) -> None:
    sandbox.faults.add(Fault("empty"))
    assert ask(client) == (200, b"")


def test_a_proxy_in_trouble_answers_in_html(sandbox: Sandbox, client: HTTPConnection) -> None:
    sandbox.faults.add(Fault("html"))
    status, body = ask(client)
    assert (status, b"<html>" in body) == (502, True)


def test_a_fault_hits_only_what_it_names_and_only_so_often(sandbox: Sandbox, client: HTTPConnection) -> None:
    sandbox.faults.add(Fault("html", method="POST", path="^/echo$", times=2, skip=1))
    assert [ask(client, method)[0] for method in ("GET", "POST", "POST", "GET", "POST", "POST")] == [
        200, 200, 502, 200, 502, 200,
    ]  # fmt: skip
    assert sandbox.faults.struck == [("html", "POST", "/echo")] * 2


def test_faults_by_chance_are_the_same_for_the_same_seed() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Sandbox(seed=seed).faults
        faults.add(Fault("html", times=1000, chance=0.5))
        return [faults.take("GET", "/", "html") is not None for _ in range(40)]

    assert struck(1) == struck(1) != struck(2)


def test_a_stopped_sandbox_answers_nobody(sandbox: Sandbox, client: HTTPConnection) -> None:
    assert ask(client)[0] == 200
    sandbox.stop()
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        ask(client)


def test_a_taken_port_is_told_by_its_number(sandbox: Sandbox) -> None:
    port = int(sandbox.base_url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match=f"port {port} is taken"):
        Sandbox(port=port).start()


def test_both_platforms_answer_under_their_own_path(sandbox: Sandbox) -> None:
    discovery = requests.get(f"{sandbox.base_url}/quickbooks/.well-known/openid_configuration", timeout=5)
    assert discovery.json()["authorization_endpoint"].startswith(f"{sandbox.base_url}/quickbooks/")
    discovery = requests.get(f"{sandbox.base_url}/xero/.well-known/openid-configuration", timeout=5)
    assert discovery.json()["token_endpoint"].startswith(f"{sandbox.base_url}/xero/")
