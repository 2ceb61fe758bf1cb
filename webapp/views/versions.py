"""Versions of the settings: every one kept, compared and restorable; and the whole document, to edit as text."""

from __future__ import annotations

from itertools import pairwise

import yaml
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from engine.policy import Policy
from store import companies, people, policies
from store.tables import PolicyVersion
from webapp import access, confirming, meanwhile
from webapp.policy_diff import changed_fields
from webapp.services import now, services

pages = Blueprint("versions", __name__)

LONGEST = 100_000
"""Characters of a policy written by hand: far more than any has."""


@pages.get("/settings/versions")
@access.for_company("viewer")
def show_all() -> ResponseReturnValue:
    """Every version, newest first, each with what it changed."""
    with services().database.read() as reading:
        kept = policies.history(reading, access.company_id())
        named = people.names_of(reading, {one.saved_by for one in kept})
    steps = {newer.version: changed_fields(_read(older), _read(newer)) for newer, older in pairwise(kept)}
    return render_template("versions.html", kept=kept, steps=steps, named=named)


@pages.get("/settings/versions/<int:version>")
@access.for_company("viewer")
def show(version: int) -> ResponseReturnValue:
    """One version against the one in force."""
    kept = {one.version: one for one in _history()}
    chosen = kept.get(version) or abort(404)
    current = kept[max(kept)]
    fields = changed_fields(_read(current), _read(chosen))
    return render_template("version.html", one=chosen, current=current, fields=fields)


@pages.post("/settings/versions/<int:version>")
@meanwhile.retried
@access.for_company("owner")
def restore(version: int) -> ResponseReturnValue:
    """Make an old version the newest one, once it is confirmed."""
    chosen = next((one for one in _history() if one.version == version), None) or abort(404)
    return keep(_read(chosen), may_edit=False)


@pages.get("/settings/document")
@access.for_company("viewer")
def document() -> ResponseReturnValue:
    """The whole policy as text."""
    policy = _current()
    return render_template("document.html", text=policy.to_yaml(), version=policy.version, problems=[])


@pages.post("/settings/document")
@meanwhile.retried
@access.for_company("owner")
def save_document() -> ResponseReturnValue:
    """Check the text and ask for a confirmation, or show it again with what is wrong and where."""
    text, former = request.form.get("text", "")[:LONGEST], _current()
    shown = meanwhile.base(former)
    try:
        policy = meanwhile.merged(shown, Policy.from_yaml(text), former)
    except yaml.YAMLError as error:
        problems = [f"This is not YAML: {str(error)[:300]}"]
    except ValidationError as refused:
        problems = [_in_words(tuple(one["loc"]), str(one["msg"])) for one in refused.errors()]
    except (TypeError, ValueError, RecursionError):
        problems = ["This is not a policy: expected names and values, as above."]
    else:
        if "edit" not in request.form:
            return keep(policy, shown)
        problems = []
    page = render_template("document.html", text=text, version=shown.version, problems=problems)
    return page, 422 if problems else 200


def keep(policy: Policy, shown: Policy | None = None, *, may_edit: bool = True) -> ResponseReturnValue:
    """Save a policy once it is confirmed: until then, the page that asks."""
    former = _current()
    if not confirming.is_confirmed(policy, former):
        return confirming.page(policy, former, shown, may_edit=may_edit)
    company_id, at = access.company_id(), now()
    with services().database.begin() as writing:
        saved = policies.save(writing, company_id, policy, at, access.actor(), on=former.version)
        companies.bring_forward(writing, company_id, at)
    flash(f"Saved as version {saved.version}. It applies from the next run, which starts within a minute.", "good")
    return redirect(url_for("versions.show_all"))


def _current() -> Policy:
    with services().database.read() as reading:
        return policies.current(reading, access.company_id())


def _history() -> list[PolicyVersion]:
    with services().database.read() as reading:
        return policies.history(reading, access.company_id())


def _read(version: PolicyVersion) -> Policy:
    return Policy.from_yaml(version.document)


def _in_words(where: tuple[int | str, ...], message: str) -> str:
    place = " › ".join(str(part + 1) if isinstance(part, int) else part.replace("_", " ") for part in where)
    return f"{place or 'The document'}: {message.removeprefix('Value error, ')}"
