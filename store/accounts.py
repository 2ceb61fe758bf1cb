"""Accounts: one customer as one value for the engine, put together from rows in a handful of bulk queries.

Reads only. What counts as one account, and which are due, is `store.attention`'s business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import bindparam, or_, select, true
from sqlmodel import Session

from engine.account import Account
from engine.books import InvoiceStatus
from engine.history import FeeCharged, Received
from engine.needs import EVERYTHING, Needs
from store import companies, money_history, plans, promises, returned, set_asides, settled, tasks, waivers
from store.account_parts import (
    HoldsShown,
    Steps,
    addresses,
    contacts,
    holds_shown,
    people,
    steps_taken,
    unapplied_money,
)
from store.account_values import Parts, fades_on, invoice_of, standing_of
from store.attention import due_customers, lock, survivors
from store.scope import Scope, any_of, of_company
from store.sql import chunks, table_of
from store.tables import Customer, CustomerWish, Invoice, InvoiceWish

__all__ = ["due_customers", "load", "lock"]

CUSTOMER = table_of(Customer)
WISH = table_of(CustomerWish)
INVOICE = table_of(Invoice)
INVOICE_WISH = table_of(InvoiceWish)

_CUSTOMERS = of_company(Customer).where(any_of(CUSTOMER.c.id))
_WISHES = of_company(CustomerWish).where(any_of(WISH.c.customer_id))
_INVOICE_WISHES = of_company(InvoiceWish).where(any_of(INVOICE_WISH.c.invoice_id))
_INVOICES = (
    of_company(Invoice)
    .where(
        any_of(INVOICE.c.customer_id),
        or_(
            INVOICE.c.status.in_((InvoiceStatus.OPEN.value, InvoiceStatus.DRAFT.value)),
            INVOICE.c.settled_on >= bindparam("since"),
            INVOICE.c.settled_on.is_(None) & (INVOICE.c.updated_at >= bindparam("since_at")),
        ),
    )
    .order_by(INVOICE.c.due_on, INVOICE.c.id)
)

CUSTOMERS_AT_ONCE = 500
REMEMBERED = timedelta(days=60)
"""How long a settled, voided or deleted invoice, and a contact, still belong to the account."""


def load(
    session: Session,
    company_id: int,
    customer_ids: Sequence[str],
    today: date,
    without_acts: Iterable[str] = (),
    since: date | None = None,
    needs: Needs = EVERYTHING,
) -> list[Account]:
    """The accounts of these customers, in their order; unknown and merged ones are left out.

    `without_acts` names acts, by key, that shall look as if they had never been planned: what a run asks just before
    acting, to see whether it would decide the same again. `since` reaches further back than `REMEMBERED` for invoices
    and contacts, for those who look at the past. `needs` names what the policy at hand rests on.
    """
    ends = survivors(session, company_id)
    wanted = [customer_id for customer_id in dict.fromkeys(customer_ids) if customer_id not in ends]
    merged: dict[str, list[str]] = {}
    for customer_id, survivor in ends.items():
        merged.setdefault(survivor, []).append(customer_id)
    reader = _Reader(session, company_id, today, frozenset(without_acts), since or today - REMEMBERED, needs)
    return [account for some in chunks(wanted, CUSTOMERS_AT_ONCE) for account in reader.accounts(some, merged)]


class _Reader:
    """Reads chunks of accounts as of one day."""

    def __init__(
        self,
        session: Session,
        company_id: int,
        today: date,
        without_acts: frozenset[str],
        since: date,
        needs: Needs,
    ) -> None:
        self._scope = Scope(session, company_id)
        self._today, self._without, self._since, self._needs = today, without_acts, since, needs
        self._watched_since_on = companies.get(session, company_id).watched_since_on or today

    def accounts(self, customer_ids: Sequence[str], merged: Mapping[str, Sequence[str]]) -> list[Account]:
        standing = {alias: name for name in customer_ids for alias in (name, *merged.get(name, ()))}
        invoices = self._invoices(standing)
        invoice_ids = [invoice.id for some in invoices.values() for invoice in some]
        customers = self._customers(customer_ids)
        steps = steps_taken(self._scope, invoice_ids, self._without)
        words = self._invoice_wishes(invoice_ids)
        expected = [row.id for rows in invoices.values() for row in rows if row.expected_on is not None]
        parts = Parts(
            customers=customers,
            emails=people(self._scope, customers.values()),
            wishes=self._wishes(customer_ids),
            invoices=invoices,
            invoice_wishes=words,
            unread=set_asides.unread_invoices(self._scope.session, self._scope.company_id),
            steps=steps,
            unapplied=unapplied_money(self._scope, standing),
            holds=holds_shown(self._scope, customer_ids, self._without),
            returned=returned.days(self._scope, standing, self._today),
            had_bills_sent=self._had_bills_sent(standing, invoices),
            answered=tasks.answered(self._scope, standing) if self._needs.said else {},
            contacts=contacts(self._scope, standing, self._since) if self._needs.said else {},
            payments=self._payments(invoices, steps, words),
            fees=self._fees(invoices),
            forgiven=waivers.forgiven(self._scope, standing, self._without) if self._needs.said else {},
            plans=plans.of_invoices(self._scope, invoice_ids),
            promises=promises.past(self._scope, standing, self._today, self._needs.grace_days),
            taken_back=promises.taken_back(self._scope, expected),
            history=settled.history(self._scope, standing, self._today) if self._needs.history else {},
        )
        return [self._account(parts, name) for name in customer_ids if name in parts.customers]

    def _account(self, parts: Parts, customer_id: str) -> Account:
        customer, wish = parts.customers[customer_id], parts.wishes.get(customer_id)
        wish = wish or CustomerWish(company_id=self._scope.company_id, customer_id=customer_id)
        rows = parts.invoices.get(customer_id, [])
        return Account(
            customer_id=customer_id,
            name=customer.name,
            country=customer.country,
            emails=addresses(parts.emails.get(customer_id, []) or [row.email for row in rows if row.status == "open"]),
            invoices=tuple(invoice_of(row, parts) for row in rows),
            unapplied=parts.unapplied.get(customer_id, ()),
            contacts=parts.contacts.get(customer_id, ()),
            credit=standing_of(wish, parts.holds.get(customer_id) or HoldsShown()),
            is_active=customer.is_active,
            do_not_chase=wish.do_not_chase,
            opted_out=wish.opted_out_at is not None,
            is_paused=wish.is_paused,
            paused_until_on=wish.paused_until_on,
            is_fee_exempt=wish.is_fee_exempt,
            is_consumer=wish.is_consumer,
            fees=parts.fees.get(customer_id, ()),
            forgiven=parts.forgiven.get(customer_id, ()),
            history=parts.history.get(customer_id, ()),
            promises=parts.promises.get(customer_id, ()),
            returned_payments=len(parts.returned.get(customer_id, ())),
            answered=parts.answered.get(customer_id, frozenset()),
            had_bills_sent=customer_id in parts.had_bills_sent,
            fades_on=fades_on(parts, customer_id),
            watched_since_on=self._watched_since_on,
        )

    def _customers(self, ids: Sequence[str]) -> dict[str, Customer]:
        return {row.id: row for row in self._scope.ask(_CUSTOMERS, names=ids)}

    def _wishes(self, ids: Sequence[str]) -> dict[str, CustomerWish]:
        return {row.customer_id: row for row in self._scope.ask(_WISHES, names=ids)}

    def _invoices(self, standing: Mapping[str, str]) -> dict[str, list[Invoice]]:
        """Open and draft invoices, and those settled, voided or deleted of late, the oldest due first."""
        since_at = datetime.combine(self._since, time(), UTC)
        found: dict[str, list[Invoice]] = {}
        for names in chunks(standing):
            for row in self._scope.ask(_INVOICES, names=names, since=self._since, since_at=since_at):
                found.setdefault(standing[row.customer_id], []).append(row)
        return found

    def _had_bills_sent(self, standing: Mapping[str, str], invoices: Mapping[str, Sequence[Invoice]]) -> set[str]:
        """Of the accounts with a bill that was never sent and none that was: those which once got one."""
        sent = {name: {row.is_sent for row in rows} for name, rows in invoices.items()}
        asked = {name for name, told in sent.items() if False in told and True not in told}
        customers = [customer_id for customer_id, name in standing.items() if name in asked]
        found: set[str] = set()
        for names in chunks(customers):
            wanted = select(INVOICE.c.customer_id).distinct().where(INVOICE.c.company_id == self._scope.company_id)
            wanted = wanted.where(INVOICE.c.customer_id.in_(names), INVOICE.c.is_sent == true())
            found |= {standing[row.customer_id] for row in self._scope.session.execute(wanted)}
        return found

    def _payments(
        self, invoices: Mapping[str, Sequence[Invoice]], steps: Mapping[str, Steps], words: Mapping[str, InvoiceWish]
    ) -> dict[str, tuple[Received, ...]]:
        rows = [row for some in invoices.values() for row in some]
        if not self._needs.payments:
            promised = {invoice_id for invoice_id, word in words.items() if word.promised_on is not None}
            rows = [row for row in rows if row.id in promised or self._may_have_taken_discount(row, steps)]
        return money_history.payments(self._scope, rows)

    def _may_have_taken_discount(self, row: Invoice, steps: Mapping[str, Steps]) -> bool:
        """Part-paid, with a discount of its own or one that was offered."""
        if not self._needs.discounts_taken or row.status != InvoiceStatus.OPEN.value or not 0 < row.balance < row.total:
            return False
        taken = steps.get(row.id)
        return row.discount_percent is not None or (taken is not None and taken.discount_offered)

    def _fees(self, invoices: Mapping[str, Sequence[Invoice]]) -> dict[str, tuple[FeeCharged, ...]]:
        if not self._needs.fees:
            return {}
        owners = {row.id: name for name, rows in invoices.items() for row in rows}
        return money_history.fees(self._scope, owners, self._without)

    def _invoice_wishes(self, ids: Sequence[str]) -> dict[str, InvoiceWish]:
        found: dict[str, InvoiceWish] = {}
        for some in chunks(ids):
            found |= {row.invoice_id: row for row in self._scope.ask(_INVOICE_WISHES, names=some)}
        return found
