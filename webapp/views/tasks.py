"""Tasks: what only a person can do. Approve or turn down, say what became of an unclear act, tick off the rest."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from store import companies, effects, ledger, views, volume
from store import tasks as lists
from store.scope import Scope
from store.tables import Task
from store.wishes import Speaker
from webapp import access
from webapp.formatting import local_today
from webapp.forms.call import CallForm
from webapp.names import customer_names
from webapp.services import now, services

pages = Blueprint("tasks", __name__)

KINDS = (
    ("brake", "Messages held back", "Look at them first; then all of them go out, or none."),
    ("held_action", "Did it happen?", "No answer came back, so nobody can tell. It is never sent again on a guess."),
    ("failed_action", "Turned down", "The other side said no. The reason is its own."),
    ("says_paid", "Paid, they say", "Look for the payment and match it. Reminders wait a week for it, once."),
    ("dispute", "Something is wrong, they say", "Nothing is chased until the dispute is settled in the customer file."),
    ("asks_instalments", "Asked to pay in parts", "Answer them; agree a plan in the customer file if you like."),
    ("call", "To call", "Call, and note here what came of it: the ladder goes on from there."),
    (
        "late_discount",
        "Discounts taken late",
        "Accept it, and what is left is credited in your books; or have the rest chased.",
    ),
    ("never_sent", "Never sent", "Send it from your accounting software; its reminders begin once it has gone."),
    (
        "missing_email",
        "No email address",
        "Add one in your accounting software; it is used from the next look on.",
    ),
    ("time_zone", "One thing to set", "Open Settings and save them: that is the answer."),
    ("fee_booking", "Where to book late fees", "Open Settings, “Where fees and discounts are booked”, and choose."),
    (
        "payment_gone",
        "Payments gone from your books",
        "Where the bank took one back, say so: it counts for their credit.",
    ),
    (
        "credit_new_customer",
        "New customers",
        "Nothing is known of how they pay. Set a limit in their file, or tick this off: it is not asked again.",
    ),
    (
        "credit_review",
        "Credit limits to look at",
        "Set it anew in the customer file, or tick this off: it stays.",
    ),
    (
        "terms_tighter",
        "Slow payers",
        "Agree shorter terms, a deposit or cash on delivery with them, or not.",
    ),
    ("terms_wider", "Good payers close to their limit", "Raise the limit in the customer file, or tick this off."),
    ("handover", "To hand over", "Every step has been taken. Hand it to a collector or a lawyer, or tick this off."),
    (
        "write_off",
        "To write off",
        "Little of it is likely to come in. Write it off in your books, or tick this off.",
    ),
    ("review_old_debt", "Old debts", "Too old to be chased by itself: decide what is to be done, or write it off."),
)


ANSWERS: Mapping[str, tuple[str, ...]] = {
    "approve": (),
    volume.KIND: (),
    "payment_gone": ("done", "returned"),
    "late_discount": ("credit", "chase"),
}
"""What can be said of a kind of task besides that it is done."""

TITLES = {"approve": "Wait for your approval", **{kind: title for kind, title, _ in KINDS}}
SHOWN = 300
"""Tasks on one page, the oldest; the rest comes up as these are done."""
LAPSED_SHOWN = 10
"""Those that closed by themselves, the latest."""


@pages.get("/tasks")
@access.for_company("viewer")
def show() -> ResponseReturnValue:
    """Everything that waits for a person, by kind."""
    wanted = _wanted()
    with services().database.read() as reading:
        waiting = lists.open_tasks(reading, access.company_id(), limit=SHOWN + 1, **wanted)
        has_more, waiting = len(waiting) > SHOWN, waiting[:SHOWN]
        counts = lists.counts(reading, access.company_id())
        kept = views.kept(reading, access.company_id(), "tasks")
        lapsed = lists.lapsed(reading, access.company_id(), LAPSED_SHOWN)
        names = customer_names(reading, access.company_id(), (task.customer_id for task in (*waiting, *lapsed)))
        approvals = [task for task in waiting if task.kind == "approve"]
        messages = ledger.waiting_messages(reading, access.company_id(), [task.subject for task in approvals])
    known = {kind for kind, _, _ in KINDS} | {"approve"}
    groups = [(kind, title, hint, [task for task in waiting if task.kind == kind]) for kind, title, hint in KINDS]
    groups.append(("other", "Something else", "", [task for task in waiting if task.kind not in known]))
    call_form = CallForm(formdata=None)
    return render_template(
        "tasks.html",
        groups=groups,
        approvals=approvals,
        messages=messages,
        names=names,
        lapsed=lapsed,
        call_form=call_form,
        wanted=wanted,
        views=kept,
        kinds={kind: title for kind, title in TITLES.items() if counts.get(kind) or kind == wanted["kind"]},
        shown=SHOWN if has_more else 0,
        waiting_in_all=sum(counts.values()),
    )


def _wanted() -> dict[str, str]:
    """What the list is narrowed by, as the address has it."""
    kind = request.args.get("kind", "")
    return {"search": request.args.get("search", "").strip()[:80], "kind": kind if kind in TITLES else ""}


@pages.post("/tasks/approve")
@access.for_company("bookkeeper")
def approve() -> ResponseReturnValue:
    """Let the ticked acts go out, or turn them down."""
    keys, answer = request.form.getlist("key"), request.form.get("answer")
    if answer not in ("approve", "reject"):
        abort(400)
    move = ledger.approve if answer == "approve" else ledger.reject
    with services().database.begin() as writing:
        moved = sum(move(writing, access.company_id(), key, now(), access.actor()) for key in keys)
        companies.bring_forward(writing, access.company_id(), now())
    if not keys:
        flash("Nothing was ticked, so nothing was changed.", "warn")
    else:
        flash(_told(answer, moved, len(keys)), "good" if moved == len(keys) else "warn")
    return redirect(url_for("tasks.show"))


@pages.post("/tasks/settle")
@access.for_company("bookkeeper")
def settle() -> ResponseReturnValue:
    """Take one task off the list. For an act whose outcome nobody knew, the answer says whether it happened."""
    answer = request.form.get("answer")
    if answer not in ("done", "went", "did_not_go", "returned", "credit", "chase"):
        abort(400)
    with services().database.begin() as writing:
        task = Scope(writing, access.company_id()).get(Task, id=request.form.get("task", 0, int))
        if task is None:
            abort(404)
        settled = _settle(writing, task, answer)
    flash("Thank you, noted." if settled else "Somebody else has settled it already.", "good" if settled else "warn")
    return redirect(url_for("tasks.show"))


@pages.post("/tasks/brake")
@access.for_company("bookkeeper")
def brake() -> ResponseReturnValue:
    """The volume brake holds messages back: let all of them go out, or none."""
    answer = request.form.get("answer")
    if answer not in ("let_go", "turn_down"):
        abort(400)
    move = volume.let_go if answer == "let_go" else volume.turn_down
    with services().database.begin() as writing:
        moved = move(writing, access.company_id(), now(), access.actor())
    if moved is None or moved is False:
        flash("Somebody else has settled it already.", "warn")
    elif answer == "let_go":
        flash("They go out at the next run within your hours.", "good")
    else:
        flash(f"{moved} turned down: none of them goes out.", "good")
    return redirect(url_for("home.show"))


@pages.post("/tasks/call")
@access.for_company("bookkeeper")
def called() -> ResponseReturnValue:
    """Note what came of a call. What the customer said counts at once; the call itself answers the ladder's step."""
    form = CallForm()
    if not form.validate():
        flash(" ".join(error for found in form.errors.values() for error in found), "bad")
        return redirect(url_for("tasks.show"))
    with services().database.begin() as writing:
        task = Scope(writing, access.company_id()).get(Task, id=form.task.data, kind="call")
        if task is None:
            abort(404)
        if settled := _settle(writing, task, "done"):
            form.say(writing, task.customer_id, access.company_id(), access.actor())
    flash("Thank you, noted." if settled else "Somebody else has settled it already.", "good" if settled else "warn")
    return redirect(url_for("tasks.show"))


