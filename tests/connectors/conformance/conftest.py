from __future__ import annotations

import pytest

from store.database import Database
from tests.connectors.conformance.subject import (
    ALL,
    ONLINE,
    PAGE_SIZES,
    WRITERS,
    Subject,
    freshbooks_subject,
    quickbooks_subject,
    uploads_subject,
    xero_subject,
)


def _made(name: str, request: pytest.FixtureRequest, database: Database) -> Subject:
    # The pace counts real seconds per company, and each test's company is the same one.
    request.getfixturevalue("monkeypatch").setattr("connectors.pace._paces", {})
    if name == "uploads":
        return uploads_subject(database)
    make = {"quickbooks": quickbooks_subject, "xero": xero_subject, "freshbooks": freshbooks_subject}[name]
    return make(request.getfixturevalue("sandbox"), database)


@pytest.fixture(params=ALL)
def subject(request: pytest.FixtureRequest, database: Database) -> Subject:
    """Any connector that reads."""
    return _made(request.param, request, database)


@pytest.fixture(params=ONLINE)
def online(request: pytest.FixtureRequest, database: Database) -> Subject:
    """Any connector that speaks to a platform."""
    return _made(request.param, request, database)


@pytest.fixture(params=WRITERS)
def platform(request: pytest.FixtureRequest, database: Database) -> Subject:
    """Any connector that speaks to a platform, and writes."""
    return _made(request.param, request, database)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of three rows, so that walking can be watched without thousands of documents."""
    for names in PAGE_SIZES.values():
        for name in names:
            monkeypatch.setattr(name, 3)
