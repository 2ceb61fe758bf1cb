"""A running sandbox, one company in it, and clients that are connected to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from quickbooks import QuickBooks

from sandbox.quickbooks import QuickBooksCompany, QuickBooksSandbox
from sandbox.server import START, Sandbox
from tests.sandbox.quickbooks.client import CLIENT_ID, CLIENT_SECRET, REDIRECT, Client


@pytest.fixture(autouse=True)
def _plain_http_on_localhost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture(scope="session")
def running() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    """The one running sandbox, as if just started: its clock set back, no fault waiting, no webhook on its way."""
    running.clock.set(START)
    running.faults.clear()
    running.webhooks.waiting.clear()
    running.webhooks.sent.clear()
    return running


@pytest.fixture
def platform(sandbox: Sandbox) -> QuickBooksSandbox:
    platform: QuickBooksSandbox = sandbox.quickbooks
    platform.register_app(CLIENT_ID, CLIENT_SECRET, [REDIRECT])
    platform.companies.clear()
    platform.requests_seen.clear()
    platform.unauthorised_shape = "gateway"
    return platform


@pytest.fixture
def company(platform: QuickBooksSandbox) -> QuickBooksCompany:
    return platform.create_company("Harbor Lane Provisions", "US", "USD", "America/Los_Angeles")


@pytest.fixture
def stranger(sandbox: Sandbox, company: QuickBooksCompany) -> Client:
    """An app that nobody has connected yet."""
    return Client(f"{sandbox.base_url}/quickbooks", company.external_id)


@pytest.fixture
def client(stranger: Client) -> Client:
    return stranger.connect()


@pytest.fixture
def sdk(sandbox: Sandbox, client: Client) -> QuickBooks:
    """The unmodified SDK, as its users set it up; the discovery document's address is its environment."""
    from intuitlib.client import AuthClient

    auth = AuthClient(
        CLIENT_ID,
        CLIENT_SECRET,
        REDIRECT,
        f"{client.root}/.well-known/openid_configuration",
        access_token=client.tokens["access_token"],
        refresh_token=client.tokens["refresh_token"],
    )
    qb = QuickBooks(
        auth_client=auth,
        refresh_token=client.tokens["refresh_token"],
        company_id=client.realm,
        minorversion=75,
        use_decimal=True,
    )
    qb.api_url_v3 = f"{client.root}/v3"
    return qb


@pytest.fixture
def customer(company: QuickBooksCompany) -> str:
    """The Id of Larkspur Café, net 30."""
    return company.add_customer("Larkspur Café", "ap@larkspur.example", city="Astoria")