def _settle(writing: Session, task: Task, answer: str) -> bool:
    company_id, at, by = access.company_id(), now(), access.actor()
    if task.kind == "held_action":
        if answer == "done":
            abort(400)
        return ledger.resolve_held(writing, company_id, task.subject, answer == "went", at, by)
    if answer not in ANSWERS.get(task.kind, ("done",)):
        abort(400)
    settled = lists.close_task(
        writing, company_id, kind=task.kind, subject=task.subject, outcome=f"ticked off by {by}", now=at
    )
    if settled and task.kind == "call":
        effects.call_made(writing, company_id, task.customer_id, at)
    if settled and answer == "returned":
        Speaker(writing, company_id, at, by).payment_returned(task.customer_id, local_today(), task.detail)
    if settled and task.kind == "late_discount":
        Speaker(writing, company_id, at, by).late_discount(task.subject, is_accepted=answer == "credit")
    if settled and task.kind == "credit_review":
        Speaker(writing, company_id, at, by).reviewed(task.customer_id)
    return settled


def _told(answer: str, moved: int, asked: int) -> str:
    verb = "approved; it goes out at the next run within your hours" if answer == "approve" else "turned down"
    rest = asked - moved
    return f"{moved} {verb}." + (f" {rest} had already been settled." if rest else "")
