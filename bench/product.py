"""The product's own way from a platform's bytes to committed rows, as a run takes it: read, translate, store."""

from __future__ import annotations

from datetime import UTC, datetime

from connectors.quickbooks import gathering as quickbooks
from connectors.quickbooks.listing import listing
from connectors.quickbooks.translate import Facts
from connectors.xero import gather as xero
from connectors.xero.shapes import envelope
from engine.books import Page
from store import companies, pages
from store.database import Database

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def page_of(platform: str, body: bytes, cursor: str) -> Page:
    """One answer in our words, as the connector reads it."""
    if platform == "xero":
        gathered = xero.Gathering()
        gathered.add(xero.INVOICES, envelope(body, "Invoices", xero.INVOICES.shape))
        return gathered.page(cursor)
    found = quickbooks.Gathering(Facts(home="USD", terms={}))
    found.add_page(listing("invoice", body))
    return found.page(cursor)


def write_page(database: Database, platform: str, company_id: int, body: bytes, cursor: str) -> int:
    """Store one answer; returns how many invoices it changed."""
    page = page_of(platform, body, cursor)
    if page.set_aside:
        raise AssertionError(f"{page.set_aside[0].reason}: the figures would mean nothing")
    with database.begin() as session:
        return pages.store_page(session, company_id, page, NOW).invoices


def connected(database: Database, name: str, platform: str = "xero") -> int:
    with database.begin() as session:
        company = companies.connect(session, platform=platform, external_id=name, name=name, mode="observe", now=NOW)
    return company.stored_id
