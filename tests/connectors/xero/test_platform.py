"""Connecting, disconnecting, and the webhooks between."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.config import XeroConfig
from connectors.errors import ReconnectNeeded, StopRun
from connectors.ports import Platform
from connectors.xero.oauth import SCOPES
from connectors.xero.platform import Xero
from connectors.xero.webhook import is_genuine, tenants
from sandbox.faults import Fault
from sandbox.server import Sandbox
from sandbox.xero import XeroCompany
from tests.connectors.xero.connected import REDIRECT, START, VERIFIER, Connected, consent, platform_at, press


def test_a_consent_brings_tokens_the_person_and_the_organisation(sandbox: Sandbox, company: XeroCompany) -> None:
    grant = consent(platform_at(sandbox), company.external_id)
    assert (grant.person.email, grant.person.name) == ("mia.cole@books.example", "Mia Cole")
    assert [(each.external_id, each.name) for each in grant.companies] == [(company.external_id, "Kōwhai Joinery Ltd")]
    assert grant.companies[0].connection_id not in ("", company.external_id)
    assert set(grant.tokens.scopes) == set(SCOPES)


def test_only_what_this_consent_opened_is_connected(sandbox: Sandbox, company: XeroCompany) -> None:
    platform = platform_at(sandbox)
    consent(platform, company.external_id)
    second = sandbox.xero.create_company("Rata Roofing Ltd", "NZ", "NZD", "Pacific/Auckland")
    grant = consent(platform, second.external_id)
    assert [each.external_id for each in grant.companies] == [second.external_id]


def test_connecting_again_gives_the_organisation_again(sandbox: Sandbox, company: XeroCompany) -> None:
    platform = platform_at(sandbox)
    first, again = (consent(platform, company.external_id) for _ in range(2))
    assert [each.external_id for each in again.companies] == [company.external_id]
    assert again.person == first.person


def test_the_same_person_is_known_again_whatever_they_connect(sandbox: Sandbox, company: XeroCompany) -> None:
    platform = platform_at(sandbox)
    second = sandbox.xero.create_company("Rata Roofing Ltd", "NZ", "NZD", "Pacific/Auckland")
    people = {consent(platform, each.external_id).person.subject for each in (company, second)}
    assert len(people) == 1


def test_saying_no_connects_nothing(sandbox: Sandbox, company: XeroCompany) -> None:
    with pytest.raises(ReconnectNeeded, match="You said no"):
        consent(platform_at(sandbox), company.external_id, decision="deny")


def test_who_only_signs_in_opens_no_organisation(sandbox: Sandbox, company: XeroCompany) -> None:
    platform = platform_at(sandbox)
    url = platform.sign_in_url(REDIRECT, "state-1", "n-1", VERIFIER)
    assert "accounting" not in url
    assert "offline_access" not in url
    person = platform.signed_in(REDIRECT, press(url, ""), "n-1", VERIFIER)
    assert person == consent(platform, company.external_id).person


def test_a_code_works_once_and_only_with_its_verifier(sandbox: Sandbox, company: XeroCompany) -> None:
    platform = platform_at(sandbox)
    callback = press(platform.authorise_url(REDIRECT, "s", "n-1", VERIFIER), company.external_id)
    platform.finish(REDIRECT, callback, "n-1", VERIFIER)
    with pytest.raises(ReconnectNeeded):
        platform.finish(REDIRECT, callback, "n-1", VERIFIER)
    callback = press(platform.authorise_url(REDIRECT, "s", "n-1", VERIFIER), company.external_id)
    with pytest.raises(ReconnectNeeded):
        platform.finish(REDIRECT, callback, "n-1", "w" * 64)


def test_a_proof_for_another_request_is_not_taken(sandbox: Sandbox, company: XeroCompany) -> None:
    platform = platform_at(sandbox)
    callback = press(platform.authorise_url(REDIRECT, "s", "n-1", VERIFIER), company.external_id)
    with pytest.raises(ReconnectNeeded, match="another request"):
        platform.finish(REDIRECT, callback, "n-2", VERIFIER)


def test_a_missing_discovery_document_keeps_nobody_out(sandbox: Sandbox, company: XeroCompany) -> None:
    sandbox.faults.add(Fault("status", "GET", "openid-configuration", times=9, args={"code": 404, "status": 404}))
    assert consent(platform_at(sandbox), company.external_id).companies


def test_the_consent_page_is_asked_for_exactly_what_is_needed(sandbox: Sandbox) -> None:
    url = urlsplit(platform_at(sandbox).authorise_url(REDIRECT, "state-1", "nonce-1", VERIFIER))
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    assert (asked["code_challenge"], asked["code_challenge_method"]) == (challenge, "S256")
    assert (asked["state"], asked["nonce"], asked["redirect_uri"]) == ("state-1", "nonce-1", REDIRECT)
    assert asked["scope"].split() == list(SCOPES)
    assert VERIFIER not in url.query


def test_plain_http_is_for_this_machine_only() -> None:
    platform: Platform = Xero(
        XeroConfig(client_id="a", client_secret="b", login_url="http://login.example"), lambda: START
    )
    with pytest.raises(StopRun, match="https"):
        platform.authorise_url(REDIRECT, "s", "n", VERIFIER)


def test_disconnecting_ends_one_organisation_and_leaves_the_others(connected: Connected) -> None:
    platform = connected.platform
    second = connected.sandbox.xero.create_company("Rata Roofing Ltd", "NZ", "NZD", "Pacific/Auckland")
    other = consent(platform, second.external_id)
    platform.revoke(other.tokens, other.companies[0].connection_id)
    platform.revoke(other.tokens, other.companies[0].connection_id)
    assert connected.sync()[-1].is_complete
    platform.revoke(other.tokens, connected.connection_id)
    with pytest.raises(ReconnectNeeded):
        connected.sync()


def test_revoking_everything_ends_every_organisation(connected: Connected) -> None:
    held = consent(connected.platform, connected.company.external_id).tokens
    connected.platform.revoke(held, "")
    connected.platform.revoke(held, "")
    with pytest.raises(ReconnectNeeded):
        connected.sync()


def test_disconnecting_with_an_old_token_says_so_instead_of_pretending(connected: Connected) -> None:
    held = consent(connected.platform, connected.company.external_id).tokens
    connected.sandbox.clock.set(held.expires_at)
    with pytest.raises(ReconnectNeeded):
        connected.platform.revoke(held, connected.connection_id)


def test_an_app_without_keys_is_not_configured() -> None:
    assert not Xero(XeroConfig(), lambda: START).is_configured()
    assert Xero(XeroConfig(client_id="a", client_secret="b"), lambda: START).is_configured()


def signed(body: bytes, key: str = "hook-1") -> str:
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def test_a_delivery_is_taken_only_with_the_right_signature() -> None:
    body = b'{"events":[]}'
    assert is_genuine(body, signed(body), "hook-1")
    assert not is_genuine(body, signed(body, "other"), "hook-1")
    assert not is_genuine(body + b" ", signed(body), "hook-1")
    assert not is_genuine(body, "", "hook-1")
    assert not is_genuine(body, "ü", "hook-1")
    assert not is_genuine(body, signed(body, ""), "")


def test_a_delivery_names_its_organisations_once_each_whatever_it_is_about() -> None:
    events = [
        {"tenantId": "t1", "eventCategory": "INVOICE"},
        {"tenantId": "t2", "eventCategory": "SOMETHING NEW"},
        {"tenantId": "t1", "eventCategory": "CONTACT"},
        {"eventCategory": "CONTACT"},
    ]
    assert tenants(json.dumps({"events": events, "entropy": "x"}).encode()) == ("t1", "t2")


odd_json = st.recursive(
    st.none() | st.text() | st.integers(),
    lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["events", "tenantId"]), x),
).map(lambda value: json.dumps(value).encode())


@given(st.binary() | odd_json)
def test_no_delivery_however_odd_does_harm(body: bytes) -> None:
    assert isinstance(tenants(body), tuple)


def test_the_sdk_is_not_loaded_before_it_is_needed() -> None:
    code = (
        "import sys; from connectors.config import *; from connectors.registry import platforms;"
        "platforms(QuickBooksConfig(), XeroConfig(), FreshBooksConfig());"
        "print([name for name in ('xero_python', 'requests', 'urllib3', 'jwt') if name in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
