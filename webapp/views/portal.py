"""What a customer sees through a signed link: their statement, and the way out of our emails. No sign-in, no cookie.

The link itself is the permission, and it covers one customer of one company. Opening a page changes nothing: mail
programs open every link on their own.
"""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from store import companies
from store.home import customer_file
from store.scope import Scope
from store.tables import Customer, CustomerWish
from store.wishes import Speaker
from webapp.formatting import local_today, still_open
from webapp.limits import PORTAL, limiter
from webapp.links import Recipient, read_portal, read_unsubscribe
from webapp.security import csrf
from webapp.services import now, services

pages = Blueprint("portal", __name__)

BY_CUSTOMER = "the customer"
"""Who did it, in the audit."""


@pages.get("/portal/<token>")
@limiter.limit(PORTAL)
def show(token: str) -> ResponseReturnValue:
    """The customer's open invoices and their sum."""
    recipient = read_portal(token, services().secret_keys)
    customer, wish = _customer(recipient)
    if recipient is None or customer is None:
        return _bad_link()
    today = local_today()
    with services().database.read() as reading:
        file = customer_file(reading, recipient.company_id, customer.id, today)
    if file is None:
        return _bad_link()
    is_open = sorted((one for one in file.invoices if still_open(one)), key=lambda one: (one.due_on, one.number))
    said = "Noted: no more emails like this will come." if wish.opted_out_at else ""
    return _page("portal.html", customer, wish, invoices=is_open, balances=file.balances, today=today, done=said)


@pages.post("/portal/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]  # flask_wtf carries no types; the link is the permission
@limiter.limit(PORTAL)
def answer(token: str) -> ResponseReturnValue:
    """The customer wants no more emails."""
    recipient = read_portal(token, services().secret_keys)
    customer, wish = _customer(recipient)
    if recipient is None or customer is None:
        return _bad_link()
    _opt_out(recipient, wish)
    return redirect(request.path, 303)


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


def _customer(recipient: Recipient | None) -> tuple[Customer | None, CustomerWish]:
    """The customer a link names, and what is known of their wishes; sets the company that the page writes for."""
    if recipient is None:
        return None, CustomerWish(company_id=0, customer_id="")
    with services().database.read() as reading:
        scope = Scope(reading, recipient.company_id)
        customer = scope.get(Customer, id=recipient.customer_id)
        wish = scope.get(CustomerWish, customer_id=recipient.customer_id)
        if customer is not None:
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
