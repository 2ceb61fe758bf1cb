"""How an act moves on, and what each move leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.account import Contact
from store import audit, companies, ledger, tasks
from store.ledger import PlannedAct
from tests.store.books import Shop, customer, invoice, reminder


@pytest.fixture
def books(shop: Shop) -> Shop:
    """
    customer C1   INV-1 due 2026-02-21   reminder 1 approved, with a note that follows it
    """
    shop.reads(customer(), invoice(), is_complete=True)
    shop.plans_reminder()
    return shop


@pytest.fixture
def waiting(shop: Shop) -> Shop:
    """The same, but waiting for a person's approval."""
    with shop.database.begin() as session:
        companies.set_mode(session, shop.id, "approve", shop.now, "user 1")
    shop.reads(customer(), invoice(), is_complete=True)
    shop.plans_reminder()
    return shop


def claimed(shop: Shop) -> Shop:
    assert shop.moves(ledger.claim, "remind-1", "worker", shop.now)
    return shop


def open_tasks(shop: Shop) -> list[tuple[str, str]]:
    with shop.database.read() as session:
        return [(task.kind, task.subject) for task in tasks.open_tasks(session, shop.id)]


class TestClaiming:
    def test_an_act_is_claimed_once(self, books: Shop) -> None:
        assert books.moves(ledger.claim, "remind-1", "first", books.now)
        assert not books.moves(ledger.claim, "remind-1", "second", books.now)
        assert books.act().claimed_by == "first"

    def test_the_text_made_just_before_sending_is_the_one_that_is_kept(self, books: Shop) -> None:
        books.moves(ledger.claim, "remind-1", "worker", books.now, '{"mail":2}')
        assert books.act().body == '{"mail":2}'

    def test_a_note_waits_until_its_mail_has_gone(self, books: Shop) -> None:
        assert not books.moves(ledger.claim, "note-remind-1", "worker", books.now)
        books.sends()
        assert books.ready() == ["note-remind-1"]
        assert books.moves(ledger.claim, "note-remind-1", "worker", books.now)

    def test_an_act_waits_for_its_time(self, books: Shop) -> None:
        late = PlannedAct(kind="remind", key="late", body="{}", not_before_at=books.now + timedelta(hours=1))
        books.records(reminder(books.today), [late])
        assert books.ready() == ["remind-1"]
        assert not books.moves(ledger.claim, "late", "worker", books.now)
        assert books.moves(ledger.claim, "late", "worker", books.now + timedelta(hours=1))

    def test_the_next_time_that_something_waits_for_is_known(self, books: Shop) -> None:
        assert books.moves(ledger.next_waiting_at, books.now) is None
        claimed(books).moves(ledger.retry_at, "remind-1", books.now + timedelta(hours=1), "server is away", books.now)
        assert books.moves(ledger.next_waiting_at, books.now) == books.now + timedelta(hours=1)
        night = books.now + timedelta(hours=9)
        assert books.moves(ledger.next_waiting_at, night) is None, "the hours hold it: nothing is won by looking again"

    def test_what_a_killed_run_left_claimed_is_found(self, books: Shop) -> None:
        claimed(books)
        assert [act.key for act in books.moves(ledger.stuck_claims)] == ["remind-1"]

    def test_a_claim_given_back_can_be_taken_again(self, books: Shop) -> None:
        assert claimed(books).moves(ledger.release_claim, "remind-1", books.now)
        assert (books.ready(), books.act().attempts) == (["remind-1"], 0)


class TestDone:
    def test_a_message_that_went_counts_as_a_contact(self, books: Shop) -> None:
        books.sends()
        assert (books.act().state, books.act().outcome) == ("done", "<message-id>")
        assert books.account().contacts == (Contact(books.today, "remind"),)

    def test_it_counts_once_whatever_is_repeated(self, books: Shop) -> None:
        books.sends()
        assert not books.moves(ledger.done, "remind-1", "again", books.now)
        assert len(books.account().contacts) == 1

    def test_a_note_is_no_contact(self, books: Shop) -> None:
        books.sends()
        books.sends("note-remind-1")
        assert len(books.account().contacts) == 1

    def test_a_contact_is_dated_by_the_companys_own_calendar(self, books: Shop) -> None:
        """2026-03-02 12:30 UTC is 2026-03-03 01:30 in Auckland."""
        with books.database.begin() as session:
            companies.set_contact(session, books.id, time_zone="Pacific/Auckland", email="", now=books.now, by="user 1")
        books.now += timedelta(hours=3, minutes=30)
        books.sends()
        assert books.account().contacts[0].on == books.today + timedelta(days=1)

    @pytest.mark.parametrize(("kind", "is_on"), [("hold", True), ("release", False)])
    def test_a_hold_shown_on_the_platform_is_the_customers_standing(self, books: Shop, kind: str, is_on: bool) -> None:
        books.records(reminder(books.today), [PlannedAct(kind=kind, key=kind, body="{}")])
        books.sends(kind)
        credit = books.account().credit
        assert (credit.is_on_hold, credit.hold_since_on) == (is_on, books.today if is_on else None)

    def test_nothing_that_was_not_claimed_is_done(self, books: Shop) -> None:
        assert not books.moves(ledger.done, "remind-1", "", books.now)


