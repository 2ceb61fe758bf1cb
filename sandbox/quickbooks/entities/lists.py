"""The short lists that documents refer to: terms, items, accounts, customer types."""

from __future__ import annotations

from decimal import Decimal

from sandbox.quickbooks import answers, fields
from sandbox.quickbooks.desk import Desk, Entity
from sandbox.quickbooks.encode import Document


def _unique_name(desk: Desk, entity: str, body: Document, own_id: str) -> str:
    name = body.get("Name")
    if not name:
        raise answers.missing("Name")
    for record in desk.change.books.records(entity):
        if record.document["Name"].lower() == str(name).lower() and record.document["Id"] != own_id:
            raise answers.duplicate_name(str(name))
    return str(name)


def _put_term(desk: Desk, id: str, body: Document) -> Document:
    """Whether a term counts days or names a day of the month is for the service to say, by what was sent."""
    document: Document = {"Id": id, "Active": True} | body | {"Name": _unique_name(desk, "Term", body, id)}
    limits = {"DiscountPercent": 100, "DiscountDays": 999, "DueDays": 999, "DueNextMonthDays": 999, "DayOfMonthDue": 31}
    for name, largest in limits.items():
        number = fields.amount(body, name)
        if number is not None:
            if not 0 <= number <= largest:
                raise answers.illegal_value(name, number)
            document[name] = number if name == "DiscountPercent" else int(number)
    document["Type"] = "STANDARD" if "DueDays" in document else "DATE_DRIVEN"
    desk.change.put("Term", document)
    return document


def create_term(desk: Desk, body: Document) -> Document:
    return _put_term(desk, desk.change.books.next_id("Term"), body)


def update_term(desk: Desk, current: Document, body: Document) -> Document:
    return _put_term(desk, current["Id"], body)


def _put_item(desk: Desk, id: str, body: Document) -> Document:
    if fields.ref(body, "IncomeAccountRef") is None:
        raise answers.missing("IncomeAccountRef")
    name = _unique_name(desk, "Item", body, id)
    document: Document = {"Id": id, "Active": True, "Type": "Service", "Taxable": False, "TrackQtyOnHand": False}
    document |= body | {"Name": name, "FullyQualifiedName": name}
    document["UnitPrice"] = fields.amount(body, "UnitPrice") or Decimal(0)
    desk.change.put("Item", document)
    return document


def create_item(desk: Desk, body: Document) -> Document:
    return _put_item(desk, desk.change.books.next_id("Item"), body)


def update_item(desk: Desk, current: Document, body: Document) -> Document:
    return _put_item(desk, current["Id"], body)


TERM = Entity(
    name="Term",
    writable=frozenset(
        {"Name", "Active", "DiscountPercent", "DiscountDays", "DueDays", "DayOfMonthDue", "DueNextMonthDays"}
        | {"DiscountDayOfMonth"}
    ),
    read_only=frozenset({"Type"}),
    filterable=frozenset({"Name", "Active"}),
    longest={"Name": 31},
    create=create_term,
    update=update_term,
    is_name_list=True,
)
ITEM = Entity(
    name="Item",
    writable=frozenset(
        {"Name", "Description", "Active", "SubItem", "Taxable", "SalesTaxIncluded", "UnitPrice", "Type", "PurchaseDesc"}
        | {"PurchaseTaxIncluded", "PurchaseCost", "TrackQtyOnHand", "QtyOnHand", "InvStartDate", "AssetAccountRef"}
        | {"ExpenseAccountRef", "IncomeAccountRef", "SalesTaxCodeRef", "ParentRef", "PurchaseTaxCodeRef", "Sku"}
        | {"AbatementRate", "ReverseChargeRate", "ServiceType", "ItemCategoryType"}
    ),
    read_only=frozenset({"FullyQualifiedName", "Level"}),
    filterable=frozenset({"Name", "Active", "Type", "Sku"}),
    longest={"Name": 100},
    create=create_item,
    update=update_item,
    is_name_list=True,
)
ACCOUNT = Entity(
    name="Account",
    writable=frozenset(),
    filterable=frozenset({"Name", "Active", "AccountType", "AccountSubType"}),
    is_name_list=True,
)
CUSTOMER_TYPE = Entity(
    name="CustomerType", writable=frozenset(), filterable=frozenset({"Name", "Active"}), is_name_list=True
)
TAX_CODE = Entity(name="TaxCode", writable=frozenset(), filterable=frozenset({"Name", "Active"}), is_name_list=True)
