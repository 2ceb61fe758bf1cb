"""What was decided and is to be done: recorded once, before anything is done."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.plan import AskPerson, Decision, Plan
from store import audit, companies, ledger, tasks
from store.acts import Planning, record_acts
from store.ledger import PlannedAct
from store.scope import Scope
from store.tables import Decision as DecisionRow
from tests.store.books import WHY, Shop, because, customer, invoice, reminder


@pytest.fixture
def books(shop: Shop) -> Shop:
    """
    customer C1   INV-1, INV-2   due 2026-02-21   100.00 USD each   nothing sent yet
    """
    shop.reads(customer(), invoice("I1"), invoice("I2"), is_complete=True)
    return shop


def in_mode(shop: Shop, mode: str) -> Shop:
    with shop.database.begin() as session:
        companies.set_mode(session, shop.id, mode, shop.now, "user 1")
    return shop


def left_alone(on: date, figures: dict[str, object], sentence: str = "Covered.", invoice_id: str | None = "I1") -> Plan:
    reason = because("covered_by_credit", sentence, figures)
    return Plan(customer_id="C1", on=on, decisions=(Decision(invoice_id=invoice_id, outcome="leave", reason=reason),))


def decisions(shop: Shop, current: bool | None = None) -> list[DecisionRow]:
    with shop.database.read() as session:
        scope = Scope(session, shop.id)
        rows = sorted(scope.all(scope.select(DecisionRow)), key=lambda row: row.id or 0)
    return [row for row in rows if current is None or row.is_current is current]


class TestDecisions:
    def test_the_same_answer_on_the_next_day_carries_the_first_one_on(self, books: Shop) -> None:
        monday = books.today
        books.records(left_alone(monday, {"credit": Decimal("640.00")}))
        books.records(left_alone(monday + timedelta(days=1), {"credit": Decimal("640.00")}))
        (row,) = decisions(books)
        assert (row.first_on, row.last_on) == (monday, monday + timedelta(days=1))

    def test_other_figures_are_another_answer(self, books: Shop) -> None:
        books.records(left_alone(books.today, {"credit": Decimal("640.00")}))
        books.records(left_alone(books.today + timedelta(days=1), {"credit": Decimal("100.00")}))
        old, new = decisions(books)
        assert (old.is_current, new.is_current) == (False, True)

    def test_an_invoice_without_a_decision_any_more_has_no_current_one(self, books: Shop) -> None:
        books.records(left_alone(books.today, {}))
        books.records(Plan(customer_id="C1", on=books.today))
        assert decisions(books, current=True) == []
        assert len(decisions(books)) == 1

    def test_figures_are_kept_exactly_and_in_order(self, books: Shop) -> None:
        books.records(left_alone(books.today, {"until": date(2026, 3, 9), "credit": Decimal("0.10"), "days": 9}))
        assert decisions(books)[0].figures == '{"credit":"0.10","days":9,"until":"2026-03-09"}'

    def test_two_decisions_about_the_customer_stand_side_by_side(self, books: Shop) -> None:
        reasons = (because("on_hold", "On hold since 2026-01-01."), because("no_email", "There is no address."))
        about = tuple(Decision(invoice_id=None, outcome="leave", reason=reason) for reason in reasons)
        for _ in range(2):
            books.records(Plan(customer_id="C1", on=books.today, decisions=about))
        assert [row.rule for row in decisions(books, current=True)] == ["on_hold", "no_email"]


class TestDue:
    def test_a_decided_account_rests_until_its_day(self, books: Shop) -> None:
        assert books.due() == ["C1"]
        books.records(reminder(books.today))
        assert books.due() == []
        assert books.due(books.today + timedelta(days=6)) == []
        assert books.due(books.today + timedelta(days=7)) == ["C1"]

    def test_news_about_it_ends_the_rest(self, books: Shop) -> None:
        books.records(reminder(books.today))
        books.reads(invoice("I3"))
        assert books.due() == ["C1"]

    def test_an_account_that_never_changes_by_itself_rests_for_ever(self, books: Shop) -> None:
        books.records(Plan(customer_id="C1", on=books.today, look_again_on=None))
        assert books.due(date(2099, 1, 1)) == []


class TestPlannedActs:
    def test_in_automatic_mode_an_act_may_go_at_once(self, books: Shop) -> None:
        assert books.plans_reminder() == ["remind-1", "note-remind-1"]
        assert books.act().state == "approved"
        assert books.ready() == ["remind-1"]

    def test_recording_the_same_plan_again_changes_nothing(self, books: Shop) -> None:
        books.plans_reminder()
        assert books.plans_reminder() == []
        books.sends()
        assert books.plans_reminder() == []
        assert books.act().state == "done"

    def test_in_observe_mode_it_is_decided_and_nothing_is_to_be_done(self, books: Shop) -> None:
        assert in_mode(books, "observe").plans_reminder() == []
        assert books.ready() == []
        assert [row.outcome for row in decisions(books)] == ["remind"]

    def test_in_approve_mode_a_person_is_asked_once_for_the_message_and_its_note(self, books: Shop) -> None:
        in_mode(books, "approve").plans_reminder()
        with books.database.read() as session:
            (task,) = tasks.open_tasks(session, books.id)
        assert (task.kind, task.subject, task.detail) == ("approve", "remind-1", WHY.sentence)
        assert books.ready() == []

    def test_a_step_that_another_act_took_is_not_taken_again(self, books: Shop) -> None:
        books.plans_reminder("remind-1", ["I1"])
        assert books.plans_reminder("remind-other", ["I2", "I1"]) == []
        assert books.plans_reminder("remind-2", ["I2"]) == ["remind-2", "note-remind-2"]

    def test_an_invoice_that_is_only_mentioned_takes_no_step(self, books: Shop) -> None:
        for number in (1, 2):
            act = PlannedAct(kind="remind", key=f"k{number}", invoices=((f"I{number}", 1), ("I3", 0)), body="{}")
            assert books.records(reminder(books.today), [act]) == [act.key]

    def test_steps_taken_show_in_the_account(self, books: Shop) -> None:
        books.plans_reminder("remind-1", ["I1"], step=2)
        first, second = books.account().invoices
        assert (first.last_step, first.last_contact_on, second.last_step) == (2, books.today, 0)

    def test_an_account_can_be_seen_as_if_an_act_had_not_been_planned(self, books: Shop) -> None:
        books.plans_reminder("remind-1", ["I1"])
        assert books.account(without_acts=["remind-1"]).invoices[0].last_step == 0

    def test_a_discount_offered_shows_in_the_account(self, books: Shop) -> None:
        offer = PlannedAct(kind="discount_offer", key="offer", invoices=(("I1", 0),), body="{}")
        books.records(reminder(books.today), [offer])
        assert [seen.discount_offered for seen in books.account().invoices] == [True, False]

    def test_a_cancelled_act_that_is_called_for_again_is_planned_anew(self, books: Shop) -> None:
        books.plans_reminder()
        books.moves(ledger.cancel, "remind-1", "paid", books.now)
        assert books.plans_reminder() == ["remind-1", "note-remind-1"]
        act = books.act()
        assert (act.state, act.attempts, act.outcome, act.ended_at) == ("approved", 0, "", None)


def test_what_only_a_person_can_do_becomes_one_task(books: Shop) -> None:
    reason = because("no_email", "Customer C1 has no email address.")
    ask = AskPerson(customer_id="C1", kind="missing_email", subject="C1", invoice_ids=("I1",), reason=reason)
    for _ in range(2):
        books.records(Plan(customer_id="C1", on=books.today, actions=(ask,)))
    with books.database.read() as session:
        (task,) = tasks.open_tasks(session, books.id)
    assert (task.kind, task.customer_id, task.detail) == ("missing_email", "C1", reason.sentence)


def test_everything_planned_is_in_an_unbroken_audit(books: Shop) -> None:
    books.plans_reminder()
    with books.database.read() as session:
        assert audit.verify(session, books.id) == []
        assert "planned" in [entry.what for entry in audit.entries(session, books.id)]


def test_what_a_person_must_do_by_hand_waits_for_them_even_where_they_asked_for_it(books: Shop) -> None:
    reason = because("fee_taken_back", "You took it back.")
    act = PlannedAct(kind="fee_reversal", key="undo", by_hand="Take the invoice LF-1 out of your books.", body="")
    with books.database.begin() as session:
        company = companies.get(session, books.id)
        planning = Planning(company=company, customer_id="C1", run_id=None, now=books.now, today=books.today)
        record_acts(session, planning, reason, [act])
        (task,) = tasks.open_tasks(session, books.id)
    assert (task.kind, task.detail) == ("approve", "You took it back. Take the invoice LF-1 out of your books.")
