"""The identity server's signing key and the tokens it signs: RS256, as captured from Xero."""

from __future__ import annotations

import base64
from functools import cache
from hashlib import sha1
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sandbox.xero.grants import ACCESS_LIFE, Tokens
from sandbox.xero.values import new_id

_ID_TOKEN_SECONDS = 300


@cache
def _signing_key() -> rsa.RSAPrivateKey:
    """One key for every sandbox of this process: making one takes longer than starting a sandbox."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class JwtKeys:
    """Signs tokens and knows its own again."""

    @property
    def _key(self) -> rsa.RSAPrivateKey:
        return _signing_key()

    @property
    def _key_id(self) -> str:
        der = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return sha1(der, usedforsecurity=False).hexdigest().upper()

    @property
    def _x5t(self) -> str:
        return base64.urlsafe_b64encode(bytes.fromhex(self._key_id)).rstrip(b"=").decode()

    def jwks(self) -> dict[str, Any]:
        """The public key as a JSON Web Key Set."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": self._key_id, "use": "sig", "alg": "RS256", "x5t": self._x5t}]}

    def access_token(self, tokens: Tokens, issuer: str) -> str:
        consent, issued = tokens.consent, int(tokens.issued_at.timestamp())
        return self._sign(
            {
                "nbf": issued,
                "exp": issued + int(ACCESS_LIFE.total_seconds()),
                "iss": issuer,
                "aud": f"{issuer}/resources",
                "client_id": consent.app.client_id,
                "sub": consent.user.subject,
                "auth_time": int(consent.authenticated_at.timestamp()),
                "xero_userid": consent.user.id,
                "global_session_id": new_id().replace("-", ""),
                "jti": tokens.access_id,
                "authentication_event_id": consent.auth_event_id,
                "scope": list(consent.scopes),
            }
        )

    def id_token(self, tokens: Tokens, issuer: str) -> str:
        """Five minutes long, and without `authentication_event_id`, as developers report."""
        consent, issued = tokens.consent, int(tokens.issued_at.timestamp())
        claims = {
            "nbf": issued,
            "iat": issued,
            "exp": issued + _ID_TOKEN_SECONDS,
            "iss": issuer,
            "aud": consent.app.client_id,
            "sub": consent.user.subject,
            "auth_time": int(consent.authenticated_at.timestamp()),
            "xero_userid": consent.user.id,
        }
        if "email" in consent.scopes:
            claims["email"] = consent.user.email
        if "profile" in consent.scopes:
            claims |= {
                "given_name": consent.user.given_name,
                "family_name": consent.user.family_name,
                "name": consent.user.name,
                "preferred_username": consent.user.email,
            }
        return self._sign(claims | ({"nonce": tokens.nonce} if tokens.nonce else {}))

    def _sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self._key, "RS256", headers={"kid": self._key_id, "x5t": self._x5t})

    def token_id(self, token: str) -> str:
        """The `jti` of a token that this key signed; "" for any other text. Lifetimes are the grants' matter."""
        try:
            claims = jwt.decode(
                token,
                self._key.public_key(),
                ["RS256"],
                options={"verify_exp": False, "verify_nbf": False, "verify_aud": False},
            )
        except jwt.InvalidTokenError:
            return ""
        return str(claims.get("jti", ""))
