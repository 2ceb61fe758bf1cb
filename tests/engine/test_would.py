"""What would be done, and how two answers differ: by what a customer would notice, not by the wording of a reason."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from engine.would import Would, differences
from tests.engine.builder import money

ONE = Would(
    on=date(2026, 3, 2),
    kind="remind",
    customer_id="C1",
    customer_name="Acme",
    step=1,
    invoice_ids=("I1",),
    amounts=(money("120.00 USD"),),
    reason="3 days overdue",
)


def test_the_same_list_makes_no_difference() -> None:
    assert differences([ONE], [replace(ONE, reason="said otherwise")]) == []


def test_another_step_a_new_act_and_one_that_falls_away_are_differences() -> None:
    later, other = replace(ONE, step=2), replace(ONE, customer_id="C2", customer_name="Bell", kind="hold", step=0)
    [moved] = differences([ONE], [later])
    assert (moved.customer_id, moved.customer_name) == ("C1", "Acme")
    assert (moved.before, moved.after) == ((ONE,), (later,))
    assert [(one.customer_name, len(one.before), len(one.after)) for one in differences([ONE], [other])] == [
        ("Acme", 1, 0),
        ("Bell", 0, 1),
    ]
