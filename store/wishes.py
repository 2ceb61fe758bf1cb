"""What people tell us about a customer or an invoice: pauses, promises, disputes, limits, holds, no more mail.

Each word is kept apart from the synced copy, audited, and makes the account be decided anew.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from engine.money import Money
from store import attention, audit, companies, outbox, policies, promises, remarks, returned, tasks, waivers
from store.scope import Scope
from store.sql import insert_into, run, table_of
from store.tables import Customer, CustomerWish, Invoice, InvoiceWish


class Speaker:
    """One person's (or a customer's own) word about one company's customers, at one moment.

    Every method raises LookupError for a customer or an invoice that the company does not have.
    """

    def __init__(self, session: Session, company_id: int, now: datetime, by: str) -> None:
        self._session, self._company_id, self._now, self._by = session, company_id, now, by
        self._scope = Scope(session, company_id)

    def pause_customer(self, customer_id: str, is_paused: bool, until_on: date | None = None) -> None:
        """Chase nothing of the customer, up to and including `until_on` where one is given."""
        values = {"is_paused": is_paused, "paused_until_on": until_on if is_paused else None}
        self._customer(customer_id, "paused" if is_paused else "pause ended", values)

    def do_not_chase(self, customer_id: str, do_not: bool) -> None:
        """Never chase the customer, until a person says otherwise."""
        self._customer(customer_id, "do not chase" if do_not else "chase again", {"do_not_chase": do_not})

    def opt_out(self, customer_id: str, is_out: bool = True) -> None:
        """The customer wants no more emails from us, or wants them again."""
        what = "opted out of emails" if is_out else "opted in to emails"
        self._customer(customer_id, what, {"opted_out_at": self._now if is_out else None})

    def hold(self, customer_id: str, is_on_hold: bool, today: date, reason: str = "") -> None:
        """Put the customer on credit hold by hand, or take it off: from then on Dunwell leaves the hold as it is."""
        since = today if is_on_hold else None
        values = {"is_on_hold": is_on_hold, "hold_is_manual": True, "hold_since_on": since, "hold_reason": reason}
        self._customer(customer_id, "put on hold" if is_on_hold else "taken off hold", values)
        told = {"customer_id": customer_id, "reason": f"set by hand, by {self._by}"}
        outbox.put(self._session, self._company_id, outbox.hold_kind(is_on_hold), told, self._now)

    def leave_hold_to_policy(self, customer_id: str) -> None:
        """Let the policy place and lift the hold again."""
        self._customer(customer_id, "hold left to the policy", {"hold_is_manual": False, "hold_reason": ""})

    def exempt_from_fees(self, customer_id: str, is_exempt: bool) -> None:
        """Never charge the customer for paying late, or charge again as the policy says."""
        self._customer(customer_id, "exempt from fees" if is_exempt else "fees again", {"is_fee_exempt": is_exempt})

    def consumer(self, customer_id: str, is_consumer: bool) -> None:
        """The customer is a private person, or is a business after all."""
        what = "marked as a private person" if is_consumer else "marked as a business"
        self._customer(customer_id, what, {"is_consumer": is_consumer})

    def limit(self, customer_id: str, limit: Money | None) -> None:
        """The customer's own credit limit, which is thereby looked at; None falls back on the policy's."""
        self._customer(customer_id, "credit limit set", _amount("credit_limit", "credit_currency", limit))
        self.reviewed(customer_id)

    def override_limit(self, customer_id: str, limit: Money | None, until_on: date | None = None) -> None:
        """A limit for the time being, up to and including `until_on`; None ends it."""
        values = _amount("override_limit", "override_currency", limit)
        what = "temporary credit limit set" if limit else "temporary credit limit ended"
        self._customer(customer_id, what, values | {"override_until_on": until_on if limit else None})

    def unbilled(self, customer_id: str, amount: Money | None) -> None:
        """What the customer has ordered and was not billed for yet: it counts against the limit."""
        self._customer(customer_id, "orders not billed noted", _amount("unbilled", "unbilled_currency", amount))

    def reviewed(self, customer_id: str) -> None:
        """A person has looked at the customer's credit limit today: questions about it are answered."""
        today = policies.local_day(self._session, self._company_id, self._now)
        self._customer(customer_id, "credit limit reviewed", {"reviewed_on": today})
        tasks.close_about(
            self._session,
            self._company_id,
            customer_id,
            kinds=("credit_new_customer", "credit_review"),
            outcome="the credit limit was looked at",
            now=self._now,
        )

    def payment_returned(self, customer_id: str, on: date, note: str = "") -> None:
        """The bank took a payment of this customer back."""
        returned.note(self._session, self._company_id, customer_id, on, note, self._now, self._by)

    def take_back_fee(self, fee_key: str, why: str = "") -> None:
        """The customer shall not pay that fee of ours: the next run takes it out of the books."""
        waivers.waive(self._session, self._company_id, fee_key, why, self._now, self._by)

    def payment_not_returned(self, returned_id: int) -> None:
        """That was noted in error."""
        returned.take_back(self._session, self._company_id, returned_id, self._now, self._by)

    def language(self, customer_id: str, language: str) -> None:
        """The language in which we write to the customer; empty falls back on the company's."""
        self._customer(customer_id, "language set", {"language": language})

    def dispute(self, invoice_id: str, is_disputed: bool, reason: str = "") -> None:
        """The customer contests the invoice: not chased until that is settled."""
        values = {"is_disputed": is_disputed, "dispute_reason": reason if is_disputed else ""}
        self._invoice(invoice_id, "disputed" if is_disputed else "dispute settled", values)

    def promise(self, invoice_id: str, pay_on: date | None, amount: Money | None = None) -> None:
        """The customer said they would pay the invoice, or `amount` of it, by `pay_on`; None takes it back."""
        minor = amount.minor if amount and pay_on else None
        if promises.stands(self._scope, invoice_id, pay_on, minor):
            return
        today = policies.local_day(self._session, self._company_id, self._now)
        if (invoice := self._scope.get(Invoice, id=invoice_id)) is not None:
            promises.end(self._session, self._company_id, invoice, today, is_taken_back=pay_on is None)
        values = {
            "promised_on": pay_on,
            "promised_amount": minor,
            "promise_made_on": today if pay_on else None,
        }
        self._invoice(invoice_id, "promised" if pay_on else "promise taken back", values)

    def promise_account(self, customer_id: str, pay_on: date, amount: Money | None = None) -> int:
        """The customer said they would pay what is due by `pay_on`, or `amount` of it, which is set against the oldest
        invoices; returns how many invoices that is. What is disputed is left out."""
        left = None if amount is None else amount.minor
        count = 0
        for invoice in self._due_by(customer_id, pay_on, amount.currency if amount else None):
            if left == 0:
                break
            owed = min(invoice.balance, invoice.stated_balance)
            part = None if left is None or left >= owed else Money(left, invoice.currency)
            self.promise(invoice.id, pay_on, part)
            left = None if left is None else max(0, left - owed)
            count += 1
        return count

    def _due_by(self, customer_id: str, day: date, currency: str | None) -> list[Invoice]:
        """The customer's open invoices that are due by that day and not disputed, the oldest first."""
        if self._scope.get(Customer, id=customer_id) is None:
            raise LookupError(f"there is no customer {customer_id}")
        ends = attention.survivors(self._session, self._company_id)
        names = [customer_id, *(name for name, survivor in ends.items() if survivor == customer_id)]
        invoice, wish = table_of(Invoice), table_of(InvoiceWish)
        disputed = select(wish.c.invoice_id).where(wish.c.company_id == self._company_id, wish.c.is_disputed)
        wanted = self._scope.select(Invoice).where(invoice.c.customer_id.in_(names), invoice.c.due_on <= day)
        wanted = wanted.where(invoice.c.status == "open", invoice.c.balance > 0, invoice.c.stated_balance > 0)
        wanted = wanted.where(invoice.c.id.not_in(disputed)).order_by(invoice.c.due_on, invoice.c.id)
        return [row for row in self._scope.all(wanted) if currency is None or row.currency == currency]

    def late_discount(self, invoice_id: str, *, is_accepted: bool) -> None:
        """A discount that was taken late is credited all the same, or what is left is chased."""
        what = "late discount accepted" if is_accepted else "late discount not accepted"
        self._invoice(invoice_id, what, {"late_discount": "credit" if is_accepted else "chase"})

    def pause_invoice(self, invoice_id: str, is_paused: bool, until_on: date | None = None) -> None:
        """Do not chase this invoice, up to and including `until_on` where one is given."""
        values = {"is_paused": is_paused, "paused_until_on": until_on if is_paused else None}
        self._invoice(invoice_id, "invoice paused" if is_paused else "invoice pause ended", values)

    def _customer(self, customer_id: str, what: str, values: dict[str, Any]) -> None:
        if self._scope.get(Customer, id=customer_id) is None:
            raise LookupError(f"there is no customer {customer_id}")
        self._put(CustomerWish, "customer_id", customer_id, values)
        self._tell(what, customer_id, values, {"customer": customer_id})

    def _invoice(self, invoice_id: str, what: str, values: dict[str, Any]) -> None:
        invoice = self._scope.get(Invoice, id=invoice_id)
        if invoice is None:
            raise LookupError(f"there is no invoice {invoice_id}")
        self._put(InvoiceWish, "invoice_id", invoice_id, values)
        subject = {"customer": invoice.customer_id, "invoice": invoice_id}
        self._tell(what, invoice.customer_id, values, subject)

    def _put(self, model: type[SQLModel], key: str, subject: str, values: dict[str, Any]) -> None:
        """Columns that were not spoken of keep what was said before; a new row starts with the table's own defaults."""
        fresh = model(**{"company_id": self._company_id, key: subject, **values}).model_dump()
        statement = insert_into(self._session, table_of(model)).values(**fresh)
        changes = {name: statement.excluded[name] for name in values}
        run(self._session, statement.on_conflict_do_update(index_elements=["company_id", key], set_=changes))

    def _tell(self, what: str, customer_id: str, values: dict[str, Any], subject: dict[str, str]) -> None:
        details = {name: _plain(value) for name, value in values.items()} | subject
        audit.append(self._session, self._company_id, self._now, self._by, what, details)
        day = next(
            (value for value in values.values() if isinstance(value, date) and not isinstance(value, datetime)), None
        )
        remarks.add(
            self._session,
            self._company_id,
            customer_id,
            what,
            str(values.get("dispute_reason") or values.get("language") or ""),
            invoice_id=subject.get("invoice", ""),
            on=day,
            now=self._now,
            by=self._by,
        )
        attention.touch(self._session, self._company_id, [customer_id])
        companies.bring_forward(self._session, self._company_id, self._now)


def languages(session: Session, company_id: int, customer_ids: Collection[str] | None = None) -> dict[str, str]:
    """The language of every customer for whom one is noted; of these customers alone where they are named."""
    wish = table_of(CustomerWish)
    wanted = select(wish.c.customer_id, wish.c.language).where(wish.c.company_id == company_id, wish.c.language != "")
    if customer_ids is not None:
        wanted = wanted.where(wish.c.customer_id.in_(customer_ids))
    return {row.customer_id: row.language for row in session.execute(wanted)}


def _amount(amount_name: str, currency_name: str, amount: Money | None) -> dict[str, Any]:
    """The two columns of an amount that may be missing."""
    return {amount_name: amount.minor if amount else None, currency_name: amount.currency if amount else ""}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
