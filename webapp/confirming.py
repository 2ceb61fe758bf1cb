"""Before a policy is saved for good: what it changes, field by field, and what tonight would do otherwise.

The form that was sent is sent again to confirm, so nothing has to be remembered in between.
"""

from __future__ import annotations

from flask import render_template, request

from engine.policy import Policy
from webapp.meanwhile import between
from webapp.policy_diff import changed_fields
from webapp.reckoning import changes_in, next_sending_day, tonight_of

OURS = frozenset({"csrf_token", "company", "confirmed", "edit", "look", "seen"})
"""Fields that the confirming page sends by itself."""
SHOWN = 100


def differs(policy: Policy, former: Policy) -> bool:
    """Whether anything but the number of the version is another."""
    return policy.model_dump(exclude={"version"}) != former.model_dump(exclude={"version"})


def is_confirmed(policy: Policy, former: Policy) -> bool:
    """Whether there is nothing to confirm, or a person has, with the settings before them that are in force now."""
    has_seen = "confirmed" in request.form and request.form.get("seen") == str(former.version)
    return not differs(policy, former) or has_seen


def page(policy: Policy, former: Policy, shown: Policy | None = None, *, may_edit: bool = True) -> str:
    """The page that asks. It refreshes itself while tonight is being worked out.

    `shown` are the settings that the form was shown with, where others may have saved since.
    """
    job = tonight_of(former, policy)
    return render_template(
        "settings_confirm.html",
        job=job,
        changes=changes_in(job),
        fields=changed_fields(former, policy),
        sent=[(name, value) for name, value in request.form.items(multi=True) if name not in OURS],
        sends_on=next_sending_day(policy),
        meanwhile=between(shown, policy, former) if shown else None,
        seen=former.version,
        shown=SHOWN,
        may_edit=may_edit,
    )
