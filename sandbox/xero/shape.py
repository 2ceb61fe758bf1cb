"""The kinds of the fields that a posted document may hold, checked once at the door.

Behind it every known field is of its kind or absent: null counts as absent, as the official SDK cannot send one either.
Fields that nobody here reads pass unlooked at.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.xero.values import Doc

_OBJECTS = {"Contact", "Invoice", "CreditNote", "Overpayment", "Prepayment", "Account", "BankAccount", "PaymentTerms"}
_LISTS = {"LineItems", "ContactPersons", "Phones", "Addresses", "Tracking"}
_FLAGS = {"SentToContact", "IncludeInEmails"}
_EITHER_WAY = {"Sales", "Bills"}
"""Terms of payment in a contact, and nothing else that is read."""
_TEXTS = frozenset(
    [
        "Type",
        "Status",
        "Name",
        "Date",
        "DueDate",
        "ExpectedPaymentDate",
        "PlannedPaymentDate",
        "Reference",
        "Url",
        "BrandingThemeID",
        "CurrencyCode",
        "LineAmountTypes",
        "InvoiceID",
        "InvoiceNumber",
        "CreditNoteID",
        "CreditNoteNumber",
        "OverpaymentID",
        "PrepaymentID",
        "PaymentID",
        "LineItemID",
        "Description",
        "ItemCode",
        "AccountCode",
        "TaxType",
        "AccountID",
        "Code",
        "ContactID",
        "ContactNumber",
        "ContactStatus",
        "AccountNumber",
        "FirstName",
        "LastName",
        "EmailAddress",
        "PhoneType",
        "Details",
        "ContactGroupID",
    ]
)


def checked(posted: Doc) -> Doc:
    """The document without its nulls. Raises ValueError, naming the field, for one of the wrong kind."""
    return {key: _checked(key, value) for key, value in posted.items() if value is not None}


def _checked(key: str, value: Any) -> Any:
    if key in _OBJECTS or (key in _EITHER_WAY and isinstance(value, dict)):
        if not isinstance(value, dict):
            raise ValueError(f"{key} must be an object")
        return checked(value)
    if key in _LISTS:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise ValueError(f"{key} must be a list of objects")
        return [checked(item) for item in value]
    if key in _FLAGS:
        if not isinstance(value, bool):
            raise ValueError(f"{key} must be true or false")
    elif key in _TEXTS and not isinstance(value, str):
        raise ValueError(f"{key} must be text")
    return value


def check_currency(code: str) -> None:
    """Raises ValueError for anything but a code of three letters; none is fine."""
    if code and not re.fullmatch("[A-Z]{3}", code):
        raise ValueError(f"Currency code '{code:.3}' is not valid")
