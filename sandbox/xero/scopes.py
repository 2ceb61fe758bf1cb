"""Scopes: which an app may ask for, and which an endpoint needs.

The accounting scopes changed in March 2026 from broad to granular ones; an app of before may mix them.
"""

from __future__ import annotations

from collections.abc import Collection

IDENTITY = {"openid", "profile", "email", "offline_access"}
_BROAD = {
    "accounting.transactions",
    "accounting.transactions.read",
    "accounting.reports.read",
}
_GRANULAR_WRITE = {
    "accounting.invoices",
    "accounting.payments",
    "accounting.banktransactions",
    "accounting.manualjournals",
}
_REPORTS = {
    f"accounting.reports.{name}.read"
    for name in (
        "aged",
        "balancesheet",
        "banksummary",
        "budgetsummary",
        "executivesummary",
        "profitandloss",
        "trialbalance",
        "taxreports",
    )
}
_GRANULAR = _GRANULAR_WRITE | {f"{scope}.read" for scope in _GRANULAR_WRITE} | _REPORTS
_BOTH = {
    "accounting.contacts",
    "accounting.contacts.read",
    "accounting.settings",
    "accounting.settings.read",
    "accounting.attachments",
    "accounting.attachments.read",
}
_ALLOWED = {
    "broad": IDENTITY | _BOTH | _BROAD,
    "granular": IDENTITY | _BOTH | _GRANULAR,
    "mixed": IDENTITY | _BOTH | _BROAD | _GRANULAR,
}

_OPENS = {
    "invoices": "accounting.invoices",
    "creditnotes": "accounting.invoices",
    "repeatinginvoices": "accounting.invoices",
    "payments": "accounting.payments",
    "overpayments": "accounting.payments",
    "prepayments": "accounting.payments",
    "banktransactions": "accounting.banktransactions",
    "contacts": "accounting.contacts",
    "contactgroups": "accounting.contacts",
    "reports": "accounting.reports.aged",
}
"""First word of the path to the scope that opens it; whatever is not listed belongs to the settings."""


def refused(asked: Collection[str], mode: str) -> set[str]:
    """The scopes among `asked` that an app of this mode (broad, granular, mixed) may not have."""
    return set(asked) - _ALLOWED[mode]


def opens(granted: Collection[str], resource: str, *, is_write: bool) -> bool:
    """Whether `granted` reaches this resource. A write scope includes reading; a broad one its granular ones."""
    needed = _OPENS.get(resource, "accounting.settings")
    if resource == "reports":
        return bool({f"{needed}.read", "accounting.reports.read"} & set(granted))
    accepted = {needed} if is_write else {needed, f"{needed}.read"}
    if needed in _GRANULAR_WRITE:
        accepted |= (
            {"accounting.transactions"} if is_write else {"accounting.transactions", "accounting.transactions.read"}
        )
    return bool(accepted & set(granted))
