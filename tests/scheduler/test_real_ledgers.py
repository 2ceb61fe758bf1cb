"""A whole cycle over real anonymised ledgers, as of 1 March 2021. The files are not part of the project."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox.ledgers import load_quickbooks_ledger, load_xero_ledger
from store.tables import Decision, Invoice
from tests.trial import Trial, a_trial

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
AS_OF = datetime(2021, 3, 1, 15, 0, tzinfo=UTC)


def folder(name: str) -> Path:
    if not (DATA / name).is_dir():
        pytest.skip(f"the ledger {name} is not here: it belongs in shared/data beside the checkout")
    return DATA / name


@pytest.fixture
def in_2021(tmp_path: Path) -> Iterator[Trial]:
    with a_trial(tmp_path, at=AS_OF) as trial:
        yield trial


def test_only_the_thirteen_open_sales_are_considered_each_with_a_reason(in_2021: Trial) -> None:
    """117 sales and 484 bills; 13 sales open, one deleted, eight bills voided"""
    books = load_xero_ledger(in_2021.sandbox.xero, folder("xero_seeds_fivetran"))
    in_2021.connect("xero", books)
    [report] = in_2021.run()
    assert report.status == "ok", report.detail
    invoices = in_2021.rows(Invoice)
    open_ids = {invoice.id for invoice in invoices if invoice.status == "open"}
    decided = {row.invoice_id: row for row in in_2021.rows(Decision, is_current=True) if row.invoice_id}
    assert len(invoices) == 117
    assert len(open_ids) == 13
    assert open_ids <= decided.keys()
    assert all(decided[invoice_id].sentence for invoice_id in open_ids)
    assert all(decided[key].outcome == "leave" for key in decided.keys() - open_ids)


def test_customers_without_an_address_become_tasks_and_get_no_mail(in_2021: Trial) -> None:
    """this ledger's contacts carry no email addresses"""
    books = load_xero_ledger(in_2021.sandbox.xero, folder("xero_seeds_fivetran"))
    in_2021.connect("xero", books)
    in_2021.run()
    assert in_2021.mails() == []
    assert {task.kind for task in in_2021.tasks()} >= {"missing_email"}


def test_every_balance_of_the_consultancy_equals_the_platforms(in_2021: Trial) -> None:
    books = load_xero_ledger(in_2021.sandbox.xero, folder("xero_seeds_fivetran"))
    in_2021.connect("xero", books)
    in_2021.run()
    invoices = in_2021.rows(Invoice)
    assert sum(invoice.balance for invoice in invoices) == 4_284_100
    assert [invoice.number for invoice in invoices if invoice.has_drift] == []


def test_deleted_quickbooks_invoices_are_never_chased(in_2021: Trial) -> None:
    """16 invoices, 11 of them deleted, one part paid with 55,650.00 of 565,214.00 due"""
    books = load_quickbooks_ledger(in_2021.sandbox.quickbooks, folder("quickbooks_seeds_fivetran"))
    in_2021.connect("quickbooks", books)
    [report] = in_2021.run()
    assert report.status == "ok", report.detail
    invoices = {invoice.id: invoice for invoice in in_2021.rows(Invoice)}
    assert invoices["40113"].stated_balance == 5_565_000
    reminded = {row.invoice_id for row in in_2021.rows(Decision, is_current=True, outcome="remind")}
    assert reminded <= {invoice.id for invoice in invoices.values() if invoice.status == "open"}
