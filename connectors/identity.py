"""Who signed in: checking the ID token that comes along with the tokens (OpenID Connect Core 1.0, section 3.1.3.7).

What to do with somebody who proves nothing is each platform's decision.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import requests
from jwt.types import Options

from connectors.errors import ReconnectNeeded
from connectors.oauth import TIMEOUT, insist_on_https

LEEWAY = timedelta(minutes=5)
"""How far two clocks may be apart."""
ALGORITHMS = ["RS256"]
"""Fixed by us: what the token says about itself proves nothing."""
_UNSIGNED: Options = {"verify_signature": False}
# Times and names are checked by us: against our own clock, and with the same care when there is no key.
_SIGNED: Options = {
    "verify_signature": True,
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
    "verify_iss": False,
}


def check_id_token(
    id_token: str,
    *,
    issuer: str | Collection[str],
    audience: str,
    nonce: str,
    jwks_url: str,
    now: datetime,
    http: requests.Session,
    must_have_nonce: bool = True,
) -> dict[str, Any]:
    """The claims of an ID token that came straight from the token endpoint. Raises ReconnectNeeded when it is not good.

    Issuer, audience (one or an array), expiry and nonce are always checked. The signature is, whenever the platform's
    keys can be had; without them the token stands on the TLS connection it came over, as point 6 of the section allows.
    `must_have_nonce` False takes a token that carries none.
    """
    try:
        claims = _verified(id_token, jwks_url, http)
    except (jwt.PyJWTError, ValueError, TypeError):
        raise ReconnectNeeded("The platform's proof of who signed in does not hold. Connect again.") from None
    issuers = {issuer} if isinstance(issuer, str) else set(issuer)
    if claims.get("iss") not in issuers:
        raise ReconnectNeeded("The proof of who signed in comes from somebody else. Connect again.")
    named = claims.get("aud")
    if audience not in (named if isinstance(named, list) else [named]):
        raise ReconnectNeeded("The proof of who signed in was made for another app. Connect again.")
    if not _is_live(claims, now):
        raise ReconnectNeeded("The proof of who signed in has expired. Connect again.")
    if not _is_our_nonce(claims.get("nonce"), nonce, must_have_nonce):
        raise ReconnectNeeded("The proof of who signed in answers another request. Connect again.")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise ReconnectNeeded("The proof of who signed in names nobody. Connect again.")
    return claims


def _verified(id_token: str, jwks_url: str, http: requests.Session) -> dict[str, Any]:
    keys = _keys(jwks_url, http)
    if keys is None:
        return jwt.decode(id_token, options=_UNSIGNED)
    key_id = jwt.get_unverified_header(id_token).get("kid")
    key = next((key for key in keys.keys if key.key_id == key_id), None)
    if key is None:
        raise jwt.InvalidKeyError("no key of that name")
    return jwt.decode(id_token, key, algorithms=ALGORITHMS, options=_SIGNED)


def _keys(jwks_url: str, http: requests.Session) -> jwt.PyJWKSet | None:
    """The platform's public keys, or None when they cannot be had just now."""
    try:
        response = http.get(insist_on_https(jwks_url), timeout=TIMEOUT)
        response.raise_for_status()
        return jwt.PyJWKSet.from_dict(response.json())
    except (requests.RequestException, jwt.PyJWTError):
        return None


def _is_live(claims: dict[str, Any], now: datetime) -> bool:
    try:
        expires = datetime.fromtimestamp(int(claims["exp"]), UTC)
        issued = datetime.fromtimestamp(int(claims.get("iat", 0)), UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return False
    return now < expires + LEEWAY and issued <= now + LEEWAY


def _is_our_nonce(found: object, nonce: str, must_have_nonce: bool) -> bool:
    if found is None:
        return not must_have_nonce
    return isinstance(found, str) and hmac.compare_digest(found.encode(), nonce.encode())
