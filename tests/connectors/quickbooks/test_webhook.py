"""Webhooks: believed only with the right signature on the very bytes, and read in both of Intuit's formats."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.quickbooks.webhook import companies, verify

KEY = "verifier-token"
EVENTS = [
    {"specversion": "1.0", "type": "qbo.invoice.updated.v1", "intuitentityid": "412", "intuitaccountid": "9130355"},
    {"specversion": "1.0", "type": "qbo.customer.merged.v1", "intuitentityid": "58", "intuitaccountid": "9130356"},
    {"specversion": "1.0", "type": "qbo.invoice.updated.v1", "intuitentityid": "413", "intuitaccountid": "9130355"},
]
LEGACY = {
    "eventNotifications": [
        {"realmId": "9130355", "dataChangeEvent": {"entities": [{"name": "Invoice", "id": "412"}]}},
        {"realmId": "9130356", "dataChangeEvent": {}},
    ]
}


def signature(body: bytes, key: str = KEY) -> str:
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def test_the_right_signature_is_believed() -> None:
    body = json.dumps(EVENTS).encode()
    assert verify(body, signature(body), KEY)


@pytest.mark.parametrize("wrong", ["", "é", "AAAA", "not base64!"])
def test_a_wrong_one_is_not(wrong: str) -> None:
    assert not verify(b"[]", wrong, KEY)
    assert not verify(b"[]", signature(b"[] "), KEY), "one byte more is another message"
    assert not verify(b"[]", signature(b"[]", "other"), KEY)


def test_without_a_key_nothing_is_believed() -> None:
    assert not verify(b"[]", signature(b"[]", ""), "")


@pytest.mark.parametrize("body", [EVENTS, LEGACY])
def test_each_company_is_named_once(body: object) -> None:
    assert companies(json.dumps(body).encode()) == ("9130355", "9130356")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"[1, null]", b'{"eventNotifications": 5}', b'[{"intuitaccountid": {}}]', b"\xff"]
)
def test_what_we_do_not_understand_names_nobody(body: bytes) -> None:
    assert companies(body) == ()


@given(st.binary())
def test_no_body_is_too_strange(body: bytes) -> None:
    assert isinstance(companies(body), tuple)


def test_nesting_beyond_measure_names_nobody() -> None:
    assert companies(b"[" * 100_000 + b"]" * 100_000) == ()
