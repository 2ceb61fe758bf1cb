"""What a policy needs to know: loaded where some rule rests on it, and not paid for where none does."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.needs import Needs, needs_for_credit, needs_of
from engine.policy import Discount, Fees, Group, Policy, Thanks

CHARGED = Fees(is_on=True, clause="Section 9", annual_rate=Decimal(12))
TAKEN = Discount(credit_taken=True)


@pytest.mark.parametrize(
    ("part", "needed"),
    [
        ({"discount": Discount(credit_taken=False)}, (False, False, False)),
        ({"fees": CHARGED}, (True, True, False)),
        ({"thanks": Thanks(is_on=True)}, (True, False, False)),
        ({"discount": TAKEN}, (False, False, True)),
    ],
)
@pytest.mark.parametrize("is_for_all", [True, False])
def test_a_section_needs_the_same_for_all_and_for_a_group(
    part: dict[str, object], needed: tuple[bool, bool, bool], is_for_all: bool
) -> None:
    """payments, fees of ours so far, what was received on part-paid invoices with a discount"""
    plain = Policy(discount=Discount(credit_taken=False))
    group = Group.model_validate({"name": "One", "customers": ("C-1",), **part})
    policy = plain.model_copy(update=part if is_for_all else {"groups": (group,)})
    found: Needs = needs_of(policy)
    assert (found.payments, found.fees, found.discounts_taken) == needed


@pytest.mark.parametrize(
    ("when", "needed"),
    [("customer.balance > 100.0", False), ("customer.typical_days_late > 20", True)],
)
def test_credit_asks_for_habits_only_where_they_make_the_group(when: str, needed: bool) -> None:
    policy = Policy(fees=CHARGED, thanks=Thanks(is_on=True), groups=(Group(name="One", when=when),))
    found = needs_for_credit(policy)
    assert (found.history, found.payments, found.fees, found.said) == (needed, False, False, False)
    assert needs_of(policy).history or not needed
