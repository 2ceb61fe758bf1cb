"""Whatever is posted or asked, Xero answers: it takes it or refuses it, and never falls over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.clock import SandboxClock
from sandbox.faults import Faults
from sandbox.webhooks import Webhooks
from sandbox.xero import XeroSandbox
from sandbox.xero.values import to_json
from tests.sandbox.xero.client import CLIENT, REDIRECT, SCOPES, SECRET
from tests.sandbox.xero.conftest import NOW

DAY = date(2026, 3, 5)
EXTRA = " accounting.banktransactions"


@pytest.fixture(scope="module")
def rig() -> Iterator[tuple[FlaskClient, dict[str, str], dict[str, str]]]:
    """A client without a socket between, its headers, and the ids of what is in the books."""
    clock, faults = SandboxClock(NOW, ticking=False), Faults()
    xero = XeroSandbox(clock, faults, Webhooks(clock, faults))
    app = Flask("xero-alone")
    app.register_blueprint(xero.blueprint, url_prefix="/xero")
    registered = xero.register_app(
        CLIENT, SECRET, [REDIRECT], minute_limit=10**9, day_limit=10**9, app_minute_limit=10**9
    )
    company = xero.create_company("Harbour Joinery", "NZ", "NZD", "Pacific/Auckland")
    customer = company.add_customer("Kauri", "a@kauri.example")
    invoice = company.add_invoice(customer, [("Work", Decimal(100))], issued_on=DAY, due_on=DAY)
    note = company.add_credit_note(customer, Decimal(60), DAY, {})
    code = xero.grants.consent(registered, xero.user(""), [company.external_id], (SCOPES + EXTRA).split(), REDIRECT)
    tokens = xero.grants.exchange(registered, code, REDIRECT, "", is_secret_shown=True)
    headers = {
        "Authorization": f"Bearer {xero.keys.access_token(tokens, 'http://localhost/xero')}",
        "xero-tenant-id": company.external_id,
        "Accept": "application/json",
    }
    with app.test_client() as client:
        yield client, headers, {"{contact}": customer, "{invoice}": invoice, "{note}": note}


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = [
    "Type",
    "Contact",
    "ContactID",
    "Name",
    "Date",
    "DueDate",
    "LineItems",
    "LineItemID",
    "Description",
    "Quantity",
    "UnitAmount",
    "AccountCode",
    "TaxType",
    "TaxAmount",
    "LineAmount",
    "DiscountRate",
    "Tracking",
    "LineAmountTypes",
    "InvoiceNumber",
    "InvoiceID",
    "CreditNoteID",
    "CreditNoteNumber",
    "Reference",
    "Status",
    "SentToContact",
    "CurrencyCode",
    "CurrencyRate",
    "Invoice",
    "CreditNote",
    "Account",
    "Code",
    "Amount",
    "ContactPersons",
    "Phones",
    "PhoneType",
    "Addresses",
    "PaymentTerms",
    "Sales",
    "Day",
    "Discount",
    "EmailAddress",
    "BankAccount",
    "Details",
    "HistoryRecords",
    "Contacts",
    "Allocations",
    "Invoices",
    "ContactStatus",
    "ContactNumber",
    "BrandingThemeID",
    "Url",
    "ExpectedPaymentDate",
]
likely: st.SearchStrategy[Any] = st.sampled_from(
    [
        "ACCREC",
        "ACCRECCREDIT",
        "AUTHORISED",
        "DRAFT",
        "PAID",
        "VOIDED",
        "200",
        "090",
        "OUTPUT2",
        "Inclusive",
        "NoTax",
        "NZD",
        "RECEIVE-PREPAYMENT",
        "2026-03-05",
        "/Date(1772668800000+0000)/",
        "/Date(99999999999999)/",
        "{contact}",
        "{invoice}",
        "1e400",
        "0001-01-01",
        "DEFAULT",
        "DAYSAFTERBILLDATE",
        0,
        1,
        -1,
        10**30,
        Decimal("1e-30"),
        True,
        None,
        [],
        {},
    ]
)
documents = st.recursive(
    st.dictionaries(st.sampled_from(FIELDS), likely | junk, max_size=8),
    lambda inner: st.dictionaries(st.sampled_from(FIELDS), likely | inner | st.lists(inner, max_size=2), max_size=8),
    max_leaves=5,
)
SALE = {"Type": "ACCREC", "Contact": {"ContactID": "{contact}"}, "Status": "AUTHORISED", "DueDate": "2026-04-04"}
CREDIT = {"Type": "ACCRECCREDIT", "Contact": {"ContactID": "{contact}"}}
starts = st.sampled_from([{}, SALE, CREDIT, {"Name": "Rimu"}, {"Invoice": {"InvoiceID": "{invoice}"}, "Amount": 1}])
targets = st.sampled_from(
    [
        ("PUT", "Invoices"),
        ("POST", "Invoices"),
        ("POST", "Invoices/{invoice}"),
        ("PUT", "Contacts"),
        ("POST", "Contacts"),
        ("POST", "Contacts/{contact}"),
        ("PUT", "CreditNotes"),
        ("POST", "CreditNotes/{note}"),
        ("PUT", "Payments"),
        ("PUT", "CreditNotes/{note}/Allocations"),
        ("PUT", "Invoices/{invoice}/History"),
        ("PUT", "ContactGroups"),
        ("PUT", "BankTransactions"),
        ("POST", "Payments/{invoice}"),
    ]
)


def _filled(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(inner, ids) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, ids) for inner in value]
    return ids.get(value, value) if isinstance(value, str) else value


@settings(max_examples=150, deadline=None)
@given(target=targets, start=starts, document=documents, summarise=st.sampled_from(["true", "false"]))
def test_any_document_is_taken_or_refused(
    rig: tuple[FlaskClient, dict[str, str], dict[str, str]],
    target: tuple[str, str],
    start: dict[str, Any],
    document: dict[str, Any],
    summarise: str,
) -> None:
    client, headers, ids = rig
    method, path = target
    for placeholder, found in ids.items():
        path = path.replace(placeholder, found)
    answer = client.open(
        f"/xero/api.xro/2.0/{path}?summarizeErrors={summarise}",
        method=method,
        data=to_json(_filled({**start, **document}, ids)),
        headers=headers,
    )
    assert answer.status_code in (200, 400, 404), answer.text
    listed = client.get("/xero/api.xro/2.0/Invoices?page=1&pageSize=1000", headers=headers)
    assert listed.status_code == 200


names = st.sampled_from(["where", "order", "page", "pageSize", "IDs", "Statuses", "searchTerm", "summaryOnly"])
words = st.sampled_from(
    [
        "Status",
        "Type",
        "Date",
        "Total",
        "Contact.Name",
        "==",
        "=",
        ">",
        "<=",
        "AND",
        "OR",
        "(",
        ")",
        '"PAID"',
        "DateTime(2026,1,1)",
        "DateTime(",
        "guid(",
        'guid("x")',
        ".Contains",
        "true",
        "null",
        "1",
        "-1.5",
        "!",
        "&&",
        ",",
        "DESC",
        "UpdatedDateUTC",
        "Contact",
        "IsSupplier",
        "SentToContact",
    ]
)
queries = st.dictionaries(names, st.text(max_size=20) | st.lists(words, max_size=9).map(" ".join), max_size=4)


@settings(max_examples=120, deadline=None)
@given(
    path=st.sampled_from(["Invoices", "Contacts", "Payments", "CreditNotes", "Prepayments"]),
    query=queries,
    since=st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=30),
)
def test_any_query_is_answered_or_refused(
    rig: tuple[FlaskClient, dict[str, str], dict[str, str]], path: str, query: dict[str, str], since: str
) -> None:
    client, headers, _ = rig
    asked = {**headers, "If-Modified-Since": since}
    answer = client.get(f"/xero/api.xro/2.0/{path}", query_string=query, headers=asked)
    assert answer.status_code in (200, 400), answer.text
