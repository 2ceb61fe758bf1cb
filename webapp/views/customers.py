"""The customer file: one customer with everything decided about them; and what a person says of them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from store import home as reads
from store.scope import Scope
from store.tables import Customer, Invoice
from store.wishes import Speaker
from webapp import access
from webapp.formatting import local_today
from webapp.forms.credit import CreditWordForm, ReturnedForm
from webapp.forms.customer import CustomerWordForm, InvoiceWordForm
from webapp.forms.promises import PromiseForm
from webapp.services import now, services
from webapp.views.customer_story import parts_of

pages = Blueprint("customers", __name__)


@pages.get("/customers/<customer_id>")
@access.for_company("viewer")
def show(customer_id: str) -> ResponseReturnValue:
    """The customer file."""
    return page_of(customer_id)


@pages.post("/customers/<customer_id>")
@access.for_company("bookkeeper")
def say(customer_id: str) -> ResponseReturnValue:
    """Take in a person's word about the customer; it counts from the next run."""
    form = CustomerWordForm()
    if not form.validate():
        return page_of(customer_id, form), 422
    return noted(customer_id, lambda speaker: form.say(speaker, customer_id))


@pages.post("/customers/<customer_id>/credit")
@access.for_company("bookkeeper")
def say_of_credit(customer_id: str) -> ResponseReturnValue:
    """Take in a person's word about the customer's credit."""
    form = CreditWordForm()
    if not form.validate():
        return page_of(customer_id, form), 422
    customer = _customer(customer_id)
    currency = customer.currency or access.current_company().base_currency
    return noted(customer_id, lambda speaker: form.say(speaker, customer_id, currency))


@pages.post("/customers/<customer_id>/returned")
@access.for_company("bookkeeper")
def note_returned(customer_id: str) -> ResponseReturnValue:
    """The bank took a payment back; or the one that was noted is taken back itself."""
    form = ReturnedForm()
    mistaken = request.form.get("mistaken", 0, int)
    if not mistaken and not form.validate():
        return page_of(customer_id, form), 422

    def say(speaker: Speaker) -> None:
        if mistaken:
            speaker.payment_not_returned(mistaken)
        else:
            speaker.payment_returned(customer_id, form.on.data, (form.note.data or "").strip())

    return noted(customer_id, say)


@pages.post("/customers/<customer_id>/promises")
@access.for_company("bookkeeper")
def promise(customer_id: str) -> ResponseReturnValue:
    """Take in that the customer will pay what is due by some day."""
    form = PromiseForm()
    if not form.validate():
        return page_of(customer_id, form), 422
    customer = _customer(customer_id)
    currency = customer.currency or access.current_company().base_currency

    def say(speaker: Speaker) -> None:
        if not form.say(speaker, customer_id, currency):
            flash("Nothing will be due by that day, so there is nothing to promise.", "warn")

    return noted(customer_id, say)


@pages.post("/customers/<customer_id>/fees")
@access.for_company("bookkeeper")
def take_back_fee(customer_id: str) -> ResponseReturnValue:
    """Take a late fee of ours back; the next run takes it out of the books."""
    fee, why = request.form.get("fee", ""), request.form.get("why", "").strip()[:200]
    return noted(customer_id, lambda speaker: speaker.take_back_fee(fee, why))


@pages.post("/customers/<customer_id>/invoices/<invoice_id>")
@access.for_company("bookkeeper")
def say_of_invoice(customer_id: str, invoice_id: str) -> ResponseReturnValue:
    """Take in what the customer said about one invoice; it counts from the next run."""
    form = InvoiceWordForm()
    if not form.validate():
        return page_of(customer_id, form), 422
    with services().database.read() as reading:
        invoice = Scope(reading, access.company_id()).get(Invoice, id=invoice_id) or abort(404)
    return noted(customer_id, lambda speaker: form.say(speaker, invoice_id, invoice.currency))


def noted(customer_id: str, say: Callable[[Speaker], None]) -> ResponseReturnValue:
    """Pass a word on, and back to the file; 404 for what the company does not have."""
    try:
        with services().database.begin() as writing:
            say(Speaker(writing, access.company_id(), now(), access.actor()))
    except LookupError:
        abort(404)
    flash("Noted. It counts from the next run, which starts within a minute.", "good")
    return redirect(url_for("customers.show", customer_id=customer_id))


def _customer(customer_id: str) -> Customer:
    with services().database.read() as reading:
        return Scope(reading, access.company_id()).get(Customer, id=customer_id) or abort(404)


FORMS = {
    "customer_form": CustomerWordForm,
    "invoice_form": InvoiceWordForm,
    "credit_form": CreditWordForm,
    "returned_form": ReturnedForm,
    "promise_form": PromiseForm,
}


def page_of(customer_id: str, sent: FlaskForm | None = None) -> str:
    """The customer file; with the form that was sent, what is wrong with it."""
    forms = {name: sent if isinstance(sent, form) else form(formdata=None) for name, form in FORMS.items()}
    company = access.current_company()
    platform = services().platforms.get(company.platform)
    with services().database.read() as reading:
        file = reads.customer_file(reading, access.company_id(), customer_id, local_today())
    if file is None:
        abort(404)
    return render_template(
        "customer.html",
        file=file,
        customer=file.customer,
        wish=file.wish,
        decided={decision.invoice_id: decision for decision in file.decisions if decision.invoice_id},
        forms=forms,
        currency=file.customer.currency or company.base_currency,
        today=local_today(),
        has_notes=platform is None or platform.has_notes,
        takes_writing=platform is None or platform.takes_writing,
        **parts_of(file),
        **forms,
    )
