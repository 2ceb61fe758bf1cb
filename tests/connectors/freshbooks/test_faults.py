"""What an answer that is no success means, in whichever of FreshBooks' shapes it comes."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.calls import TokenRejected
from connectors.errors import DunwellError, OutcomeUnknown, ReconnectNeeded, Refused, RetryLater, SkipRecord
from connectors.freshbooks.faults import NotThere, classify, read_fault
from connectors.freshbooks.translate import Reading, read

ACCOUNTING = b'{"response": {"errors": [{"errno": 1012, "field": "userid", "message": "Client not found."}]}}'
GATEWAY = (
    b'{"code": 5, "message": "Request failed with status_code: 404", "details": [{"reason": "1012",'
    b' "metadata": {"object": "client", "message": "Client not found.", "value": "12345", "field": "userid"}}]}'
)
IDENTITY = b'{"error": "unauthenticated", "error_description": "This action requires authentication to continue."}'


@pytest.mark.parametrize("body", [ACCOUNTING, GATEWAY])
def test_the_platforms_own_words_are_found_in_either_shape(body: bytes) -> None:
    assert (read_fault(body).errno, read_fault(body).text) == (1012, "Client not found.")


@pytest.mark.parametrize(
    ("status", "body", "on_reading", "on_writing"),
    [
        (401, IDENTITY, TokenRejected, TokenRejected),
        (403, b"{}", ReconnectNeeded, ReconnectNeeded),
        (404, GATEWAY, NotThere, NotThere),
        (409, b"{}", RetryLater, RetryLater),
        (422, b'{"response": {"errors": [{"errno": 1004, "message": "Too long"}]}}', Refused, Refused),
        (429, b"", RetryLater, RetryLater),
        (502, b"<html>", RetryLater, OutcomeUnknown),
        (400, b"<html>", RetryLater, OutcomeUnknown),
    ],
)
def test_an_answer_says_what_to_do_next(
    status: int, body: bytes, on_reading: type[DunwellError], on_writing: type[DunwellError]
) -> None:
    assert type(classify(status, {}, body, changes_something=False)) is on_reading
    assert type(classify(status, {}, body, changes_something=True)) is on_writing


def test_as_long_as_it_asks_for_is_waited() -> None:
    error = classify(429, {"Retry-After": "90"}, b"", changes_something=False)
    assert isinstance(error, RetryLater)
    assert error.wait == timedelta(seconds=90)


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("id", "vis_state", "updated", "amount", "outstanding", "customerid", "invoiceid", "create_date", "v3_status")
rows = st.dictionaries(st.sampled_from(FIELDS), odd).map(msgspec.json.encode)


@given(st.sampled_from(["customer", "invoice", "payment", "credit_note"]), st.binary(max_size=40) | rows)
def test_any_record_is_read_or_set_aside_and_nothing_else(entity: str, raw: bytes) -> None:
    with suppress(SkipRecord):
        assert isinstance(read(entity, raw), Reading)


@given(st.binary(max_size=60) | odd.map(msgspec.json.encode))
def test_any_answer_can_be_looked_at_for_a_fault(body: bytes) -> None:
    assert len(read_fault(body).text) <= 500
