"""The sandbox's own key: signs ID tokens (RS256) and shows its public half as a JWKS."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

LIFE = timedelta(hours=1)


@cache
def _key() -> rsa.RSAPrivateKey:
    """One per process, made when first needed: it takes a moment."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _number(value: int) -> str:
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@cache
def key_id() -> str:
    public = (
        _key().public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return hashlib.sha256(public).hexdigest()[:32]


def jwks() -> dict[str, Any]:
    numbers = _key().public_key().public_numbers()
    key = {
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "kid": key_id(),
        "n": _number(numbers.n),
        "e": _number(numbers.e),
    }
    return {"keys": [key]}


def id_token(*, issuer: str, client_id: str, subject: str, realm: str, nonce: str, now: datetime) -> str:
    """Intuit's claims: `aud` is an array, `realmid` is there when a company was picked."""
    claims: dict[str, Any] = {"iss": issuer, "aud": [client_id], "sub": subject, "iat": now, "exp": now + LIFE}
    claims["auth_time"] = int(now.timestamp())
    if realm:
        claims["realmid"] = realm
    if nonce:
        claims["nonce"] = nonce
    return jwt.encode(claims, _key(), algorithm="RS256", headers={"kid": key_id()})
