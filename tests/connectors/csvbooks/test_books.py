"""Books in CSV files: read however people export them, and never taken for empty or paid by mistake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.csvbooks.books import CsvBooks
from connectors.csvbooks.columns import Columns
from connectors.errors import DunwellError, Refused, StopRun
from connectors.ports import NoteTarget
from engine.books import CompanyRecord, InvoiceRecord, InvoiceStatus, Page, PaymentRecord

COMPANY = CompanyRecord(external_id="folder-1", name="Pennine Print", country="GB", base_currency="GBP")
CUSTOMERS = "Name,Email\nLarkspur Ltd,ap@larkspur.example\n"
INVOICES = "Invoice Number,Customer,Date,Due Date,Total\nINV-1,Larkspur Ltd,2026-02-02,2026-03-04,100.00\n"
PAYMENTS = "Invoice,Date,Amount\nINV-1,2026-02-10,40.00\n"

Read = Callable[..., Page]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Everything that these files say."""

    def read(
        invoices: str | bytes = INVOICES,
        payments: str | bytes = "",
        customers: str | bytes = CUSTOMERS,
        columns: Columns | None = None,
    ) -> Page:
        for name, content in (("customers", customers), ("invoices", invoices), ("payments", payments)):
            raw = content if isinstance(content, bytes) else content.encode()
            (tmp_path / f"{name}.csv").unlink(missing_ok=True)
            if raw:
                (tmp_path / f"{name}.csv").write_bytes(raw)
        *pages, last = CsvBooks(tmp_path, COMPANY, columns).changes("")
        return Page(
            cursor=last.cursor,
            customers=tuple(each for page in pages for each in page.customers),
            invoices=tuple(each for page in pages for each in page.invoices),
            payments=tuple(each for page in pages for each in page.payments),
            allocations=tuple(each for page in pages for each in page.allocations),
            set_aside=last.set_aside,
        )

    return read


def only(page: Page) -> InvoiceRecord:
    (invoice,) = page.invoices
    return invoice


def paid(page: Page) -> PaymentRecord:
    (payment,) = page.payments
    return payment


class TestWhatIsOwed:
    def test_payments_lower_the_invoice_they_name(self, read: Read) -> None:
        page = read(payments=PAYMENTS)
        assert (only(page).total, only(page).stated_balance, only(page).status) == (10000, 6000, InvoiceStatus.OPEN)
        assert [(each.invoice_id, each.amount) for each in page.allocations] == [("INV-1", 4000)]
        assert paid(page).customer_id == "Larkspur Ltd"

    def test_a_balance_column_goes_before_what_the_payments_explain(self, read: Read) -> None:
        """total 100, balance 25, payments 40: 35 more were paid that no file explains."""
        invoices = INVOICES.replace("Total", "Total,Balance").replace("100.00", "100.00,25.00")
        invoice = only(read(invoices, PAYMENTS))
        assert (invoice.stated_balance, invoice.paid_at_issue) == (2500, 3500)

    @pytest.mark.parametrize(
        ("word", "status"),
        [
            ("Paid", InvoiceStatus.PAID),
            ("Void", InvoiceStatus.VOIDED),
            ("CANCELLED", InvoiceStatus.VOIDED),
            ("Draft", InvoiceStatus.DRAFT),
            ("Overdue", InvoiceStatus.OPEN),
        ],
    )
    def test_a_status_column_is_believed(self, read: Read, word: str, status: InvoiceStatus) -> None:
        invoice = only(read(INVOICES.replace("Total", "Total,Status").replace("100.00", f"100.00,{word}")))
        assert invoice.status is status
        if status is InvoiceStatus.PAID:
            assert (invoice.stated_balance, invoice.paid_at_issue) == (0, 10000)

    def test_more_than_the_invoice_takes_is_money_on_account(self, read: Read) -> None:
        page = read(payments=PAYMENTS.replace("40.00", "130.00"))
        assert (paid(page).unapplied, only(page).status) == (3000, InvoiceStatus.PAID)

    def test_a_payment_of_an_invoice_that_is_not_in_the_files_is_no_money_on_account(self, read: Read) -> None:
        payments = "Customer,Invoice,Date,Amount\nLarkspur Ltd,INV-0,2026-02-10,40.00\n"
        assert paid(read(payments=payments)).unapplied == 0

    def test_two_payments_alike_on_one_day_are_two(self, read: Read) -> None:
        page = read(payments=PAYMENTS + PAYMENTS.splitlines()[1] + "\n")
        assert len({each.id for each in page.payments}) == 2
        assert only(page).stated_balance == 2000


