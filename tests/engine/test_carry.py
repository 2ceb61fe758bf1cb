"""What a plan leaves behind in the account, act by act: the next day's decision rests on it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.account import Account, Contact
from engine.books import InvoiceStatus
from engine.carry import carried_out, carried_out_together
from engine.family import decide_family
from engine.policy import Consolidation
from tests.engine.builder import Books, money, received


def after(books: Books, on: str) -> Account:
    return carried_out(books.account, books.decided(on))


def told(account: Account) -> list[tuple[str, str]]:
    return [(str(contact.on), contact.kind) for contact in account.contacts]


@pytest.fixture
def overdue(books: Books) -> Books:
    """INV-7 at its second step; INV-8 not due yet."""
    return books.has_invoice("INV-7", due="2026-03-01").has_invoice("INV-8", due="2026-04-30")


def test_a_reminder_moves_the_invoices_it_is_about_and_no_others(overdue: Books) -> None:
    account = after(overdue, "2026-03-12")
    assert [(one.last_step, one.last_contact_on) for one in account.invoices] == [(2, date(2026, 3, 12)), (0, None)]
    assert told(account) == [("2026-03-12", "remind")]


def test_an_offer_is_remembered_with_its_terms(books: Books) -> None:
    books.discount(percent=Decimal(2), days=10, tell_days_before=4)
    books.has_invoice("INV-7", issued="2026-03-01", due="2026-03-31", balance="1000.00 USD")
    account = after(books, "2026-03-09")
    [invoice] = account.invoices
    assert (invoice.discount_offered, invoice.offered_percent, invoice.offered_until_on) == (
        True,
        Decimal(2),
        date(2026, 3, 11),
    )
    assert told(account) == [("2026-03-09", "discount_offer")]


def test_a_statement_and_thanks_are_contacts(books: Books) -> None:
    books.ladder().statements(day_of_month=10).has_invoice("INV-8", due="2026-04-30")
    assert told(after(books, "2026-03-10")) == [("2026-03-10", "statement")]
    books.thanks().has_invoice(
        "INV-7",
        due="2026-03-01",
        status=InvoiceStatus.PAID,
        last_step=1,
        settled_on=date(2026, 3, 11),
        payments=received("2026-03-11 120.00 USD"),
    )
    assert told(after(books, "2026-03-12")) == [("2026-03-12", "thank_you")]


def test_a_delivered_invoice_is_sent(books: Books) -> None:
    books.delivery(unsent="send", only_if_usual=False)
    books.has_invoice("INV-7", due="2026-03-31", is_sent=False).has_invoice("INV-8", due="2026-03-31", is_sent=True)
    account = after(books, "2026-03-02")
    assert [one.is_sent for one in account.invoices] == [True, True]
    assert account.contacts == ()


def test_a_hold_and_its_release_are_shown_one_after_the_other(overdue: Books) -> None:
    overdue.credit(is_on=True, hold_days_overdue=10)
    held = after(overdue, "2026-03-12").credit
    assert (held.is_on_hold, held.hold_since_on, held.shown_since_on, held.times_shown) == (
        True,
        date(2026, 3, 12),
        date(2026, 3, 12),
        1,
    )
    lifted = Books()
    lifted.rules, lifted.account = overdue.rules, lifted.customer(credit=held).account
    free = after(lifted, "2026-03-13").credit
    assert (free.is_on_hold, free.hold_since_on, free.shown_since_on, free.times_shown) == (False, None, None, 2)


def test_a_discount_that_is_credited_settles_its_invoice_alone(books: Books) -> None:
    books.discount(credit_taken=True)
    own = {"discount_percent": Decimal(2), "discount_days": 10}
    books.has_invoice(
        "INV-7",
        issued="2026-03-01",
        due="2026-03-31",
        balance="20.00 USD",
        payments=received("2026-03-11 980.00 USD"),
        **own,
    )
    books.has_invoice("INV-8", issued="2026-03-01", due="2026-03-31")
    paid, other = after(books, "2026-03-12").invoices
    assert (paid.status, paid.balance) == (InvoiceStatus.PAID, money("0.00 USD"))
    assert (other.status, other.balance) == (InvoiceStatus.OPEN, money("120.00 USD"))


def test_a_fee_is_remembered_invoice_by_invoice_flat_and_interest_apart(books: Books) -> None:
    books.fees(annual_rate=Decimal(12), flat=Decimal(5))
    books.has_invoice("INV-7", due="2026-03-01", balance="1000.00 USD")
    books.has_invoice("INV-8", due="2026-03-11", balance="1000.00 USD")
    charged = {fee.invoice_id: fee for fee in after(books, "2026-04-01").fees}
    assert {name: (str(fee.fixed), str(fee.interest)) for name, fee in charged.items()} == {
        "id-INV-7": ("5.00 USD", "10.19 USD"),
        "id-INV-8": ("5.00 USD", "6.90 USD"),
    }
    assert {fee.through_on for fee in charged.values()} == {date(2026, 4, 1)}


def test_what_was_there_stays(overdue: Books) -> None:
    overdue.was_contacted("2026-01-05", kind="call")
    assert after(overdue, "2026-03-12").contacts[0] == Contact(date(2026, 1, 5), "call")


def test_a_message_to_the_parent_is_a_contact_of_the_branch_whose_step_it_takes() -> None:
    """The Mall branch is only named in it: it had no step due, and has heard nothing."""
    books = Books().has_invoice("INV-1", due="2026-03-01")
    pier = Books().customer(customer_id="C-2", name="Acme Pier").has_invoice("INV-2", due="2026-03-01")
    mall = Books().customer(customer_id="C-3", name="Acme Mall")
    mall.has_invoice("INV-3", due="2026-02-28", last_step=1, last_contact_on=date(2026, 3, 3))
    policy = books.rules.model_copy(update={"consolidation": Consolidation(by="parent")})
    family = [books.account, pier.account, mall.account]
    parent, branch, named = carried_out_together(family, decide_family(family, policy, date(2026, 3, 4)))
    assert [told(each) for each in (parent, branch, named)] == [[("2026-03-04", "remind")]] * 2 + [[]]
    assert [each.invoices[0].last_step for each in (parent, branch, named)] == [1, 1, 1]
