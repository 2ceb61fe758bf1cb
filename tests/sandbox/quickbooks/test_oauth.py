"""Connecting: consent, codes, rotating tokens, revocation, and who signed in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import jwt
import pytest
import requests
from requests_oauthlib import OAuth2Session

from sandbox.quickbooks import QuickBooksCompany, QuickBooksSandbox
from sandbox.server import Sandbox
from tests.sandbox.quickbooks.client import CLIENT_ID, CLIENT_SECRET, REDIRECT, SCOPE, Client, sent_back


@pytest.mark.parametrize("path", ["openid_configuration", "openid_configuration/", "openid_sandbox_configuration"])
def test_discovery_points_back_here_and_does_not_list_the_accounting_scope(stranger: Client, path: str) -> None:
    document = requests.get(f"{stranger.root}/.well-known/{path}", timeout=10).json()
    endpoints = [value for name, value in document.items() if name.endswith(("_endpoint", "_uri"))]
    assert len(endpoints) == 5
    assert all(url.startswith(stranger.root) for url in endpoints)
    assert document["scopes_supported"] == ["openid", "email", "profile", "address", "phone"]


def test_approving_brings_back_code_state_and_the_picked_company(stranger: Client) -> None:
    back = sent_back(stranger.ask_consent())
    assert set(back) == {"code", "state", "realmId"}
    assert (back["state"], back["realmId"]) == ("s-1", stranger.realm)


def test_the_consent_page_lists_every_company_and_escapes_its_name(
    platform: QuickBooksSandbox, stranger: Client
) -> None:
    platform.create_company("<b>Bold</b> & Sons", "US", "USD", "America/New_York")
    asked = {"client_id": CLIENT_ID, "response_type": "code", "scope": SCOPE, "redirect_uri": REDIRECT}
    page = requests.get(f"{stranger.root}/connect/oauth2", params=asked, timeout=10)
    assert "Harbor Lane Provisions" in page.text
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; Sons" in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"]


def test_denying_brings_back_access_denied_and_the_state(stranger: Client) -> None:
    back = sent_back(stranger.ask_consent("deny"))
    assert (back["error"], back["state"]) == ("access_denied", "s-1")
    assert "code" not in back


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"scope": "com.intuit.quickbooks.payroll"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_a_wrong_request_of_a_known_app_is_sent_back_with_its_error(
    stranger: Client, changed: dict[str, str], error: str
) -> None:
    assert sent_back(stranger.ask_consent(**changed))["error"] == error


@pytest.mark.parametrize("changed", [{"client_id": "nobody"}, {"redirect_uri": f"{REDIRECT}/"}])
def test_an_unknown_app_or_another_address_is_never_redirected_to(stranger: Client, changed: dict[str, str]) -> None:
    answer = stranger.ask_consent(**changed)
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_identity_scopes_alone_open_no_company(stranger: Client) -> None:
    assert "realmId" not in sent_back(stranger.ask_consent(scope="openid email"))


def test_a_code_is_exchanged_once(stranger: Client) -> None:
    code = stranger.code()
    first = stranger.exchange(code).json()
    assert first["token_type"] == "bearer"
    assert (first["expires_in"], first["x_refresh_token_expires_in"]) == (3600, 8_726_400)
    again = stranger.exchange(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    stranger.tokens = first
    assert stranger.send("GET", "query?query=select * from Term").status_code == 200


def test_a_second_exchange_may_also_end_the_first_connection(platform: QuickBooksSandbox, stranger: Client) -> None:
    platform.apps[CLIENT_ID].second_exchange_revokes = True
    code = stranger.code()
    stranger.tokens = stranger.exchange(code).json()
    stranger.exchange(code)
    assert stranger.send("GET", "query?query=select * from Term").status_code == 401


def test_a_code_lives_five_minutes(sandbox: Sandbox, stranger: Client) -> None:
    code = stranger.code()
    sandbox.clock.advance(timedelta(minutes=5))
    assert stranger.exchange(code).json()["error"] == "invalid_grant"


def test_a_code_belongs_to_its_redirect_address(stranger: Client) -> None:
    assert (
        stranger.exchange(stranger.code(), redirect_uri="http://localhost:9/other").json()["error"] == "invalid_grant"
    )


def test_the_token_endpoint_wants_the_right_secret_in_the_basic_header(stranger: Client) -> None:
    wrong = stranger.token(secret="wrong", grant_type="refresh_token", refresh_token="x")
    in_body = {
        "grant_type": "refresh_token",
        "refresh_token": "x",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    }
    posted = requests.post(f"{stranger.root}/oauth2/v1/tokens/bearer", data=in_body, timeout=10)
    assert [one.json()["error"] for one in (wrong, posted)] == ["invalid_client", "invalid_client"]
    assert stranger.token(grant_type="password").json()["error"] == "unsupported_grant_type"
    assert stranger.token(grant_type="refresh_token").json()["error"] == "invalid_request"


def test_a_refresh_within_a_day_keeps_the_value_and_a_later_one_changes_it(sandbox: Sandbox, client: Client) -> None:
    first = client.tokens["refresh_token"]
    sandbox.clock.advance(timedelta(hours=23, minutes=59))
    assert client.refresh().json()["refresh_token"] == first
    sandbox.clock.advance(timedelta(minutes=2))
    second = client.refresh().json()["refresh_token"]
    assert second != first
    assert client.refresh(first).json()["error"] == "invalid_grant"
    assert client.refresh(second).status_code == 200


@pytest.mark.parametrize("revokes", [False, True])
def test_of_two_refreshes_across_a_rotation_one_wins(
    sandbox: Sandbox, platform: QuickBooksSandbox, client: Client, revokes: bool
) -> None:
    platform.apps[CLIENT_ID].stale_refresh_revokes = revokes
    sandbox.clock.advance(timedelta(days=2))
    old = client.tokens["refresh_token"]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: Client(client.root, client.realm).refresh(old), range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 400]
    winner = next(answer for answer in answers if answer.status_code == 200).json()
    assert client.refresh(winner["refresh_token"]).status_code == (400 if revokes else 200)


def test_each_refresh_restarts_the_rolling_life(sandbox: Sandbox, client: Client) -> None:
    for _ in range(3):
        sandbox.clock.advance(timedelta(days=60))
        assert client.refresh().json()["x_refresh_token_expires_in"] == 8_726_400
    sandbox.clock.advance(timedelta(days=101))
    assert client.refresh().json()["error"] == "invalid_grant"


def test_the_hard_life_does_not_roll_and_is_told_on_request(
    sandbox: Sandbox, platform: QuickBooksSandbox, client: Client
) -> None:
    platform.apps[CLIENT_ID].hard_lifetime = timedelta(days=100)
    sandbox.clock.advance(timedelta(days=60))
    assert "x_refresh_token_hard_expires_in" not in client.refresh().json()
    told = client.refresh(headers={"x-include-refresh-token-hard-expires-in": "true"}).json()
    assert 0 <= 40 * 86_400 - told["x_refresh_token_hard_expires_in"] < 60
    sandbox.clock.advance(timedelta(days=41))
    assert client.refresh().json()["error"] == "invalid_grant"


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_the_connection(client: Client, which: str) -> None:
    assert client.revoke(client.tokens[which]).status_code == 200
    assert client.send("GET", "query?query=select * from Term").status_code == 401
    assert client.refresh().json()["error"] == "invalid_grant"
    assert client.revoke(client.tokens[which]).status_code == 400


def test_a_disconnect_inside_quickbooks_is_noticed_only_by_the_next_call(
    platform: QuickBooksSandbox, client: Client
) -> None:
    platform.disconnect(client.realm)
    assert client.send("GET", "query?query=select * from Term").status_code == 401
    assert client.refresh().json()["error"] == "invalid_grant"


def test_the_id_token_is_signed_and_names_person_app_and_company(
    sandbox: Sandbox, platform: QuickBooksSandbox, stranger: Client
) -> None:
    token = stranger.connect(nonce="n-1").tokens["id_token"]
    keys = jwt.PyJWKClient(f"{stranger.root}/op/v1/jwks")
    key = keys.get_signing_key_from_jwt(token)
    claims = jwt.decode(token, key, ["RS256"], audience=CLIENT_ID, options={"verify_exp": False, "verify_iat": False})
    assert claims["aud"] == [CLIENT_ID]
    assert claims["iss"] == f"{stranger.root}/op/v1"
    assert (claims["sub"], claims["realmid"], claims["nonce"]) == (platform.person.subject, stranger.realm, "n-1")
    assert claims["exp"] - claims["iat"] == 3600
    assert abs(claims["iat"] - sandbox.clock.now().timestamp()) < 60


def test_userinfo_tells_what_the_scopes_allow(platform: QuickBooksSandbox, stranger: Client) -> None:
    stranger.connect(scope="com.intuit.quickbooks.accounting openid email")
    bearer = {"Authorization": f"Bearer {stranger.tokens['access_token']}"}
    url = f"{stranger.root}/v1/openid_connect/userinfo"
    told = requests.get(url, headers=bearer, timeout=10).json()
    assert told == {"sub": platform.person.subject, "email": platform.person.email, "emailVerified": True}
    assert requests.get(url, timeout=10).status_code == 401


def test_requests_oauthlib_goes_the_whole_round(company: QuickBooksCompany, stranger: Client) -> None:
    session = OAuth2Session(CLIENT_ID, redirect_uri=REDIRECT, scope=SCOPE.split())
    url, state = session.authorization_url(f"{stranger.root}/connect/oauth2")
    page = requests.get(url, timeout=10)
    assert page.status_code == 200
    done = requests.post(
        url, data={"realmId": stranger.realm, "decision": "approve"}, allow_redirects=False, timeout=10
    )
    assert sent_back(done)["state"] == state
    endpoint = f"{stranger.root}/oauth2/v1/tokens/bearer"
    session.fetch_token(endpoint, authorization_response=done.headers["Location"], auth=(CLIENT_ID, CLIENT_SECRET))
    info = session.get(
        f"{stranger.root}/v3/company/{stranger.realm}/companyinfo/{stranger.realm}",
        headers={"Accept": "application/json"},
    )
    assert info.json()["CompanyInfo"]["CompanyName"] == company.name
    assert session.refresh_token(endpoint, auth=(CLIENT_ID, CLIENT_SECRET))["refresh_token"]
