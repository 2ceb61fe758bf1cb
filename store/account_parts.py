"""Parts of an account that come from several tables at once: addresses, steps taken, money not applied, contacts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct
from sqlalchemy import and_, bindparam, func, select, true

from engine.account import Contact
from engine.money import Money
from store.posted import left_over
from store.scope import Scope, any_of, of_company
from store.sql import chunks, table_of
from store.tables import (
    Action,
    ActionInvoice,
    ContactEvent,
    ContactPerson,
    Customer,
    DiscountOffer,
)

PERSON = table_of(ContactPerson)
CUSTOMER = table_of(Customer)
CONTACT = table_of(ContactEvent)
ACTION = table_of(Action)
TAKEN = table_of(ActionInvoice)
OFFER = table_of(DiscountOffer)

_CUSTOMERS = of_company(Customer).where(any_of(CUSTOMER.c.id))
_PEOPLE = (
    of_company(ContactPerson)
    .where(any_of(PERSON.c.customer_id), PERSON.c.is_included == true())
    .order_by(PERSON.c.customer_id, PERSON.c.position)
)
_CONTACTS = (
    of_company(ContactEvent)
    .where(any_of(CONTACT.c.customer_id), CONTACT.c.on >= bindparam("since"))
    .order_by(CONTACT.c.on, CONTACT.c.id)
)
_STEPS = (
    select(
        *(TAKEN.c.invoice_id, TAKEN.c.action_key, TAKEN.c.kind, TAKEN.c.step, ACTION.c.state),
        func.coalesce(CONTACT.c.on, ACTION.c.planned_on).label("day"),
        *(OFFER.c.percent, OFFER.c.until_on),
    )
    .join(ACTION, and_(ACTION.c.company_id == TAKEN.c.company_id, ACTION.c.key == TAKEN.c.action_key))
    .outerjoin(CONTACT, and_(CONTACT.c.company_id == TAKEN.c.company_id, CONTACT.c.action_key == TAKEN.c.action_key))
    .outerjoin(OFFER, and_(OFFER.c.company_id == TAKEN.c.company_id, OFFER.c.action_key == TAKEN.c.action_key))
    .where(TAKEN.c.company_id == bindparam("company_id"), any_of(TAKEN.c.invoice_id), TAKEN.c.is_live == true())
)
_HOLDS = (
    select(ACTION.c.key, ACTION.c.customer_id, ACTION.c.kind, ACTION.c.planned_on, ACTION.c.state)
    .where(ACTION.c.company_id == bindparam("company_id"), any_of(ACTION.c.customer_id))
    .where(ACTION.c.kind.in_(("hold", "release")), ACTION.c.state != "cancelled")
    .order_by(ACTION.c.id)
)
_LEFT_OVER = left_over(bindparam("company_id"), bindparam("names", expanding=True))

_ADDRESS = re.compile(
    r"[^@\s,;<>()\[\]\"\\\x00-\x1f]+@[^@\s,;<>()\[\]\"\\\x00-\x1f]+\.[^@\s,;<>()\[\]\"\\.\x00-\x1f]{2,}"
)
_LONGEST_ADDRESS = 254
"""RFC 5321, 4.5.3.1.3, less the angle brackets."""


class Steps(Struct):
    """What of one invoice has gone out or is under way."""

    last_step: int = 0
    last_contact_on: date | None = None
    discount_offered: bool = False
    offered_percent: Decimal | None = None
    offered_until_on: date | None = None
    discount_refused: bool = False


def addresses(fields: Iterable[str]) -> tuple[str, ...]:
    """Every usable address in these fields, each once, in order. A field may hold several, and names beside them."""
    found: dict[str, str] = {}
    for text in fields:
        for part in re.split(r"[,;]", text):
            inner = re.search(r"<([^<>]*)>\s*$", part)
            address = (inner.group(1) if inner else part).strip()
            if len(address) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(address):
                found.setdefault(address.lower(), address)
    return tuple(found.values())


def people(scope: Scope, customers: Iterable[Customer]) -> dict[str, list[str]]:
    """Address fields by customer: its own first, then the people to be copied; for a job billed with its parent and
    without an address, the parent's."""
    known = {customer.id: customer for customer in customers}
    parents = {c.id: c.parent_id for c in known.values() if c.is_billed_with_parent and c.parent_id and not c.email}
    missing = set(parents.values()) - known.keys()
    if missing:
        known |= {customer.id: customer for customer in scope.ask(_CUSTOMERS, names=sorted(missing))}
    emails = {customer.id: [customer.email] if customer.email else [] for customer in known.values()}
    for person in scope.ask(_PEOPLE, names=list(known)):
        emails[person.customer_id].append(person.email)
    return emails | {name: emails[name] or emails.get(parent, []) for name, parent in parents.items()}


