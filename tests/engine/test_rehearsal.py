"""A rehearsal: one invoice that nobody pays, followed up by the same decisions as tonight's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.account import Account, Contact, Invoice, Promise
from engine.books import InvoiceStatus
from engine.policy import Calendar, Credit, Fees, Policy, Step
from engine.policy.presets import PRESETS
from engine.rehearsal import Rehearsal, rehearse
from tests.engine.builder import money

DUE = date(2026, 3, 20)
INVOICE = Invoice(
    id="1",
    number="INV-1",
    status=InvoiceStatus.OPEN,
    issued_on=date(2026, 2, 18),
    due_on=DUE,
    total=money("1200.00 USD"),
    balance=money("1200.00 USD"),
)
ACME = Account(customer_id="C1", name="Acme", emails=("pay@acme.example",), invoices=(INVOICE,))
NEW_ZEALAND = Policy(
    calendar=Calendar(country="NZ", time_zone="Pacific/Auckland"), credit=Credit(is_on=False), base_currency="USD"
)


def played(policy: Policy, account: Account = ACME, invoice: Invoice = INVOICE) -> Rehearsal:
    return rehearse(account, invoice, policy)


def days(rehearsal: Rehearsal) -> list[tuple[int, date, date | None]]:
    return [(rung.step.number, rung.on, rung.act.on if rung.act else None) for rung in rehearsal.rungs]


def test_each_step_tells_its_day_and_the_day_on_which_it_goes_out() -> None:
    """due Friday 20 March: day 50 is Saturday 9 May, so the final notice goes out on Monday 11 May"""
    assert days(played(NEW_ZEALAND))[-2:] == [
        (5, date(2026, 4, 24), date(2026, 4, 24)),
        (6, date(2026, 5, 9), date(2026, 5, 11)),
    ]


def test_a_holiday_moves_a_step() -> None:
    """Friday 3 April 2026 is Good Friday, Monday the 6th Easter Monday"""
    policy = NEW_ZEALAND.model_copy(update={"ladder": (Step(number=1, days=14, template="reminder_1"),)})
    assert days(played(policy)) == [(1, date(2026, 4, 3), date(2026, 4, 7))]


def test_what_people_said_and_did_is_left_out_of_it() -> None:
    invoice = Invoice(**{name: getattr(INVOICE, name) for name in INVOICE.__struct_fields__} | {
        "is_disputed": True, "is_paused": True, "last_step": 4, "promise": Promise(pay_on=date(2026, 6, 1)),
    })  # fmt: skip
    account = Account(
        customer_id="C1",
        name="Acme",
        invoices=(invoice,),
        contacts=(Contact(date(2026, 3, 1), "call"),),
        unapplied=(money("5000.00 USD"),),
        is_paused=True,
        do_not_chase=True,
        opted_out=True,
    )
    assert days(played(NEW_ZEALAND, account, invoice)) == days(played(NEW_ZEALAND))


def test_a_paid_invoice_is_played_with_what_was_billed() -> None:
    paid = Invoice(
        id="2", number="INV-2", status=InvoiceStatus.PAID, issued_on=date(2026, 2, 18), due_on=DUE,
        total=money("80.00 USD"), balance=money("0.00 USD"), settled_on=date(2026, 3, 1),
    )  # fmt: skip
    assert played(NEW_ZEALAND, ACME, paid).rungs[0].act is not None


def test_a_step_whose_condition_does_not_hold_is_passed_over() -> None:
    steps = (Step(number=1, days=5, template="reminder_1", when="invoice.balance >= 5000.0"),)
    assert days(played(NEW_ZEALAND.model_copy(update={"ladder": steps}))) == [(1, date(2026, 3, 25), None)]


def test_a_call_counts_as_made_and_the_ladder_goes_on() -> None:
    """firm: day 21 is a call, the final notices come at 30 and 44"""
    found = {number: out for number, _, out in days(played(PRESETS["firm"]))}
    assert found[5] == date(2026, 4, 10)
    assert found[7] == date(2026, 5, 4)


def test_fees_and_holds_are_told_beside_the_steps() -> None:
    policy = NEW_ZEALAND.model_copy(
        update={
            "credit": Credit(hold_days_overdue=30),
            "fees": Fees(is_on=True, clause="Clause 7", annual_rate=Decimal(12)),
        }
    )
    kinds = [(act.on, act.kind) for act in played(policy).others]
    assert kinds[:2] == [(date(2026, 4, 1), "fee"), (date(2026, 4, 19), "hold")]


def test_a_ladder_without_steps_does_nothing() -> None:
    assert played(NEW_ZEALAND.model_copy(update={"ladder": ()})).rungs == ()
