"""Made-up pages of invoices in the platforms' own JSON, three lines each, about 2.7 kB an invoice."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

LINES = 3
PAGE = 1000


def xero_page(page: int, size: int = PAGE) -> bytes:
    """One answer of `GET /Invoices`, pages counted from 0."""
    records = [_xero_invoice(number) for number in range(page * size, (page + 1) * size)]
    return msgspec.json.encode(
        {
            "Id": "5c3f6d0e-11aa-4d2b-9d4c-0a6b9c9f1e11",
            "Status": "OK",
            "ProviderName": "Dunwell",
            "DateTimeUTC": "/Date(1772442000000)/",
            "pagination": {"page": page + 1, "pageSize": size, "pageCount": page + 1, "itemCount": (page + 1) * size},
            "Invoices": records,
        }
    )


def quickbooks_page(page: int, size: int = PAGE) -> bytes:
    """One answer to `select * from Invoice`, pages counted from 0."""
    records = [_quickbooks_invoice(number) for number in range(page * size, (page + 1) * size)]
    return msgspec.json.encode(
        {
            "QueryResponse": {"Invoice": records, "startPosition": page * size + 1, "maxResults": size},
            "time": "2026-03-02T01:00:00.000-08:00",
        }
    )


def _guid(number: int, kind: str) -> str:
    return f"{number:08x}-7c1f-4e6b-{kind}-5b2f3c4d5e6f"


def _issued_on(number: int) -> date:
    return date(2024, 1, 1) + timedelta(days=number % 700)


def _xero_day(day: date) -> str:
    return f"/Date({(day - date(1970, 1, 1)).days * 86_400_000}+0000)/"


def _xero_invoice(number: int) -> dict[str, object]:
    issued_on, total = _issued_on(number), 100 + number % 5000 + 0.25
    return {
        "Type": "ACCREC",
        "InvoiceID": _guid(number, "9a0d"),
        "InvoiceNumber": f"INV-{number:06d}",
        "Reference": f"PO {number}",
        "Payments": [],
        "CreditNotes": [],
        "Prepayments": [],
        "Overpayments": [],
        "AmountDue": total,
        "AmountPaid": 0.0,
        "AmountCredited": 0.0,
        "CurrencyRate": 1.0,
        "IsDiscounted": False,
        "SentToContact": True,
        "HasErrors": False,
        "HasAttachments": False,
        "InvoicePaymentServices": [],
        "Contact": {
            "ContactID": _guid(number // 4, "c0de"),
            "Name": f"Customer {number // 4} Limited",
            "ContactPersons": [],
            "Addresses": [],
            "Phones": [],
            "ContactGroups": [],
            "HasValidationErrors": False,
        },
        "DateString": f"{issued_on}T00:00:00",
        "Date": _xero_day(issued_on),
        "DueDateString": f"{issued_on + timedelta(days=30)}T00:00:00",
        "DueDate": _xero_day(issued_on + timedelta(days=30)),
        "BrandingThemeID": _guid(1, "b0b0"),
        "Status": "AUTHORISED",
        "LineAmountTypes": "Exclusive",
        "LineItems": [_xero_line(number, line) for line in range(LINES)],
        "SubTotal": total,
        "TotalTax": 0.0,
        "Total": total,
        "UpdatedDateUTC": f"/Date({1_772_442_000_000 + number}+0000)/",
        "CurrencyCode": "USD",
    }


def _xero_line(number: int, line: int) -> dict[str, object]:
    return {
        "ItemCode": f"ITEM-{line}",
        "Description": f"Line {line} of invoice {number}: goods delivered and work done, as agreed and as ordered",
        "UnitAmount": 12.5,
        "TaxType": "OUTPUT2",
        "TaxAmount": 0.0,
        "LineAmount": 37.5,
        "AccountCode": "200",
        "Item": {"ItemID": _guid(line, "17e3"), "Name": f"Item number {line}", "Code": f"ITEM-{line}"},
        "Tracking": [
            {
                "Name": "Region",
                "Option": "North",
                "TrackingCategoryID": _guid(1, "7ac4"),
                "TrackingOptionID": _guid(2, "7ac5"),
            }
        ],
        "Quantity": 3.0,
        "LineItemID": _guid(number * LINES + line, "11e5"),
        "AccountID": _guid(200, "acc0"),
        "ValidationErrors": [],
    }


def _quickbooks_invoice(number: int) -> dict[str, object]:
    issued_on, total = _issued_on(number), 100 + number % 5000 + 0.25
    address = {"Id": str(number), "Line1": f"{number} Harbour Street", "City": "Half Moon Bay", "PostalCode": "94213"}
    return {
        "AllowIPNPayment": False,
        "AllowOnlinePayment": False,
        "AllowOnlineCreditCardPayment": False,
        "AllowOnlineACHPayment": False,
        "domain": "QBO",
        "sparse": False,
        "Id": str(number + 1),
        "SyncToken": str(number % 7),
        "MetaData": {
            "CreateTime": f"{issued_on}T10:15:00-08:00",
            "LastModifiedByRef": {"value": "9341453172398172"},
            "LastUpdatedTime": f"{issued_on}T10:15:{number % 60:02d}-08:00",
        },
        "CustomField": [{"DefinitionId": "1", "Name": "Crew #", "Type": "StringType", "StringValue": "102"}],
        "DocNumber": f"INV-{number:06d}",
        "TxnDate": str(issued_on),
        "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
        "LinkedTxn": [],
        "Line": [
            *(_quickbooks_line(number, line) for line in range(LINES)),
            {"Amount": total, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}},
        ],
        "TxnTaxDetail": {"TotalTax": 0},
        "CustomerRef": {"value": str(number // 4 + 1), "name": f"Customer {number // 4} Limited"},
        "CustomerMemo": {"value": "Thank you for your business and have a great day!"},
        "BillAddr": address,
        "ShipAddr": address,
        "FreeFormAddress": True,
        "SalesTermRef": {"value": "3", "name": "Net 30"},
        "DueDate": str(issued_on + timedelta(days=30)),
        "TotalAmt": total,
        "ApplyTaxAfterDiscount": False,
        "PrintStatus": "NeedToPrint",
        "EmailStatus": "EmailSent",
        "BillEmail": {"Address": f"ap@customer{number // 4}.example"},
        "Balance": total,
        "DeliveryInfo": {"DeliveryType": "Email", "DeliveryTime": f"{issued_on}T10:20:00-08:00"},
    }


def _quickbooks_line(number: int, line: int) -> dict[str, object]:
    return {
        "Id": str(line + 1),
        "LineNum": line + 1,
        "Description": f"Line {line} of invoice {number}: goods delivered and work done, as agreed and as ordered",
        "Amount": 37.5,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {
            "ItemRef": {"value": str(line), "name": f"Item number {line}"},
            "UnitPrice": 12.5,
            "Qty": 3,
            "ItemAccountRef": {"value": "45", "name": "Landscaping Services:Job Materials"},
            "TaxCodeRef": {"value": "NON"},
        },
    }
