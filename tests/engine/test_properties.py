"""What holds for every account, every policy and every day, however ugly."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine import guards, reasons
from engine.account import Account, Invoice
from engine.books import InvoiceStatus
from engine.decide import decide
from engine.plan import AskPerson, InvoiceDue, Message, OfferDiscount, PlaceHold, Plan, SendReminder, SendStatement
from engine.policy import Policy
from engine.rules import rules_of
from engine.would import kind_of
from tests.engine.simulate import carried_out, days_of_plans
from tests.engine.strategies import TODAY, accounts, policies

thoroughly = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
days = st.integers(min_value=0, max_value=40).map(lambda offset: TODAY + timedelta(days=offset))


def _named(plan: Plan) -> list[InvoiceDue]:
    """Every invoice that some message of the plan names."""
    found: list[InvoiceDue] = []
    for action in plan.actions:
        if isinstance(action, SendReminder | SendStatement):
            found += action.invoices
        if isinstance(action, OfferDiscount):
            found.append(action.invoice)
    return found


def _messages(plan: Plan) -> list[Message]:
    return [action for action in plan.actions if isinstance(action, Message)]


def _asked(plan: Plan) -> set[str]:
    return {action.kind for action in plan.actions if isinstance(action, AskPerson)}


@thoroughly
@given(accounts(), policies(), days)
def test_every_open_invoice_has_exactly_one_decision(account: Account, policy: Policy, today: date) -> None:
    plan = decide(account, policy, today)
    decided = [decision.invoice_id for decision in plan.decisions if decision.invoice_id is not None]
    assert decided == [invoice.id for invoice in account.invoices if invoice.status is not InvoiceStatus.PAID]


@thoroughly
@given(accounts(), policies(), days)
def test_every_decision_gives_a_known_rule_and_a_sentence(account: Account, policy: Policy, today: date) -> None:
    for decision in decide(account, policy, today).decisions:
        assert decision.reason.rule in reasons.RULES
        assert decision.reason.sentence.endswith(".")


@thoroughly
@given(accounts(), policies(), days)
def test_deciding_is_a_function(account: Account, policy: Policy, today: date) -> None:
    """The same account in equal but separate objects, with the policy read back from its own YAML."""
    again = Policy.from_yaml(policy.to_yaml())
    assert decide(account, policy, today) == decide(replace(account), again, today)


@thoroughly
@given(accounts(), policies(), days, st.randoms(use_true_random=False))
def test_the_order_of_the_books_does_not_matter(account: Account, policy: Policy, today: date, chance: object) -> None:
    shuffled = list(account.invoices)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis types its Random as object
    other = decide(replace(account, invoices=tuple(shuffled)), policy, today)
    plan = decide(account, policy, today)
    assert other.actions == plan.actions
    assert other.look_again_on == plan.look_again_on


@thoroughly
@given(accounts(), policies(), days)
def test_no_message_for_money_that_is_not_owed(account: Account, policy: Policy, today: date) -> None:
    named = {due.invoice_id for due in _named(decide(account, policy, today))}
    if account.do_not_chase or account.opted_out or not account.is_active or guards.is_customer_paused(account, today):
        assert not named
    for invoice in account.invoices:
        if invoice.id in named:
            assert _may_be_asked_for(invoice, today)


def _may_be_asked_for(invoice: Invoice, today: date) -> bool:
    """Invariant 1, said again without the engine's own words."""
    is_promised = invoice.promise is not None and invoice.promise.pay_on >= today
    is_paused = invoice.is_paused and (invoice.paused_until_on is None or invoice.paused_until_on >= today)
    return (
        invoice.status is InvoiceStatus.OPEN
        and invoice.balance.minor > 0
        and not (invoice.is_disputed or invoice.is_ours or is_promised or is_paused)
    )


@thoroughly
@given(accounts(), policies(), days)
def test_money_at_hand_is_never_asked_for_a_second_time(account: Account, policy: Policy, today: date) -> None:
    """Nothing named fits into what the covered invoices leave of the unapplied money."""
    plan = decide(account, policy, today)
    balances = {invoice.id: invoice.balance for invoice in account.invoices}
    spare: dict[str, int] = {}
    for amount in account.unapplied:
        spare[amount.currency] = spare.get(amount.currency, 0) + max(0, amount.minor)
    for decision in plan.decisions:
        if decision.invoice_id is not None and decision.reason.rule == "covered":
            balance = balances[decision.invoice_id]
            spare[balance.currency] -= balance.minor
    assert all(left >= 0 for left in spare.values())
    for due in _named(plan):
        assert due.balance.minor > spare.get(due.balance.currency, 0)


