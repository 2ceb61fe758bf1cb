"""Before a policy is saved for good: what it changes, field by field, and what tonight would do otherwise.

The form that was sent is sent again to confirm, so nothing has to be remembered in between.
"""

from __future__ import annotations

from flask import render_template, request

from engine.policy import Policy
from webapp.policy_diff import changed_fields
from webapp.reckoning import changes_in, next_sending_day, tonight_of

OURS = frozenset({"csrf_token", "company", "confirmed", "edit", "look"})
"""Fields that the confirming page sends by itself."""
SHOWN = 100


def differs(policy: Policy, former: Policy) -> bool:
    """Whether anything but the number of the version is another."""
    return policy.model_dump(exclude={"version"}) != former.model_dump(exclude={"version"})


def is_confirmed(policy: Policy, former: Policy) -> bool:
    """Whether there is nothing to confirm, or a person has."""
    return not differs(policy, former) or "confirmed" in request.form


def page(policy: Policy, former: Policy, *, may_edit: bool = True) -> str:
    """The page that asks. It refreshes itself while tonight is being worked out."""
    job = tonight_of(former, policy)
    return render_template(
        "settings_confirm.html",
        job=job,
        changes=changes_in(job),
        fields=changed_fields(former, policy),
        sent=[(name, value) for name, value in request.form.items(multi=True) if name not in OURS],
        sends_on=next_sending_day(policy),
        shown=SHOWN,
        may_edit=may_edit,
    )
