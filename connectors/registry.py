"""Which platforms there are. The one place that names them all; everything else knows `connectors.ports` only."""

from __future__ import annotations

from connectors.config import QuickBooksConfig, XeroConfig
from connectors.ports import Platform


def platforms(quickbooks: QuickBooksConfig, xero: XeroConfig) -> dict[str, Platform]:
    """Every platform by its name, configured or not: ask `is_configured`. The SDKs are loaded when first used."""
    from connectors.quickbooks.platform import QuickBooks
    from connectors.xero.platform import Xero

    known: tuple[Platform, ...] = (QuickBooks(quickbooks), Xero(xero))
    return {platform.name: platform for platform in known}
