"""What an unsuccessful answer means: by status first, by code second, and never a crash of the reader."""

from __future__ import annotations

import json
from datetime import timedelta
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.calls import TokenRejected
from connectors.errors import DunwellError, OutcomeUnknown, ReconnectNeeded, Refused, RetryLater, StopRun
from connectors.pace import Pace
from connectors.quickbooks.client import Client
from connectors.quickbooks.faults import Stale, classify, fault_in, read_fault
from connectors.quickbooks.transport import Transport

GATEWAY = {
    "warnings": None,
    "fault": {
        "type": "SERVICE",
        "error": [{"message": "message=ThrottleExceeded; errorCode=003001", "detail": "slow down", "code": "003001"}],
    },
    "time": 1772633529417,
}


def service(code: str, message: str = "Said no", detail: str = "Said no : because") -> bytes:
    errors = [{"Message": message, "Detail": detail, "code": code, "element": ""}]
    return json.dumps({"Fault": {"type": "ValidationFault", "Error": errors}, "time": "…"}).encode()


def read_error(status: int, body: bytes, headers: dict[str, str] | None = None) -> DunwellError:
    return classify(status, headers or {}, body, changes_something=False)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, b"", TokenRejected),
        (401, b"<html>gateway</html>", TokenRejected),
        (200, service("3200"), TokenRejected),
        (403, service("3100"), ReconnectNeeded),
        (403, b"not JSON", ReconnectNeeded),
        (400, service("120"), ReconnectNeeded),
        (429, b"", RetryLater),
        # Older gateways throttle with a 403; the validation range holds 3001 as well.
        (403, json.dumps(GATEWAY).encode(), RetryLater),
        (400, service("3001"), RetryLater),
        (500, service("10000"), RetryLater),
        (502, b"<html>Bad Gateway</html>", RetryLater),
        (302, b"", RetryLater),
        (400, b"<html>", RetryLater),
        (400, service(""), RetryLater),
        (400, service("5010"), Stale),
        (400, service("6190"), Refused),
        (200, service("6000"), Refused),
        (
            400,
            b'<?xml version="1.0"?><IntuitResponse><Fault><Error code="6240">x</Error></Fault></IntuitResponse>',
            Refused,
        ),
    ],
)
def test_each_answer_says_what_to_do_next(status: int, body: bytes, kind: type[DunwellError]) -> None:
    assert type(read_error(status, body)) is kind


@pytest.mark.parametrize(("status", "body"), [(500, service("10000")), (502, b"<html>"), (302, b""), (400, b"?")])
def test_a_write_without_a_clear_no_may_have_happened(status: int, body: bytes) -> None:
    assert type(classify(status, {}, body, changes_something=True)) is OutcomeUnknown


def test_a_write_that_was_throttled_or_refused_has_not_happened() -> None:
    assert type(classify(429, {}, b"", changes_something=True)) is RetryLater
    assert type(classify(400, {}, service("6000"), changes_something=True)) is Refused


def test_the_owner_reads_intuits_own_words_and_support_its_trace_id() -> None:
    error = read_error(400, service("6210"), {"intuit_tid": "1-5f\r\nSet-Cookie: x"})
    assert str(error) == "Said no : because (intuit_tid 1-5fSet-Cookiex)"


def test_no_token_gets_into_an_error_text() -> None:
    body = json.dumps({"code": "1", "detail": "Malformed bearer token: eyJhbGciOi.secret"}).encode()
    assert "eyJ" not in str(read_error(400, body))


def test_a_text_is_one_line_of_bearable_length() -> None:
    text = str(read_error(400, service("6000", detail="a\nb " * 1000)))
    assert "\n" not in text
    assert len(text) <= 500


def test_a_throttle_without_retry_after_lasts_a_minute() -> None:
    error = read_error(429, b"")
    assert isinstance(error, RetryLater)
    assert error.wait == timedelta(seconds=60)


def test_a_fault_may_hide_in_a_success() -> None:
    assert fault_in(service("6000"))
    assert not fault_in(b'{"QueryResponse": {"Invoice": [{"PrivateNote": "\\"Fault\\" of ours", "Fault": "x"}]}}')
    assert not fault_in(b'{"fault": null, "Invoice": {}}')


@given(st.binary(max_size=300), st.sampled_from([200, 301, 400, 401, 403, 429, 500, 599]), st.booleans())
def test_no_answer_is_too_strange_to_be_classified(body: bytes, status: int, changes_something: bool) -> None:
    assert isinstance(classify(status, {}, body, changes_something=changes_something), DunwellError)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["Fault", "fault", "Error", "error", "code", "message", "Detail"]), inner)
        ),
        max_leaves=12,
    )
)
def test_no_fault_is_too_strange_to_be_read(found: object) -> None:
    assert read_fault(json.dumps(found).encode()).text


def test_a_question_refused_in_a_batch_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    fault = {"type": "ValidationFault", "Error": [{"Message": "Subscription has ended", "code": "6190"}]}
    answer = json.dumps({"BatchItemResponse": [{"bId": "0", "Fault": fault}]}).encode()
    monkeypatch.setattr(Transport, "batch_operation", Mock(return_value=answer))
    pace = Pace(per_minute=500, concurrent=1)
    client = Client("http://localhost:9", "app-1", "1", Mock(), pace, pace)
    with pytest.raises(StopRun, match="Subscription has ended"):
        client.queries(["select * from Invoice"])
