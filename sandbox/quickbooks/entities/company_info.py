"""CompanyInfo: one document, Id 1, whatever the realm's number is."""

from __future__ import annotations

from sandbox.quickbooks.desk import Desk, Entity, Office
from sandbox.quickbooks.encode import Document


def first(office: Office) -> Document:
    """As a company starts with it. The time zone is not told: the live service rarely returns it."""
    values = {
        "SubscriptionStatus": office.switches.subscription_status,
        "OfferingSku": "QuickBooks Online Plus",
        "NeoEnabled": "true",
        "IndustryType": "",
        "PayrollFeature": "false",
    }
    return {
        "Id": "1",
        "CompanyName": office.name,
        "LegalName": office.name,
        "Country": office.country,
        "CompanyStartDate": "2023-01-02",
        "FiscalYearStartMonth": "January",
        "SupportedLanguages": "en",
        "NameValue": [{"Name": name, "Value": value} for name, value in values.items()],
    }


def update(desk: Desk, current: Document, body: Document) -> Document:
    document = current | body
    desk.change.put("CompanyInfo", document)
    return document


COMPANY_INFO = Entity(
    name="CompanyInfo",
    writable=frozenset(
        {"CompanyName", "LegalName", "CompanyAddr", "LegalAddr", "CustomerCommunicationAddr", "PrimaryPhone", "Email"}
        | {"WebAddr", "FiscalYearStartMonth"}
    ),
    read_only=frozenset({"Country", "CompanyStartDate", "SupportedLanguages", "NameValue"}),
    filterable=frozenset({"CompanyName"}),
    update=update,
)
