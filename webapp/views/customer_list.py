"""The list of customers: found, narrowed, kept as a view, taken away as a file, and treated many at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from engine.policy.groups import moved
from store import home as reads
from store import policies, views
from store.home import CustomerLine
from store.wishes import Speaker
from webapp import access, meanwhile, sheets
from webapp.formatting import decimal, local_today
from webapp.forms.customer import BulkForm
from webapp.language import in_reader_s_words, told_here
from webapp.paging import page_number, pager_for
from webapp.services import now, services

pages = Blueprint("customer_list", __name__)

STATES = {
    "overdue": "Overdue",
    "owing": "Owing anything",
    "on_hold": "On credit hold",
    "paused": "Paused",
    "not_chased": "Never chased, or wants no emails",
    "no_email": "Without an email address",
    "inactive": "Inactive",
}
HEADS = ("Customer", "Email", "Currency", "Owes", "Overdue", "On hold", "Paused", "Not chased")


def wanted() -> dict[str, Any]:
    """What the list is narrowed by, as the address has it."""
    found = {"search": request.values.get("search", "").strip()[:80], "state": request.values.get("state", "")}
    return found if found["state"] in STATES else found | {"state": ""}


@pages.get("/customers")
@access.for_company("viewer")
def show() -> ResponseReturnValue:
    """Customers, those who owe most first."""
    filters, number = wanted(), page_number()
    with services().database.read() as reading:
        found = reads.customers(reading, access.company_id(), page=number, today=local_today(), **filters)
        kept = views.kept(reading, access.company_id(), "customers")
        groups = policies.current(reading, access.company_id()).groups
    return render_template(
        "customers.html",
        customers=found.customers,
        wanted=filters,
        states=STATES,
        views=kept,
        groups=[group.name for group in groups],
        form=BulkForm(formdata=None),
        **pager_for("customer_list.show", number, found.has_more, **filters),
    )


@pages.get("/customers.<any(csv, xlsx):kind>")
@access.for_company("viewer")
def export(kind: str) -> ResponseReturnValue:
    """All that the list shows, as a file."""
    with services().database.read() as reading:
        rows = [row for line in _all(reading) for row in _rows(line)]
    return sheets.answer(kind, "customers", [str(told_here(head)) for head in HEADS], rows)


@pages.post("/customers")
@access.for_company("bookkeeper")
def treat() -> ResponseReturnValue:
    """One word about every ticked customer."""
    form, ids = BulkForm(), sorted(set(request.form.getlist("customer")))[:500]
    if not ids:
        flash("Nobody was ticked, so nothing was changed.", "warn")
    elif not form.validate():
        flash(" ".join(error for found in form.errors.values() for error in found), "bad")
    else:
        with services().database.begin() as writing:
            try:
                _say(writing, form, ids)
            except LookupError:
                abort(404)
        flash("Noted. It counts from the next run, which starts within a minute.", "good")
    return redirect(url_for("customer_list.show", **wanted()))


def _say(writing: Session, form: BulkForm, ids: list[str]) -> None:
    speaker = Speaker(writing, access.company_id(), now(), access.actor())
    for customer_id in ids:
        form.say(speaker, customer_id)


@pages.post("/customers/group")
@meanwhile.retried
@access.for_company("owner")
def assign() -> ResponseReturnValue:
    """Put the ticked customers into a group of the settings, or take them out of every one: a new version of them."""
    ids, name = set(request.form.getlist("customer")), request.form.get("group", "")
    try:
        with services().database.begin() as writing:
            policy = policies.current(writing, access.company_id())
            changed = policy.model_copy(update={"groups": moved(policy.groups, ids, name)})
            policies.save(writing, access.company_id(), changed, now(), access.actor(), on=policy.version)
    except ValueError as problem:
        flash(f"Not saved: {problem}.", "bad")
    else:
        flash("Saved. It applies from the next run." if ids else "Nobody was ticked, so nothing was changed.", "good")
    return redirect(url_for("customer_list.show", **wanted()))


def _all(reading: Session) -> Iterator[CustomerLine]:
    found = 0
    for number in count(1):
        part = reads.customers(reading, access.company_id(), page=number, today=local_today(), size=5000, **wanted())
        yield from part.customers
        found += len(part.customers)
        if not part.has_more or found >= sheets.MOST_ROWS:
            return


def _rows(line: CustomerLine) -> Iterator[sheets.Row]:
    yes = in_reader_s_words("yes")
    flags = [yes if flag else "" for flag in (line.is_on_hold, line.is_paused, line.do_not_chase)]
    if not line.owed:
        yield line.name, line.email, "", None, None, *flags
    for one in line.owed:
        yield (
            line.name,
            line.email,
            one.currency,
            decimal(one.balance, one.currency),
            decimal(one.overdue, one.currency),
            *flags,
        )
