"""What the pages show: owed by currency and age, what went out, what goes next, activity, and one customer's file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from engine.books import InvoiceStatus
from engine.plan import Decision, Plan
from store import companies, home, ledger
from store.database import Database
from tests.store.books import NOW, WHY, Shop, because, credit, customer, invoice, payment


@pytest.fixture
def books(shop: Shop) -> Shop:
    shop.reads(customer(name="Acme"), invoice(), is_complete=True)
    return shop


def asks(shop: Shop, read: Callable[..., Any], *arguments: object, **named: object) -> Any:
    with shop.database.read() as session:
        return read(session, shop.id, *arguments, **named)


def owed(shop: Shop) -> list[home.Owed]:
    with shop.database.read() as session:
        return home.owed(session, shop.id, shop.today)


def listed(shop: Shop, **filters: object) -> list[tuple[str, str]]:
    return [(entry.source, entry.kind) for entry in asks(shop, home.activity, **filters).entries]


class TestOwed:
    @pytest.mark.parametrize(
        ("days", "bucket"), [(-5, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (400, 4)]
    )
    def test_a_balance_ages_by_whole_days_after_its_due_date(self, shop: Shop, days: int, bucket: int) -> None:
        shop.reads(customer(), invoice(total=700, due_on=shop.today - timedelta(days=days)))
        (line,) = owed(shop)
        assert line.buckets == tuple(700 if place == bucket else 0 for place in range(5))
        assert line.overdue == (700 if days > 0 else 0)

    def test_currencies_are_never_added_up(self, books: Shop) -> None:
        books.reads(invoice("I2", total=500, currency="EUR"))
        assert [(line.currency, line.owed) for line in owed(books)] == [("USD", 10_000), ("EUR", 500)]

    def test_money_not_yet_applied_stands_beside_what_is_owed(self, books: Shop) -> None:
        books.reads(payment(unapplied=300), credit(remaining=200), payment("P2", unapplied=50, currency="NZD"))
        assert {line.currency: (line.owed, line.unapplied) for line in owed(books)} == {
            "USD": (10_000, 500),
            "NZD": (0, 50),
        }

    def test_only_open_invoices_are_owed(self, shop: Shop) -> None:
        for number, status in enumerate(InvoiceStatus):
            shop.reads(invoice(f"I{number}", total=10**number, status=status))
        assert sum(line.owed for line in owed(shop)) == 10 ** list(InvoiceStatus).index(InvoiceStatus.OPEN)

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.tuples(st.integers(0, 10**9), st.integers(-200, 10**9), st.integers(-50, 500), st.sampled_from("AB")),
            max_size=12,
        )
    )
    def test_every_cent_owed_sits_in_exactly_one_bucket(
        self, database: Database, rows: list[tuple[int, int, int, str]]
    ) -> None:
        shop = Shop.open(database, uuid4().hex, NOW)
        shop.reads(
            *(
                invoice(
                    f"I{n}",
                    total=total,
                    stated_balance=stated,
                    currency=f"XX{letter}",
                    due_on=NOW.date() - timedelta(days),
                )
                for n, (total, stated, days, letter) in enumerate(rows)
            )
        )
        lines = owed(shop)
        assert all(sum(line.buckets) == line.owed for line in lines)
        assert sum(line.owed for line in lines) == sum(max(0, min(total, stated)) for total, stated, _, _ in rows)


class TestOutgoing:
    def test_what_waits_is_next_and_what_went_is_past(self, books: Shop) -> None:
        books.plans_reminder()
        (line,) = asks(books, home.goes_next, 10)
        assert (line.kind, line.state, line.customer_name, line.reason) == ("remind", "approved", "Acme", WHY.sentence)
        books.sends()
        assert asks(books, home.goes_next, 10) == []
        (line,) = asks(books, home.went_out, books.now - timedelta(days=7), 10)
        assert (line.key, line.outcome, line.ended_at) == ("remind-1", "<message-id>", books.now)

    def test_in_observe_mode_it_is_what_would_go_one_line_a_customer(self, watching_shop: Shop) -> None:
        watching_shop.reads(customer(name="Acme"), invoice("I1"), invoice("I2"))
        decided = tuple(Decision(invoice_id=name, outcome="remind", reason=WHY) for name in ("I1", "I2"))
        watching_shop.records(Plan(customer_id="C1", on=watching_shop.today, decisions=decided))
        (line,) = asks(watching_shop, home.goes_next, 10)
        assert (line.kind, line.state, line.key) == ("remind", "observed", "")

    def test_the_steps_of_the_next_days_are_told_with_their_reason(self, books: Shop) -> None:
        in_a_week = books.today + timedelta(days=7)
        waits = because("waiting", "I1 waits until then.", {"step": 2, "step_on": in_a_week})
        decision = Decision(invoice_id="I1", outcome="leave", reason=waits)
        books.records(Plan(customer_id="C1", on=books.today, decisions=(decision,), look_again_on=in_a_week))
        assert asks(books, home.upcoming, books.today, 6) == []
        (line,) = asks(books, home.upcoming, books.today, 7)
        assert (line.on, line.customer_name, line.reason) == (in_a_week, "Acme", "I1 waits until then.")


class TestNewAnswers:
    def test_only_what_came_out_otherwise_last_night_is_told(self, books: Shop) -> None:
        """night 1: I1 waits; night 2: I1 is reminded. Nothing else has changed."""
        waits = because("waiting", "I1 waits.")
        first = Decision(invoice_id="I1", outcome="leave", reason=waits)
        books.records(Plan(customer_id="C1", on=books.today, decisions=(first,)))
        night = books.today + timedelta(days=1)
        second = Decision(invoice_id="I1", outcome="remind", reason=WHY)
        books.records(Plan(customer_id="C1", on=night, decisions=(second,)))
        found = asks(books, home.new_answers, 10)
        assert (found.on, found.count) == (night, 1)
        [one] = found.shown
        assert (one.outcome, one.was, one.was_rule, one.customer_name) == ("remind", "leave", "waiting", "Acme")

    def test_the_same_answer_with_other_figures_is_not_new(self, books: Shop) -> None:
        for days in (1, 2):
            counted = because("waiting", f"I1 waits {days}.", {"days": days})
            decision = Decision(invoice_id="I1", outcome="leave", reason=counted)
            books.records(Plan(customer_id="C1", on=books.today + timedelta(days=days), decisions=(decision,)))
        assert asks(books, home.new_answers, 10).count == 0


class TestActivity:
    @pytest.fixture
    def busy(self, books: Shop) -> Shop:
        books.plans_reminder()
        books.reads(customer("C2", name="100% Bolts_"), invoice("I2", "C2", number="Z-77"))
        reason = because("disputed", "Z-77 is disputed.")
        books.records(
            Plan(
                customer_id="C2", on=books.today, decisions=(Decision(invoice_id="I2", outcome="leave", reason=reason),)
            )
        )
        return books

    def test_it_shows_what_was_done_and_what_was_left_alone(self, busy: Shop) -> None:
        assert listed(busy) == [("act", "note"), ("act", "remind"), ("decision", "leave"), ("decision", "remind")]

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ({"rule": "disputed"}, [("decision", "leave")]),
            ({"outcome": "note"}, [("act", "note")]),
            ({"outcome": "approved"}, [("act", "note"), ("act", "remind")]),
            ({"search": "z-77"}, [("decision", "leave")]),
            ({"search": "100%"}, [("decision", "leave")]),
            ({"search": "%"}, [("decision", "leave")]),
            ({"search": "Bolts_"}, [("decision", "leave")]),
            ({"search": "no such thing"}, []),
            ({"search": "acme", "outcome": "leave"}, []),
            ({"page": 2}, []),
        ],
    )
    def test_it_can_be_searched(self, busy: Shop, filters: dict[str, object], found: list[tuple[str, str]]) -> None:
        assert listed(busy, **filters) == found

    def test_it_goes_by_pages(self, books: Shop) -> None:
        decided = tuple(
            Decision(invoice_id=f"I{n}", outcome="leave", reason=because("draft", f"I{n} is a draft."))
            for n in range(60)
        )
        books.records(Plan(customer_id="C1", on=books.today, decisions=decided))
        first, second = (asks(books, home.activity, page=number) for number in (1, 2))
        assert (len(first.entries), first.has_more, len(second.entries), second.has_more) == (50, True, 10, False)
        assert not {entry.sentence for entry in first.entries} & {entry.sentence for entry in second.entries}

    def test_rules_and_outcomes_to_filter_by_are_those_that_occur(self, busy: Shop) -> None:
        assert asks(busy, home.rule_counts) == {"disputed": 1, "step_due": 1}
        assert asks(busy, home.outcomes) == ["leave", "note", "remind"]


class TestCustomers:
    def test_those_who_owe_most_come_first(self, books: Shop) -> None:
        books.reads(customer("C2", name="Bolts"), invoice("I2", "C2", total=90_000), customer("C3", name="Zeta"))
        found = asks(books, home.customers, today=books.today)
        assert [(line.name, [one.balance for one in line.owed]) for line in found.customers] == [
            ("Bolts", [90_000]),
            ("Acme", [10_000]),
            ("Zeta", []),
        ]

    def test_a_search_takes_wildcards_as_they_are_written(self, books: Shop) -> None:
        assert [line.id for line in asks(books, home.customers, "CME", today=books.today).customers] == ["C1"]
        assert asks(books, home.customers, "%", today=books.today).customers == ()

    def test_a_file_holds_everything_about_one_customer(self, books: Shop) -> None:
        books.reads(payment(unapplied=300), credit(remaining=200))
        books.plans_reminder()
        books.sends()
        file = asks(books, home.customer_file, "C1", books.today)
        assert (file.customer.name, file.balances[0].owed, file.balances[0].unapplied) == ("Acme", 10_000, 500)
        kept = (file.invoices, file.payments, file.credits, file.decisions, file.contacts)
        assert [len(rows) for rows in kept] == [1, 1, 1, 1, 1]
        assert [act.key for act in file.actions] == ["note-remind-1", "remind-1"]

    def test_a_merged_customer_opens_its_survivors_file(self, books: Shop) -> None:
        books.reads(customer("C2", merged_into_id="C1"), invoice("I2", "C2"))
        file = asks(books, home.customer_file, "C2", books.today)
        assert (file.customer.id, len(file.invoices), file.balances[0].owed) == ("C1", 2, 20_000)

    def test_there_is_no_file_of_a_stranger(self, books: Shop) -> None:
        assert asks(books, home.customer_file, "C404", books.today) is None


def test_the_number_of_queries_does_not_grow_with_the_books(books: Shop) -> None:
    seen: list[str] = []
    event.listen(books.database.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))

    def queries() -> int:
        seen.clear()
        with books.database.read() as session:
            home.owed(session, books.id, books.today)
            home.customers(session, books.id, today=books.today)
            home.customer_file(session, books.id, "C1", books.today)
            home.activity(session, books.id)
        return len(seen)

    few = queries()
    books.reads(*(customer(f"D{n}") for n in range(40)), *(invoice(f"J{n}", f"D{n % 40}") for n in range(120)))
    books.reads(*(invoice(f"K{n}") for n in range(50)))
    assert queries() == few


def test_acts_and_companies_are_what_home_counts(books: Shop) -> None:
    with books.database.begin() as session:
        companies.set_mode(session, books.id, "approve", books.now, "user 1")
    books.plans_reminder()
    assert asks(books, home.task_counts) == {"approve": 1}
    books.moves(ledger.approve, "remind-1", books.now, "user 1")
    assert asks(books, home.task_counts) == {}
