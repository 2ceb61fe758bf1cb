"""What fees and credits may be booked to: the organisation's live accounts and tax rates; and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from connectors.documents import Choice, Choices
from connectors.xero import shapes
from connectors.xero.client import XeroClient

BOOKABLE = frozenset({"REVENUE", "EXPENSE"})
"""Account classes that a fee or a discount belongs to."""
S = TypeVar("S", bound=shapes.Shape)


def choices(client: XeroClient) -> Choices:
    """Two calls. Never Xero's own system accounts, never archived ones, never taxes for purchases only."""
    accounts = _each(shapes.Account, client.read("get_accounts", "Accounts").records)
    taxes = _each(shapes.TaxRate, client.read("get_tax_rates", "TaxRates").records)
    return Choices(
        accounts=tuple(
            Choice(id=each.code, name=each.name or each.code, detail=(each.type or "").capitalize())
            for each in accounts
            if each.code and each.status == "ACTIVE" and each.class_ in BOOKABLE and not each.system_account
        ),
        taxes=tuple(
            Choice(id=each.tax_type, name=each.name or each.tax_type, detail=_percent(each))
            for each in taxes
            if each.tax_type and each.status == "ACTIVE" and _is_for_sales(each)
        ),
    )


def may(client: XeroClient, action: str) -> bool:
    """Whether plan and connecting person allow an action. One that Xero does not list is tried, not forbidden."""
    listed = _each(shapes.Action, client.read("get_organisation_actions", "Actions").records)
    return all(each.status != "NOT-ALLOWED" for each in listed if each.name == action)


def _is_for_sales(rate: shapes.TaxRate) -> bool:
    return rate.report_tax_type != "INPUT" and rate.can_apply_to_revenue in (True, "true", None)


def _percent(rate: shapes.TaxRate) -> str:
    return f"{rate.effective_rate.normalize():f} %" if rate.effective_rate is not None else ""


def _each(shape: type[S], raws: Iterable[bytes]) -> list[S]:
    found = []
    for raw in raws:
        try:
            found.append(msgspec.json.decode(raw, type=shape))
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue  # one strange entry must not empty the whole list
    return found
