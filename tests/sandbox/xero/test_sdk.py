"""The official SDK, unmodified: with its default settings, models and retries, and with retries off."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from requests_oauthlib import OAuth2Session
from xero_python.accounting import AccountingApi
from xero_python.accounting import models as m
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token, TokenApi
from xero_python.exceptions import AccountingBadRequestException, RateLimitException
from xero_python.identity import IdentityApi

from sandbox.faults import Fault
from sandbox.xero import XeroCompany
from tests.sandbox.xero.client import CLIENT, REDIRECT, SCOPES, SECRET, Identity, Rig

DAY = date(2026, 3, 5)


@pytest.fixture
def token(sandbox: Rig, company: XeroCompany, identity: Identity, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The OAuth round by requests-oauthlib, with PKCE; only the person's click is a plain POST."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")
    scope = f"{SCOPES} accounting.reports.aged.read"
    oauth = OAuth2Session(CLIENT, redirect_uri=REDIRECT, scope=scope.split(), pkce="S256")
    address, _state = oauth.authorization_url(f"{identity.root}/identity/connect/authorize")
    form = {"organisation": company.external_id, "decision": "approve"}
    back = identity.session.post(address, data=form, allow_redirects=False, timeout=10).headers["Location"]
    found: dict[str, Any] = dict(
        oauth.fetch_token(f"{identity.root}/connect/token", authorization_response=back, client_secret=SECRET)
    )
    return found


@pytest.fixture
def client(token: dict[str, Any]) -> ApiClient:
    configuration = Configuration(oauth2_token=OAuth2Token(client_id=CLIENT, client_secret=SECRET))
    configuration.oauth2_token = OAuth2Token(client_id=CLIENT, client_secret=SECRET)
    kept = {"access_token": token["access_token"], "scope": SCOPES.split(), "expires_in": 1800, "token_type": "Bearer"}
    return ApiClient(configuration, oauth2_token_getter=lambda: kept, oauth2_token_saver=lambda _token: None)


@pytest.fixture
def xero(sandbox: Rig, client: ApiClient) -> AccountingApi:
    return AccountingApi(client, base_url=f"{sandbox.base_url}/xero/api.xro/2.0")


@pytest.fixture
def tenant(company: XeroCompany) -> str:
    return company.external_id


def test_connections(sandbox: Rig, client: ApiClient, tenant: str) -> None:
    identity = IdentityApi(client, base_url=f"{sandbox.base_url}/xero")
    (connection,) = identity.get_connections()
    assert (connection.tenant_id, connection.tenant_type) == (tenant, "ORGANISATION")
    assert identity.get_connections(auth_event_id=connection.auth_event_id)
    identity.delete_connection(connection.id)
    assert identity.get_connections() == []


def test_refreshing_by_the_sdk(sandbox: Rig, client: ApiClient, token: dict[str, Any], monkeypatch: Any) -> None:
    monkeypatch.setattr(TokenApi, "refresh_token_url", f"{sandbox.base_url}/xero/connect/token")
    fresh = TokenApi(client, CLIENT, SECRET).refresh_token(token["refresh_token"], SCOPES.split())
    assert fresh["refresh_token"] != token["refresh_token"]


def test_settings(xero: AccountingApi, tenant: str) -> None:
    (organisation,) = xero.get_organisations(tenant).organisations
    assert organisation.base_currency.value == "NZD"
    assert organisation.timezone.value == "NEWZEALANDSTANDARDTIME"
    assert xero.get_organisation_actions(tenant).actions
    (theme,) = xero.get_branding_themes(tenant).branding_themes
    assert theme.name == "Standard"
    assert [currency.code.value for currency in xero.get_currencies(tenant).currencies] == ["NZD"]
    assert {account.code for account in xero.get_accounts(tenant).accounts} >= {"090", "200"}
    assert {rate.tax_type for rate in xero.get_tax_rates(tenant).tax_rates} >= {"OUTPUT2", "NONE"}
    assert xero.get_users(tenant).users[0].first_name == "Mia"
    assert xero.get_repeating_invoices(tenant).repeating_invoices == []
    assert xero.get_invoice_reminders(tenant).invoice_reminders[0].enabled is False


def test_contacts_and_groups(xero: AccountingApi, tenant: str) -> None:
    person = m.ContactPerson(first_name="Ana", email_address="ana@x.example", include_in_emails=True)
    new = m.Contact(name="Rimu Ltd", email_address="a@rimu.example", contact_persons=[person])
    (made,) = xero.create_contacts(tenant, m.Contacts(contacts=[new])).contacts
    changed = m.Contacts(contacts=[m.Contact(email_address="b@rimu.example")])
    xero.update_contact(tenant, made.contact_id, changed)
    assert xero.get_contact(tenant, made.contact_id).contacts[0].email_address == "b@rimu.example"
    (listed,) = xero.get_contacts(
        tenant,
        if_modified_since="2026-03-04T00:00:00",
        where='ContactStatus=="ACTIVE"',
        order="Name ASC",
        i_ds=[made.contact_id],
        page=1,
        include_archived=True,
        page_size=1000,
    ).contacts
    assert listed.contact_persons[0].first_name == "Ana"
    assert xero.get_contacts(tenant, summary_only=True, search_term="rimu").contacts
    group = m.ContactGroups(contact_groups=[m.ContactGroup(name="Credit hold")])
    group_id = xero.create_contact_group(tenant, group).contact_groups[0].contact_group_id
    members = m.Contacts(contacts=[m.Contact(contact_id=made.contact_id)])
    xero.create_contact_group_contacts(tenant, group_id, members)
    assert xero.get_contact_group(tenant, group_id).contact_groups[0].contacts[0].name == "Rimu Ltd"
    xero.delete_contact_group_contact(tenant, group_id, made.contact_id)
    assert xero.get_contact_groups(tenant).contact_groups[0].name == "Credit hold"
    note = m.HistoryRecords(history_records=[m.HistoryRecord(details="On hold")])
    xero.create_contact_history(tenant, made.contact_id, note)
    assert xero.get_contact_history(tenant, made.contact_id).history_records[0].details == "On hold"


def new_invoice(customer: str, **fields: Any) -> m.Invoice:
    line = m.LineItem(description="Table", quantity=2, unit_amount=100.0, account_code="200")
    return m.Invoice(
        type="ACCREC",
        contact=m.Contact(contact_id=customer),
        line_items=[line],
        date=DAY,
        due_date=date(2026, 4, 4),
        status="AUTHORISED",
        **fields,
    )


def test_invoices(xero: AccountingApi, tenant: str, company: XeroCompany, customer: str) -> None:
    posted = m.Invoices(invoices=[new_invoice(customer, reference="PO 9")])
    (made,) = xero.create_invoices(tenant, posted, summarize_errors=False, unitdp=4, idempotency_key="k-1").invoices
    assert (made.total, made.due_date, made.status) == (Decimal("230.00"), date(2026, 4, 4), "AUTHORISED")
    again = xero.create_invoices(tenant, posted, summarize_errors=False, unitdp=4, idempotency_key="k-1")
    assert again.invoices[0].invoice_id == made.invoice_id
    sent = m.Invoices(invoices=[m.Invoice(sent_to_contact=True)])
    assert xero.update_invoice(tenant, made.invoice_id, sent).invoices[0].sent_to_contact is True
    xero.update_or_create_invoices(tenant, {"Invoices": [{"InvoiceID": made.invoice_id, "Reference": "PO 10"}]})
    (read,) = xero.get_invoice(tenant, made.invoice_id, unitdp=4).invoices
    assert (read.reference, read.contact.email_address) == ("PO 10", "accounts@kauri.example")
    listed = xero.get_invoices(
        tenant,
        where='Type=="ACCREC"',
        order="InvoiceID",
        i_ds=[made.invoice_id],
        statuses=["AUTHORISED"],
        contact_i_ds=[customer],
        page=1,
        page_size=1000,
        created_by_my_app=True,
    )
    assert (listed.pagination.item_count, listed.invoices[0].line_items[0].line_amount) == (1, Decimal("200.00"))
    assert xero.get_invoices(tenant, summary_only=True, search_term="po 10").invoices
    xero.email_invoice(tenant, made.invoice_id, m.RequestEmpty())
    assert len(company.outbox) == 1
    assert xero.get_online_invoice(tenant, made.invoice_id).online_invoices[0].online_invoice_url
    note = m.HistoryRecords(history_records=[m.HistoryRecord(details="Reminder 1")])
    xero.create_invoice_history(tenant, made.invoice_id, note, idempotency_key="k-2")
    assert xero.get_invoice_history(tenant, made.invoice_id).history_records[0].user == "System Generated"
    report = xero.get_report_aged_receivables_by_contact(tenant, customer).reports[0]
    assert report.rows[1].rows[0].cells[1].value == made.invoice_number


def test_payments(xero: AccountingApi, tenant: str, customer: str, invoice: str) -> None:
    account = m.Account(code="090")
    pay = m.Payment(invoice=m.Invoice(invoice_id=invoice), account=account, date=DAY, amount=150.0)
    (made,) = xero.create_payments(tenant, m.Payments(payments=[pay])).payments
    assert (made.payment_type, made.amount) == ("ACCRECPAYMENT", Decimal("150"))
    assert xero.get_payments(tenant, where=f'Invoice.InvoiceID==guid("{invoice}")', page=1).payments[0].status
    (deleted,) = xero.delete_payment(tenant, made.payment_id, m.PaymentDelete(status="DELETED")).payments
    assert deleted.status == "DELETED"
    xero.create_payment(tenant, pay)
    assert xero.get_payment(tenant, made.payment_id).payments[0].payment_id == made.payment_id


def test_batches_are_modelled(
    xero: AccountingApi, tenant: str, company: XeroCompany, customer: str, invoice: str
) -> None:
    other = company.add_invoice(customer, [("Work", Decimal(100))], issued_on=DAY, due_on=DAY)
    company.receive_payment(customer, Decimal(1265), DAY, {invoice: Decimal(1150), other: Decimal(115)})
    assert xero.get_payments(tenant).payments[0].batch_payment.is_reconciled is False


def test_credit_notes_and_their_allocation(
    sandbox: Rig, xero: AccountingApi, tenant: str, customer: str, invoice: str
) -> None:
    line = m.LineItem(description="2%", quantity=1, unit_amount=20.0, account_code="200")
    new = m.CreditNote(
        type="ACCRECCREDIT", contact=m.Contact(contact_id=customer), date=DAY, status="AUTHORISED", line_items=[line]
    )
    (made,) = xero.create_credit_notes(tenant, m.CreditNotes(credit_notes=[new])).credit_notes
    xero.update_credit_note(tenant, made.credit_note_id, {"CreditNotes": [{"Reference": "discount"}]})
    part = m.Allocation(amount=23.0, date=DAY, invoice=m.Invoice(invoice_id=invoice))
    xero.create_credit_note_allocation(tenant, made.credit_note_id, m.Allocations(allocations=[part]))
    (read,) = xero.get_credit_notes(tenant, where='Type=="ACCRECCREDIT"', page=1).credit_notes
    assert (read.remaining_credit, read.status, read.reference) == (0, "PAID", "discount")
    with pytest.raises(ValueError, match="amount"):
        xero.delete_credit_note_allocations(tenant, read.credit_note_id, read.allocations[0].allocation_id)
    assert xero.get_credit_note(tenant, made.credit_note_id).credit_notes[0].remaining_credit == 23, (
        "deleted all the same"
    )


def test_overpayments_and_prepayments(
    xero: AccountingApi, tenant: str, company: XeroCompany, customer: str, invoice: str
) -> None:
    company.receive_payment(customer, Decimal(1200), DAY, {invoice: Decimal(1150)})
    company.receive_payment(customer, Decimal(30), DAY, {})
    (over,) = xero.get_overpayments(tenant, page=1).overpayments
    (pre,) = xero.get_prepayments(tenant, page=1).prepayments
    assert (over.remaining_credit, pre.remaining_credit) == (50, 30)
    assert xero.get_overpayment(tenant, over.overpayment_id).overpayments[0].contact.name == "Kauri Homes"
    assert xero.get_prepayment(tenant, pre.prepayment_id).prepayments[0].type == "RECEIVE-PREPAYMENT"


def test_validation_errors_reach_the_sdks_own_exception(xero: AccountingApi, tenant: str, customer: str) -> None:
    with pytest.raises(AccountingBadRequestException) as caught:
        xero.create_invoices(tenant, m.Invoices(invoices=[new_invoice(customer, invoice_number="ü")]))
    assert caught.value.reason == "Invoice # must be printable ASCII."


def test_by_default_the_sdk_sleeps_out_a_retry_after(sandbox: Rig, xero: AccountingApi, tenant: str) -> None:
    sandbox.faults.add(Fault("throttle", path="Organisation", args={"retry_after": 0}))
    sandbox.xero.requests_seen.clear()
    assert xero.get_organisations(tenant).organisations
    assert len(sandbox.xero.requests_seen) == 2


def test_with_retries_off_a_limit_is_an_exception_at_once(
    sandbox: Rig, xero: AccountingApi, client: ApiClient, tenant: str
) -> None:
    client.rest_client.pool_manager.connection_pool_kw["retries"] = False
    sandbox.faults.add(Fault("throttle", path="Organisation", args={"problem": "day", "retry_after": 20_000}))
    with pytest.raises(RateLimitException) as caught:
        xero.get_organisations(tenant)
    assert caught.value.headers["Retry-After"] == "20000"
    assert xero.get_organisations(tenant).organisations


def test_by_default_a_dropped_put_is_sent_twice(
    sandbox: Rig, xero: AccountingApi, tenant: str, company: XeroCompany, invoice: str
) -> None:
    sandbox.faults.add(Fault("drop_after", "PUT", "History"))
    note = m.HistoryRecords(history_records=[m.HistoryRecord(details="Reminder 1")])
    xero.create_invoice_history(tenant, invoice, note)
    assert company.notes_on("invoice", invoice) == ["Reminder 1", "Reminder 1"]


def test_one_unknown_word_loses_the_whole_page_of_models(
    sandbox: Rig, xero: AccountingApi, tenant: str, invoice: str
) -> None:
    sandbox.faults.add(Fault("unknown_enum", "GET", "Invoices"))
    with pytest.raises(ValueError, match="UNHEARDOF"):
        xero.get_invoices(tenant)
