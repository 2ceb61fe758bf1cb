"""What holds of every late fee, for every account, every policy and every day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.account import Account, Invoice
from engine.books import InvoiceStatus
from engine.decide import decide
from engine.interest import principal_on
from engine.plan import ChargeFee, Plan
from engine.policy import Policy
from tests.engine.simulate import days_of_plans
from tests.engine.strategies import TODAY, accounts, policies

thoroughly = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
days = st.integers(min_value=0, max_value=40).map(lambda offset: TODAY + timedelta(days=offset))


def _fees(plan: Plan) -> list[ChargeFee]:
    return [action for action in plan.actions if isinstance(action, ChargeFee)]


@thoroughly
@given(accounts(), policies(), days)
def test_a_fee_rests_on_money_that_is_certainly_owed_or_was(account: Account, policy: Policy, today: date) -> None:
    invoices = {invoice.id: invoice for invoice in account.invoices}
    for fee in _fees(decide(account, policy, today)):
        assert not account.is_fee_exempt
        assert not account.do_not_chase
        for invoice_id in fee.invoice_ids:
            assert _may_bear_a_fee(invoices[invoice_id], today)


def _may_bear_a_fee(invoice: Invoice, today: date) -> bool:
    is_promised = invoice.promise is not None and invoice.promise.pay_on >= today
    is_paused = invoice.is_paused and (invoice.paused_until_on is None or invoice.paused_until_on >= today)
    is_open = invoice.status is InvoiceStatus.OPEN
    return (
        invoice.status in {InvoiceStatus.OPEN, InvoiceStatus.PAID}
        and invoice.due_on < today
        and not (invoice.is_ours or invoice.is_disputed or invoice.drift)
        and not (is_open and (is_promised or is_paused))
    )


@thoroughly
@given(accounts(), policies(), days)
def test_a_fee_is_the_sum_of_its_lines(account: Account, policy: Policy, today: date) -> None:
    for fee in _fees(decide(account, policy, today)):
        assert sum(line.amount.minor for line in fee.lines) == fee.amount.minor > 0
        assert {line.invoice_id for line in fee.lines} == set(fee.invoice_ids)
        assert fee.clause
        assert fee.due_on >= fee.dated_on == today


@settings(thoroughly, max_examples=40)
@given(accounts(), policies())
def test_all_charges_on_an_invoice_stay_below_every_cap(account: Account, policy: Policy) -> None:
    """Over ten weeks and with what came before: the policy's share, and 18 % a year in the United States."""
    charged: dict[str, int] = {}
    for fee in account.fees:
        charged[fee.invoice_id] = charged.get(fee.invoice_id, 0) + fee.fixed.minor + fee.interest.minor
    invoices = {invoice.id: invoice for invoice in account.invoices}
    for _, plan in days_of_plans(account, policy, TODAY, TODAY + timedelta(days=70)):
        for fee in _fees(plan):
            for line in fee.lines:
                charged[line.invoice_id] = charged.get(line.invoice_id, 0) + line.amount.minor
            for invoice_id in fee.invoice_ids:
                invoice = invoices[invoice_id]
                owed_late = principal_on(invoice, invoice.due_on + timedelta(days=1), policy.fees.grace_days)
                if policy.fees.cap_percent is not None:
                    assert charged[invoice_id] <= owed_late.percent(policy.fees.cap_percent).minor
                if policy.fees.law == "US":
                    late_days = (fee.through_on - invoice.due_on).days
                    assert charged[invoice_id] <= owed_late.minor * 18 * late_days / 36500 + 1


@settings(thoroughly, max_examples=40)
@given(accounts(), policies())
def test_a_customer_is_charged_once_a_month_and_currency(account: Account, policy: Policy) -> None:
    seen: set[tuple[date, str]] = set()
    for _, plan in days_of_plans(account, policy, TODAY, TODAY + timedelta(days=70)):
        for fee in _fees(plan):
            assert (fee.through_on, fee.amount.currency) not in seen
            seen.add((fee.through_on, fee.amount.currency))


@settings(thoroughly, max_examples=30)
@given(accounts(), policies())
def test_charging_only_on_the_days_to_look_again_charges_the_same(account: Account, policy: Policy) -> None:
    last = TODAY + timedelta(days=70)
    daily = [(plan.on, _fees(plan)) for _, plan in days_of_plans(account, policy, TODAY, last) if _fees(plan)]
    sparse: list[tuple[date, list[ChargeFee]]] = []
    looks = {TODAY}
    for before, plan in days_of_plans(account, policy, TODAY, last):
        if plan.on in looks:
            looks.add(decide(before, policy, plan.on).look_again_on or date.max)
            sparse += [(plan.on, _fees(plan))] if _fees(plan) else []
    assert [on for on, _ in sparse] == [on for on, _ in daily]
