"""The customer file: one customer with everything decided about them; and what a person says of them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from store import home as reads
from store.scope import Scope
from store.tables import Customer
from store.wishes import Speaker
from webapp import access
from webapp.formatting import local_today
from webapp.forms.customer import CustomerWordForm, InvoiceWordForm
from webapp.services import now, services
from webapp.views.customer_story import parts_of

pages = Blueprint("customers", __name__)


@pages.get("/customers/<customer_id>")
@access.for_company("viewer")
def show(customer_id: str) -> ResponseReturnValue:
    """The customer file."""
    return _file(customer_id, CustomerWordForm(formdata=None), InvoiceWordForm(formdata=None))


@pages.post("/customers/<customer_id>")
@access.for_company("bookkeeper")
def say(customer_id: str) -> ResponseReturnValue:
    """Take in a person's word about the customer; it counts from the next run."""
    form = CustomerWordForm()
    if not form.validate():
        return _file(customer_id, form, InvoiceWordForm(formdata=None)), 422
    customer = _customer(customer_id)
    currency = customer.currency or access.current_company().base_currency
    return _note(customer_id, lambda speaker: form.say(speaker, customer_id, currency, local_today()))


@pages.post("/customers/<customer_id>/invoices/<invoice_id>")
@access.for_company("bookkeeper")
def say_of_invoice(customer_id: str, invoice_id: str) -> ResponseReturnValue:
    """Take in what the customer said about one invoice; it counts from the next run."""
    form = InvoiceWordForm()
    if not form.validate():
        return _file(customer_id, CustomerWordForm(formdata=None), form), 422
    return _note(customer_id, lambda speaker: form.say(speaker, invoice_id))


def _note(customer_id: str, say: Callable[[Speaker], None]) -> ResponseReturnValue:
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


def _file(customer_id: str, customer_form: CustomerWordForm, invoice_form: InvoiceWordForm) -> str:
    company = access.current_company()
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
        customer_form=customer_form,
        invoice_form=invoice_form,
        currency=file.customer.currency or company.base_currency,
        today=local_today(),
        **parts_of(file),
    )
