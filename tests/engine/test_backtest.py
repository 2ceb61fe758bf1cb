"""The backtest: the same decide over recorded history, with what the books knew on each day and nothing more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.backtest import Backtest, Tally, backtest, replay
from engine.books import InvoiceStatus
from engine.carry import carried_out
from engine.decide import decide
from engine.past import Books as PastBooks
from engine.past import Past, Receipt, Use
from engine.policy import Consolidation, Credit, Discount, Fees, Policy
from engine.would import Would
from tests.engine.builder import PLAIN, Books, money

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


class History:
    """One customer's recorded history. Invoices are of 120.00 USD unless told otherwise."""

    def __init__(self) -> None:
        self.books, self.receipts = Books(), list[Receipt]()

    def invoice(self, number: str, *, due: str, issued: str = "2026-01-15", **facts: Any) -> History:
        self.books.has_invoice(number, due=due, issued=issued, **facts)
        return self

    def paid(self, number: str, on: str, *, known: str = "", amount: str = "120.00 USD", **facts: Any) -> History:
        """Paid that day; the books knew on the day `known`, else at once. Today's balance is what is left."""
        use = Use(invoice_id=f"id-{number}", on=day(on), amount=money(amount))
        self.receipts.append(
            Receipt(
                paid_on=day(on), known_on=day(known or on), left=money(facts.pop("left", "0 USD")), uses=(use,), **facts
            )
        )
        account = self.books.account
        invoices = tuple(
            replace(one, balance=one.balance - money(amount)) if one.id == use.invoice_id else one
            for one in account.invoices
        )
        invoices = tuple(one if one.balance else replace(one, status=InvoiceStatus.PAID) for one in invoices)
        self.books.account = replace(account, invoices=invoices)
        return self

    @property
    def past(self) -> Past:
        return Past(account=self.books.account, receipts=tuple(self.receipts))

    def would(self, policy: Policy = PLAIN) -> list[str]:
        """What would have been done in the year, one line each."""
        return [line(one) for one in replay([self.past], policy, *YEAR)]

    def tested(self, policy: Policy = PLAIN) -> Backtest:
        return backtest([[self.past]], policy, *YEAR)


def line(would: Would) -> str:
    step = f", step {would.step}" if would.step else ""
    crossed = ", had paid" if would.had_paid else ""
    return f"{would.on} {would.kind} {' '.join(would.numbers)}".rstrip() + step + crossed


@pytest.fixture
def history() -> History:
    return History()


def test_the_ladder_is_climbed_until_the_day_of_payment(history: History) -> None:
    """policy: steps at 3, 10 and 20 days; paid 15 days late"""
    history.invoice("INV-1", due="2026-03-01").paid("INV-1", "2026-03-16")
    assert history.would() == ["2026-03-04 remind INV-1, step 1", "2026-03-11 remind INV-1, step 2"]


def test_an_invoice_paid_in_time_is_never_mentioned(history: History) -> None:
    history.invoice("INV-1", due="2026-03-01").paid("INV-1", "2026-03-01")
    assert history.would() == []


def test_a_message_that_crossed_with_a_payment_is_told(history: History) -> None:
    """paid on the 3rd, entered on the 6th: the reminder of the 4th would have reached somebody who had paid"""
    history.invoice("INV-1", due="2026-03-01").paid("INV-1", "2026-03-03", known="2026-03-06")
    assert history.would() == ["2026-03-04 remind INV-1, step 1, had paid"]
    assert history.tested().had_paid == 1


def test_a_credit_note_is_not_a_payment_that_crossed(history: History) -> None:
    history.invoice("INV-1", due="2026-03-01").paid("INV-1", "2026-03-03", known="2026-03-06", is_payment=False)
    assert history.would() == ["2026-03-04 remind INV-1, step 1"]


def test_a_part_payment_lowers_what_is_asked_for(history: History) -> None:
    history.invoice("INV-1", due="2026-03-01").paid("INV-1", "2026-03-05", amount="100.00 USD")
    asked = [one.amounts for one in replay([history.past], PLAIN, *YEAR)]
    assert asked == [(money("120.00 USD"),), (money("20.00 USD"),), (money("20.00 USD"),)]


def test_money_waiting_to_be_applied_covers_the_invoice(history: History) -> None:
    """received on 1 March, set against the invoice on the 20th: nothing is due in between"""
    history.invoice("INV-1", due="2026-03-01").paid("INV-1", "2026-03-01")
    [receipt] = history.receipts
    [use] = receipt.uses
    history.receipts = [replace(receipt, uses=(replace(use, on=day("2026-03-20")),))]
    assert history.would() == []


