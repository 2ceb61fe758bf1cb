"""Contacts: created, updated, archived; unique by name and by number."""

from __future__ import annotations

import re
from typing import Any

from sandbox.xero.books import Books
from sandbox.xero.errors import Invalid, not_found
from sandbox.xero.shape import check_currency
from sandbox.xero.values import Doc, is_guid, new_id, parse_amount, text_of

_TEXTS = {
    "Name": 255,
    "ContactNumber": 50,
    "AccountNumber": 50,
    "FirstName": 255,
    "LastName": 255,
    "CompanyNumber": 50,
    "EmailAddress": 255,
    "BankAccountDetails": 255,
    "TaxNumber": 50,
    "AccountsReceivableTaxType": 50,
    "AccountsPayableTaxType": 50,
    "Website": 2000,
    "SalesDefaultAccountCode": 50,
    "DefaultCurrency": 3,
}
_PERSON = ("FirstName", "LastName", "EmailAddress")
_TERMS = ("DAYSAFTERBILLDATE", "DAYSAFTERBILLMONTH", "OFCURRENTMONTH", "OFFOLLOWINGMONTH")


def find_contact(books: Books, id_or_number: str) -> Doc:
    """Raises Plain 404."""
    contact = books.contacts.get(id_or_number.lower()) if is_guid(id_or_number) else None
    contact = contact or next(books.contacts.find("ContactNumber", id_or_number), None)
    if contact is None:
        raise not_found()
    return contact


def save_contact(books: Books, posted: Doc, *, may_update: bool) -> Doc:
    """Create a contact or, with POST, update the one with its id, number or name. Raises Invalid."""
    changes = _read(posted)
    stored = _match(books, posted, may_update=may_update)
    name = changes.get("Name", stored["Name"] if stored else "")
    if not name:
        raise Invalid(["The Contact Name must be specified."])
    _check_unique(books, changes, own_id=stored["ContactID"] if stored else "")
    if stored is None:
        return books.put(books.contacts, new_contact(books, **changes))
    changed = {**stored, **changes}
    return books.put(books.contacts, changed) if changed != stored else stored


def new_contact(books: Books, **fields: Any) -> Doc:
    """A contact with everything Xero gives one without being asked."""
    return {
        "ContactID": new_id(),
        "ContactStatus": "ACTIVE",
        "Name": "",
        "FirstName": "",
        "LastName": "",
        "CompanyNumber": "",
        "EmailAddress": "",
        "BankAccountDetails": "",
        "TaxNumber": "",
        "AccountsReceivableTaxType": "",
        "AccountsPayableTaxType": "",
        "Addresses": [
            {"AddressType": kind, "City": "", "Region": "", "PostalCode": "", "Country": ""}
            for kind in ("STREET", "POBOX")
        ],
        "Phones": _phones([]),
        "IsSupplier": False,
        "IsCustomer": False,
        "DefaultCurrency": books.currency,
        "ContactPersons": [],
        "SalesDefaultAccountCode": "",
        **fields,
    }


def _match(books: Books, posted: Doc, *, may_update: bool) -> Doc | None:
    contact_id = posted.get("ContactID")
    if contact_id:
        stored = books.contacts.get(str(contact_id).lower())
        if stored is None:
            raise Invalid([f"The contact with id {contact_id} could not be found"])
        return stored
    if not may_update:
        return None
    number, name = posted.get("ContactNumber"), posted.get("Name")
    found = next(books.contacts.find("ContactNumber", number), None) if number else None
    return found or (next(books.contacts.find("Name", name), None) if name else None)


def _check_unique(books: Books, changes: Doc, own_id: str) -> None:
    for field, message in (
        (
            "Name",
            "The contact name {} is already assigned to another contact. "
            "The contact name must be unique across all active contacts.",
        ),
        ("ContactNumber", "The Contact Number {} is already assigned to another contact: it must be unique."),
    ):
        value = changes.get(field)
        taken = (c for c in books.contacts.find(field, value) if c["ContactID"] != own_id) if value else iter(())
        if any(c["ContactStatus"] == "ACTIVE" for c in taken):
            raise Invalid([message.format(value)])