class TestFailed:
    def test_a_refused_message_drops_its_note_and_tells_a_person(self, books: Shop) -> None:
        assert claimed(books).moves(ledger.failed, "remind-1", "no such mailbox", books.now)
        assert (books.act().state, books.act("note-remind-1").state) == ("failed", "cancelled")
        assert open_tasks(books) == [("failed_action", "remind-1")]

    def test_its_step_stays_taken_so_that_it_is_not_tried_every_day(self, books: Shop) -> None:
        claimed(books).moves(ledger.failed, "remind-1", "no such mailbox", books.now)
        assert books.account().invoices[0].last_step == 1
        assert books.plans_reminder() == []


class TestPutOff:
    def test_it_is_tried_again_later_and_counted(self, books: Shop) -> None:
        later = books.now + timedelta(minutes=15)
        assert claimed(books).moves(ledger.retry_at, "remind-1", later, "server is away", books.now)
        assert books.ready() == []
        books.now = later
        assert (books.ready(), books.act().attempts, books.act().outcome) == (["remind-1"], 1, "server is away")


class TestHeld:
    def test_what_nobody_can_tell_waits_for_a_person_and_counts_as_a_contact(self, books: Shop) -> None:
        assert claimed(books).moves(ledger.hold, "remind-1", "no answer came", books.now)
        assert open_tasks(books) == [("held_action", "remind-1")]
        assert len(books.account().contacts) == 1
        assert books.ready() == []

    def test_a_person_who_says_it_went_lets_its_note_follow(self, books: Shop) -> None:
        claimed(books).moves(ledger.hold, "remind-1", "no answer came", books.now)
        assert books.moves(ledger.resolve_held, "remind-1", True, books.now, "user 7")
        assert (books.act().state, books.ready(), open_tasks(books)) == ("done", ["note-remind-1"], [])
        assert len(books.account().contacts) == 1

    def test_a_person_who_says_it_did_not_sets_its_step_free(self, books: Shop) -> None:
        claimed(books).moves(ledger.hold, "remind-1", "no answer came", books.now)
        assert books.moves(ledger.resolve_held, "remind-1", False, books.now, "user 7")
        account = books.account()
        assert (account.contacts, account.invoices[0].last_step, books.due()) == ((), 0, ["C1"])
        assert books.plans_reminder() == ["remind-1", "note-remind-1"]

    def test_it_is_settled_once(self, books: Shop) -> None:
        claimed(books).moves(ledger.hold, "remind-1", "no answer came", books.now)
        assert books.moves(ledger.resolve_held, "remind-1", True, books.now, "user 7")
        assert not books.moves(ledger.resolve_held, "remind-1", False, books.now, "user 8")


class TestCancelled:
    def test_it_frees_the_step_drops_the_note_and_has_the_account_decided_anew(self, books: Shop) -> None:
        assert books.due() == []
        assert books.moves(ledger.cancel, "remind-1", "paid this morning", books.now)
        assert (books.act().state, books.act("note-remind-1").state) == ("cancelled", "cancelled")
        assert (books.account().invoices[0].last_step, books.due()) == (0, ["C1"])

    def test_what_has_begun_cannot_be_cancelled(self, books: Shop) -> None:
        assert not claimed(books).moves(ledger.cancel, "remind-1", "too late", books.now)

    def test_everything_of_a_customer_that_has_not_begun_can_be_cancelled_together(self, books: Shop) -> None:
        assert books.moves(ledger.cancel_open, "C1", "disputed", books.now) == 1
        assert books.ready() == []


class TestApproval:
    def test_nothing_goes_before_a_person_says_so(self, waiting: Shop) -> None:
        assert waiting.ready() == []
        assert not waiting.moves(ledger.claim, "remind-1", "worker", waiting.now)

    def test_approving_a_message_approves_the_note_that_follows(self, waiting: Shop) -> None:
        assert waiting.moves(ledger.approve, "remind-1", waiting.now, "user 7")
        assert (waiting.ready(), open_tasks(waiting)) == (["remind-1"], [])
        waiting.sends()
        assert waiting.ready() == ["note-remind-1"]

    def test_it_is_approved_once(self, waiting: Shop) -> None:
        assert waiting.moves(ledger.approve, "remind-1", waiting.now, "user 7")
        assert not waiting.moves(ledger.approve, "remind-1", waiting.now, "user 8")

    def test_what_was_turned_down_is_not_asked_again(self, waiting: Shop) -> None:
        assert waiting.moves(ledger.reject, "remind-1", waiting.now, "user 7")
        assert (waiting.act().outcome, open_tasks(waiting)) == ("turned down by user 7", [])
        for _ in range(2):
            assert waiting.plans_reminder() == []
        assert waiting.account().invoices[0].last_step == 1

    def test_an_act_that_fell_away_takes_its_question_with_it(self, waiting: Shop) -> None:
        waiting.moves(ledger.cancel, "remind-1", "paid", waiting.now)
        assert open_tasks(waiting) == []


def test_every_move_is_in_the_audit(books: Shop) -> None:
    books.sends()
    with books.database.read() as session:
        assert audit.verify(session, books.id) == []
        told = [entry.what for entry in audit.entries(session, books.id)]
    assert told[-3:] == ["planned", "claimed", "done"]


def test_an_unknown_act_is_nobodys(books: Shop) -> None:
    assert not books.moves(ledger.claim, "nothing", "worker", books.now)
    assert not books.moves(ledger.cancel, "nothing", "no", books.now)
