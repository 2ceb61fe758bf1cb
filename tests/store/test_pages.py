from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import SQLModel

from engine.books import ContactPersonRecord, CreditKind, DocumentStatus, InvoiceStatus, Page, SetAside
from store import companies, home, pages
from store.database import Database
from tests.store.books import NOW, Shop, applied, credit, customer, invoice, page, payment

COPY = ("customer", "contact_person", "invoice", "payment", "credit_note", "allocation")


def test_the_first_page_counts_every_document_it_brings(shop: Shop) -> None:
    counts = shop.reads(customer(), invoice(), payment(), applied("P1", "I1", 4_000), credit())
    assert (counts.customers, counts.invoices, counts.payments, counts.credit_notes) == (1, 1, 1, 1)
    assert counts.touched == {"C1"}


def test_the_same_page_again_changes_and_touches_nothing(shop: Shop) -> None:
    documents = (customer(), invoice(), payment(), applied("P1", "I1", 4_000), credit())
    shop.reads(*documents)
    assert shop.reads(*documents) == pages.PageCounts()


def test_only_what_differs_counts_as_changed(shop: Shop) -> None:
    shop.reads(customer(), invoice("I1"), invoice("I2"))
    counts = shop.reads(customer(), invoice("I1"), invoice("I2", reference="PO 7"))
    assert (counts.customers, counts.invoices) == (0, 1)
    assert shop.invoice("I2").reference == "PO 7"


def test_a_new_contact_person_is_a_changed_customer(shop: Shop) -> None:
    shop.reads(customer())
    counts = shop.reads(customer(people=(ContactPersonRecord("Ann", "ann@example.com"),)))
    assert counts.customers == 1
    assert shop.account().emails == ("pay@example.com", "ann@example.com")


def test_a_document_that_moves_to_another_customer_touches_both(shop: Shop) -> None:
    shop.reads(customer("C1"), customer("C2"), invoice("I1", "C1"))
    assert shop.reads(invoice("I1", "C2")).touched == {"C1", "C2"}


def test_allocations_that_change_are_a_changed_payment(shop: Shop) -> None:
    shop.reads(customer(), invoice(), payment(), applied("P1", "I1", 4_000))
    counts = shop.reads(payment(), applied("P1", "I1", 1_500))
    assert (counts.payments, shop.balance()) == (1, 8_500)


def test_what_else_a_page_brings_is_no_change_of_a_document(shop: Shop) -> None:
    shop.reads(customer(), invoice(), payment("P2"))
    counts = shop.reads(payment("P2"), payment("P1"), applied("P1", "I1", 4_000))
    assert counts.payments == 1


def test_a_document_named_twice_in_one_page_is_stored_as_it_came_last(shop: Shop) -> None:
    assert shop.reads(customer(), invoice(total=100), invoice(total=200)).invoices == 1
    assert shop.invoice().total == 200


def test_discount_terms_come_back_exactly(shop: Shop) -> None:
    shop.reads(customer(), invoice(discount_percent=Decimal("2.10"), discount_days=10))
    assert shop.account().invoices[0].discount_percent == Decimal("2.1")


def test_what_a_document_says_no_more_is_forgotten(shop: Shop) -> None:
    """
    read    2 % within 10 days, expected on 2026-03-05
    again   nothing of it
    """
    told = {"discount_percent": Decimal(2), "discount_days": 10, "expected_on": date(2026, 3, 5)}
    shop.reads(customer(), invoice(**told))
    shop.reads(invoice())
    kept = shop.invoice("I1")
    assert (kept.discount_percent, kept.discount_days, kept.expected_on) == (None, None, None)


def test_amounts_larger_than_32_bits_are_kept(shop: Shop) -> None:
    shop.reads(customer(), invoice(total=9_000_000_000_000))
    assert shop.balance() == 9_000_000_000_000


@pytest.mark.parametrize("name", ["Robert'); DROP TABLE invoice;--", "💸 Ünïcode \u202e", "a" * 10_000, ""])
def test_whatever_a_customer_is_called_is_only_text(shop: Shop, name: str) -> None:
    shop.reads(customer(name=name), invoice(number=name))
    assert shop.account().name == name


