"""Every checker can fail: each is shown what it must not let pass, beside what it must."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.plan import Plan
from sandbox.company import OpenInvoice
from tests.simulation import invariants
from tests.simulation.evidence import Message, Sight, Standing, numbers_in, step_of

WEDNESDAY = datetime.fromisoformat("2026-03-04T10:30:00+00:00")
BILL = Standing("INV-7", date(2026, 2, 20), Decimal(120))
MAIL = Message("k1", "Quayside", "Larkspur", ("ap@larkspur.example",), WEDNESDAY, 3, (BILL,), owed_so_far=Decimal(120))
OPEN = OpenInvoice("7", "INV-7", "c1", date(2026, 1, 20), date(2026, 2, 20), Decimal(120), Decimal(120))
SIGHT = Sight("Quayside", date(2026, 3, 4), {"7": OPEN}, {"7": Decimal(120)}, {"7": "Due."}, {"invoice 7": ["a" * 12]})


def test_a_mail_about_money_that_is_owed_passes() -> None:
    assert invariants.owed([MAIL]) == []


@pytest.mark.parametrize(
    ("what", "about"),
    [
        ("nothing is owed", replace(BILL, balance=Decimal(0))),
        ("nothing is owed", replace(BILL, is_open=False)),
        ("is disputed", replace(BILL, is_disputed=True)),
        ("promised for", replace(BILL, promised_on=WEDNESDAY.date())),
    ],
)
def test_a_mail_about_money_that_is_not_owed_is_found(what: str, about: Standing) -> None:
    assert what in "".join(invariants.owed([replace(MAIL, invoices=(about,))]))


def test_a_mail_the_day_after_a_promise_passes() -> None:
    broken = replace(BILL, promised_on=WEDNESDAY.date() - timedelta(days=1))
    assert invariants.owed([replace(MAIL, invoices=(broken,))]) == []


def test_money_that_pays_an_older_invoice_covers_no_newer_one() -> None:
    """INV-7 120.00, an older one 100.00; 120.00 not matched yet"""
    assert invariants.owed([replace(MAIL, unapplied=Decimal(120), owed_so_far=Decimal(220))]) == []


@pytest.mark.parametrize(
    "mail",
    [
        replace(MAIL, unapplied=Decimal(120)),
        replace(MAIL, is_silenced=True),
        replace(MAIL, invoices=()),
    ],
    ids=["covered", "silenced", "about nothing"],
)
def test_a_mail_that_nobody_should_get_is_found(mail: Message) -> None:
    assert len(invariants.owed([mail])) == 1


def test_the_same_message_twice_is_found() -> None:
    later = replace(MAIL, local_at=WEDNESDAY + timedelta(days=8))
    assert "went out 2 times" in invariants.once([MAIL, later])[0]


def test_one_step_of_one_invoice_under_two_keys_is_found() -> None:
    assert "step 3 2 times" in invariants.once([MAIL, replace(MAIL, key="k2")])[0]


def test_a_step_again_for_another_invoice_passes() -> None:
    """the second mail takes INV-8 to step 3 and mentions INV-7 once more"""
    both = (BILL, replace(BILL, number="INV-8"))
    assert invariants.once([MAIL, replace(MAIL, key="k2", invoices=both)]) == []
    assert invariants.once([replace(MAIL, invoices=both), replace(MAIL, key="k2")]) == []


def test_three_mails_at_one_step_for_two_invoices_are_found() -> None:
    both = (BILL, replace(BILL, number="INV-8"))
    mails = [replace(MAIL, key=key, invoices=both) for key in ("k1", "k2", "k3")]
    assert invariants.once(mails[:2]) == []
    assert len(invariants.once(mails)) == 1


def test_a_note_twice_is_found() -> None:
    assert invariants.noted_once(SIGHT) == []
    assert len(invariants.noted_once(replace(SIGHT, notes={"invoice 7": ["a" * 12, "a" * 12]}))) == 1


def test_a_step_that_never_went_out_is_found_after_two_weeks() -> None:
    """due 20 February, step 2 on the 23rd: missed on 9 March"""
    since = date(2026, 2, 1)
    early, late = replace(SIGHT, today=date(2026, 3, 8)), replace(SIGHT, today=date(2026, 3, 9))
    assert invariants.lost(early, {}, since, {}) == []
    assert len(invariants.lost(late, {}, since, {})) == 1
    assert invariants.lost(late, {"INV-7": MAIL.local_at.date()}, since, {}) == []
    assert invariants.lost(late, {}, since, {"INV-7": "disputed"}) == []
    assert invariants.lost(late, {}, date(2026, 3, 1), {}) == []


def test_a_mail_to_another_companys_customer_is_found() -> None:
    own = {"Quayside": frozenset({"ap@larkspur.example"}), "Pennine": frozenset({"ap@calder.example"})}
    assert invariants.apart([MAIL], own) == []
    assert len(invariants.apart([replace(MAIL, recipients=("ap@calder.example",))], own)) == 1
    assert len(invariants.apart([replace(MAIL, company="")], own)) == 1
    assert len(invariants.apart([replace(MAIL, invoices=(replace(BILL, number="unknown INV-7"),))], own)) == 1


@pytest.mark.parametrize("ours", [{"7": Decimal("119.99")}, {}, {"7": Decimal(120), "8": Decimal(1)}])
def test_a_cent_too_little_or_too_much_is_found(ours: dict[str, Decimal]) -> None:
    assert invariants.to_the_cent(SIGHT, frozenset()) == []
    assert len(invariants.to_the_cent(replace(SIGHT, our_balances=ours), frozenset())) == 1


def test_a_record_that_was_set_aside_is_told_elsewhere() -> None:
    assert invariants.to_the_cent(replace(SIGHT, our_balances={}), frozenset({"7"})) == []


def test_another_answer_the_second_time_is_found() -> None:
    plan = Plan(customer_id="c1", on=date(2026, 3, 4))
    other = Plan(customer_id="c1", on=date(2026, 3, 4), look_again_on=date(2026, 3, 5))
    assert invariants.the_same_answer(plan, plan, frozenset(), [], is_due=False) == []
    assert len(invariants.the_same_answer(plan, other, frozenset(), [], is_due=False)) == 1


def test_something_new_before_the_day_to_look_again_is_found() -> None:
    plan = Plan(customer_id="c1", on=date(2026, 3, 4))
    assert invariants.the_same_answer(plan, plan, frozenset({"k1"}), ["k1"], is_due=False) == []
    assert invariants.the_same_answer(plan, plan, frozenset(), ["k1"], is_due=True) == []
    assert len(invariants.the_same_answer(plan, plan, frozenset(), ["k1"], is_due=False)) == 1


def test_an_invoice_made_over_there_is_found() -> None:
    assert invariants.nothing_made([("POST", "/quickbooks/v3/company/1/attachable"), ("GET", "/x/Invoices")]) == []
    assert invariants.nothing_made([("PUT", "/xero/api.xro/2.0/Invoices/1/History")]) == []
    assert len(invariants.nothing_made([("PUT", "/xero/api.xro/2.0/Invoices")])) == 1
    assert len(invariants.nothing_made([("POST", "/quickbooks/v3/company/1/invoice")])) == 1


@pytest.mark.parametrize("hours", [-2, 7, 24 * 3])
def test_a_mail_at_night_or_on_a_saturday_is_found(hours: int) -> None:
    assert invariants.at_a_decent_hour([MAIL]) == []
    assert len(invariants.at_a_decent_hour([replace(MAIL, local_at=WEDNESDAY + timedelta(hours=hours))])) == 1


def test_too_many_mails_are_found() -> None:
    def on(days: int) -> Message:
        return replace(MAIL, local_at=WEDNESDAY + timedelta(days=days))

    assert invariants.at_a_decent_hour([on(0), on(5), on(8)]) == []
    assert len(invariants.at_a_decent_hour([on(0), on(2)])) == 1
    assert "within a week" in "".join(invariants.at_a_decent_hour([on(-1), on(1), on(5)]))


def test_an_invoice_without_a_reason_is_found() -> None:
    untold = replace(SIGHT, reasons={"7": ""})
    assert invariants.explained(SIGHT, frozenset()) == []
    assert len(invariants.explained(untold, frozenset({"8"}))) == 1
    assert invariants.explained(untold, frozenset({"7"})) == []


def test_a_forgotten_company_and_an_unforeseen_error_are_found() -> None:
    assert invariants.goes_on({"Quayside": (6, "")}) == []
    assert len(invariants.goes_on({"Quayside": (25, ""), "Pennine": (1, "something unexpected went wrong")})) == 2


def test_a_subject_is_read_as_its_step() -> None:
    assert [step_of(each) for each in ("Invoice 7 is still open", "Final reminder: invoice 7")] == [3, 6]
    with pytest.raises(LookupError):
        step_of("Season's greetings")


def test_the_invoices_of_a_mail_are_read_from_its_table() -> None:
    rule = "-" * 40
    text = f"Hello\n\nInvoice   Due date\n{rule}\nINV-0001  1 March\nINV-0002  2 March\n{rule}\nTotal  £3\n"
    assert numbers_in(text) == ("INV-0001", "INV-0002")