def test_an_invoice_that_no_document_explains_stands_as_it_does_today(history: History) -> None:
    """paid according to the platform, by nothing we have read: better left out than chased in retrospect"""
    history.invoice("INV-1", due="2026-03-01", status=InvoiceStatus.PAID)
    history.books.account = replace(
        history.books.account,
        invoices=tuple(replace(one, balance=money("0 USD")) for one in history.books.account.invoices),
    )
    assert history.would() == []


@pytest.mark.parametrize("status", [InvoiceStatus.DRAFT, InvoiceStatus.VOIDED, InvoiceStatus.DELETED])
def test_what_never_was_a_bill_is_left_out(history: History, status: InvoiceStatus) -> None:
    history.invoice("INV-1", due="2026-03-01", status=status)
    assert history.would() == []


def test_the_first_day_starts_each_invoice_at_its_present_step(history: History) -> None:
    """due in 2025, first looked at on 1 January: one message at step 3, as on a first night"""
    history.invoice("INV-1", issued="2025-11-01", due="2025-12-01").paid("INV-1", "2026-02-01")
    assert history.would() == ["2026-01-01 remind INV-1, step 3"]


def test_a_hold_is_placed_and_lifted_again(history: History) -> None:
    history.invoice("INV-1", due="2026-03-01").paid("INV-1", "2026-05-20")
    policy = PLAIN.model_copy(update={"ladder": (), "credit": Credit(hold_days_overdue=60)})
    assert history.would(policy) == ["2026-04-30 hold", "2026-05-20 release"]


def test_an_offer_is_made_once(history: History) -> None:
    history.invoice("INV-1", issued="2026-03-01", due="2026-03-31").paid("INV-1", "2026-03-31")
    policy = PLAIN.model_copy(update={"ladder": (), "discount": Discount(percent=2, days=10, tell_days_before=4)})
    assert history.would(policy) == ["2026-03-07 discount_offer INV-1"]


def test_a_fee_is_charged_once_for_a_month_of_lateness(history: History) -> None:
    """issued and late within the year, 10.00 flat on the 1st of each month; paid late in April"""
    history.invoice("INV-1", due="2026-03-01").paid("INV-1", "2026-04-20")
    fees = Fees(is_on=True, clause="Clause 7 of our terms", flat=10, as_draft=False)
    policy = PLAIN.model_copy(update={"ladder": (), "fees": fees})
    assert history.would(policy) == ["2026-04-01 fee"]
    assert [one.amounts for one in replay([history.past], policy, *YEAR)] == [(money("10.00 USD"),)]


def test_a_missing_address_is_one_task_in_the_whole_year(history: History) -> None:
    history.invoice("INV-1", due="2026-03-01").invoice("INV-2", due="2026-06-01", issued="2026-05-01")
    history.books.customer(emails=())
    assert history.tested().counts == {"task": 1}


def test_the_year_is_added_up_by_month_day_and_customer(history: History) -> None:
    history.invoice("INV-1", due="2026-03-01").invoice("INV-2", due="2026-03-01").paid("INV-1", "2026-03-08")
    result = history.tested()
    assert (result.customers, result.written_to, result.messages) == (1, 1, 3)
    assert [(month.first_on.month, month.counts) for month in result.months if month.counts] == [(3, {"remind": 3})]
    assert len(result.months) == 12
    assert result.worst_days[0] == (day("2026-03-04"), 1)
    assert result.most_written == (("C-1", "Acme Ltd", 3),)
    assert [line(one) for one in result.samples] == history.would()


@st.composite
def histories(draw: st.DrawFn) -> Past:
    """A few invoices of one customer, each open or paid on some day, some of it entered late."""
    history = History()
    for number in range(draw(st.integers(1, 4))):
        issued = day("2026-01-01") + timedelta(days=draw(st.integers(0, 60)))
        due = issued + timedelta(days=draw(st.integers(0, 30)))
        history.invoice(f"INV-{number}", issued=issued.isoformat(), due=due.isoformat())
        if draw(st.booleans()):
            paid = issued + timedelta(days=draw(st.integers(0, 70)))
            known = paid + timedelta(days=draw(st.integers(0, 5)))
            amount = draw(st.sampled_from(["120.00 USD", "50.00 USD"]))
            history.paid(f"INV-{number}", paid.isoformat(), known=known.isoformat(), amount=amount)
    return history.past


@given(histories())
def test_skipping_quiet_days_changes_nothing(past: Past) -> None:
    """`replay` against the plainest way: every single day decided and carried out."""
    first, last = date(2026, 1, 1), date(2026, 6, 30)
    policy = Policy(base_currency="USD")
    books, plain = PastBooks(past, first), []
    for offset in range((last - first).days + 1):
        today = first + timedelta(days=offset)
        plan = decide(books.advance(today), policy, today)
        plain += [(today, action.reason.sentence) for action in plan.actions]
        books.became(carried_out(books.account, plan))
    assert [(one.on, one.reason) for one in replay([past], policy, first, last)] == plain


