"""An account: one customer as one value, with everything that a decision may rest on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.account import Contact, Promise
from engine.books import ContactPersonRecord, CreditKind, DocumentStatus, InvoiceStatus
from engine.money import Money
from store import accounts, companies
from store.account_parts import addresses
from store.wishes import Speaker
from tests.store.books import Shop, credit, customer, invoice, payment


@pytest.fixture
def books(shop: Shop) -> Shop:
    shop.reads(customer(), invoice())
    return shop


def says(shop: Shop, word: str, *arguments: object) -> None:
    with shop.database.begin() as session:
        getattr(Speaker(session, shop.id, shop.now, "user 1"), word)(*arguments)


class TestInvoices:
    def test_open_and_draft_ones_belong_to_it_the_oldest_due_first(self, books: Shop) -> None:
        books.reads(invoice("I2", due_on=date(2025, 12, 1)), invoice("I3", status=InvoiceStatus.DRAFT))
        assert [seen.id for seen in books.account().invoices] == ["I2", "I1", "I3"]

    def test_one_settled_within_60_days_still_belongs_to_it(self, books: Shop) -> None:
        paid = {"status": InvoiceStatus.PAID, "stated_balance": 0}
        books.reads(invoice("I2", settled_on=books.today - timedelta(days=60), **paid))
        books.reads(invoice("I3", settled_on=books.today - timedelta(days=61), **paid))
        assert [seen.id for seen in books.account().invoices] == ["I1", "I2"]

    def test_one_voided_of_late_still_belongs_to_it(self, books: Shop) -> None:
        gone = {"status": InvoiceStatus.VOIDED, "stated_balance": 0}
        books.reads(invoice("I2", updated_at=books.now, **gone), invoice("I3", **gone))
        assert [seen.id for seen in books.account().invoices] == ["I1", "I2"]

    def test_another_customers_do_not(self, books: Shop) -> None:
        books.reads(customer("C2"), invoice("I2", "C2"))
        assert [seen.id for seen in books.account("C2").invoices] == ["I2"]


class TestUnapplied:
    def test_payments_and_credits_add_up_by_currency(self, books: Shop) -> None:
        books.reads(
            payment("P1", unapplied=500),
            payment("P2", unapplied=70, currency="EUR"),
            credit("N1", remaining=1_000),
            credit("N2", remaining=30, kind=CreditKind.PREPAYMENT),
        )
        assert books.account().unapplied == (Money(70, "EUR"), Money(1_530, "USD"))

    def test_only_what_is_posted_counts(self, books: Shop) -> None:
        books.reads(payment(unapplied=500, status=DocumentStatus.VOIDED))
        books.reads(credit(remaining=500, status=DocumentStatus.DRAFT))
        assert books.account().unapplied == ()


class TestWords:
    def test_a_promise_made_to_us_goes_before_the_day_that_the_platform_expects(self, books: Shop) -> None:
        books.reads(invoice(expected_on=date(2026, 3, 20)))
        assert books.account().invoices[0].promise == Promise(date(2026, 3, 20))
        says(books, "promise", "I1", date(2026, 3, 6))
        assert books.account().invoices[0].promise == Promise(date(2026, 3, 6), made_on=books.today)

    def test_no_sync_overwrites_a_persons_word(self, books: Shop) -> None:
        says(books, "dispute", "I1", True, "wrong goods")
        says(books, "do_not_chase", "C1", True)
        books.reads(customer(version="2"), invoice(version="2"))
        account = books.account()
        assert (account.do_not_chase, account.invoices[0].is_disputed) == (True, True)

    def test_pauses_opt_outs_and_limits_are_told(self, books: Shop) -> None:
        says(books, "pause_customer", "C1", True, date(2026, 4, 1))
        says(books, "opt_out", "C1")
        says(books, "limit", "C1", Money(500_000, "USD"))
        account = books.account()
        assert (account.is_paused, account.paused_until_on, account.opted_out) == (True, date(2026, 4, 1), True)
        assert account.credit.limit == Money(500_000, "USD")


class TestWatchedSince:
    def test_the_first_day_is_today_until_one_is_kept(self, books: Shop) -> None:
        assert books.account().watched_since_on == books.today

    def test_it_is_kept_once(self, books: Shop) -> None:
        for day in (date(2026, 1, 5), date(2026, 2, 5)):
            with books.database.begin() as session:
                companies.begin_watch(session, books.id, day)
        assert books.account().watched_since_on == date(2026, 1, 5)


class TestAddresses:
    @pytest.mark.parametrize(
        ("field", "found"),
        [
            ("a@example.com", ("a@example.com",)),
            (" a@example.com ;b@example.com, ", ("a@example.com", "b@example.com")),
            ("A@example.com, a@EXAMPLE.com", ("A@example.com",)),
            ('"Accounts, Payable" <ap@example.com>', ("ap@example.com",)),
            ("accounts at example.com", ()),
            ("a@b", ()),
            ("a@@example.com", ()),
            ("a@example.com\nBcc: all@example.com", ()),
            ("x" * 250 + "@example.com", ()),
            ("", ()),
        ],
    )
    def test_a_field_may_hold_several_and_what_is_none_is_left_out(self, field: str, found: tuple[str, ...]) -> None:
        assert addresses([field]) == found

    @given(st.lists(st.text(max_size=60), max_size=5))
    def test_no_field_smuggles_a_second_line_or_recipient_in(self, fields: list[str]) -> None:
        for address in addresses(fields):
            assert address.count("@") == 1
            assert not set(address) & set("\r\n ,;<>")

    def test_people_to_be_copied_come_after_the_customers_own(self, books: Shop) -> None:
        people = (
            ContactPersonRecord("Ann", "ann@example.com"),
            ContactPersonRecord("Bob", "bob@example.com", is_included=False),
        )
        books.reads(customer(people=people))
        assert books.account().emails == ("pay@example.com", "ann@example.com")

    def test_a_customer_without_one_is_reached_where_its_open_invoices_go(self, books: Shop) -> None:
        books.reads(customer(email=""), invoice(email="billing@example.com"))
        assert books.account().emails == ("billing@example.com",)

    def test_a_job_billed_with_its_parent_is_reached_there(self, books: Shop) -> None:
        books.reads(customer("C2", email="", parent_id="C1", is_billed_with_parent=True))
        books.reads(customer("C3", email="", parent_id="C1"))
        assert books.account("C2").emails == ("pay@example.com",)
        assert books.account("C3").emails == ()


class TestMerged:
    """Customer C2 was merged into C1 on the platform."""

    @pytest.fixture
    def merged(self, books: Shop) -> Shop:
        books.reads(customer("C2", email="old@example.com"), invoice("I2", "C2"), payment("P2", "C2", unapplied=900))
        books.reads(customer("C2", email="old@example.com", merged_into_id="C1", is_active=False))
        return books

    def test_its_documents_belong_to_the_survivors_account(self, merged: Shop) -> None:
        account = merged.account()
        assert {seen.id for seen in account.invoices} == {"I1", "I2"}
        assert account.unapplied == (Money(900, "USD"),)

    def test_only_the_survivor_is_decided(self, merged: Shop) -> None:
        assert merged.due() == ["C1"]
        with merged.database.read() as session:
            assert [a.customer_id for a in accounts.load(session, merged.id, ["C2", "C1"], merged.today)] == ["C1"]

    def test_news_of_the_old_customer_touches_the_survivor(self, merged: Shop) -> None:
        assert merged.reads(invoice("I3", "C2")).touched == {"C1"}

    def test_its_words_move_and_the_stricter_one_stands(self, books: Shop) -> None:
        books.reads(customer("C2"))
        says(books, "do_not_chase", "C2", True)
        says(books, "pause_customer", "C1", True, date(2026, 4, 1))
        says(books, "pause_customer", "C2", True, date(2026, 5, 1))
        books.reads(customer("C2", merged_into_id="C1"))
        account = books.account()
        assert (account.do_not_chase, account.is_paused, account.paused_until_on) == (True, True, date(2026, 5, 1))

    def test_what_was_to_go_out_to_it_is_dropped(self, books: Shop) -> None:
        books.plans_reminder()
        books.reads(customer("C9"), customer(merged_into_id="C9"))
        assert (books.act().state, books.ready()) == ("cancelled", [])

    def test_messages_it_had_count_against_the_survivors_budget(self, books: Shop) -> None:
        books.plans_reminder()
        books.sends()
        books.reads(customer("C9"), customer(merged_into_id="C9"))
        assert books.account("C9").contacts == (Contact(books.today, "remind"),)

    def test_a_chain_of_merges_ends_at_its_end(self, books: Shop) -> None:
        books.reads(customer("C2", merged_into_id="C3"), customer("C3", merged_into_id="C1"), invoice("I2", "C2"))
        assert {seen.id for seen in books.account().invoices} == {"I1", "I2"}

    def test_a_ring_of_merges_ends_somewhere(self, books: Shop) -> None:
        counts = books.reads(customer("C2", merged_into_id="C3"), customer("C3", merged_into_id="C2"))
        assert counts.customers == 2


def test_unknown_customers_are_left_out(books: Shop) -> None:
    with books.database.read() as session:
        assert accounts.load(session, books.id, ["C404"], books.today) == []


def test_an_invoice_whose_customer_is_not_read_yet_is_not_due(shop: Shop) -> None:
    shop.reads(invoice())
    assert shop.due() == []
    shop.reads(customer())
    assert shop.due() == ["C1"]
