"""A customer's story: statement of account, everything said and decided, notes, and the language they read."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct

from engine.telling import LANGUAGES
from store import home as reads
from store import people, remarks
from store.home import CustomerFile
from store.scope import Scope
from store.tables import Customer
from store.wishes import Speaker
from webapp import access, sheets
from webapp.formatting import decimal, local_today, phrase, zone_of
from webapp.language import told_here
from webapp.services import now, services

pages = Blueprint("customer_story", __name__)

SPANS = (90, 365, 730)
"""Days that a statement can reach back."""
LATEST_PAID = 10
SHOWN = 15
"""Lines of the story on the file itself; the rest has a page of its own."""


class Told(Struct, frozen=True, kw_only=True):
    """One line of the story. `sentence` is ours, `words` are somebody's own."""

    at: datetime
    is_instant: bool
    kind: str
    """An act's kind, a decision's outcome, or empty for what was said."""
    title: str = ""
    state: str = ""
    sentence: str = ""
    words: str = ""
    by: str = ""
    on: date | None = None


def story_of(file: CustomerFile, names: dict[str, str]) -> list[Told]:
    """Acts, words and decisions of a customer, newest first; `names` of persons as `people.names_of` gives them."""
    zone = zone_of(access.current_company().time_zone)
    lines = [
        Told(at=act.ended_at or act.created_at, is_instant=True, kind=act.kind, state=act.state, sentence=act.reason,
             words=act.outcome)
        for act in file.actions
    ]  # fmt: skip
    lines += [
        Told(
            at=one.at, is_instant=True, kind="", title=one.what, words=one.text, by=names.get(one.by, one.by), on=one.on
        )
        for one in file.remarks
    ]
    lines += [
        Told(at=_start_of(one.first_on, zone), is_instant=False, kind=one.outcome, sentence=one.sentence)
        for one in file.history
    ]
    lines += [
        Told(at=one.done_at, is_instant=True, kind="task_lapsed", sentence=f"{one.title}. {one.outcome}")
        for one in file.lapsed
        if one.done_at is not None
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


@pages.get("/customers/<customer_id>/story")
@access.for_company("viewer")
def show(customer_id: str) -> ResponseReturnValue:
    """Everything said, decided and done about the customer."""
    file, names = _file(customer_id)
    return render_template("customer_story.html", customer=file.customer, story=story_of(file, names))


@pages.post("/customers/<customer_id>/notes")
@access.for_company("bookkeeper")
def note(customer_id: str) -> ResponseReturnValue:
    """Write a note for oneself and one's colleagues."""
    text = " ".join(request.form.get("text", "").split())
    with services().database.begin() as writing:
        if Scope(writing, access.company_id()).get(Customer, id=customer_id) is None:
            abort(404)
        if text:
            by = access.actor()
            remarks.add(writing, access.company_id(), customer_id, "note", text, now=now(), by=by)
    return redirect(url_for("customers.show", customer_id=customer_id, _anchor="story"))


@pages.post("/customers/<customer_id>/language")
@access.for_company("bookkeeper")
def speak(customer_id: str) -> ResponseReturnValue:
    """The language in which the customer is written to, and reads their own page."""
    wanted = request.form.get("language", "")
    if wanted and wanted not in LANGUAGES:
        abort(400)
    with services().database.begin() as writing:
        try:
            Speaker(writing, access.company_id(), now(), access.actor()).language(customer_id, wanted)
        except LookupError:
            abort(404)
    flash("Noted. It counts from the next run, which starts within a minute.", "good")
    return redirect(url_for("customers.show", customer_id=customer_id))


@pages.get("/customers/<customer_id>/statement")
@access.for_company("viewer")
def statement(customer_id: str) -> ResponseReturnValue:
    """What was billed, paid and credited, to look at and to print."""
    file, _names = _file(customer_id)
    return render_template(
        "statement.html",
        customer=file.customer,
        statements=_statements(file.customer.id),
        since=_since(),
        today=local_today(),
        spans=SPANS,
        days=_days(),
    )


@pages.get("/customers/<customer_id>/statement.<any(csv, xlsx):kind>")
@access.for_company("viewer")
def export(customer_id: str, kind: str) -> ResponseReturnValue:
    """The statement as a file."""
    file, _names = _file(customer_id)
    heads = [str(told_here(head)) for head in ("Day", "What", "Number", "Currency", "Amount", "Balance")]
    rows = [_row(line, one.currency) for one in _statements(file.customer.id) for line in one.lines]
    return sheets.answer(kind, "statement", heads, rows)


def _row(line: reads.StatementLine, currency: str) -> sheets.Row:
    amount, balance = (decimal(minor, currency) for minor in (line.amount, line.balance))
    return line.on, phrase(line.kind), line.number, currency, amount, balance


def parts_of(file: CustomerFile) -> dict[str, object]:
    """What the customer file shows of the story."""
    with services().database.read() as reading:
        names = people.names_of(reading, {one.by for one in file.remarks})
    settled = sorted((one for one in file.invoices if one.settled_on), key=lambda one: (one.settled_on, one.id))
    paid = [(one, (one.settled_on - one.due_on).days) for one in settled[-LATEST_PAID:] if one.settled_on]
    most = max((late for _, late in paid), default=0)
    return {"story": story_of(file, names), "shown": SHOWN, "paid": paid[::-1], "most_late": max(most, 1)}


def _statements(customer_id: str) -> list[reads.Statement]:
    with services().database.read() as reading:
        return reads.statements(reading, access.company_id(), customer_id, _since(), local_today())


def _days() -> int:
    days = request.args.get("days", 365, int)
    return days if days in SPANS else 365


def _since() -> date:
    return local_today() - timedelta(days=_days())


def _file(customer_id: str) -> tuple[CustomerFile, dict[str, str]]:
    with services().database.read() as reading:
        file = reads.customer_file(reading, access.company_id(), customer_id, local_today()) or abort(404)
        return file, people.names_of(reading, {one.by for one in file.remarks})


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