class TestHowPeopleExport:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
    def test_umlauts_survive_any_of_the_usual_encodings(self, read: Read, encoding: str) -> None:
        page = read(
            INVOICES.replace("Larkspur Ltd", "Café Zürich").encode(encoding),
            customers=CUSTOMERS.replace("Larkspur Ltd", "Café Zürich").encode(encoding),
        )
        assert page.customers[0].name == "Café Zürich"
        assert only(page).customer_id == "Café Zürich"

    def test_semicolons_decimal_commas_and_days_first(self, read: Read) -> None:
        invoices = "Rechnung;Kunde;Datum;Fällig;Betrag\nR-7;Larkspur Ltd;03.02.2026;04.03.2026;1.234,50 €\n"
        headings = {
            "number": "Rechnung",
            "customer": "Kunde",
            "issued_on": "Datum",
            "due_on": "Fällig",
            "total": "Betrag",
        }
        invoice = only(read(invoices, columns=Columns(headings={"invoice": headings}, decimal_mark=",")))
        assert (invoice.number, invoice.total, invoice.due_on) == ("R-7", 123450, date(2026, 3, 4))

    def test_months_first(self, read: Read) -> None:
        invoices = INVOICES.replace("2026-02-02", "02/03/2026").replace("2026-03-04", "03/14/2026")
        invoice = only(read(invoices, columns=Columns(date_order="month first")))
        assert (invoice.issued_on, invoice.due_on) == (date(2026, 2, 3), date(2026, 3, 14))

    @pytest.mark.parametrize(
        ("written", "minor"), [("1,234.50", 123450), ("$1,234.50", 123450), ("1234.5 GBP", 123450), ("£0.01", 1)]
    )
    def test_amounts_come_with_signs_and_thousands(self, read: Read, written: str, minor: int) -> None:
        assert only(read(INVOICES.replace("100.00", f'"{written}"'))).total == minor

    def test_customers_are_named_by_id_or_by_name(self, read: Read) -> None:
        customers = "Customer ID,Name\nC-1,Larkspur Ltd\n"
        assert only(read(customers=customers)).customer_id == "C-1"
        assert only(read(INVOICES.replace("Larkspur Ltd", "C-1"), customers=customers)).customer_id == "C-1"


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("good", "bad", "told"),
        [
            ("2026-03-04", "tomorrow", "line 2: due_on is 'tomorrow', expected a date such as 2026-02-28"),
            ("2026-03-04", "31/02/2026", "line 2: due_on is '31/02/2026', expected a date"),
            ("100.00", "a lot", "line 2: total is 'a lot', expected an amount"),
            ("100.00", '"1.234,50"', "line 2: total is '1.234,50', expected an amount with '.' before its decimals"),
            ("100.00", "1,234.50", "line 2: 6 cells where the heading has 5: does one of them need quotes?"),
            ("100.00", "-5", "line 2: total is '-5', expected an invoice over nothing or more"),
            ("100.00", "9" * 30, "expected an amount of a plausible size"),
            ("Larkspur Ltd", "Nobody", "line 2: customer is 'Nobody', expected somebody in customers.csv"),
        ],
    )
    def test_a_bad_line_is_told_with_its_number_and_value(self, read: Read, good: str, bad: str, told: str) -> None:
        good_line = INVOICES.splitlines()[1].replace("INV-1", "INV-2")
        page = read(INVOICES.replace(good, bad) + good_line + "\n")
        (aside,) = page.set_aside
        assert (aside.entity, aside.id) == ("invoice", "INV-1")
        assert told in aside.reason
        assert [each.id for each in page.invoices] == ["INV-2"]

    def test_the_same_number_twice_is_told(self, read: Read) -> None:
        page = read(INVOICES + INVOICES.splitlines()[1] + "\n")
        (aside,) = page.set_aside
        assert aside.reason == "line 3: 'INV-1' is in the file twice"

    def test_a_file_without_a_needed_column_stops_and_says_which(self, read: Read) -> None:
        with pytest.raises(StopRun, match=r"invoices\.csv has no column for due_on\. It has: Invoice Number, Customer"):
            read(INVOICES.replace("Due Date", "Colour"))

    def test_a_missing_file_stops(self, read: Read) -> None:
        with pytest.raises(StopRun, match=r"customers\.csv is missing"):
            read(customers="")

    def test_a_file_that_lost_all_its_lines_is_not_taken_for_everybody_having_paid(
        self, read: Read, tmp_path: Path
    ) -> None:
        cursor = read(INVOICES + INVOICES.splitlines()[1].replace("INV-1", "INV-2") + "\n").cursor
        (tmp_path / "invoices.csv").write_text(INVOICES.splitlines()[0])
        with pytest.raises(StopRun, match="no lines any more, where there were 2"):
            list(CsvBooks(tmp_path, COMPANY).changes(cursor))

    def test_a_line_that_could_not_even_be_named_is_forgotten_once_it_is_gone(self, read: Read, tmp_path: Path) -> None:
        page = read(INVOICES.replace("INV-1", "") + INVOICES.splitlines()[1] + "\n")
        assert [each.id for each in page.set_aside] == ["line-2"]
        (tmp_path / "invoices.csv").write_text(INVOICES)
        *_, last = CsvBooks(tmp_path, COMPANY).changes(page.cursor)
        assert ("invoice", "line-2") in last.deleted

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
    @given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: (INVOICES + text).encode()))
    def test_no_file_however_odd_does_harm(self, read: Read, invoices: bytes) -> None:
        try:
            page = read(invoices)
        except DunwellError:
            return
        assert all(each.total >= 0 for each in page.invoices)


def test_nothing_is_ever_written(tmp_path: Path) -> None:
    books = CsvBooks(tmp_path, COMPANY)
    for write in (
        lambda: books.write_note(NoteTarget("invoice", "INV-1"), "Called.", "k"),
        lambda: books.show_hold("C-1", "On hold.", "k"),
        lambda: books.lift_hold("C-1", "Released.", "k"),
    ):
        with pytest.raises(Refused, match="only read"):
            write()
    assert books.documents is None
    assert list(tmp_path.iterdir()) == []
