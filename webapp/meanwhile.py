"""Two people at the same settings: what somebody else saved meanwhile is kept, and shown before it is saved over.

A form names the version it was shown with. What it changes of that version is put on the one in force; so two who
change different settings never meet, and where they do the page that asks for a confirmation shows both.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import request
from msgspec import Struct

from engine.policy import Policy
from store import companies, people, policies
from webapp import access
from webapp.policy_diff import ChangedField, changed_fields
from webapp.services import services

P = ParamSpec("P")
R = TypeVar("R")
ATTEMPTS = 10


def retried(save: Callable[P, R]) -> Callable[P, R]:
    """Have what reads, merges and saves do all of it again where somebody else has saved in between.

    A form that was confirmed is then asked about again, with what the other has saved.
    """

    @wraps(save)
    def until_it_is_first(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(ATTEMPTS):
            try:
                return save(*args, **kwargs)
            except companies.Superseded:
                continue
        return save(*args, **kwargs)

    return until_it_is_first


class Meanwhile(Struct, frozen=True, kw_only=True):
    """What others saved since the form was shown."""

    by: tuple[str, ...]
    fields: list[ChangedField]
    lost: frozenset[str]
    """Names of their fields that this form would set otherwise."""


def base(former: Policy) -> Policy:
    """The settings that the form was shown with; those in force where it names none."""
    version = request.form.get("version", type=int)
    if version is None or version == former.version:
        return former
    with services().database.read() as reading:
        return policies.at_version(reading, access.company_id(), version) or former


def merged(shown: Policy, mine: Policy, former: Policy) -> Policy:
    """What the form changes of the settings it was shown with, put on those in force.

    A list, such as the ladder, is one setting. Raises ValueError where the two do not go together.
    """
    if shown == former:
        return mine
    before, wanted, stands = (one.model_dump() for one in (shown, mine, former))
    return Policy.model_validate(_put(before, wanted, stands))


def between(shown: Policy, policy: Policy, former: Policy) -> Meanwhile | None:
    """What was saved between the form's version and the one in force; None when nothing was."""
    fields = changed_fields(shown, former)
    if not fields:
        return None
    with services().database.read() as reading:
        saved = policies.since(reading, access.company_id(), shown.version)
        names = people.names_of(reading, {one.saved_by for one in saved})
    by = dict.fromkeys(names.get(one.saved_by, one.saved_by) for one in saved)
    theirs, changed = ({field.name for field in some} for some in (fields, changed_fields(former, policy)))
    return Meanwhile(by=tuple(by), fields=fields, lost=frozenset(theirs & changed))


def _put(before: Any, wanted: Any, stands: Any) -> Any:
    if isinstance(before, dict) and isinstance(wanted, dict) and isinstance(stands, dict):
        # A name that one of them lacks is a currency, say, that was added or taken out: absent is a value too.
        names = dict.fromkeys([*stands, *wanted])
        found = {name: _put(*(side.get(name, _ABSENT) for side in (before, wanted, stands))) for name in names}
        return {name: value for name, value in found.items() if value is not _ABSENT}
    return stands if wanted == before else wanted


_ABSENT = object()
