"""The unmodified SDK against the sandbox: what it can ask for and understand is what the platform is like."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import requests
from freshbooks import Client, FilterBuilder, FreshBooksError, IncludesBuilder, PaginateBuilder, VisState

from sandbox.faults import Fault
from sandbox.freshbooks import FreshBooksCompany
from sandbox.server import Sandbox

REDIRECT = "https://app.example/callback"
ISSUED, DUE = date(2026, 2, 2), date(2026, 2, 20)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        running.freshbooks.register_app("app-1", "secret-1", [REDIRECT])
        yield running


@pytest.fixture
def company(sandbox: Sandbox) -> FreshBooksCompany:
    return sandbox.freshbooks.create_company("Brightside Studio", "CA", "CAD", "America/Toronto")


@pytest.fixture
def sdk(sandbox: Sandbox, company: FreshBooksCompany, monkeypatch: pytest.MonkeyPatch) -> Client:
    for name in ("FRESHBOOKS_API_URL", "FRESHBOOKS_AUTH_URL"):
        monkeypatch.setenv(name, f"{sandbox.base_url}/freshbooks")
    client = Client("app-1", "secret-1", REDIRECT, auto_retry=False)
    client.get_access_token(code_from(client))
    return client


def code_from(client: Client) -> str:
    """Through the consent page, as a person would."""
    url = client.get_auth_request_url(["user:profile:read", "user:clients:read", "user:invoices:read"])
    form = dict(parse_qsl(urlsplit(url).query)) | {"decision": "approve"}
    answer = requests.post(url.partition("?")[0], data=form, allow_redirects=False, timeout=10)
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def bill(company: FreshBooksCompany, amount: str = "100.00") -> tuple[str, str]:
    client = company.add_customer("Larkspur Ltd", "ap@larkspur.example")
    return client, company.add_invoice(client, [("Work", Decimal(amount))], issued_on=ISSUED, due_on=DUE)


def test_who_signed_in_and_what_is_theirs(sdk: Client, company: FreshBooksCompany) -> None:
    me = sdk.current_user()
    assert (me.identity_id, me.full_name) == (12345, "Ana Ortiz")
    (membership,) = me.business_memberships
    assert (membership.role, membership.business.account_id) == ("owner", company.external_id)


def test_tokens_live_twelve_hours_and_a_refresh_token_works_once(sdk: Client, sandbox: Sandbox) -> None:
    used = sdk.refresh_token
    assert sdk.access_token_expires_at - sandbox.clock.now() > timedelta(hours=11)
    sdk.refresh_access_token()
    assert sdk.refresh_token != used
    with pytest.raises(FreshBooksError) as caught:
        sdk.refresh_access_token(used)
    assert caught.value.status_code == 401


def test_an_invoice_as_the_sdk_reads_it(sdk: Client, company: FreshBooksCompany, sandbox: Sandbox) -> None:
    client, invoice = bill(company)
    company.receive_payment(client, Decimal(40), ISSUED, {invoice: Decimal(40)})
    found = sdk.invoices.get(company.external_id, int(invoice))
    assert (found.outstanding.amount, found.outstanding.code, found.v3_status) == ("60.00", "CAD", "overdue")
    assert (found.create_date, found.due_date) == (ISSUED, DUE)
    # Written in US/Eastern without saying so: the SDK turns it into the instant that it was.
    assert abs(found.updated - sandbox.clock.now()) < timedelta(minutes=1)
    assert found.data["updated"][:10] == "2026-03-04"
    assert sandbox.clock.now() > datetime(2026, 3, 4, 21, tzinfo=UTC)


def test_lists_come_in_pages_and_beyond_the_last_is_nothing(sdk: Client, company: FreshBooksCompany) -> None:
    for _ in range(5):
        bill(company)
    page = sdk.invoices.list(company.external_id, [PaginateBuilder(2, 2)])
    assert (len(page), page.pages.page, page.pages.pages, page.pages.total) == (2, 2, 3, 5)
    assert len(sdk.invoices.list(company.external_id, [PaginateBuilder(9, 2)])) == 0


def test_what_is_deleted_is_shown_to_those_who_ask_for_it(sdk: Client, company: FreshBooksCompany) -> None:
    _, invoice = bill(company)
    company.delete_invoice(invoice)
    assert len(sdk.invoices.list(company.external_id)) == 0
    (found,) = sdk.invoices.list(company.external_id, [FilterBuilder().equals("vis_state", VisState.DELETED.value)])
    assert (found.id, found.vis_state) == (int(invoice), VisState.DELETED)


def test_changes_are_searched_by_the_day(sdk: Client, company: FreshBooksCompany, sandbox: Sandbox) -> None:
    bill(company)
    today = sandbox.clock.now().date()
    assert len(sdk.invoices.list(company.external_id, [FilterBuilder().between("updated", min=today)])) == 1
    tomorrow = today + timedelta(days=1)
    assert len(sdk.invoices.list(company.external_id, [FilterBuilder().between("updated", min=tomorrow)])) == 0


def test_credit_is_told_by_client_when_asked_for(sdk: Client, company: FreshBooksCompany) -> None:
    client, _ = bill(company)
    company.add_credit_note(client, Decimal(25), ISSUED, {})
    included = IncludesBuilder().include("credit_balance")
    found = sdk.clients.get(company.external_id, int(client), includes=included)
    assert found.data["credit_balance"] == [{"amount": {"amount": "25.00", "code": "CAD"}}]
    assert "credit_balance" not in sdk.clients.get(company.external_id, int(client)).data


@pytest.mark.parametrize(
    ("prepare", "status", "message"),
    [
        (lambda sdk, _: sdk.invoices.get("b00c1", 1), 404, "Invoice not found."),
        (lambda sdk, _: sdk.payments.list("b00c1"), 403, "not verify that you are authorized"),
        (lambda sdk, sandbox: (sandbox.freshbooks.disconnect(""), sdk.current_user()), 401, "authentication"),
        (
            lambda sdk, sandbox: (sandbox.faults.add(Fault("throttle", path="/invoices")), sdk.invoices.list("b00c1")),
            429,
            "Unknown error",
        ),
    ],
)
def test_what_goes_wrong_is_told_as_the_sdk_expects(
    sdk: Client, sandbox: Sandbox, prepare: object, status: int, message: str
) -> None:
    with pytest.raises(FreshBooksError, match=message) as caught:
        prepare(sdk, sandbox)  # type: ignore[operator]
    assert caught.value.status_code == status