@thoroughly
@given(accounts(), policies(), days)
def test_a_hold_is_placed_for_owed_money_only(account: Account, policy: Policy, today: date) -> None:
    if account.credit.is_manual:
        return  # a person needs no owed money to say so
    if any(isinstance(action, PlaceHold) for action in decide(account, policy, today).actions):
        assert any(
            invoice.status is InvoiceStatus.OPEN and invoice.balance.minor > 0 and not invoice.is_disputed
            for invoice in account.invoices
        )


@thoroughly
@given(accounts(), policies(), days)
def test_planning_twice_plans_nothing_new(account: Account, policy: Policy, today: date) -> None:
    plan = decide(account, policy, today)
    again = decide(carried_out(account, plan), policy, today)
    assert not [action for action in again.actions if not isinstance(action, AskPerson)]
    assert _asked(again) <= _asked(plan)


@settings(thoroughly, max_examples=40)
@given(accounts(), policies(), days)
def test_nothing_happens_before_the_day_to_look_again(account: Account, policy: Policy, today: date) -> None:
    """With the day's acts carried out and nothing new read, every day up to it plans nothing new: ten weeks at most."""
    plan = decide(account, policy, today)
    after = carried_out(account, plan)
    horizon = today + timedelta(days=70)
    last = horizon if plan.look_again_on is None else min(horizon, plan.look_again_on - timedelta(days=1))
    assert plan.look_again_on is None or plan.look_again_on > today
    for offset in range(1, (last - today).days + 1):
        later = decide(after, policy, today + timedelta(days=offset))
        assert not [action for action in later.actions if not isinstance(action, AskPerson)], later.on
        assert _asked(later) <= _asked(plan), later.on


@settings(thoroughly, max_examples=40)
@given(accounts(), policies())
def test_looking_only_when_told_misses_nothing(account: Account, policy: Policy) -> None:
    """Ten weeks decided daily, and decided on the days to look again only: the same messages on the same days."""
    last = TODAY + timedelta(days=70)
    daily = [(plan.on, _messages(plan)) for _, plan in days_of_plans(account, policy, TODAY, last) if _messages(plan)]
    sparse = []
    today: date | None = TODAY
    while today is not None and today <= last:
        plan = decide(account, policy, today)
        if _messages(plan):
            sparse.append((today, _messages(plan)))
        account = carried_out(account, plan)
        today = plan.look_again_on
    assert sparse == daily


@settings(thoroughly, max_examples=40)
@given(accounts(), policies())
def test_the_contact_budget_is_never_exceeded(account: Account, policy: Policy) -> None:
    """Over ten weeks, counting what went out before them; and only on working days."""
    sent: list[date] = []
    for before, plan in days_of_plans(account, policy, TODAY, TODAY + timedelta(days=70)):
        messages = _messages(plan)
        assert len(messages) <= 1
        if not messages:
            continue
        window = plan.on - timedelta(days=policy.budget.per_days)
        assert sum(contact.on > window for contact in before.contacts) < policy.budget.messages
        assert all((plan.on - contact.on).days >= policy.budget.minimum_gap_days for contact in before.contacts)
        assert rules_of(policy).working.includes(plan.on)
        assert account.emails
        sent.append(plan.on)
    assert len(sent) == len(set(sent))


@settings(thoroughly, max_examples=40)
@given(accounts(), policies())
def test_no_step_is_sent_twice_and_steps_only_climb(account: Account, policy: Policy) -> None:
    last = {invoice.id: invoice.last_step for invoice in account.invoices}
    for _, plan in days_of_plans(account, policy, TODAY, TODAY + timedelta(days=70)):
        for due in _named(plan):
            if due.step:
                assert due.step > last[due.invoice_id]
                last[due.invoice_id] = due.step


@thoroughly
@given(accounts(), policies(), days)
def test_every_act_is_about_its_customer_and_explained_by_a_decision(
    account: Account, policy: Policy, today: date
) -> None:
    plan = decide(account, policy, today)
    told = [(decision.outcome, decision.reason) for decision in plan.decisions]
    for action in plan.actions:
        assert action.customer_id == account.customer_id
        if not isinstance(action, AskPerson):
            assert (kind_of(action), action.reason) in told