@given(st.lists(histories(), max_size=3))
def test_the_order_of_customers_does_not_matter(pasts: list[Past]) -> None:
    tallies = [Tally(PLAIN, *YEAR), Tally(PLAIN, *YEAR)]
    for past, other in zip(pasts, reversed(pasts), strict=True):
        tallies[0].add([past])
        tallies[1].add([other])
    forth, back = (tally.result() for tally in tallies)
    assert (forth.counts, forth.months, forth.had_paid) == (back.counts, back.months, back.had_paid)


def test_the_last_cent_of_unmatched_money_is_there_until_it_is_used() -> None:
    """121.00 came on 2 February and 119.99 of it were used at once; the rest on 1 March."""
    history = History().invoice("INV-7", due="2026-02-28").invoice("INV-8", due="2026-02-28")
    uses = (
        Use(invoice_id="id-INV-7", on=day("2026-02-02"), amount=money("119.99 USD")),
        Use(invoice_id="id-INV-8", on=day("2026-03-01"), amount=money("0.01 USD")),
    )
    history.receipts.append(
        Receipt(paid_on=day("2026-02-02"), known_on=day("2026-02-02"), left=money("0 USD"), uses=uses)
    )
    books = PastBooks(history.past, day("2026-01-01"))
    assert [str(one) for one in books.advance(day("2026-02-10")).unapplied] == ["0.01 USD"]
    assert books.advance(day("2026-03-02")).unapplied == ()


def test_an_invoice_that_was_settled_is_part_of_the_customers_habits_from_that_day() -> None:
    history = History().invoice("INV-7", due="2026-02-28").paid("INV-7", "2026-03-10")
    books = PastBooks(history.past, day("2026-01-01"))
    assert books.advance(day("2026-03-09")).history == ()
    [settled] = books.advance(day("2026-03-10")).history
    assert (settled.issued_on, settled.due_on, settled.settled_on, settled.total) == (
        day("2026-01-15"),
        day("2026-02-28"),
        day("2026-03-10"),
        money("120.00 USD"),
    )
    assert [one.status for one in books.account.invoices] == [InvoiceStatus.PAID]
    assert books.advance(day("2026-12-31")).invoices == ()


def test_the_past_knows_of_no_word_that_was_said_since() -> None:
    books = Books().has_invoice("INV-7", due="2026-02-28", is_paused=True, is_unread=True, last_step=3)
    books.customer(is_paused=True, returned_payments=2).has_money("50.00 USD")
    account = PastBooks(Past(account=books.account), day("2026-01-01")).advance(day("2026-03-10"))
    [invoice] = account.invoices
    assert (account.is_paused, account.returned_payments, account.unapplied) == (False, 0, ())
    assert (invoice.is_paused, invoice.is_unread, invoice.last_step) == (False, False, 0)


def _billed_together(*, by: str) -> tuple[list[Past], Policy]:
    """Acme owes INV-1, its branch INV-2; both are due on 1 March, and the branch pays on the 8th."""
    parent, branch = History().invoice("INV-1", due="2026-03-01"), History().invoice("INV-2", due="2026-03-01")
    branch.paid("INV-2", "2026-03-08")
    branch.books.customer(customer_id="C-2", name="Acme Pier")
    policy = PLAIN.model_copy(update={"consolidation": Consolidation.model_validate({"by": by})})
    return [parent.past, branch.past], policy


def test_a_family_is_written_to_once_as_on_a_night() -> None:
    family, policy = _billed_together(by="parent")
    assert [line(one) for one in replay(family, policy, *YEAR)] == [
        "2026-03-04 remind INV-1 INV-2, step 1",
        "2026-03-11 remind INV-1, step 2",
        "2026-03-21 remind INV-1, step 3",
    ]
    result = backtest([family], policy, *YEAR)
    assert (result.customers, result.written_to, result.messages) == (2, 1, 3)


def test_written_to_each_alone_it_is_two_messages() -> None:
    family, policy = _billed_together(by="customer")
    assert backtest([[past] for past in family], policy, *YEAR).messages == 4


def test_a_message_to_the_parent_crosses_with_the_payment_of_its_branch() -> None:
    family, policy = _billed_together(by="parent")
    late = replace(family[1].receipts[0], paid_on=day("2026-03-03"), known_on=day("2026-03-06"))
    [first, *_] = replay([family[0], replace(family[1], receipts=(late,))], policy, *YEAR)
    assert first.had_paid
