"""Signed links for people who do not sign in: a customer's statement, and the way out of our emails.

A link names one company and one customer and is good for nothing else. Making one needs no request: the front door
hands `portal_url` and `unsubscribe_url` to whoever writes messages. `keys`: the first signs, all verify.
"""

from __future__ import annotations

from datetime import timedelta

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer
from msgspec import Struct

STATEMENT_LIFE = timedelta(days=180)
"""A statement link in an old email stops working after this; the way out of our emails never does."""


class Recipient(Struct, frozen=True):
    """Whom a link was made for."""

    company_id: int
    customer_id: str


def portal_url(base_url: str, keys: tuple[str, ...], company_id: int, customer_id: str) -> str:
    """The customer's own statement page, for half a year."""
    return f"{base_url}/portal/{_statement(keys).dumps([company_id, customer_id])}"


def unsubscribe_url(base_url: str, keys: tuple[str, ...], company_id: int, customer_id: str) -> str:
    """Where the customer ends our emails, by hand or with the one click of RFC 8058."""
    return f"{base_url}/unsubscribe/{_way_out(keys).dumps([company_id, customer_id])}"


def logo_url(base_url: str, company_id: int, fingerprint: str) -> str:
    """The address of an uploaded logo, as messages carry it; it is open to anybody."""
    return f"{base_url}/logos/{company_id}/{fingerprint}.png"


def read_portal(token: str, keys: tuple[str, ...]) -> Recipient | None:
    """None for a link that is forged, cut short or too old."""
    try:
        return Recipient(*_statement(keys).loads(token, max_age=int(STATEMENT_LIFE.total_seconds())))
    except BadSignature:
        return None


def read_unsubscribe(token: str, keys: tuple[str, ...]) -> Recipient | None:
    """None for a link that is forged or cut short."""
    try:
        return Recipient(*_way_out(keys).loads(token))
    except BadSignature:
        return None


# itsdangerous signs with the last key of its list.
def _statement(keys: tuple[str, ...]) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(list(reversed(keys)), salt="dunwell statement link")


def _way_out(keys: tuple[str, ...]) -> URLSafeSerializer:
    return URLSafeSerializer(list(reversed(keys)), salt="dunwell unsubscribe link")
