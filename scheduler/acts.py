"""From a plan to acts: what the engine wants becomes what can be done, each with its key and its text ready.

One reminder is one mail and one note per invoice; the notes wait for the mail. Nothing is done here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from connectors.mail.context import DiscountOffered, MessageContext
from connectors.mail.templates import render
from connectors.ports import Mail, Platform
from engine import keys
from engine.account import Account
from engine.plan import Action, ChargeFee, InvoiceDue, OfferDiscount, PlaceHold, ReleaseHold, SendReminder
from engine.policy import Policy
from scheduler import fees
from scheduler.doing import SendMail, ShowHold, WriteNote, encode
from scheduler.parts import Links
from store.ledger import PlannedAct
from store.tables import Company


@dataclass(frozen=True)
class Pen:
    """Writes the acts of one account on one day."""

    company: Company
    policy: Policy
    account: Account
    links: Links
    today: date
    platform: Platform

    def acts_for(self, action: Action) -> list[PlannedAct]:
        """The acts that carry out one action; a task for a person has none."""
        if isinstance(action, SendReminder):
            pairs = [(due.invoice_id, due.step) for due in action.invoices]
            key = keys.reminder_key(self._company, action.customer_id, pairs)
            taken = [(invoice, step) for invoice, step in pairs if step > 0]
            return self._message(action, "remind", key, action.step, action.invoices, taken)
        if isinstance(action, OfferDiscount):
            key = keys.offer_key(self._company, action.customer_id, action.invoice.invoice_id)
            taken = [(action.invoice.invoice_id, 0)]
            return self._message(action, "discount_offer", key, 0, (action.invoice,), taken)
        if isinstance(action, PlaceHold):
            key = keys.hold_key(self._company, action.customer_id, self.today)
            return [self._hold("hold", key, f"On credit hold since {self._day(self.today)}. {action.reason.sentence}")]
        if isinstance(action, ReleaseHold):
            since = self.account.credit.hold_since_on or self.account.credit.shown_since_on
            key = keys.release_key(self._company, action.customer_id, since)
            return [self._hold("release", key, f"Released on {self._day(self.today)}. {action.reason.sentence}")]
        if isinstance(action, ChargeFee):
            return fees.acts(action, self.company, self.policy.booking.fees, self.platform)
        return []

    def _message(
        self,
        action: SendReminder | OfferDiscount,
        kind: str,
        key: str,
        step: int,
        invoices: tuple[InvoiceDue, ...],
        taken: list[tuple[str, int]],
    ) -> list[PlannedAct]:
        mail = self._mail(action, key, invoices)
        ids = tuple(due.invoice_id for due in invoices)
        message = PlannedAct(kind=kind, key=key, step=step, invoices=tuple(taken), body=encode(SendMail(mail, ids)))
        return [message, *(self._note(action, message, due, mail) for due in invoices)]

    def _mail(self, action: SendReminder | OfferDiscount, key: str, invoices: tuple[InvoiceDue, ...]) -> Mail:
        sender = self.policy.sender.name or self.company.name
        reply_to = self.policy.sender.reply_to or self.company.email
        out = self.links.unsubscribe(self._id, self.account.customer_id)
        offer = None
        if isinstance(action, OfferDiscount):
            offer = DiscountOffered(percent=action.percent, saving=action.saving, last_day_on=action.last_day_on)
        text = render(
            action.template,
            MessageContext(
                customer_name=self.account.name,
                company_name=self.company.name,
                invoices=invoices,
                today=self.today,
                country=self.company.country,
                sender_name=sender,
                reply_to=reply_to,
                statement_url=self.links.portal(self._id, self.account.customer_id),
                unsubscribe_url=out,
                discount=offer,
            ),
        )
        # Colleagues see each other on one message: two separate ones would each look like the only one.
        first, *others = self.account.emails
        return Mail(
            key=key,
            to=(first,),
            cc=tuple(others),
            subject=text.subject,
            text=text.text,
            html=text.html,
            sender_name=sender,
            reply_to=reply_to,
            unsubscribe_url=out,
            sent_on=self.today,
        )

    def _note(
        self, action: SendReminder | OfferDiscount, message: PlannedAct, due: InvoiceDue, mail: Mail
    ) -> PlannedAct:
        what = "Early-payment offer" if isinstance(action, OfferDiscount) else f"Reminder, step {action.step},"
        to = ", ".join((*mail.to, *mail.cc))
        text = f"{what} sent to {to} on {self._day(self.today)}; balance {due.balance}. {action.reason.sentence}"
        return PlannedAct(
            kind="note",
            key=keys.note_key(message.key, "invoice", due.invoice_id),
            after_key=message.key,
            body=encode(WriteNote("invoice", due.invoice_id, text)),
        )

    def _hold(self, kind: str, key: str, text: str) -> PlannedAct:
        return PlannedAct(kind=kind, key=key, body=encode(ShowHold(kind == "hold", text)))

    def _day(self, day: date) -> str:
        return format_date(day, format="long", locale="en_GB")

    @property
    def _id(self) -> int:
        return self.company.stored_id

    @property
    def _company(self) -> str:
        return str(self._id)
