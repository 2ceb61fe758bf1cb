"""Which platforms there are. The one place that names them all; everything else knows `connectors.ports` only."""

from __future__ import annotations

from datetime import UTC, datetime

from connectors.config import QuickBooksConfig, XeroConfig
from connectors.ports import Budgets, Clock, Platform


def system_now() -> datetime:
    return datetime.now(UTC)


def platforms(
    quickbooks: QuickBooksConfig, xero: XeroConfig, clock: Clock = system_now, budgets: Budgets | None = None
) -> dict[str, Platform]:
    """Every platform by its name, configured or not: ask `is_configured`. The SDKs are loaded when first used.

    `clock` dates the tokens of a new consent and checks who signed in: an entry point with a clock of its own gives it.
    Without `budgets` each process counts its calls alone.
    """
    from connectors.quickbooks.platform import QuickBooks
    from connectors.xero.platform import Xero

    known: tuple[Platform, ...] = (QuickBooks(quickbooks, clock, budgets), Xero(xero, clock, budgets))
    return {platform.name: platform for platform in known}
