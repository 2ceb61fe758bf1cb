"""What is written into the books: once, marked, and nothing of the user's own touched."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from connectors.errors import OutcomeUnknown, ReconnectNeeded, Refused, RetryLater
from connectors.ports import Note, NoteTarget
from sandbox.faults import Fault
from sandbox.quickbooks import QuickBooksCompany
from tests.connectors.quickbooks.connected import Connected, platform_at

KEY, OTHER_KEY = "7f3a9c1b" * 4, "0123abcd" * 4
HOLD = "On credit hold since 2026-03-04: 1,200.00 USD is more than 30 days overdue."


@pytest.fixture
def target(company: QuickBooksCompany, customer: str) -> NoteTarget:
    lines = [("Espresso beans", Decimal(100))]
    id = company.add_invoice(customer, lines, issued_on=date(2026, 2, 2), due_on=date(2026, 3, 4))
    return NoteTarget("invoice", id)


def notes_of(company: QuickBooksCompany, customer: str) -> str:
    return str(company.document("Customer", customer).get("Notes", ""))


def set_notes(company: QuickBooksCompany, customer: str, notes: str) -> None:
    token = company.document("Customer", customer)["SyncToken"]
    company.write("Customer", {"Id": customer, "SyncToken": token, "sparse": True, "Notes": notes})


class TestNotes:
    def test_a_note_hangs_on_the_invoice_with_its_mark(
        self, connected: Connected, company: QuickBooksCompany, target: NoteTarget
    ) -> None:
        id = connected.books().write_note(target, "Reminder 2 sent.", KEY)
        assert company.notes_on("invoice", target.id) == ["Reminder 2 sent. [ref 7f3a9c1b7f3a]"]
        assert company.document("Attachable", id)["AttachableRef"][0]["IncludeOnSend"] is False

    @pytest.mark.parametrize("fault", ["system_fault", "system_fault_after", "truncate", "empty", "html"])
    def test_no_usable_answer_to_a_write_is_never_taken_for_a_no(
        self, connected: Connected, target: NoteTarget, fault: str
    ) -> None:
        connected.sandbox.faults.add(Fault(fault, path="/attachable"))
        with pytest.raises(OutcomeUnknown):
            connected.books().write_note(target, "Reminder 2 sent.", KEY)

    def test_a_dropped_write_is_not_repeated_by_itself(self, connected: Connected, target: NoteTarget) -> None:
        connected.sandbox.faults.add(Fault("drop_before", path="/attachable"))
        with pytest.raises(OutcomeUnknown):
            connected.books().write_note(target, "Reminder 2 sent.", KEY)
        assert not connected.books().has_note(target, KEY)

    def test_a_platform_that_is_not_there_has_surely_done_nothing(
        self, connected: Connected, target: NoteTarget
    ) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # and nobody listens there, nor can anybody else take it
            away = platform_at(connected.sandbox, api_url=f"http://127.0.0.1:{taken.getsockname()[1]}/quickbooks")
            with pytest.raises(RetryLater):
                replace(connected, platform=away).books().write_note(target, "Reminder 2 sent.", KEY)

    def test_a_throttled_write_surely_did_not_happen(self, connected: Connected, target: NoteTarget) -> None:
        connected.sandbox.faults.add(Fault("throttle", path="/attachable", args={"retry_after": 5}))
        with pytest.raises(RetryLater):
            connected.books().write_note(target, "Reminder 2 sent.", KEY)

    def test_a_token_that_dies_before_a_write_is_refreshed_and_the_write_done_once(
        self, connected: Connected, company: QuickBooksCompany, target: NoteTarget
    ) -> None:
        connected.sandbox.faults.add(Fault("token_expired", path="/attachable"))
        connected.books().write_note(target, "Reminder 2 sent.", KEY)
        assert len(company.notes_on("invoice", target.id)) == 1

    def test_a_note_on_what_is_gone_is_refused_in_the_platforms_words(self, connected: Connected) -> None:
        with pytest.raises(Refused, match=r"Invalid Reference Id.*intuit_tid"):
            connected.books().write_note(NoteTarget("invoice", "999"), "Reminder 2 sent.", KEY)

    def test_a_refusal_that_comes_as_a_success_is_a_refusal(self, connected: Connected, target: NoteTarget) -> None:
        connected.sandbox.faults.add(Fault("fault_200", path="/attachable", args={"message": "It was not done"}))
        with pytest.raises(Refused, match="It was not done"):
            connected.books().write_note(target, "Reminder 2 sent.", KEY)

    def test_a_read_only_company_refuses_and_says_why(
        self, connected: Connected, company: QuickBooksCompany, target: NoteTarget
    ) -> None:
        company.end_subscription()
        with pytest.raises(Refused, match="Subscription period has ended"):
            connected.books().write_note(target, "Reminder 2 sent.", KEY)

    def test_a_company_that_takes_plain_characters_only_gets_them(
        self, connected: Connected, company: QuickBooksCompany, target: NoteTarget
    ) -> None:
        company.switches.rejects_beyond_latin1 = True
        connected.books().write_note(target, "Reminder to Café 🦊 sent.", KEY)
        assert company.notes_on("invoice", target.id) == ["Reminder to Café ? sent. [ref 7f3a9c1b7f3a]"]


class TestSeveralNotes:
    @pytest.fixture
    def notes(self, company: QuickBooksCompany, customer: str, target: NoteTarget) -> list[Note]:
        """One on an invoice, one on what is gone, one on the customer."""
        targets = (target, NoteTarget("invoice", "999"), NoteTarget("customer", customer))
        return [Note(each, f"Written {n}.", f"{n}{KEY}"[:32]) for n, each in enumerate(targets)]

    def test_they_are_one_call_and_each_stands_or_falls_alone(
        self, connected: Connected, company: QuickBooksCompany, notes: list[Note]
    ) -> None:
        books = connected.books()
        first, gone, last = books.note_batch.write(notes)
        assert books.api_calls == 1
        assert (
            company.document("Attachable", str(first))["Note"],
            company.document("Attachable", str(last))["Note"],
        ) == (
            "Written 0. [ref 07f3a9c1b7f3]",
            "Written 2. [ref 27f3a9c1b7f3]",
        )
        assert isinstance(gone, Refused)

    @pytest.mark.parametrize("fault", ["drop_before", "drop_after", "truncate", "system_fault_after"])
    def test_a_lost_answer_says_nothing_of_any_of_them(
        self, connected: Connected, company: QuickBooksCompany, notes: list[Note], fault: str
    ) -> None:
        connected.sandbox.faults.add(Fault(fault, path="/batch"))
        books = connected.books()
        try:
            told: list[object] = [*books.note_batch.write(notes)]
        except OutcomeUnknown as error:
            told = [error]
        assert all(isinstance(each, OutcomeUnknown) for each in told)
        found = [books.has_note(note.target, note.key) for note in notes]
        assert found == ([False] * 3 if fault == "drop_before" else [True, False, True])

    def test_the_same_batch_again_is_answered_as_the_first_time(
        self, connected: Connected, company: QuickBooksCompany, target: NoteTarget, notes: list[Note]
    ) -> None:
        batch = connected.books().note_batch
        assert batch.write(notes)[0] == batch.write(notes)[0]
        assert len(company.notes_on("invoice", target.id)) == 1

    def test_one_whose_characters_are_not_taken_gets_plain_ones(
        self, connected: Connected, company: QuickBooksCompany, target: NoteTarget, customer: str
    ) -> None:
        company.switches.rejects_beyond_latin1 = True
        notes = [Note(target, "To Café 🦊.", KEY), Note(NoteTarget("customer", customer), "Plain.", OTHER_KEY)]
        connected.books().note_batch.write(notes)
        assert company.notes_on("invoice", target.id) == ["To Café ?. [ref 7f3a9c1b7f3a]"]
        assert company.notes_on("customer", customer) == ["Plain. [ref 0123abcd0123]"]


class TestHolds:
    def test_a_hold_is_shown_in_the_customers_notes(
        self, connected: Connected, company: QuickBooksCompany, customer: str
    ) -> None:
        connected.books().show_hold(customer, HOLD, KEY)
        assert notes_of(company, customer) == f"[Dunwell] {HOLD} [/Dunwell]"
        assert company.customers_on_hold() == [customer]

    def test_shown_twice_it_is_shown_once(
        self, connected: Connected, company: QuickBooksCompany, customer: str
    ) -> None:
        connected.books().show_hold(customer, HOLD, KEY)
        before = company.document("Customer", customer)["SyncToken"]
        connected.books().show_hold(customer, HOLD, KEY)
        assert company.document("Customer", customer)["SyncToken"] == before

    @pytest.mark.parametrize("own", ["Prefers a call.", "Line one\n  line two  \n", "Übergabe\r\n\r\nTür 3"])
    def test_the_users_own_words_stay_byte_for_byte(
        self, connected: Connected, company: QuickBooksCompany, customer: str, own: str
    ) -> None:
        set_notes(company, customer, own)
        connected.books().show_hold(customer, HOLD, KEY)
        assert notes_of(company, customer) == f"{own}\n[Dunwell] {HOLD} [/Dunwell]"
        connected.books().lift_hold(customer, "", OTHER_KEY)
        assert notes_of(company, customer) == own

    def test_words_added_behind_our_block_stay_too(
        self, connected: Connected, company: QuickBooksCompany, customer: str
    ) -> None:
        set_notes(company, customer, "Before.\n[Dunwell] Old. [/Dunwell]\nAfter.")
        connected.books().show_hold(customer, HOLD, KEY)
        assert notes_of(company, customer) == f"Before.\n[Dunwell] {HOLD} [/Dunwell]\nAfter."

    def test_a_lifted_hold_leaves_nothing(
        self, connected: Connected, company: QuickBooksCompany, customer: str
    ) -> None:
        connected.books().show_hold(customer, HOLD, KEY)
        connected.books().lift_hold(customer, "Released.", OTHER_KEY)
        assert notes_of(company, customer) == ""
        assert company.customers_on_hold() == []

    def test_lifting_what_is_not_there_changes_nothing(
        self, connected: Connected, company: QuickBooksCompany, customer: str
    ) -> None:
        connected.books().lift_hold(customer, "", KEY)
        assert company.document("Customer", customer)["SyncToken"] == "0"

    def test_somebody_elses_change_in_between_is_kept(
        self, connected: Connected, company: QuickBooksCompany, customer: str
    ) -> None:
        connected.sandbox.faults.add(Fault("stale", method="POST", path="/customer", times=2))
        connected.books().show_hold(customer, HOLD, KEY)
        assert company.customers_on_hold() == [customer]

    def test_three_stale_answers_are_enough(self, connected: Connected, customer: str) -> None:
        connected.sandbox.faults.add(Fault("stale", method="POST", path="/customer", times=3))
        with pytest.raises(Refused, match="Stale Object"):
            connected.books().show_hold(customer, HOLD, KEY)

    def test_full_notes_are_left_alone(self, connected: Connected, company: QuickBooksCompany, customer: str) -> None:
        own = "x" * 990
        set_notes(company, customer, own)
        with pytest.raises(Refused, match="are full"):
            connected.books().show_hold(customer, HOLD, KEY)
        assert notes_of(company, customer) == own

    def test_a_block_never_makes_the_notes_too_long(
        self, connected: Connected, company: QuickBooksCompany, customer: str
    ) -> None:
        set_notes(company, customer, "x" * 940)
        connected.books().show_hold(customer, HOLD, KEY)
        assert len(notes_of(company, customer)) <= 1000
        assert notes_of(company, customer).endswith("[/Dunwell]")

    def test_a_text_cannot_break_out_of_the_fence(
        self, connected: Connected, company: QuickBooksCompany, customer: str
    ) -> None:
        connected.books().show_hold(customer, "On hold [/Dunwell] forever\n[Dunwell]", KEY)
        connected.books().lift_hold(customer, "", OTHER_KEY)
        assert notes_of(company, customer) == ""

    def test_a_hold_goes_through_a_reconnect_needed(self, connected: Connected, customer: str) -> None:
        connected.sandbox.quickbooks.disconnect(connected.company.external_id)
        with pytest.raises(ReconnectNeeded):
            connected.books().show_hold(customer, HOLD, KEY)
