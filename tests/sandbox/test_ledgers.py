"""Real anonymised ledgers in the sandbox, odd rows and all. The files are not part of the project."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from sandbox.clock import SandboxClock
from sandbox.ledgers import load_quickbooks_ledger, load_xero_ledger
from sandbox.quickbooks import QuickBooksCompany
from sandbox.server import Sandbox
from sandbox.xero import XeroCompany

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
AS_OF = datetime(2021, 3, 1, 15, 0, tzinfo=UTC)


def folder(name: str) -> Path:
    if not (DATA / name).is_dir():
        pytest.skip(f"the ledger {name} is not here: it belongs in shared/data beside the checkout")
    return DATA / name


@pytest.fixture(scope="module")
def consultancy() -> XeroCompany:
    sandbox = Sandbox(SandboxClock(AS_OF))
    return load_xero_ledger(sandbox.xero, folder("xero_seeds_fivetran"))


@pytest.fixture(scope="module")
def contractors() -> QuickBooksCompany:
    sandbox = Sandbox(SandboxClock(AS_OF))
    return load_quickbooks_ledger(sandbox.quickbooks, folder("quickbooks_seeds_fivetran"))


def test_thirteen_sales_are_open_and_no_bill_is_among_them(consultancy: XeroCompany) -> None:
    open_invoices = consultancy.open_invoices()
    assert (len(open_invoices), sum(invoice.balance for invoice in open_invoices)) == (13, Decimal(42841))


def test_every_invoice_and_bill_is_there_with_its_status(consultancy: XeroCompany) -> None:
    kinds = Counter((doc["Type"], doc["Status"]) for doc in consultancy.books.invoices.rows.values())
    assert kinds == {
        ("ACCREC", "PAID"): 103,
        ("ACCREC", "AUTHORISED"): 13,
        ("ACCREC", "DELETED"): 1,
        ("ACCPAY", "PAID"): 473,
        ("ACCPAY", "AUTHORISED"): 3,
        ("ACCPAY", "VOIDED"): 8,
    }


def test_every_amount_paid_is_explained_by_a_payment(consultancy: XeroCompany) -> None:
    paid: Counter[str] = Counter()
    for payment in consultancy.books.payments.rows.values():
        paid[payment["DocumentID"]] += payment["Amount"]
    for invoice in consultancy.books.invoices.rows.values():
        if invoice["Status"] in ("PAID", "AUTHORISED"):
            assert invoice["Total"] - paid[invoice["InvoiceID"]] == invoice["AmountDue"]


def test_deleted_invoices_are_gone_but_not_forgotten(contractors: QuickBooksCompany) -> None:
    assert len(contractors.documents("Invoice")) == 5
    assert sum(grave.entity == "Invoice" for grave in contractors.books.graves) == 11


def test_a_part_paid_invoice_is_explained_by_a_payment(contractors: QuickBooksCompany) -> None:
    invoice = contractors.document("Invoice", "40113")
    payment = contractors.document("Payment", invoice["LinkedTxn"][0]["TxnId"])
    assert invoice["TotalAmt"] - payment["TotalAmt"] == invoice["Balance"] == Decimal("55650.00")


def test_one_number_on_two_invoices_and_none_on_others_is_kept(contractors: QuickBooksCompany) -> None:
    numbers = Counter(invoice.number for invoice in contractors.open_invoices())
    assert (numbers["2021011355"], numbers[""]) == (2, 2)


def test_an_invoice_in_another_currency_keeps_its_rate(contractors: QuickBooksCompany) -> None:
    invoice = contractors.document("Invoice", "50001")
    assert (invoice["CurrencyRef"]["value"], invoice["ExchangeRate"]) == ("EUR", Decimal("1.25"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"xero_invoice_line_item_data\.csv"):
        load_xero_ledger(Sandbox().xero, tmp_path)
