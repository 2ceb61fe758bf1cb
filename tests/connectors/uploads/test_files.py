"""Uploaded files: read however people export them, and never taken for empty or paid by mistake."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from traceback import format_exception
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from xlsxwriter import Workbook

from connectors.errors import DunwellError, SkipRecord
from connectors.uploads.columns import Columns
from connectors.uploads.reading import Reading
from connectors.uploads.reading import read as read_file
from connectors.uploads.settle import Settled, settled
from connectors.uploads.sheets import UnreadableFileError
from connectors.uploads.translate import Translator
from connectors.uploads.values import BadCell
from engine.books import CreditRecord, InvoiceRecord, InvoiceStatus, PaymentRecord
from engine.uploads import UploadedRow

CUSTOMERS = "Name,Email\nLarkspur Ltd,ap@larkspur.example\n"
INVOICES = "Invoice Number,Customer,Date,Due Date,Total\nINV-1,Larkspur Ltd,2026-02-02,2026-03-04,100.00\n"
PAYMENTS = "Invoice,Date,Amount\nINV-1,2026-02-10,40.00\n"
CREDITS = "Credit Note,Invoice,Date,Amount\nCN-1,INV-1,2026-02-12,15.00\n"


class Read(Struct):
    """What the files say together, and what is wrong with them."""

    said: Settled
    problems: list[SkipRecord]


def read(
    invoices: str | bytes = INVOICES,
    payments: str | bytes = "",
    customers: str | bytes = CUSTOMERS,
    credits: str | bytes = "",
    columns: Columns | None = None,
) -> Read:
    """Everything that these files say."""
    translator, rows, problems = Translator("GBP"), list[UploadedRow](), list[SkipRecord]()
    files = {"customer": customers, "invoice": invoices, "payment": payments, "credit_note": credits}
    for entity, content in files.items():
        if content:
            found = one_file(entity, content, columns, translator)
            rows += found.rows
            problems += found.problems
    return Read(settled(row for row in rows if row.record), problems)


def one_file(
    entity: str, content: str | bytes, columns: Columns | None = None, translator: Translator | None = None
) -> Reading:
    raw = content if isinstance(content, bytes) else content.encode()
    return read_file(entity, raw, columns or Columns(), translator or Translator("GBP"))


def only(read: Read) -> InvoiceRecord:
    (invoice,) = read.said.invoices
    return invoice


def paid(read: Read) -> PaymentRecord:
    (payment,) = read.said.money
    assert isinstance(payment, PaymentRecord)
    return payment


def workbook(*rows: tuple[object, ...]) -> bytes:
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                else:
                    sheet.write(number, column, cell)
    return file.getvalue()


class TestWhatIsOwed:
    def test_payments_lower_the_invoice_they_name(self) -> None:
        found = read(payments=PAYMENTS)
        assert (only(found).total, only(found).stated_balance, only(found).status) == (10000, 6000, InvoiceStatus.OPEN)
        ((part,),) = found.said.allocations.values()
        assert (part.invoice_id, part.amount) == ("INV-1", 4000)
        assert paid(found).customer_id == only(found).customer_id == found.said.customers[0].id

    def test_a_balance_column_goes_before_what_the_payments_explain(self) -> None:
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
    def test_a_status_column_is_believed(self, word: str, status: InvoiceStatus) -> None:
        invoice = only(read(INVOICES.replace("Total", "Total,Status").replace("100.00", f"100.00,{word}")))
        assert invoice.status is status
        if status is InvoiceStatus.PAID:
            assert (invoice.stated_balance, invoice.paid_at_issue) == (0, 10000)

    def test_more_than_the_invoice_takes_is_money_on_account(self) -> None:
        found = read(payments=PAYMENTS.replace("40.00", "130.00"))
        assert (paid(found).unapplied, only(found).status) == (3000, InvoiceStatus.PAID)

    def test_a_payment_of_an_invoice_that_is_not_in_the_files_is_no_money_on_account(self) -> None:
        payments = "Customer,Invoice,Date,Amount\nLarkspur Ltd,INV-0,2026-02-10,40.00\n"
        assert paid(read(payments=payments)).unapplied == 0

    def test_a_credit_lowers_the_invoice_it_names_after_the_payments(self) -> None:
        found = read(payments=PAYMENTS, credits=CREDITS)
        assert only(found).stated_balance == 4500
        credit = found.said.money[-1]
        assert isinstance(credit, CreditRecord)
        assert (credit.number, credit.total, credit.remaining, credit.customer_id) == (
            "CN-1",
            1500,
            0,
            only(found).customer_id,
        )

    def test_a_credit_for_no_invoice_is_left_to_the_customer(self) -> None:
        credits = "Number,Customer,Date,Amount\nCN-1,Larkspur Ltd,2026-02-12,15.00\n"
        (credit,) = read(credits=credits).said.money
        assert isinstance(credit, CreditRecord)
        assert credit.remaining == 1500

    def test_two_payments_alike_on_one_day_are_two(self) -> None:
        found = read(payments=PAYMENTS + PAYMENTS.splitlines()[1] + "\n")
        assert len({each.id for each in found.said.money}) == 2
        assert only(found).stated_balance == 2000


class TestHowPeopleExport:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
    def test_umlauts_survive_any_of_the_usual_encodings(self, encoding: str) -> None:
        found = read(
            INVOICES.replace("Larkspur Ltd", "Café Zürich").encode(encoding),
            customers=CUSTOMERS.replace("Larkspur Ltd", "Café Zürich").encode(encoding),
        )
        assert found.said.customers[0].name == "Café Zürich"
        assert only(found).customer_id == found.said.customers[0].id

    def test_semicolons_decimal_commas_and_days_first(self) -> None:
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

    def test_spanish_exports_need_no_columns_said(self) -> None:
        customers = "Código;Razón social;Correo electrónico\nC-1;Alondra S.L.;cobros@alondra.example\n"
        invoices = (
            "Número;Cliente;Fecha;Vencimiento;Importe;Estado\nF-7;C-1;03/02/2026;04/03/2026;1.234,50 €;Pendiente\n"
        )
        invoice = only(read(invoices, customers=customers, columns=Columns(decimal_mark=",")))
        assert (invoice.number, invoice.total, invoice.customer_id) == ("F-7", 123450, "C-1")

    def test_months_first(self) -> None:
        invoices = INVOICES.replace("2026-02-02", "02/03/2026").replace("2026-03-04", "03/14/2026")
        invoice = only(read(invoices, columns=Columns(date_order="month first")))
        assert (invoice.issued_on, invoice.due_on) == (date(2026, 2, 3), date(2026, 3, 14))

    @pytest.mark.parametrize(
        ("written", "minor"), [("1,234.50", 123450), ("$1,234.50", 123450), ("1234.5 GBP", 123450), ("£0.01", 1)]
    )
    def test_amounts_come_with_signs_and_thousands(self, written: str, minor: int) -> None:
        assert only(read(INVOICES.replace("100.00", f'"{written}"'))).total == minor

    def test_customers_are_named_by_id_or_by_name(self) -> None:
        customers = "Customer ID,Name\nC-1,Larkspur Ltd\n"
        assert only(read(customers=customers)).customer_id == "C-1"
        assert only(read(INVOICES.replace("Larkspur Ltd", "C-1"), customers=customers)).customer_id == "C-1"

    def test_countries_come_as_codes_or_names_and_several_addresses_with_semicolons(self) -> None:
        customers = "Name,Email,Country\nA,a@a.example; b@a.example,United Kingdom\nB,,es\nC,,Alemania\nD,,Atlantis\n"
        found = read(customers=customers, invoices="").said.customers
        assert [each.country for each in found] == ["GB", "ES", "DE", ""]
        assert found[0].email == "a@a.example, b@a.example"

    def test_an_id_made_of_a_name_does_not_say_it(self) -> None:
        """An id outlives the erasing of a customer."""
        assert "larkspur" not in read().said.customers[0].id.casefold()

    def test_titles_over_the_headings_are_passed_over(self) -> None:
        found = read("Invoices of Pennine Print\n\nAs of,4 March 2026\n" + INVOICES)
        assert only(found).total == 10000

    def test_what_excel_writes_for_other_programs(self) -> None:
        assert only(read(INVOICES.replace(",", "\t").encode("utf-16"))).total == 10000

    def test_letters_of_other_alphabets_are_guessed(self) -> None:
        name = "Жаворонок и сыновья, оптовая торговля"
        found = one_file("customer", f"Name;Email\n{name};a@b.example\n".encode("cp1251"))
        assert name in found.rows[0].record

    def test_a_workbook_says_days_and_amounts_itself(self) -> None:
        """Neither the order of a date nor the decimal mark has to be known for them."""
        invoices = workbook(
            ("Our invoices",),
            ("Invoice Number", "Customer", "Date", "Due Date", "Total"),
            (1001, "Larkspur Ltd", date(2026, 2, 3), date(2026, 3, 4), 0.1 + 0.2),
        )
        found = read(invoices, columns=Columns(decimal_mark=",", date_order="month first"))
        invoice = only(found)
        assert (invoice.number, invoice.issued_on, invoice.due_on) == ("1001", date(2026, 2, 3), date(2026, 3, 4))
        assert invoice.total == 30

    def test_headings_that_were_said_of_another_file_do_not_stand_in_the_way(self) -> None:
        columns = Columns(headings={"invoice": {"total": "Betrag", "reference": ""}})
        assert only(read(columns=columns)).total == 10000

    def test_a_column_may_be_said_not_to_be_there(self) -> None:
        with_balance = INVOICES.replace("Total", "Total,Balance").replace("100.00", "100.00,25.00")
        assert only(read(with_balance)).stated_balance == 2500
        columns = Columns(headings={"invoice": {"balance": ""}})
        assert only(read(with_balance, columns=columns)).stated_balance == 10000


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("good", "bad", "told"),
        [
            ("2026-03-04", "tomorrow", "Row 2: Due Date is “tomorrow”, expected a date such as 28/02/2026, or"),
            ("2026-03-04", "31/02/2026", "Row 2: Due Date is “31/02/2026”, expected a date"),
            ("100.00", "a lot", "Row 2: Total is “a lot”, expected an amount such as 1,234.50."),
            ("100.00", '"1.234,50"', "Row 2: Total is “1.234,50”, expected an amount such as 1,234.50."),
            ("100.00", "1,234.50", "Row 2: The row is “6 cells”, expected 5 cells as in the headings"),
            ("100.00", "-5", "Row 2: Total is “-5”, expected an invoice over nothing or more"),
            ("100.00", "9" * 30, "expected an amount of a plausible size"),
            ("Larkspur Ltd", "Nobody", "Row 2: Customer is “Nobody”, expected somebody in the file of customers."),
            ("Larkspur Ltd", "", "Row 2: Customer is empty, expected a value."),
        ],
    )
    def test_a_bad_row_is_told_with_its_place_and_value_and_the_good_ones_taken(
        self, good: str, bad: str, told: str
    ) -> None:
        good_line = INVOICES.splitlines()[1].replace("INV-1", "INV-2")
        found = read(INVOICES.replace(good, bad) + good_line + "\n")
        (problem,) = found.problems
        assert (problem.entity, problem.record_id) == ("invoice", "INV-1")
        assert told in problem.reason
        assert [each.id for each in found.said.invoices] == ["INV-2"]

    def test_a_bad_cell_is_named_by_row_column_value_and_what_was_expected(self) -> None:
        (problem,) = read(INVOICES.replace("100.00", "a lot")).problems
        assert isinstance(problem, BadCell)
        assert (problem.line, problem.column, problem.value) == (2, "Total", "a lot")
        assert problem.expected == "an amount such as 1,234.50"

    def test_the_same_number_twice_is_told(self) -> None:
        (problem,) = read(INVOICES + INVOICES.splitlines()[1] + "\n").problems
        assert problem.reason == "Row 3: “INV-1” is in the file twice."

    def test_a_file_without_a_needed_column_is_not_read_and_says_which(self) -> None:
        found = one_file("invoice", INVOICES.replace("Due Date", "Colour"))
        assert (found.missing, found.rows) == (("due_on",), ())

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"", "nothing in it"),
            (INVOICES.splitlines()[0].encode(), "headings in it, and no rows"),
            (b"%PDF-1.7 and so on", "a PDF"),
            (b"\xd0\xcf\x11\xe0 and so on", "old Excel file"),
            (b"PK\x03\x04 and nothing more", "neither CSV nor an Excel workbook"),
            (b"a,b\n" + b"1,2\n" * 20_100, "more than 20,000 rows"),
            (b"a" * (4 * 1024 * 1024 + 1), "larger than 4 MB"),
            (b"\x00\x01\x02\n\x00", "neither CSV nor an Excel workbook"),
        ],
    )
    def test_what_is_no_list_is_refused_with_what_would_be(self, content: bytes, told: str) -> None:
        with pytest.raises(UnreadableFileError, match=told):
            one_file("invoice", content)

    def test_a_workbook_that_unpacks_to_gigabytes_is_refused_unread(self) -> None:
        file = BytesIO()
        with ZipFile(file, "w", ZIP_DEFLATED) as packed:
            packed.writestr("xl/worksheets/sheet1.xml", b"0" * (65 * 1024 * 1024))
        assert len(file.getvalue()) < 100_000
        with pytest.raises(UnreadableFileError, match="unpacks to far more"):
            one_file("invoice", file.getvalue())

    def test_a_workbook_whose_xml_declares_entities_is_refused(self) -> None:
        """Ten of them, each ten times the one before: a thousand million letters of a few hundred."""
        names = "abcdefghij"
        nested = "".join(
            f'<!ENTITY {name} "{f"&{names[at - 1]};" * 10 if at else "lol"}">' for at, name in enumerate(names)
        )
        file = BytesIO()
        with ZipFile(BytesIO(SOUND)) as sound, ZipFile(file, "w", ZIP_DEFLATED) as packed:
            for part in sound.namelist():
                xml = sound.read(part).decode()
                if part == "xl/sharedStrings.xml":
                    head, _, body = xml.partition("?>")
                    xml = f"{head}?><!DOCTYPE sst [{nested}]>{body.replace('Larkspur Ltd', '&j;')}"
                packed.writestr(part, xml)
        with pytest.raises(UnreadableFileError, match="damaged") as told:
            one_file("customer", file.getvalue())
        assert "EntitiesForbidden" in "".join(format_exception(told.value))

    def test_a_cell_at_the_far_end_of_a_sheet_costs_nothing(self) -> None:
        """Two cells with a million rows and sixteen thousand columns between them."""
        file = BytesIO()
        with Workbook(file, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            sheet.write(0, 0, "Name")
            sheet.write(1_048_575, 16_383, "far away")
        with pytest.raises(UnreadableFileError, match="longer than 40,000 rows"):
            one_file("customer", file.getvalue())

    @settings(max_examples=15, deadline=None)
    @given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: (INVOICES + text).encode()))
    def test_no_file_however_odd_does_harm(self, invoices: bytes) -> None:
        try:
            found = read(invoices)
        except DunwellError:
            return
        assert all(each.total >= 0 for each in found.said.invoices)

    @settings(max_examples=15, deadline=None)
    @given(st.data())
    def test_no_workbook_however_damaged_does_harm(self, data: st.DataObject) -> None:
        sound = bytearray(SOUND)
        for _ in range(data.draw(st.integers(1, 4))):
            sound[data.draw(st.integers(4, len(sound) - 1))] = data.draw(st.integers(0, 255))
        try:
            one_file("customer", bytes(sound))
        except UnreadableFileError:
            return


SOUND = workbook(("Name", "Email"), ("Larkspur Ltd", "ap@larkspur.example"), (Decimal(3), None))