def steps_taken(scope: Scope, invoice_ids: Sequence[str], without_acts: frozenset[str]) -> dict[str, Steps]:
    """By invoice, from acts not cancelled: the highest step and its day, and whether a discount was offered."""
    found: dict[str, Steps] = {}
    for some in chunks(invoice_ids):
        for row in scope.rows(_STEPS, names=some):
            if row.action_key in without_acts:
                continue
            steps = found.setdefault(row.invoice_id, Steps())
            if row.kind == "discount_offer":
                steps.discount_offered = True
                steps.offered_percent, steps.offered_until_on = row.percent, row.until_on
            elif row.kind == "discount_credit" and row.state in ("cancelled", "failed"):
                steps.discount_refused = True
            elif row.kind == "remind" and row.step > steps.last_step:
                steps.last_step, steps.last_contact_on = row.step, row.day
    return found


class HoldsShown(Struct):
    """What acts of ours have shown of one customer's hold on the platform."""

    since_on: date | None = None
    """The day from which the latest act shows a hold; None where none does."""
    times: int = 0
    """How many such acts have come to an end."""


def holds_shown(scope: Scope, customer_ids: Sequence[str], without_acts: frozenset[str]) -> dict[str, HoldsShown]:
    """By customer, what our acts show of a hold on the platform.

    An act under way counts as done: should it fail, a person is told.
    """
    shown: dict[str, HoldsShown] = {}
    for row in scope.rows(_HOLDS, names=customer_ids):
        if row.key in without_acts:
            continue
        of_customer = shown.setdefault(row.customer_id, HoldsShown())
        of_customer.since_on = row.planned_on if row.kind == "hold" else None
        of_customer.times += row.state in ("done", "failed")
    return shown


def unapplied_money(scope: Scope, standing: Mapping[str, str]) -> dict[str, tuple[Money, ...]]:
    """By account, one Money per currency: what posted payments and credits have left.

    `standing` maps customers to their accounts.
    """
    sums: dict[str, dict[str, int]] = {}
    for names in chunks(standing):
        for row in scope.rows(_LEFT_OVER, names=names):
            currencies = sums.setdefault(standing[row.customer_id], {})
            currencies[row.currency] = currencies.get(row.currency, 0) + row.left
    return {name: tuple(Money(left, code) for code, left in sorted(by.items())) for name, by in sums.items()}


def contacts(scope: Scope, standing: Mapping[str, str], since: date) -> dict[str, tuple[Contact, ...]]:
    """By account, every message since that day, oldest first; once, though two who were merged have both had it."""
    found: dict[str, list[Contact]] = {}
    seen: set[tuple[str, str]] = set()
    for names in chunks(standing):
        for row in scope.ask(_CONTACTS, names=names, since=since):
            told = (standing[row.customer_id], row.action_key)
            if not row.action_key or told not in seen:
                found.setdefault(told[0], []).append(Contact(row.on, row.kind))
            seen.add(told)
    return {name: tuple(sorted(events, key=lambda contact: contact.on)) for name, events in found.items()}
