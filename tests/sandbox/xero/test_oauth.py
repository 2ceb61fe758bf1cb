"""Consent, codes and tokens."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests

from sandbox.xero import XeroCompany
from tests.sandbox.xero.client import CLIENT, REDIRECT, SCOPES, SECRET, Identity, Rig

VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def claims_of(token: str) -> dict[str, object]:
    claims: dict[str, object] = jwt.decode(token, options={"verify_signature": False})
    return claims


def test_the_consent_page_offers_the_organisations_and_two_buttons(identity: Identity, company: XeroCompany) -> None:
    asked = {"response_type": "code", "client_id": CLIENT, "redirect_uri": REDIRECT, "scope": SCOPES, "state": "s"}
    page = requests.get(f"{identity.root}/identity/connect/authorize", params=asked, timeout=10)
    assert page.status_code == 200
    assert company.name in page.text
    assert 'value="approve"' in page.text
    assert 'value="deny"' in page.text
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_approving_sends_the_browser_back_with_a_code_and_the_same_state(
    identity: Identity, company: XeroCompany
) -> None:
    answer = identity.authorise(company, state="x/y z")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(REDIRECT + "?")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["state"] == ["x/y z"]
    assert query["scope"] == [SCOPES]
    assert query["code"][0]


def test_refusing_says_access_denied(identity: Identity, company: XeroCompany) -> None:
    query = parse_qs(urlsplit(identity.authorise(company, "deny").headers["Location"]).query)
    assert query == {"error": ["access_denied"], "state": ["st"]}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"client_id": "nobody"}, "unauthorized_client"),
        ({"redirect_uri": REDIRECT + "/"}, "unauthorized_client"),
        ({"scope": "openid accounting.transactions"}, "invalid_scope"),
        ({"scope": "openid payroll.employees"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"code_challenge": "abc", "code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_a_wrong_request_gets_a_page_and_no_redirect(
    identity: Identity, company: XeroCompany, wrong: dict[str, str], says: str
) -> None:
    answer = identity.authorise(company, **wrong)
    assert answer.status_code == 400
    assert says in answer.text
    assert "Location" not in answer.headers


def test_http_redirects_go_to_localhost_only(sandbox: Rig, identity: Identity, company: XeroCompany) -> None:
    sandbox.xero.register_app(CLIENT, SECRET, ["http://127.0.0.1:5000/callback"])
    answer = identity.authorise(company, redirect_uri="http://127.0.0.1:5000/callback")
    assert answer.status_code == 400


def test_an_organisation_of_somebody_else_cannot_be_picked(sandbox: Rig, identity: Identity) -> None:
    other = sandbox.xero.add_user("Ola Berg", "ola@other.example")
    foreign = sandbox.xero.create_company("Other Ltd", "GB", "GBP", "Europe/London", owners=(other,))
    assert identity.authorise(foreign).status_code == 400


def test_a_token_answer_has_the_documented_shape(identity: Identity, company: XeroCompany) -> None:
    tokens = identity.connect(company)
    assert tokens["expires_in"] == 1800
    assert tokens["token_type"] == "Bearer"
    assert "expires_at" not in tokens
    assert set(tokens["scope"].split()) == set(SCOPES.split())
    claims = claims_of(tokens["access_token"])
    assert claims["client_id"] == CLIENT
    assert isinstance(claims["scope"], list)
    assert int(str(claims["exp"])) - int(str(claims["nbf"])) == 1800
    assert {"xero_userid", "authentication_event_id", "global_session_id", "jti", "auth_time"} <= set(claims)


def test_no_refresh_token_without_offline_access_and_no_id_token_without_openid(
    identity: Identity, company: XeroCompany
) -> None:
    tokens = identity.connect(company, "accounting.contacts")
    assert "refresh_token" not in tokens
    assert "id_token" not in tokens


def test_the_id_token_is_signed_by_the_published_key(identity: Identity, company: XeroCompany) -> None:
    tokens = identity.exchange(identity.code(company, nonce="n-1")).json()
    document = requests.get(f"{identity.root}/.well-known/openid-configuration", timeout=10).json()
    assert document["issuer"] == identity.root
    keys = jwt.PyJWKSet.from_dict(requests.get(document["jwks_uri"], timeout=10).json())
    claims = jwt.decode(
        tokens["id_token"],
        keys[jwt.get_unverified_header(tokens["id_token"])["kid"]],
        ["RS256"],
        audience=CLIENT,
        issuer=document["issuer"],
        options={"verify_exp": False, "verify_iat": False, "verify_nbf": False},
    )
    assert claims["nonce"] == "n-1"
    assert claims["email"] == "mia.cole@books.example"
    assert "authentication_event_id" not in claims


def test_a_code_works_once(identity: Identity, company: XeroCompany) -> None:
    code = identity.code(company)
    assert identity.exchange(code).status_code == 200
    again = identity.exchange(code)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})


def test_a_code_dies_after_five_minutes(sandbox: Rig, identity: Identity, company: XeroCompany) -> None:
    code = identity.code(company)
    sandbox.clock.advance(timedelta(minutes=5, seconds=1))
    assert identity.exchange(code).json() == {"error": "invalid_grant"}


def test_a_code_is_bound_to_its_redirect_address(identity: Identity, company: XeroCompany) -> None:
    code = identity.code(company)
    answer = identity.token(grant_type="authorization_code", code=code, redirect_uri="http://localhost:1/else")
    assert answer.json() == {"error": "invalid_grant"}


def test_the_client_may_authenticate_in_the_body(identity: Identity, company: XeroCompany) -> None:
    code = identity.code(company)
    answer = identity.token(
        None,
        grant_type="authorization_code",
        code=code,
        redirect_uri=REDIRECT,
        client_id=CLIENT,
        client_secret=SECRET,
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("auth", "error"),
    [((CLIENT, "wrong"), "invalid_client"), (("nobody", SECRET), "invalid_client"), (("", ""), "unauthorized_client")],
)
def test_a_wrong_client_is_told_apart_from_a_dead_grant(identity: Identity, auth: tuple[str, str], error: str) -> None:
    answer = identity.token(auth, grant_type="refresh_token", refresh_token="x")
    assert (answer.status_code, answer.json()) == (400, {"error": error})


@pytest.mark.parametrize(("verifier", "status"), [(VERIFIER, 200), ("w" * 50, 400), ("", 400)])
def test_the_pkce_verifier_is_checked(identity: Identity, company: XeroCompany, verifier: str, status: int) -> None:
    code = identity.code(company, code_challenge=CHALLENGE, code_challenge_method="S256")
    assert identity.exchange(code, code_verifier=verifier).status_code == status


def test_an_app_without_a_secret_must_use_pkce(sandbox: Rig, identity: Identity, company: XeroCompany) -> None:
    sandbox.xero.register_app(CLIENT, "", [REDIRECT])
    assert identity.authorise(company).status_code == 400
    code = identity.code(company, code_challenge=CHALLENGE, code_challenge_method="S256")
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "client_id": CLIENT}
    assert identity.token(None, code_verifier=VERIFIER, **form).status_code == 200


def test_a_refresh_rotates_and_the_old_token_has_half_an_hour_of_grace(
    sandbox: Rig, identity: Identity, company: XeroCompany
) -> None:
    first = identity.connect(company)["refresh_token"]
    second = identity.refresh(first).json()["refresh_token"]
    assert second != first
    sandbox.clock.advance(timedelta(minutes=29))
    third = identity.refresh(first)
    assert third.status_code == 200
    assert third.json()["refresh_token"] not in (first, second)
    sandbox.clock.advance(timedelta(minutes=2))
    assert identity.refresh(first).json() == {"error": "invalid_grant"}


def test_the_grace_refresh_can_be_switched_to_the_same_pair(
    sandbox: Rig, identity: Identity, company: XeroCompany
) -> None:
    sandbox.xero.apps[CLIENT].switches.grace_refresh = "same_pair"
    first = identity.connect(company)["refresh_token"]
    second = identity.refresh(first).json()["refresh_token"]
    assert identity.refresh(first).json()["refresh_token"] == second


def test_a_refresh_token_dies_after_sixty_days_unused(sandbox: Rig, identity: Identity, company: XeroCompany) -> None:
    token = identity.connect(company)["refresh_token"]
    sandbox.clock.advance(timedelta(days=59))
    token = identity.refresh(token).json()["refresh_token"]
    sandbox.clock.advance(timedelta(days=60, seconds=1))
    assert identity.refresh(token).json() == {"error": "invalid_grant"}


def test_a_new_consent_may_supersede_the_tokens_of_the_earlier_one(
    sandbox: Rig, identity: Identity, company: XeroCompany
) -> None:
    sandbox.xero.apps[CLIENT].switches.one_token_set_per_user = True
    earlier = identity.connect(company)["refresh_token"]
    identity.connect(company)
    sandbox.clock.advance(timedelta(minutes=31))
    assert identity.refresh(earlier).json() == {"error": "invalid_grant"}


def test_revoking_ends_everything_the_user_connected(sandbox: Rig, identity: Identity, company: XeroCompany) -> None:
    other = sandbox.xero.create_company("Second Ltd", "NZ", "NZD", "Pacific/Auckland")
    identity.connect(company)
    tokens = identity.connect(other)
    assert len(identity.connections(tokens["access_token"]).json()) == 2
    url = f"{identity.root}/connect/revocation"
    answer = requests.post(url, data={"token": tokens["refresh_token"]}, auth=(CLIENT, SECRET), timeout=10)
    assert (answer.status_code, answer.content) == (200, b"")
    assert identity.connections(tokens["access_token"]).json() == []
    assert identity.refresh(tokens["refresh_token"]).json() == {"error": "invalid_grant"}


def test_unknown_grants_are_refused(identity: Identity) -> None:
    assert identity.token(grant_type="password").json() == {"error": "unsupported_grant_type"}
    assert identity.token().json() == {"error": "invalid_request"}
