"""Payment plans: propose one from a few choices, change its parts, agree it; and end one."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.instalments import Part
from store import plans
from store.scope import Scope
from store.tables import Customer, Invoice
from webapp import access
from webapp.formatting import money
from webapp.forms.plans import PlanForm, edited, total
from webapp.services import now, services

pages = Blueprint("plans", __name__)


@pages.get("/customers/<customer_id>/plan")
@access.for_company("bookkeeper")
def show(customer_id: str) -> ResponseReturnValue:
    """The choices that a plan is proposed from; every invoice is ticked."""
    customer, invoices = _known(customer_id)
    form = PlanForm(formdata=None)
    form.offer(invoices)
    form.invoices.data = [invoice.id for invoice in invoices]
    return _page(customer, invoices, form)


@pages.post("/customers/<customer_id>/plan")
@access.for_company("bookkeeper")
def propose(customer_id: str) -> ResponseReturnValue:
    """Equal parts, to be changed and agreed."""
    customer, invoices = _known(customer_id)
    form = PlanForm()
    form.offer(invoices)
    if not form.validate():
        return _page(customer, invoices, form), 422
    try:
        parts = form.parts(form.chosen(invoices))
    except ValueError as error:
        return _page(customer, invoices, form, problem=str(error)), 422
    return _page(customer, invoices, form, parts=parts)


@pages.post("/customers/<customer_id>/plan/agree")
@access.for_company("bookkeeper")
def agree(customer_id: str) -> ResponseReturnValue:
    """Keep the plan as it was changed; it counts from the next run."""
    customer, invoices = _known(customer_id)
    form = PlanForm()
    form.offer(invoices)
    chosen = form.chosen(invoices)
    parts: Sequence[Part] = ()
    try:
        owed = total(chosen)
        parts = edited(request.form, owed.currency)
        planned = sum(part.amount.minor for part in parts)
        if planned != owed.minor:
            both = money(planned, owed.currency), money(owed.minor, owed.currency)
            raise ValueError("The parts come to {}, and {} is owed.".format(*both))
        with services().database.begin() as writing:
            ids = [invoice.id for invoice in chosen]
            plans.agree(writing, access.company_id(), customer_id, ids, parts, now(), access.actor())
    except ValueError as error:
        return _page(customer, invoices, form, parts=parts, problem=str(error)), 422
    flash("Agreed. Reminders follow the plan from the next run on, which starts within a minute.", "good")
    return redirect(url_for("customers.show", customer_id=customer_id))


@pages.post("/customers/<customer_id>/plan/end")
@access.for_company("bookkeeper")
def end(customer_id: str) -> ResponseReturnValue:
    """The plan holds no more: the whole debt is due again."""
    why = request.form.get("why", "").strip()[:200]
    try:
        with services().database.begin() as writing:
            plans.end(writing, access.company_id(), request.form.get("plan", 0, int), why, now(), access.actor())
    except LookupError:
        abort(404)
    flash("The plan has ended. What is open is due as it was.", "good")
    return redirect(url_for("customers.show", customer_id=customer_id))


def _known(customer_id: str) -> tuple[Customer, list[Invoice]]:
    with services().database.read() as reading:
        customer = Scope(reading, access.company_id()).get(Customer, id=customer_id) or abort(404)
        return customer, plans.plannable(reading, access.company_id(), customer_id)


def _page(
    customer: Customer, invoices: Sequence[Invoice], form: PlanForm, *, parts: Sequence[Part] = (), problem: str = ""
) -> str:
    amounts = {invoice.id: plans.owed(invoice) for invoice in invoices}
    chosen = form.chosen(invoices)
    known = {"customer": customer, "invoices": invoices, "amounts": amounts, "form": form, "problem": problem}
    return render_template("plan.html", **known, chosen=chosen, parts=parts)
