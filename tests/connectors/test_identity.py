"""Who signed in: a proof that was made by the platform, for us, just now, and for this very sign-in."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from connectors.errors import ReconnectNeeded
from connectors.identity import check_id_token

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
THEIRS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
FORGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CLAIMS: dict[str, Any] = {
    "iss": "https://issuer.example",
    "aud": ["app-1"],
    "sub": "person-1",
    "iat": int(NOW.timestamp()),
    "exp": int((NOW + timedelta(hours=1)).timestamp()),
    "nonce": "n-1",
}


@pytest.fixture(scope="module")
def jwks_url() -> Iterator[str]:
    key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(THEIRS.public_key())) | {"kid": "k-1", "use": "sig"}
    body = json.dumps({"keys": [key]}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/jwks"
    server.shutdown()
    server.server_close()


def signed(claims: dict[str, Any], key: rsa.RSAPrivateKey = THEIRS, kid: str = "k-1") -> str:
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": kid})


def check(token: str, jwks_url: str, **changed: Any) -> dict[str, Any]:
    asked = {"issuer": "https://issuer.example", "audience": "app-1", "nonce": "n-1", "now": NOW} | changed
    with requests.Session() as http:
        return check_id_token(token, jwks_url=jwks_url, http=http, **asked)


def test_a_good_proof_names_the_person(jwks_url: str) -> None:
    assert check(signed(CLAIMS), jwks_url)["sub"] == "person-1"


@pytest.mark.parametrize("audience", ["app-1", ["app-1"], ["other", "app-1"]])
def test_the_audience_may_be_one_or_an_array(jwks_url: str, audience: object) -> None:
    assert check(signed(CLAIMS | {"aud": audience}), jwks_url)


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"aud": "app-2"},
        {"aud": []},
        {"aud": None},
        {"exp": int((NOW - timedelta(hours=1)).timestamp())},
        {"exp": "tomorrow"},
        {"iat": int((NOW + timedelta(hours=1)).timestamp())},
        {"nonce": "n-2"},
        {"nonce": None},
        {"nonce": 5},
        {"sub": ""},
        {"sub": 5},
    ],
)
@pytest.mark.parametrize("keys", ["reached", "away"])
def test_a_proof_that_does_not_fit_is_refused_with_or_without_keys(
    jwks_url: str, changed: dict[str, Any], keys: str
) -> None:
    url = jwks_url if keys == "reached" else "http://localhost:9/jwks"
    claims = {name: value for name, value in (CLAIMS | changed).items() if value is not None}
    token = jwt.api_jws.encode(json.dumps(claims).encode(), THEIRS, algorithm="RS256", headers={"kid": "k-1"})
    with pytest.raises(ReconnectNeeded):
        check(token, url)


def test_a_proof_signed_by_somebody_else_is_refused(jwks_url: str) -> None:
    with pytest.raises(ReconnectNeeded):
        check(signed(CLAIMS, FORGER), jwks_url)
    with pytest.raises(ReconnectNeeded):
        check(signed(CLAIMS, THEIRS, "k-2"), jwks_url)


def test_a_proof_that_says_it_needs_no_signature_is_refused(jwks_url: str) -> None:
    with pytest.raises(ReconnectNeeded):
        check(jwt.encode(CLAIMS, None, algorithm="none", headers={"kid": "k-1"}), jwks_url)


def test_a_proof_signed_with_the_public_key_as_a_secret_is_refused(jwks_url: str) -> None:
    with pytest.raises(ReconnectNeeded):
        check(jwt.encode(CLAIMS, "a public key known to everybody is no secret", "HS256", {"kid": "k-1"}), jwks_url)


@pytest.mark.parametrize("token", ["", "a.b.c", "é", "....", "eyJhbGciOiJSUzI1NiJ9.W10.x"])
def test_what_is_no_proof_at_all_is_refused(jwks_url: str, token: str) -> None:
    with pytest.raises(ReconnectNeeded):
        check(token, jwks_url)


def test_without_keys_the_proof_stands_on_its_way_here() -> None:
    assert check(signed(CLAIMS), "http://localhost:9/jwks")["sub"] == "person-1"


def test_a_platform_that_sends_no_nonce_may_be_told_so(jwks_url: str) -> None:
    claims = {name: value for name, value in CLAIMS.items() if name != "nonce"}
    assert check(signed(claims), jwks_url, must_have_nonce=False)
    with pytest.raises(ReconnectNeeded):
        check(signed(CLAIMS), jwks_url, must_have_nonce=False, nonce="other")


def test_two_clocks_may_be_a_little_apart(jwks_url: str) -> None:
    assert check(signed(CLAIMS), jwks_url, now=NOW - timedelta(minutes=4))
    assert check(signed(CLAIMS), jwks_url, now=NOW + timedelta(minutes=64))
