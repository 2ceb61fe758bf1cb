"""The unmodified python-quickbooks and intuit-oauth, driven as their users drive them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from quickbooks import QuickBooks
from quickbooks.batch import batch_create
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import AuthorizationException, ObjectNotFoundException, QuickbooksException
from quickbooks.objects.attachable import Attachable
from quickbooks.objects.base import AttachableRef, Ref
from quickbooks.objects.company_info import CompanyInfo
from quickbooks.objects.creditmemo import CreditMemo
from quickbooks.objects.customer import Customer
from quickbooks.objects.detailline import SalesItemLine, SalesItemLineDetail
from quickbooks.objects.invoice import Invoice
from quickbooks.objects.item import Item
from quickbooks.objects.payment import Payment, PaymentLine
from quickbooks.objects.preferences import Preferences
from quickbooks.objects.term import Term

from sandbox.quickbooks import QuickBooksCompany
from sandbox.server import Sandbox
from tests.sandbox.quickbooks.client import CLIENT_ID, CLIENT_SECRET, REDIRECT, Client, sent_back


def _sales_line(amount: int) -> SalesItemLine:
    line = SalesItemLine()
    line.Amount, line.Description = amount, "Beans"
    line.SalesItemLineDetail = SalesItemLineDetail()
    line.SalesItemLineDetail.ItemRef = Ref()
    line.SalesItemLineDetail.ItemRef.value = "1"
    return line


def _invoice(sdk: QuickBooks, customer: str, amount: int) -> Invoice:
    invoice = Invoice()
    invoice.CustomerRef = Customer.get(customer, qb=sdk).to_ref()
    invoice.Line.append(_sales_line(amount))
    return invoice.save(qb=sdk)


def test_the_auth_client_goes_the_whole_round(sandbox: Sandbox, stranger: Client) -> None:
    auth = AuthClient(CLIENT_ID, CLIENT_SECRET, REDIRECT, f"{stranger.root}/.well-known/openid_configuration")
    assert auth.get_authorization_url([Scopes.ACCOUNTING], "s-1").startswith(f"{stranger.root}/connect/oauth2?")
    back = sent_back(stranger.ask_consent(scope=Scopes.ACCOUNTING.value))
    auth.get_bearer_token(back["code"], realm_id=back["realmId"])
    first = auth.refresh_token
    sandbox.clock.advance(timedelta(days=2))
    auth.refresh()
    assert auth.refresh_token != first
    assert auth.revoke() is True


def test_the_auth_client_reads_userinfo(company: QuickBooksCompany, stranger: Client) -> None:
    stranger.connect()
    auth = AuthClient(CLIENT_ID, CLIENT_SECRET, REDIRECT, f"{stranger.root}/.well-known/openid_configuration")
    assert auth.get_user_info(stranger.tokens["access_token"]).json()["emailVerified"] is True


def test_customers_with_all_the_sdks_defaults_are_made_read_and_saved(sdk: QuickBooks) -> None:
    customer = Customer()
    customer.DisplayName, customer.Notes = "Aster", "n"
    made = customer.save(qb=sdk)
    assert (made.Id, made.SyncToken, made.Taxable) == ("1", "0", True)
    made.Notes = "m"
    assert made.save(qb=sdk).SyncToken == "1"
    assert Customer.get(1, qb=sdk).Notes == "m"
    assert [one.Id for one in Customer.filter(DisplayName="Aster", Active=True, qb=sdk)] == ["1"]
    assert [one.Id for one in Customer.choose(["1", "9"], field="Id", qb=sdk)] == ["1"]
    assert Customer.count(qb=sdk) == 1


def test_invoices_are_made_queried_sent_voided_and_deleted(
    sdk: QuickBooks, company: QuickBooksCompany, customer: str
) -> None:
    invoice = _invoice(sdk, customer, 120)
    assert (invoice.TotalAmt, invoice.Balance, invoice.DueDate) == (120, 120, "2026-04-03")
    (listed,) = Invoice.where("Balance > '0'", order_by="MetaData.LastUpdatedTime", max_results=10, qb=sdk)
    assert listed.Line[0].SalesItemLineDetail.ItemRef.name == "Sales"
    sent = invoice.send(qb=sdk, send_to="cfo@larkspur.example")["Invoice"]
    assert sent["EmailStatus"] == "EmailSent"
    assert company.outbox[-1].to == "cfo@larkspur.example"
    assert invoice.download_pdf(qb=sdk).startswith(b"%PDF")
    Invoice.get(invoice.Id, qb=sdk).void(qb=sdk)
    voided = Invoice.get(invoice.Id, qb=sdk)
    assert (voided.TotalAmt, voided.PrivateNote) == (0, "Voided")
    voided.delete(qb=sdk)
    with pytest.raises(ObjectNotFoundException):
        Invoice.get(invoice.Id, qb=sdk)


def test_a_payment_with_a_credit_memo_is_made_and_voided(sdk: QuickBooks, customer: str) -> None:
    invoice = _invoice(sdk, customer, 100)
    credit = CreditMemo()
    credit.CustomerRef = invoice.CustomerRef
    credit.Line.append(_sales_line(40))
    credit = credit.save(qb=sdk)
    payment = Payment()
    payment.CustomerRef, payment.TotalAmt = invoice.CustomerRef, Decimal(60)
    for document, amount in ((invoice, 100), (credit, 40)):
        line = PaymentLine()
        line.Amount = amount
        line.LinkedTxn.append(document.to_linked_txn())
        payment.Line.append(line)
    payment = payment.save(qb=sdk)
    assert Invoice.get(invoice.Id, qb=sdk).Balance == 0
    payment.void(qb=sdk)
    assert Invoice.get(invoice.Id, qb=sdk).Balance == 100
    assert CreditMemo.get(credit.Id, qb=sdk).RemainingCredit == 40


def test_notes_lists_company_and_preferences_are_read(
    sdk: QuickBooks, company: QuickBooksCompany, customer: str
) -> None:
    note = Attachable()
    note.Note = "Rang, will pay on Friday"
    ref = AttachableRef()
    ref.EntityRef = Customer.get(customer, qb=sdk).to_ref()
    note.AttachableRef.append(ref)
    note.save(qb=sdk)
    assert company.notes_on("customer", customer) == ["Rang, will pay on Friday"]
    assert {term.Name for term in Term.all(qb=sdk)} >= {"Net 30"}
    assert Item.all(qb=sdk)[0].Name == "Sales"
    assert CompanyInfo.get(company.external_id, qb=sdk).CompanyName == company.name
    assert Preferences.get(qb=sdk).SalesFormsPrefs.DefaultTerms.name == "Net 30"


def test_a_requestid_makes_the_same_thing_once(sdk: QuickBooks) -> None:
    body = '{"DisplayName": "Aster"}'
    ids = {sdk.create_object("Customer", body, request_id="r-1")["Customer"]["Id"] for _ in range(2)}
    assert len(ids) == 1


def test_the_change_feed_and_batches(
    sdk: QuickBooks, sandbox: Sandbox, company: QuickBooksCompany, customer: str
) -> None:
    invoice = _invoice(sdk, customer, 100)
    company.delete_invoice(_invoice(sdk, customer, 5).Id)
    changed = change_data_capture([Invoice, Payment], "2026-03-04", qb=sdk)
    assert changed.Invoice[0].Id == invoice.Id
    assert not hasattr(changed, "Payment")
    customers = [Customer() for _ in range(3)]
    for number, one in enumerate(customers):
        one.DisplayName = f"Batch {number % 2}"
    done = batch_create(customers, qb=sdk)
    assert (len(done.successes), len(done.faults)) == (2, 1)
    assert done.faults[0].Error[0].code == "6240"


def test_errors_reach_the_sdk_as_it_knows_them(
    sdk: QuickBooks, sandbox: Sandbox, client: Client, customer: str
) -> None:
    stale = Customer.get(customer, qb=sdk)
    Customer.get(customer, qb=sdk).save(qb=sdk)
    with pytest.raises(QuickbooksException) as refused:
        stale.save(qb=sdk)
    assert refused.value.error_code == 5010
    client.revoke(client.tokens["refresh_token"])
    with pytest.raises(AuthorizationException):
        Customer.all(qb=sdk)