def _read(posted: Doc) -> Doc:
    """The writable fields, typed. Read-only and unknown ones are ignored. Raises Invalid or ValueError."""
    changes: Doc = {
        key: text_of(posted, key, longest) for key, longest in _TEXTS.items() if posted.get(key) is not None
    }
    name = changes.get("Name")
    if name is not None and (not name.strip() or re.search(r"[<>]|^\s|\s$|\s\s", name)):
        raise Invalid(["The Contact Name must not contain <, >, or surplus spaces."])
    check_currency(changes.get("DefaultCurrency", ""))
    status = posted.get("ContactStatus")
    if status is not None:
        if status not in ("ACTIVE", "ARCHIVED"):
            raise Invalid([f"The contact status {status!s:.30} is not allowed"])
        changes["ContactStatus"] = status
    if posted.get("ContactPersons"):
        # An empty list does not clear the stored one; a filled one replaces it.
        changes["ContactPersons"] = _persons(posted["ContactPersons"])
    if "Phones" in posted:
        changes["Phones"] = _phones(posted["Phones"])
    if "Addresses" in posted:
        changes["Addresses"] = posted["Addresses"]
    if posted.get("PaymentTerms"):
        changes["PaymentTerms"] = _terms(posted["PaymentTerms"])
    if posted.get("Discount") is not None:
        changes["Discount"] = parse_amount(posted["Discount"])
    return changes


def _persons(posted: list[Doc]) -> list[Doc]:
    if len(posted) > 5:
        raise Invalid(["A contact may have at most 5 contact persons"])
    return [
        {
            **{key: text_of(person, key, 255) for key in _PERSON},
            "IncludeInEmails": person.get("IncludeInEmails") is True,
        }
        for person in posted
    ]


def _phones(posted: list[Doc]) -> list[Doc]:
    """One entry of each kind, as Xero always shows them."""
    by_kind = {text_of(phone, "PhoneType", 50) or "DEFAULT": phone for phone in posted}
    fields = ("PhoneNumber", "PhoneAreaCode", "PhoneCountryCode")
    return [
        {"PhoneType": kind, **{field: text_of(by_kind.get(kind, {}), field, 50) for field in fields}}
        for kind in ("DEFAULT", "DDI", "FAX", "MOBILE")
    ]


def _terms(posted: Doc) -> Doc:
    terms: Doc = {}
    for side in ("Sales", "Bills"):
        term = posted.get(side)
        if not isinstance(term, dict):
            continue
        if term.get("Type") not in _TERMS or not isinstance(term.get("Day"), int) or not 0 <= term["Day"] <= 31:
            raise Invalid(["The payment terms are not valid"])
        terms[side] = {"Day": term["Day"], "Type": term["Type"]}
    return terms


def contact_of(books: Books, posted: Doc | None) -> Doc:
    """The active contact that a posted document names.

    More than an id in there edits the contact, and drops the contact persons left out: Xero's trap. Raises Invalid.
    """
    if not posted:
        raise Invalid(["A Contact must be specified for this type of transaction"])
    stored = _match(books, posted, may_update=True)
    extra = {key: value for key, value in posted.items() if key in _TEXTS or key == "ContactPersons"}
    if stored is None or (set(extra) - {"Name", "ContactNumber"} and any(extra.values())):
        stored = save_contact(books, posted, may_update=True)
        if "ContactPersons" not in posted and stored["ContactPersons"]:
            stored = books.put(books.contacts, {**stored, "ContactPersons": []})
    if stored["ContactStatus"] != "ACTIVE":
        raise Invalid(["The contact is archived and cannot be used on a new document"])
    return stored


def became(books: Books, contact_id: str, role: str) -> None:
    """The first sale makes a customer, the first bill a supplier: without a bump."""
    contact = books.contacts.rows[contact_id]
    if not contact[role]:
        books.put_quietly(books.contacts, {**contact, role: True})
