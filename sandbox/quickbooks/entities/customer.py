"""Customers: names that are unique over all name lists, jobs under a parent, and no deletion, only deactivation."""

from __future__ import annotations

from sandbox.quickbooks import answers, fields
from sandbox.quickbooks.desk import Desk, Entity
from sandbox.quickbooks.encode import Document

NAME_PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")
_NAMES = frozenset({*NAME_PARTS, "DisplayName", "CompanyName", "PrintOnCheckName"})
_STANDING = frozenset({"Active", "Taxable", "Job", "BillWithParent", "IsProject", "ParentRef", "Notes", "ResaleNum"})
_CONTACT = frozenset({"PrimaryEmailAddr", "PrimaryPhone", "AlternatePhone", "Mobile", "Fax", "WebAddr"})
_BILLING = frozenset({"PreferredDeliveryMethod", "BillAddr", "ShipAddr", "SalesTermRef", "PaymentMethodRef"})
_BOOKING = frozenset({"DefaultTaxCodeRef", "CustomerTypeRef", "ARAccountRef", "CurrencyRef", "PrimaryTaxIdentifier"})


def create(desk: Desk, body: Document) -> Document:
    name = _display_name(body)
    if name is None:
        raise answers.missing("DisplayName")
    id = desk.change.books.next_id("Customer")
    _check_name(desk, name, id)
    document: Document = {"Id": id, "Active": True, "Taxable": True, "BillWithParent": False, "IsProject": False}
    document |= {"PreferredDeliveryMethod": "Print", "PrintOnCheckName": body.get("CompanyName") or name}
    document |= body | {"DisplayName": name} | desk.term(body) | _placed_under_parent(desk, name, body)
    if desk.office.is_multi_currency:
        document["CurrencyRef"] = {"value": fields.ref(body, "CurrencyRef") or desk.office.currency}
    else:
        document.pop("CurrencyRef", None)
    desk.change.put("Customer", document)
    return document


def update(desk: Desk, current: Document, body: Document) -> Document:
    name = _display_name(body) or current["DisplayName"]
    is_active = fields.flag(body, "Active", True)
    if name != current["DisplayName"]:
        _check_name(desk, name, current["Id"])
    if not is_active and current.get("Active", True):
        name = f"{name} (deleted)"
    document = {"Id": current["Id"]} | body | {"Active": is_active, "DisplayName": name}
    document |= desk.term(body) | _placed_under_parent(desk, name, body)
    document.pop("CurrencyRef", None)
    if "CurrencyRef" in current:
        document["CurrencyRef"] = current["CurrencyRef"]
    desk.change.put("Customer", document)
    return document


def _display_name(body: Document) -> str | None:
    """As given, or put together from the parts of a person's name."""
    given = body.get("DisplayName") or " ".join(str(body[part]) for part in NAME_PARTS if body.get(part))
    return str(given) if given else None


def _check_name(desk: Desk, name: str, own_id: str) -> None:
    if any(sign in name for sign in ":\t\n"):
        raise answers.Refusal(
            "2040", "Invalid String", "DisplayName may not hold a colon, a tab or a new line", "DisplayName"
        )
    taken = desk.change.books.names.get(name.lower())
    if taken is not None and taken != ("Customer", own_id):
        raise answers.duplicate_name(name)


def _placed_under_parent(desk: Desk, name: str, body: Document) -> Document:
    """What a parent decides of a sub-customer, which the platform calls a job."""
    parent = desk.named("Customer", body, "ParentRef")
    if parent is None:
        return {"Job": False, "FullyQualifiedName": name}
    level = int(parent.get("Level", 0)) + 1
    if level > 4:
        raise answers.business("Customers can be at most five levels deep")
    return {"Job": True, "Level": level, "FullyQualifiedName": f"{parent['FullyQualifiedName']}:{name}"}


CUSTOMER = Entity(
    name="Customer",
    writable=_NAMES | _STANDING | _CONTACT | _BILLING | _BOOKING | {"OpenBalanceDate"},
    read_only=frozenset({"Balance", "BalanceWithJobs", "FullyQualifiedName", "Level"}),
    filterable=frozenset(
        {
            "DisplayName",
            "FullyQualifiedName",
            "CompanyName",
            "GivenName",
            "MiddleName",
            "FamilyName",
            "Active",
            "Balance",
            "Job",
        }
        | {"PrintOnCheckName", "ParentRef", "Notes"}
    ),
    longest={
        "DisplayName": 500,
        "Title": 16,
        "Suffix": 16,
        "GivenName": 100,
        "MiddleName": 100,
        "FamilyName": 100,
        "CompanyName": 100,
        "PrintOnCheckName": 110,
        "Notes": 2000,
        "ResaleNum": 16,
    },
    create=create,
    update=update,
    is_name_list=True,
)
