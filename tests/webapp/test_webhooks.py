"""Webhooks in: a good signature is kept and hurries the next run; a bad one is turned away."""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from connectors.config import FreshBooksConfig, QuickBooksConfig, XeroConfig
from connectors.registry import platforms
from store import companies
from store.database import Database
from store.tables import Company, WebhookDelivery
from tests.webapp import books
from tests.webapp.stage import QUICKBOOKS_KEY, XERO_KEY

TENANT = "0f4a-kowhai"
REALM = "9130355012345678"
BODIES = {
    "xero": json.dumps({"events": [{"tenantId": TENANT, "resourceId": "i1", "eventCategory": "INVOICE"}]}).encode(),
    "quickbooks": json.dumps(
        {"eventNotifications": [{"realmId": REALM, "dataChangeEvent": {"entities": [{"name": "Invoice", "id": "4"}]}}]}
    ).encode(),
}
KEYS = {"xero": XERO_KEY, "quickbooks": QUICKBOOKS_KEY}
HEADERS = {"xero": "x-xero-signature", "quickbooks": "intuit-signature"}
BOTH = pytest.mark.parametrize("platform", ["xero", "quickbooks"])


@pytest.fixture
def client(make_app: Callable[..., Flask]) -> FlaskClient:
    known = platforms(
        QuickBooksConfig(client_id="a", client_secret="b", webhook_token=QUICKBOOKS_KEY),
        XeroConfig(client_id="a", client_secret="b", webhook_key=XERO_KEY),
        FreshBooksConfig(client_id="a", client_secret="b"),
    )
    return make_app(platforms=known).test_client()


@pytest.fixture
def connected(database: Database) -> dict[str, Company]:
    """One company on each platform, next due tomorrow."""
    with database.begin() as session:
        made = {
            platform: companies.connect(
                session, platform=platform, external_id=external_id, name=platform, mode="observe", now=books.NOW
            )
            for platform, external_id in (("xero", TENANT), ("quickbooks", REALM))
        }
        for company in made.values():
            company.next_run_at = books.NOW + timedelta(days=1)
            session.add(company)
    return made


def signed(platform: str, body: bytes) -> dict[str, str]:
    digest = hmac.digest(KEYS[platform].encode(), body, "sha256")
    return {HEADERS[platform]: b64encode(digest).decode()}


def is_due(database: Database, company: Company) -> bool:
    with database.read() as session:
        due = companies.get(session, company.id or 0).next_run_at
    return due is not None and due <= books.NOW


def deliveries(database: Database) -> int:
    with database.read() as session:
        return len(session.connection().exec_driver_sql("SELECT id FROM webhook_delivery").all())


@BOTH
def test_a_signed_delivery_is_kept_and_hurries_that_company(
    client: FlaskClient, database: Database, connected: dict[str, Company], platform: str
) -> None:
    body = BODIES[platform]
    answer = client.post(f"/webhooks/{platform}", data=body, headers=signed(platform, body))
    assert (answer.status_code, answer.data) == (200, b"")
    assert "Set-Cookie" not in answer.headers
    assert {name for name, company in connected.items() if is_due(database, company)} == {platform}
    with database.read() as session:
        kept = session.get(WebhookDelivery, 1)
    assert kept is not None
    assert kept.body == body


@BOTH
def test_a_bad_signature_is_turned_away_and_nothing_happens(
    client: FlaskClient, database: Database, connected: dict[str, Company], platform: str
) -> None:
    body = BODIES[platform]
    for headers in ({}, {HEADERS[platform]: "bm9uc2Vuc2U="}, signed(platform, body + b" ")):
        assert client.post(f"/webhooks/{platform}", data=body, headers=headers).status_code == 401
    assert deliveries(database) == 0
    assert not is_due(database, connected[platform])


@BOTH
def test_a_repeated_delivery_is_kept_once(
    client: FlaskClient, database: Database, connected: dict[str, Company], platform: str
) -> None:
    body = BODIES[platform]
    for _ in range(3):
        assert client.post(f"/webhooks/{platform}", data=body, headers=signed(platform, body)).status_code == 200
    assert deliveries(database) == 1


@BOTH
@pytest.mark.parametrize("body", [b"{}", b"[]", b"not json", b'{"events": 5}', b'[{"specversion": null}]', b"\xff\xfe"])
def test_a_signed_delivery_that_makes_no_sense_is_taken_all_the_same(
    client: FlaskClient, connected: dict[str, Company], platform: str, body: bytes
) -> None:
    """A 4xx would make the platform send the whole bundle again, for days."""
    answer = client.post(f"/webhooks/{platform}", data=body, headers=signed(platform, body))
    assert answer.status_code == 200


ODD = {
    "xero": [
        {
            "events": [{"tenantId": TENANT, "eventCategory": "SOMETHING_NEW", "eventType": "SHATTER"}],
            "lastEventSequence": 9,
        },
        {"events": [{"tenantId": TENANT, "eventCategory": "INVOICE"}], "firstEventSequence": 700, "entropy": "X"},
    ],
    "quickbooks": [
        {"eventNotifications": [{"realmId": REALM, "dataChangeEvent": {"entities": [{"name": "Aurora", "id": "4"}]}}]},
        [{"specversion": "1.0", "type": "qbo.aurora.shattered.v1", "intuitaccountid": REALM, "data": {}}],
    ],
}
"""Kinds of event that nobody knows yet, and sequences with a gap in them."""


@BOTH
@pytest.mark.parametrize("which", [0, 1])
def test_an_event_of_a_kind_nobody_knows_means_look_as_any_other(
    client: FlaskClient, database: Database, connected: dict[str, Company], platform: str, which: int
) -> None:
    """what changed is read from the books, whatever an event says and whichever came before it"""
    body = json.dumps(ODD[platform][which]).encode()
    assert client.post(f"/webhooks/{platform}", data=body, headers=signed(platform, body)).status_code == 200
    assert is_due(database, connected[platform])


def test_companies_that_have_gone_are_passed_over(client: FlaskClient, database: Database) -> None:
    body = BODIES["xero"]
    assert client.post("/webhooks/xero", data=body, headers=signed("xero", body)).status_code == 200


def test_an_unknown_platform_is_not_there(client: FlaskClient) -> None:
    assert client.post("/webhooks/sage", data=b"{}").status_code == 404


def test_nothing_is_taken_for_a_webhook_of_a_platform_that_we_asked_for_none(client: FlaskClient) -> None:
    headers = {"X-FreshBooks-Hmac-SHA256": "c2lnbmVk"}
    assert client.post("/webhooks/freshbooks", data={"name": "invoice.create"}, headers=headers).status_code == 401
