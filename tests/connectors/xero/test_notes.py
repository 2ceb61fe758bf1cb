"""Notes and holds: seen in Xero, found again, and safe to repeat."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from connectors.errors import OutcomeUnknown, Refused
from connectors.ports import NoteTarget
from sandbox.faults import Fault
from tests.connectors.xero.connected import Connected

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def invoice(connected: Connected, customer: str) -> NoteTarget:
    made = connected.company.add_invoice(
        customer, [("Work", Decimal(100))], issued_on=date(2026, 2, 1), due_on=date(2026, 2, 20)
    )
    return NoteTarget("invoice", made)


def test_a_note_carries_the_mark_of_its_act(connected: Connected, invoice: NoteTarget) -> None:
    books = connected.books()
    assert not books.has_note(invoice, KEY)
    books.write_note(invoice, "Reminder 1 sent to ap@harbour.example", KEY)
    assert books.has_note(invoice, KEY)
    assert not books.has_note(invoice, "f" * 32)
    assert connected.company.notes_on("invoice", invoice.id) == [
        "Reminder 1 sent to ap@harbour.example\n[ref 0123456789ab]"
    ]


def test_a_note_on_nothing_is_refused(connected: Connected) -> None:
    with pytest.raises(Refused, match="no such document"):
        connected.books().write_note(NoteTarget("invoice", "00000000-0000-0000-0000-0000000000ff"), "x", KEY)


def test_a_hold_is_shown_as_a_group_with_a_note_and_lifted_again(connected: Connected, customer: str) -> None:
    connected.books().show_hold(customer, "Credit hold: INV-7 is 61 days overdue", KEY)
    assert connected.company.customers_on_hold() == [customer]
    connected.books().lift_hold(customer, "Released: INV-7 is paid", KEY[::-1])
    assert connected.company.customers_on_hold() == []
    assert connected.company.notes_on("customer", customer) == [
        "Credit hold: INV-7 is 61 days overdue\n[ref 0123456789ab]",
        "Released: INV-7 is paid\n[ref fedcba987654]",
    ]


def test_lifting_what_was_never_held_only_leaves_the_note(connected: Connected, customer: str) -> None:
    connected.books().lift_hold(customer, "Released", KEY)
    assert connected.company.customers_on_hold() == []


def test_two_customers_share_one_group(connected: Connected, customer: str) -> None:
    other = connected.company.add_customer("Tide & Timber")
    connected.books().show_hold(customer, "Held", KEY)
    connected.books().show_hold(other, "Held", KEY[::-1])
    assert sorted(connected.company.customers_on_hold()) == sorted([customer, other])
    assert (
        len(
            [
                path
                for method, path in connected.sandbox.xero.requests_seen
                if method == "PUT" and path.endswith("ContactGroups")
            ]
        )
        == 1
    )


def test_a_group_deleted_under_us_is_made_again(connected: Connected, customer: str) -> None:
    books = connected.books()
    other = connected.company.add_customer("Tide & Timber")
    books.show_hold(other, "Held", KEY)
    connected.post(f"ContactGroups/{connected.group_id()}", {"Status": "DELETED"})
    books.show_hold(customer, "Held", KEY[::-1])
    assert connected.company.customers_on_hold() == [customer]
    connected.post(f"ContactGroups/{connected.group_id()}", {"Status": "DELETED"})
    books.lift_hold(customer, "Released", KEY[::2] * 2)
    assert connected.company.customers_on_hold() == []


@pytest.mark.parametrize("cut", ["/ContactGroups$", "/ContactGroups/[^/]+/Contacts$", "/History$"])
@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_hold_cut_off_anywhere_is_finished_by_doing_it_again(
    connected: Connected, customer: str, cut: str, fault: str
) -> None:
    connected.sandbox.faults.add(Fault(fault, "PUT", cut))
    target = NoteTarget("customer", customer)
    with pytest.raises(OutcomeUnknown):
        connected.books().show_hold(customer, "Held", KEY)
    if not connected.books().has_note(target, KEY):
        connected.books().show_hold(customer, "Held", KEY)
    assert connected.company.customers_on_hold() == [customer]
    assert len(connected.company.notes_on("customer", customer)) == 1
