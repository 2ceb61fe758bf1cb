"""What holds for every family of customers, every policy and every day, however ugly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.account import Account
from engine.books import InvoiceStatus
from engine.family import decide_family
from engine.guards import silence_about
from engine.plan import AskPerson, Plan
from engine.policy import Consolidation, Policy
from engine.rules import rules_of
from tests.engine.simulate import carried_out
from tests.engine.strategies import accounts, policies
from tests.engine.test_properties import _may_be_asked_for, _messages, _named, days, thoroughly

TOGETHER = Consolidation(by="parent")


@st.composite
def families(draw: st.DrawFn) -> list[Account]:
    """A parent and up to two sub-customers; every invoice has an id of its own."""
    found = draw(st.lists(accounts(), min_size=2, max_size=3))
    return [
        replace(
            account,
            customer_id=f"C{number}",
            invoices=tuple(replace(invoice, id=f"{number} {invoice.id}") for invoice in account.invoices),
        )
        for number, account in enumerate(found)
    ]


together = policies().map(lambda policy: policy.model_copy(update={"consolidation": TOGETHER}))


def _with_parent(family: Sequence[Account], policy: Policy) -> list[Account]:
    rules = rules_of(policy)
    return [account for account in family if rules.for_account(account) is rules.for_account(family[0])]


@settings(thoroughly, max_examples=20)
@given(families(), together, days)
def test_the_parent_alone_is_written_to_once_and_for_what_may_be_asked(
    family: list[Account], policy: Policy, today: date
) -> None:
    plans = decide_family(family, policy, today)
    for account, plan in zip(family, plans, strict=True):
        owed = [invoice.id for invoice in account.invoices if invoice.status is not InvoiceStatus.PAID]
        assert [each.invoice_id for each in plan.decisions if each.invoice_id is not None] == owed
    joint = _with_parent(family, policy)
    said = {plan.customer_id: _messages(plan) for plan in plans}
    assert len(said["C0"]) <= 1
    assert all(not said[account.customer_id] for account in joint[1:])
    known = {invoice.id: (account, invoice) for account in joint for invoice in account.invoices}
    for due in _named(plans[0]):
        owner, invoice = known[due.invoice_id]
        assert _may_be_asked_for(invoice, today)
        assert silence_about(owner, today) is None
        assert silence_about(family[0], today) is None
        assert due.customer_id == ("" if owner is family[0] else owner.customer_id)


def _after(family: Sequence[Account], plans: Sequence[Plan]) -> list[Account]:
    """Everybody with what was done about them; a message to the parent is heard by those it names, and the parent."""
    named = {due.invoice_id for due in _named(plans[0])}
    found = []
    for account, plan in zip(family, plans, strict=True):
        heard = plan is plans[0] or named & {invoice.id for invoice in account.invoices}
        more = _messages(plans[0]) if heard and plan is not plans[0] else []
        found.append(carried_out(account, replace(plan, actions=(*plan.actions, *more))))
    return found


@settings(thoroughly, max_examples=15)
@given(families(), together, days)
def test_nothing_happens_before_somebody_is_to_be_looked_at_again(
    family: list[Account], policy: Policy, today: date
) -> None:
    """With the day's acts carried out and nothing new read, for five weeks at most."""
    plans = decide_family(family, policy, today)
    looks = [plan.look_again_on for plan in plans if plan.look_again_on is not None]
    first = min(looks, default=today + timedelta(days=35))
    after = _after(family, plans)
    for offset in range(1, min(35, (first - today).days)):
        later = decide_family(after, policy, today + timedelta(days=offset))
        done = [action for plan in later for action in plan.actions if not isinstance(action, AskPerson)]
        assert done == [], offset