class TestDeleted:
    def test_a_deleted_invoice_owes_nothing(self, shop: Shop) -> None:
        shop.reads(customer(), invoice())
        counts = shop.reads(deleted=(("invoice", "I1"),))
        gone = shop.invoice()
        assert (gone.status, gone.balance, gone.stated_balance) == ("deleted", 0, 0)
        assert (counts.invoices, counts.touched) == (1, {"C1"})

    def test_a_deleted_payment_gives_its_invoices_their_balance_back(self, shop: Shop) -> None:
        shop.reads(customer(), invoice(), payment(), applied("P1", "I1", 4_000))
        shop.reads(deleted=(("payment", "P1"),))
        assert shop.balance() == 10_000

    def test_a_credit_is_deleted_by_its_kind_and_id(self, shop: Shop) -> None:
        both = (credit("7"), credit("7", kind=CreditKind.PREPAYMENT))
        shop.reads(
            customer(), *both, invoice(), applied("7", "I1", 100, "credit_note"), applied("7", "I1", 50, "prepayment")
        )
        shop.reads(deleted=(("prepayment", "7"),))
        assert shop.balance() == 9_900

    def test_a_deleted_customer_is_no_longer_active(self, shop: Shop) -> None:
        shop.reads(customer(), invoice())
        shop.reads(deleted=(("customer", "C1"),))
        assert not shop.account().is_active

    def test_told_again_it_changes_nothing(self, shop: Shop) -> None:
        gone = (("invoice", "I1"), ("payment", "P1"))
        shop.reads(customer(), invoice(), payment(), deleted=gone)
        assert shop.reads(deleted=gone) == pages.PageCounts()

    def test_what_we_never_had_is_nothing_to_us(self, shop: Shop) -> None:
        assert (
            shop.reads(deleted=(("invoice", "I404"), ("payment", "P404"), ("credit_note", "N404")))
            == pages.PageCounts()
        )

    def test_a_document_that_comes_back_is_there_again(self, shop: Shop) -> None:
        shop.reads(customer(), invoice())
        shop.reads(deleted=(("invoice", "I1"),))
        assert shop.reads(invoice()).invoices == 1
        assert shop.balance() == 10_000


class TestCursor:
    def test_reading_goes_on_from_the_last_page_stored(self, shop: Shop) -> None:
        shop.reads(cursor="page 1")
        shop.reads(cursor="page 2")
        with shop.database.read() as session:
            assert pages.load_cursor(session, shop.id) == "page 2"

    def test_a_company_never_read_starts_from_the_beginning(self, shop: Shop) -> None:
        with shop.database.read() as session:
            assert pages.load_cursor(session, shop.id) == ""

    def test_only_the_last_page_makes_the_sync_complete(self, shop: Shop) -> None:
        shop.reads(cursor="page 1")
        assert synced_at(shop) is None
        shop.reads(cursor="page 2", is_complete=True)
        assert synced_at(shop) == shop.now

    def test_a_reread_leaves_the_cursor_where_it_is(self, shop: Shop) -> None:
        shop.reads(cursor="page 1")
        shop.reads(customer(), cursor="")
        with shop.database.read() as session:
            assert pages.load_cursor(session, shop.id) == "page 1"

    def test_progress_counts_the_pages_of_this_sync(self, shop: Shop) -> None:
        for cursor, last in (("1", False), ("2", True), ("3", False)):
            shop.reads(cursor=cursor, is_complete=last)
        with shop.database.read() as session:
            progress = home.sync_cursor(session, shop.id)
        assert progress is not None
        assert (progress.pages, progress.is_complete) == (1, False)


