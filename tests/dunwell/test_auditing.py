"""`dunwell doctor --audit`: our copy beside the platform's books, to the cent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, update

from dunwell.cli import main
from store import erasing
from store.erased import NAME
from store.sql import table_of
from store.tables import BooksCheck, Customer, Invoice
from tests.trial import Trial, a_trial, environment, overdue_invoice

Run = Callable[..., Result]
CUSTOMER, INVOICE = table_of(Customer), table_of(Invoice)


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    """One company of each platform, read."""
    with a_trial(tmp_path, mode="observe") as trial:
        for platform in ("quickbooks", "xero"):
            books = trial.open_company(platform)
            overdue_invoice(books, trial.today, days=12)
            trial.connect(platform, books)
        # Long enough ago for no feed of changes to repeat them to be safe.
        for _ in range(2):
            trial.let_pass(days=2)
            trial.run()
        trial.let_pass(days=2)
        yield trial


@pytest.fixture
def audit(trial: Trial) -> Run:
    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["doctor", "--audit", *words], env=environment(trial))

    return run


def test_a_true_copy_agrees(audit: Run) -> None:
    result = audit("--json")
    found = json.loads(result.output)
    assert (result.exit_code, found["agrees"]) == (0, True)
    assert [(one["platform"], one["compared"], one["differences"]) for one in found["companies"]] == [
        ("quickbooks", 2, []),
        ("xero", 2, []),
    ]
    assert found["companies"][0]["left"] == [
        {"entity": "invoice", "currency": "GBP", "ours": "120.00", "theirs": "120.00"}
    ]


def test_a_cent_that_differs_is_told_per_document_and_mended(trial: Trial, audit: Run) -> None:
    with trial.house.database.begin() as session:
        session.execute(update(INVOICE).where(INVOICE.c.company_id == 2).values(balance=14399, fingerprint=""))
    result = audit("--company", "2")
    assert result.exit_code == 3
    assert "what is left: 143.99 GBP here, 144.00 GBP on the platform" in result.output
    assert audit("--company", "2", "--mend").exit_code == 0
    [invoice] = trial.rows(Invoice, company_id=2)
    assert invoice.balance == 14400
    [kept] = trial.rows(BooksCheck, kind="full")
    assert (kept.company_id, kept.differing) == (2, 0)


def test_who_was_erased_here_is_not_named_as_they_are_over_there(trial: Trial, audit: Run) -> None:
    """the platform still knows the customer; we lost sight of them, as no sync ever should"""
    with trial.house.database.begin() as session:
        erasing.erase(session, 2, trial.rows(Customer, company_id=2)[0].id, trial.sandbox.clock.now(), "the operator")
    assert audit("--company", "2").exit_code == 0
    with trial.house.database.begin() as session:
        session.execute(delete(CUSTOMER).where(CUSTOMER.c.company_id == 2))
    told = audit("--company", "2", "--json")
    assert told.exit_code == 3
    assert NAME in told.output
    assert "Larkspur" not in told.output


def test_what_the_platform_no_longer_has_is_told_and_let_go(trial: Trial, audit: Run) -> None:
    """deleted over there without any word of it: as when a company was away for longer than a feed looks back"""
    with trial.house.database.begin() as session:
        session.execute(update(INVOICE).where(INVOICE.c.company_id == 1).values(id="90210"))
    assert audit("--company", "1", "--mend").exit_code == 0
    assert {row.id: row.status for row in trial.rows(Invoice, company_id=1)} == {"90210": "deleted", "1": "open"}


def test_options_of_the_audit_go_with_it(trial: Trial) -> None:
    result = CliRunner().invoke(main, ["doctor", "--mend"], env=environment(trial))
    assert result.exit_code == 2
