"""Whether a request's JSON has objects, lists and plain values where the schema has them.

What they mean is checked later, by the rules of each document.
"""

from __future__ import annotations

from typing import Any

from sandbox.quickbooks import answers
from sandbox.quickbooks.encode import Document

_LISTS = frozenset({"Line", "LinkedTxn", "AttachableRef", "CustomField", "TaxLine", "NameValue"})
_OBJECTS = frozenset(
    {"MetaData", "WebAddr", "CustomerMemo", "EntityRef", "Fax", "Mobile", "DeliveryInfo", "MarkupInfo"}
)
_OBJECT_ENDINGS = ("Ref", "Addr", "Phone", "Detail", "Prefs", "BillEmail", "BillEmailCc", "BillEmailBcc")
_ANY = frozenset({"LineEx", "CreditCardPayment", "Email", "Discount", "DiscountOverride"})


def check_shape(body: Document) -> None:
    """Raises 2010 naming the property, for anything in the place of something else. Null and "" may stand anywhere."""
    for name, value in body.items():
        if value is None or value == "" or name in _ANY:
            continue
        if name in _LISTS:
            _check_list(name, value)
        elif name in _OBJECTS or name.endswith(_OBJECT_ENDINGS):
            if not isinstance(value, dict):
                raise answers.unknown_property(name)
            check_shape(value)
        elif isinstance(value, dict | list) and not _is_free(name):
            raise answers.unknown_property(name)


def _check_list(name: str, value: Any) -> None:
    if not isinstance(value, list):
        raise answers.unknown_property(name)
    for item in value:
        if not isinstance(item, dict):
            raise answers.unknown_property(name)
        check_shape(item)


def _is_free(name: str) -> bool:
    """Preferences nest deeper than this checks."""
    return name[:1].islower() or name in (
        "DefaultTerms",
        "SalesEmailCc",
        "SalesEmailBcc",
        "InvoiceMessage",
        "HomeCurrency",
    )