class TestSetAside:
    BAD = SetAside(entity="invoice", id="I9", reason="DueDate is 2026-13-01: expected a date", excerpt="{" * 5_000)

    def told(self, shop: Shop) -> list[Any]:
        with shop.database.read() as session:
            return home.set_asides(session, shop.id)

    def test_a_bad_record_is_told_and_the_rest_goes_on(self, shop: Shop) -> None:
        counts = shop.reads(customer(), invoice("I1"), set_aside=(self.BAD,))
        (row,) = self.told(shop)
        assert (counts.invoices, counts.set_aside) == (1, 1)
        assert (row.id, row.reason, len(row.excerpt)) == ("I9", self.BAD.reason, 2_000)

    def test_it_is_cleared_once_it_reads_well(self, shop: Shop) -> None:
        shop.reads(customer(), set_aside=(self.BAD,))
        shop.reads(invoice("I9"))
        assert self.told(shop) == []

    def test_it_is_cleared_once_it_is_deleted(self, shop: Shop) -> None:
        shop.reads(set_aside=(self.BAD,))
        shop.reads(deleted=(("invoice", "I9"),))
        assert self.told(shop) == []

    def test_seen_again_it_keeps_the_day_it_was_first_seen(self, shop: Shop) -> None:
        shop.reads(set_aside=(self.BAD,))
        first, shop.now = shop.now, shop.now + timedelta(days=3)
        shop.reads(set_aside=(self.BAD,))
        (row,) = self.told(shop)
        assert (row.first_seen_at, row.last_seen_at) == (first, shop.now)


def synced_at(shop: Shop) -> Any:
    with shop.database.read() as session:
        return companies.get(session, shop.id).last_synced_at


def copy_of(database: Database, company_id: int) -> dict[str, list[Any]]:
    """Every row of the copied books, without the company it belongs to."""
    found = {}
    with database.read() as session:
        for name in COPY:
            table = SQLModel.metadata.tables[name]
            columns = [column for column in table.c if column.name != "company_id"]
            rows = session.execute(select(*columns).where(table.c.company_id == company_id))
            found[name] = sorted(map(repr, rows))
    return found


@st.composite
def books(draw: st.DrawFn) -> list[Any]:
    """A small set of books: every document once, allocations that may name what is missing, draft or void."""
    people = [f"C{n}" for n in range(draw(st.integers(1, 3)))]
    who = st.sampled_from(people)
    amount = st.integers(1, 20_000)
    invoices = [
        invoice(
            f"I{n}",
            draw(who),
            draw(amount),
            status=draw(st.sampled_from(InvoiceStatus)),
            stated_balance=draw(st.integers(-100, 20_000)),
            paid_at_issue=draw(st.sampled_from([0, 0, 500])),
        )
        for n in range(draw(st.integers(0, 5)))
    ]
    records: list[Any] = [
        customer(name, merged_into_id=draw(st.sampled_from([None, None, *people]))) for name in people
    ]
    records += invoices
    for n in range(draw(st.integers(0, 5))):
        status = draw(st.sampled_from(DocumentStatus))
        kind = draw(st.sampled_from(["payment", *(kind.value for kind in CreditKind)]))
        targets = draw(st.lists(st.integers(0, 6), max_size=3))
        if kind == "payment":
            source: Any = payment(f"S{n}", draw(who), status=status, unapplied=draw(amount))
        else:
            source = credit(f"S{n}", draw(who), kind=CreditKind(kind), status=status, remaining=draw(amount))
        rows = tuple(applied(f"S{n}", f"I{to}", draw(amount), kind, place) for place, to in enumerate(targets))
        records.append((source, *rows))
    return records


def as_pages(records: list[Any], sizes: random.Random) -> list[Page]:
    """Records dealt into pages of random size; a source and its allocations stay together."""
    found: list[Page] = []
    while records:
        size = sizes.randint(1, 4)
        some, records = records[:size], records[size:]
        flat = [part for record in some for part in (record if isinstance(record, tuple) else (record,))]
        found.append(page(*flat, cursor=str(len(found) + 1)))
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=books(), shuffle=st.randoms(use_true_random=False))
def test_any_order_of_pages_any_number_of_times_ends_in_the_same_books(
    database: Database, records: list[Any], shuffle: random.Random
) -> None:
    in_order, shuffled = (Shop.open(database, uuid4().hex, NOW) for _ in range(2))
    mixed = shuffle.sample(records, len(records))
    with database.begin() as session:
        for each in as_pages(list(records), shuffle):
            pages.store_page(session, in_order.id, each, NOW)
        twice = as_pages(mixed, shuffle) * 2
        for each in shuffle.sample(twice, len(twice)):
            pages.store_page(session, shuffled.id, each, NOW)
    assert copy_of(database, in_order.id) == copy_of(database, shuffled.id)
    assert in_order.due() == shuffled.due()
