"""Which platforms there are. The one place that names them all; everything else knows `connectors.ports` only."""

from __future__ import annotations

from datetime import UTC, datetime

from connectors.config import FreshBooksConfig, QuickBooksConfig, XeroConfig
from connectors.ports import Budgets, Clock, Platform, UploadShelf

WITHOUT = FreshBooksConfig()
"""No keys: the platform is known, and not offered."""


def system_now() -> datetime:
    return datetime.now(UTC)


def platforms(
    quickbooks: QuickBooksConfig,
    xero: XeroConfig,
    freshbooks: FreshBooksConfig = WITHOUT,
    clock: Clock = system_now,
    budgets: Budgets | None = None,
    shelf: UploadShelf | None = None,
) -> dict[str, Platform]:
    """Every platform by its name, configured or not: ask `is_configured`. The SDKs are loaded when first used.

    `clock` dates the tokens of a new consent and checks who signed in: an entry point with a clock of its own gives it.
    Without `budgets` each process counts its calls alone; without a `shelf` nothing can be uploaded.
    """
    from connectors.freshbooks.platform import FreshBooks
    from connectors.quickbooks.platform import QuickBooks
    from connectors.uploads.platform import Uploads
    from connectors.xero.platform import Xero

    known: list[Platform] = [
        QuickBooks(quickbooks, clock, budgets),
        Xero(xero, clock, budgets),
        FreshBooks(freshbooks, clock, budgets),
    ]
    known += [Uploads(shelf)] if shelf is not None else []
    return {platform.name: platform for platform in known}
