"""What a customer sees through a signed link: their statement, and the way out of our emails. No sign-in, no cookie.

The link itself is the permission, and it covers one customer of one company. Opening a page changes nothing: mail
programs open every link on their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.telling import LANGUAGES
from store import companies
from store.answers import Answer
from store.erased import is_erased
from store.home import SharedAccount, shared_account
from store.remarks import BY_CUSTOMER
from store.scope import Scope
from store.tables import Customer, CustomerWish, Invoice
from store.wishes import Speaker
from webapp import sheets
from webapp.formatting import decimal, local_today, still_open
from webapp.forms.portal import FORMS
from webapp.language import told_here
from webapp.limits import PORTAL, PORTAL_ANSWERS, limiter
from webapp.links import Recipient, read_portal, read_unsubscribe
from webapp.security import csrf
from webapp.services import now, services

pages = Blueprint("portal", __name__)

DONE = {
    "paid": "Thank you, noted. Reminders about these invoices wait while the payment is looked for.",
    "promise": "Thank you, noted. Reminders about these invoices wait for that day.",
    "wrong": "Noted. A person looks into it, and you get no reminders about these invoices until it is settled.",
    "parts": "Noted. A person will answer you.",
    "opt_out": "Noted: no more emails like this will come.",
}


@pages.get("/portal/<token>")
@limiter.limit(PORTAL)
def show(token: str) -> ResponseReturnValue:
    """The customer's open invoices, their sum, and what they can answer."""
    recipient = read_portal(token, services().secret_keys)
    customer, wish = _customer(recipient)
    if customer is None:
        return _bad_link()
    return _statement(customer, wish)


@pages.get("/portal/<token>/statement.csv")
@limiter.limit(PORTAL)
def download(token: str) -> ResponseReturnValue:
    """The statement for a spreadsheet."""
    customer, _wish = _customer(read_portal(token, services().secret_keys))
    if customer is None:
        return _bad_link()
    file = _account(customer)
    heads = [told_here(head) for head in ("Invoice", "Due date", "Currency", "Total", "Still open")]
    rows = [
        (
            one.number or one.id,
            one.due_on,
            one.currency,
            decimal(one.total, one.currency),
            decimal(still_open(one), one.currency),
        )
        for one in _open(file)
    ]
    return sheets.answer("csv", "statement", heads, rows)


@pages.post("/portal/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]  # flask_wtf carries no types; the link is the permission
@limiter.limit(PORTAL)
@limiter.limit(PORTAL_ANSWERS, key_func=lambda: request.path)
def answer(token: str) -> ResponseReturnValue:
    """What the customer has to say: taken at their word at once, and put before a person where one is needed."""
    recipient = read_portal(token, services().secret_keys)
    customer, wish = _customer(recipient)
    if recipient is None or customer is None:
        return _bad_link()
    said = request.form.get("answer", "")
    if said == "opt_out":
        _opt_out(recipient, wish)
    elif said in FORMS:
        form = FORMS[said](_open(_account(customer)), request.form)
        if not form.validate():
            return _statement(customer, wish, {said: form}), 422
        with services().database.begin() as writing:
            form.say(Answer(writing, customer.company_id, customer, local_today(), now()))
    else:
        abort(400)
    return redirect(url_for("portal.show", token=token, done=said), 303)


@pages.get("/unsubscribe/<token>")
@limiter.limit(PORTAL)
def ask(token: str) -> ResponseReturnValue:
    """Asks before it does anything."""
    recipient = read_unsubscribe(token, services().secret_keys)
    customer, wish = _customer(recipient)
    return _bad_link() if customer is None else _page("unsubscribe.html", customer, wish)


@pages.post("/unsubscribe/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]  # flask_wtf carries no types; the link is the permission
@limiter.limit(PORTAL)
def leave(token: str) -> ResponseReturnValue:
    """Ends our emails at once, for a person and for a mail program's one click (RFC 8058: no redirect, no cookie)."""
    recipient = read_unsubscribe(token, services().secret_keys)
    customer, wish = _customer(recipient)
    if recipient is None or customer is None:
        return _bad_link()
    _opt_out(recipient, wish)
    return _page("unsubscribe.html", customer, wish, has_opted_out=True)


def _statement(customer: Customer, wish: CustomerWish, answered: Mapping[str, object] = MappingProxyType({})) -> str:
    file = _account(customer)
    is_open = _open(file)
    return _page(
        "portal.html",
        customer,
        wish,
        invoices=is_open,
        wishes=file.invoice_wishes,
        owners=file.owners,
        plans=file.plans,
        planned={number for plan in file.plans for number in plan.invoices},
        balances=file.balances,
        today=local_today(),
        forms={name: answered.get(name) or make(is_open) for name, make in FORMS.items()},
        done=DONE.get(request.args.get("done", ""), ""),
    )


def _account(customer: Customer) -> SharedAccount:
    with services().database.read() as reading:
        return shared_account(reading, customer.company_id, customer.id, local_today()) or abort(404)


def _open(file: SharedAccount) -> list[Invoice]:
    return sorted((one for one in file.invoices if still_open(one)), key=lambda one: (one.due_on, one.number))


def _customer(recipient: Recipient | None) -> tuple[Customer | None, CustomerWish]:
    """The customer a link names, and what is known of their wishes; sets the company that the page writes for."""
    if recipient is None:
        return None, CustomerWish(company_id=0, customer_id="")
    with services().database.read() as reading:
        scope = Scope(reading, recipient.company_id)
        customer = scope.get(Customer, id=recipient.customer_id)
        if is_erased(reading, recipient.company_id, recipient.customer_id):
            customer = None
        wish = scope.get(CustomerWish, customer_id=recipient.customer_id)
        if customer is not None:
            # The language in which the company writes to them; a browser's own comes after it.
            if wish is not None and wish.language in LANGUAGES:
                g.language = wish.language
            g.company = companies.get(reading, recipient.company_id)
    return customer, wish or CustomerWish(company_id=recipient.company_id, customer_id=recipient.customer_id)


def _opt_out(recipient: Recipient, wish: CustomerWish) -> None:
    if wish.opted_out_at is None:
        with services().database.begin() as writing:
            Speaker(writing, recipient.company_id, now(), BY_CUSTOMER).opt_out(recipient.customer_id)


def _page(template: str, customer: Customer, wish: CustomerWish, **more: object) -> str:
    known = {"company": g.company, "customer": customer, "has_opted_out": wish.opted_out_at is not None}
    return render_template(template, **known | more)


def _bad_link() -> ResponseReturnValue:
    return render_template("bad_link.html", company=None), 404
