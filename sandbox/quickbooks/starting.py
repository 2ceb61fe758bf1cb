"""What a company has from its first day, and the rare deeds that only the platform itself can do."""

from __future__ import annotations

from sandbox.quickbooks.books import Event
from sandbox.quickbooks.desk import Office
from sandbox.quickbooks.encode import Document
from sandbox.quickbooks.entities import company_info, preferences
from sandbox.quickbooks.times import to_milliseconds

ACCOUNTS = (
    ("4", "Undeposited Funds", "Other Current Asset"),
    ("35", "Checking", "Bank"),
    ("79", "Sales", "Income"),
    ("80", "Late fee income", "Income"),
    ("84", "Accounts Receivable (A/R)", "Accounts Receivable"),
    ("86", "Discounts given", "Income"),
)
ITEMS = (("1", "Sales", "79", True), ("2", "Late fee", "80", False), ("3", "Discount given", "86", False))
TAX_CODES = (("2", "Standard", True), ("3", "No tax", False))
"""Outside the US, where every line names one of them."""
TERMS = ((0, "Due on receipt"), (15, "Net 15"), (30, "Net 30"), (60, "Net 60"))


def stock(office: Office) -> None:
    """CompanyInfo, Preferences, and the short lists that every company starts with."""
    books = office.books
    books.load("CompanyInfo", company_info.first(office))
    for id, name, kind in ACCOUNTS:
        books.load("Account", {"Id": id, "Name": name, "FullyQualifiedName": name, "AccountType": kind, "Active": True})
    for id, name, account, is_taxable in ITEMS:
        income = {"value": account, "name": next(title for number, title, _ in ACCOUNTS if number == account)}
        item: Document = {"Id": id, "Name": name, "FullyQualifiedName": name, "Type": "Service", "Active": True}
        books.load("Item", item | {"Taxable": is_taxable, "UnitPrice": 0, "IncomeAccountRef": income})
    for id, name, is_taxable in TAX_CODES if office.country != "US" else ():
        books.load("TaxCode", {"Id": id, "Name": name, "Active": True, "Taxable": is_taxable})
    default: Document = {}
    for number, (days, name) in enumerate(TERMS, start=1):
        term: Document = {"Id": str(number), "Name": name, "Active": True, "Type": "STANDARD", "DueDays": days}
        books.load("Term", term)
        if days == office.switches.default_term_days:
            default = {"DefaultTerms": {"value": str(number), "name": name}}
    first = preferences.first(office)
    books.load("Preferences", first | {"SalesFormsPrefs": first["SalesFormsPrefs"] | default})


def tell_status(office: Office) -> None:
    """Have CompanyInfo say how the subscription stands."""
    info = office.books.get("CompanyInfo", "1") or {}
    values = [
        pair | ({"Value": office.switches.subscription_status} if pair["Name"] == "SubscriptionStatus" else {})
        for pair in info["NameValue"]
    ]
    with office.books.change() as change:
        change.put("CompanyInfo", info | {"NameValue": values})


def merge(office: Office, loser_id: str, winner_id: str) -> None:
    """One customer becomes part of another: its documents move, it vanishes, and a Merge event names it.

    Raises KeyError when either is not there.
    """
    books = office.books
    winner, loser = books.get("Customer", winner_id), books.get("Customer", loser_id)
    if winner is None or loser is None:
        raise KeyError(f"Customer {winner_id if winner is None else loser_id}")
    reference = {"CustomerRef": {"value": winner_id, "name": winner["DisplayName"]}}
    with books.change() as change:
        for entity in ("Invoice", "Payment", "CreditMemo"):
            for document in books.of_customer(entity, loser_id):
                change.put(entity, document | reference)
        change.remove("Customer", loser_id, "")
    merged = Event("Customer", winner_id, "Merge", to_milliseconds(books.clock.now()), loser_id)
    for listener in books.listeners:
        listener([merged])
