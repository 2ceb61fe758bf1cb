"""Which organisations a token opens, and what it may do there."""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest
import requests

from sandbox.xero import XeroCompany
from tests.sandbox.xero.client import CLIENT, Api, Identity, Rig, connect


def test_connections_show_what_this_consent_opened(sandbox: Rig, identity: Identity, company: XeroCompany) -> None:
    second = sandbox.xero.create_company("Second Ltd", "GB", "GBP", "Europe/London")
    identity.connect(company)
    tokens = identity.connect(second)
    event = jwt.decode(tokens["access_token"], options={"verify_signature": False})["authentication_event_id"]
    everything = identity.connections(tokens["access_token"]).json()
    assert {c["tenantId"] for c in everything} == {company.external_id, second.external_id}
    fresh = identity.connections(tokens["access_token"], authEventId=event).json()
    assert [c["tenantName"] for c in fresh] == ["Second Ltd"]
    assert fresh[0]["tenantType"] == "ORGANISATION"
    assert fresh[0]["createdDateUtc"] == "2026-03-04T21:00:00.0000000"


def test_connecting_again_keeps_the_connection_and_moves_its_date(
    sandbox: Rig, identity: Identity, company: XeroCompany
) -> None:
    identity.connect(company)
    sandbox.clock.advance(timedelta(days=1))
    (connection,) = identity.connections(identity.connect(company)["access_token"]).json()
    assert connection["createdDateUtc"] != connection["updatedDateUtc"]


def test_deleting_a_connection_closes_its_books_while_refreshing_still_works(
    identity: Identity, company: XeroCompany
) -> None:
    tokens = identity.connect(company)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    (connection,) = identity.connections(tokens["access_token"]).json()
    url = f"{identity.root}/Connections/{connection['id']}"
    assert requests.delete(url, headers=headers, timeout=10).status_code == 204
    assert requests.delete(url, headers=headers, timeout=10).status_code == 404
    answer = Api(identity.root, tokens["access_token"], company.external_id).call("GET", "Organisation")
    assert (answer.status_code, answer.json()["Title"]) == (403, "Forbidden")
    assert identity.refresh(tokens["refresh_token"]).status_code == 200


def test_a_disconnect_inside_xero_is_noticed_by_calls_only(sandbox: Rig, api: Api, company: XeroCompany) -> None:
    assert sandbox.xero.disconnect(company.external_id) == 1
    assert api.call("GET", "Organisation").status_code == 403
    company.books.switches.disconnected_status = 401
    assert api.call("GET", "Organisation").status_code == 401


@pytest.mark.parametrize("tenant", ["", "not-a-tenant", "00000000-0000-0000-0000-000000000000"])
def test_a_missing_or_unknown_tenant_is_forbidden(api: Api, tenant: str) -> None:
    api.tenant_id = tenant
    assert api.call("GET", "Organisation").status_code == 403


def test_two_tenants_never_mix(sandbox: Rig, api: Api, company: XeroCompany, invoice: str) -> None:
    other = sandbox.xero.create_company("Second Ltd", "GB", "GBP", "Europe/London")
    assert Api(api.root, api.access_token, other.external_id).call("GET", "Invoices").status_code == 403
    second = connect(sandbox, other)
    assert second.get("Invoices")["Invoices"] == []
    assert second.call("GET", f"Invoices/{invoice}").status_code == 404


def test_an_expired_or_garbled_token_gets_the_problem_object(sandbox: Rig, api: Api) -> None:
    sandbox.clock.advance(timedelta(minutes=30))
    answer = api.call("GET", "Organisation")
    assert answer.status_code == 401
    problem = answer.json()
    assert (problem["Title"], problem["Status"]) == ("Unauthorized", 401)
    assert problem["Detail"].startswith("TokenExpired")
    api.access_token = "garbage"
    assert api.call("GET", "Organisation").json()["Detail"] == "AuthenticationUnsuccessful"


def test_a_missing_scope_is_challenged(sandbox: Rig, company: XeroCompany) -> None:
    api = connect(sandbox, company, "openid accounting.contacts.read")
    assert api.call("GET", "Contacts").status_code == 200
    answer = api.call("PUT", "Contacts", {"Name": "New"})
    assert answer.status_code == 401
    assert 'error="insufficent_scope"' in answer.headers["WWW-Authenticate"]
    assert api.call("GET", "Invoices").status_code == 401
    sandbox.xero.apps[CLIENT].switches.missing_scope_status = 403
    assert api.call("GET", "Invoices").status_code == 403


@pytest.mark.parametrize(
    ("mode", "broad", "granular"), [("broad", True, False), ("granular", False, True), ("mixed", True, True)]
)
def test_an_app_may_ask_for_its_own_kind_of_scopes(
    sandbox: Rig, identity: Identity, company: XeroCompany, mode: str, broad: bool, granular: bool
) -> None:
    sandbox.xero.apps[CLIENT].switches.scope_mode = mode
    assert (identity.authorise(company, scope="accounting.transactions").status_code == 302) is broad
    assert (identity.authorise(company, scope="accounting.invoices").status_code == 302) is granular


def test_a_broad_scope_opens_what_its_granular_ones_open(sandbox: Rig, company: XeroCompany) -> None:
    sandbox.xero.apps[CLIENT].switches.scope_mode = "broad"
    api = connect(sandbox, company, "accounting.transactions.read")
    assert api.call("GET", "Payments").status_code == 200
    assert api.call("PUT", "Invoices", {}).status_code == 401
