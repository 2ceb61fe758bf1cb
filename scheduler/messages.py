"""Messages as acts: one mail, and the notes that tell of it once it has gone.

Reminders and offers leave a note on each invoice; a statement or thanks, which are about the customer, one note there.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from msgspec.structs import replace

from connectors.mail.context import DiscountOffered, MessageContext, MissingFactError
from connectors.mail.message import SendMail
from connectors.mail.templates import BadTemplateError, Rendered, Source, render_source, template
from connectors.ports import Mail
from engine import keys
from engine.account import Account
from engine.plan import InvoiceDue, Message, OfferDiscount, SendReminder, SendStatement, SendThanks
from engine.policy import Policy
from scheduler.doing import encode
from scheduler.notes import Notes
from scheduler.parts import Links
from scheduler.words import Words
from store.ledger import Offered, PlannedAct
from store.tables import Company


@dataclass(frozen=True)
class Desk:
    """Where one account's messages are written on one day."""

    company: Company
    policy: Policy
    account: Account
    links: Links
    today: date
    words: Words
    notes: Notes
    keeps_facts: bool = False
    """Keep what a message is written from, though no person is asked before it goes."""

    def acts(self, action: Message) -> list[PlannedAct]:
        """The mail and its notes."""
        kind, key, step, taken = self._identity(action)
        asks = isinstance(action, SendReminder) and action.needs_approval
        sent = self._letter(action, key, keeps_facts=asks or self.keeps_facts or self.company.mode != "automatic")
        message = PlannedAct(
            kind=kind,
            key=key,
            step=step,
            invoices=taken,
            offered=_terms(action),
            needs_approval=asks,
            body=encode(sent),
        )
        return [message, *self._told(action, message, sent.mail)]

    def _identity(self, action: Message) -> tuple[str, str, int, tuple[tuple[str, int], ...]]:
        """Kind, key, step, and what it takes of each invoice: (id, step) pairs that no other act may take."""
        company, customer = str(self.company.stored_id), action.customer_id
        if isinstance(action, SendReminder):
            pairs = tuple((due.invoice_id, due.step) for due in action.invoices)
            taken = tuple((invoice, step) for invoice, step in pairs if step > 0)
            return "remind", keys.reminder_key(company, customer, pairs), action.step, taken
        if isinstance(action, OfferDiscount):
            invoice_id = action.invoice.invoice_id
            return "discount_offer", keys.offer_key(company, customer, invoice_id), 0, ((invoice_id, 0),)
        if isinstance(action, SendStatement):
            return "statement", keys.statement_key(company, customer, action.statement_on), 0, ()
        if isinstance(action, SendThanks):
            ids = [due.invoice_id for due in action.invoices]
            return "thank_you", keys.thanks_key(company, customer, ids), 0, tuple((each, 0) for each in ids)
        assert_never(action)

    def _letter(self, action: Message, key: str, *, keeps_facts: bool) -> SendMail:
        facts = self._facts(action)
        words, text = self._worded(action.template, facts)
        to, cc, bcc = self._recipients(action)
        mail = Mail(
            key=key,
            to=to,
            cc=cc,
            bcc=bcc,
            subject=text.subject,
            text=text.text,
            html=text.html,
            sender_name=facts.sender_name,
            reply_to=facts.reply_to,
            unsubscribe_url=facts.unsubscribe_url,
            sent_on=self.today,
        )
        ids = tuple(due.invoice_id for due in facts.invoices)
        owners = {due.invoice_id: due.customer_id for due in facts.invoices if due.customer_id}
        sent = SendMail(mail, ids, owners=owners)
        return replace(sent, facts=facts, words=words) if keeps_facts else sent

    def _facts(self, action: Message) -> MessageContext:
        name, reply_to = self._sender(action)
        return MessageContext(
            customer_name=self.account.name,
            company_name=self.company.name,
            invoices=invoices_of(action),
            today=self.today,
            country=self.company.country,
            language=self._language,
            sender_name=name,
            reply_to=reply_to,
            statement_url=self.links.portal(self.company.stored_id, self.account.customer_id),
            unsubscribe_url=self.links.unsubscribe(self.company.stored_id, self.account.customer_id),
            discount=_offered(action),
            colour=self.policy.sender.colour,
            logo_url=self._logo,
        )

    def _worded(self, name: str, facts: MessageContext) -> tuple[Source, Rendered]:
        """In the company's own words, or the house's where those cannot say this: a condition may hide a field that one
        message in a thousand does not know, and that one is to go out all the same."""
        if (own := self.words.own_in(self._language, name)) is not None:
            with suppress(BadTemplateError, MissingFactError):
                return own, render_source(own, facts)
        house = template(name, facts.language)
        return house, render_source(house, facts)

    @property
    def _logo(self) -> str:
        sender = self.policy.sender
        return self.links.logo(self.company.stored_id, sender.logo) if sender.logo else sender.logo_url

    @property
    def _language(self) -> str:
        return self.words.language_of(self.account.customer_id)

    def _sender(self, action: Message) -> tuple[str, str]:
        """Name and reply address: the step's own, else the policy's, else the company's."""
        name, reply_to = (action.sender_name, action.reply_to) if isinstance(action, SendReminder) else ("", "")
        usual = self.policy.sender
        return name or usual.name or self.company.name, reply_to or usual.reply_to or self.company.email

    def _recipients(self, action: Message) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """To, cc and bcc. Colleagues see each other on one message: two separate ones would each look like the only
        one."""
        first, *others = self.account.emails
        if not isinstance(action, SendReminder):
            return (first,), tuple(others), ()
        cc = _new((*(others if action.to_everyone else ()), *action.cc), known=(first,))
        return (first,), cc, _new(action.bcc, known=(first, *cc))

    def _told(self, action: Message, message: PlannedAct, mail: Mail) -> list[PlannedAct]:
        """The notes that tell of the message."""
        notes, why = self.notes, action.reason.sentence
        what, to, day = _name(action), ", ".join((*mail.to, *mail.cc)), notes.day(self.today)
        if isinstance(action, SendStatement | SendThanks):
            return [notes.after(message, "customer", action.customer_id, f"{what} sent to {to} on {day}.", why)]
        return [
            notes.after(
                message, "invoice", due.invoice_id, f"{what} sent to {to} on {day}; balance {due.balance}.", why
            )
            for due in invoices_of(action)
        ]


def invoices_of(action: Message) -> tuple[InvoiceDue, ...]:
    """The invoices that a message names."""
    return (action.invoice,) if isinstance(action, OfferDiscount) else action.invoices


def _name(action: Message) -> str:
    if isinstance(action, SendReminder):
        return f"Reminder, step {action.step},"
    if isinstance(action, OfferDiscount):
        return "Early-payment offer"
    return "Statement of account" if isinstance(action, SendStatement) else "Thanks for the payment"


def _offered(action: Message) -> DiscountOffered | None:
    if not isinstance(action, OfferDiscount):
        return None
    return DiscountOffered(percent=action.percent, saving=action.saving, last_day_on=action.last_day_on)


def _terms(action: Message) -> Offered | None:
    """What an offer promises, kept so that a change of policy does not change it."""
    if not isinstance(action, OfferDiscount):
        return None
    return Offered(action.invoice.invoice_id, action.percent, action.last_day_on)


def _new(addresses: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """The addresses that are not known yet, each once, whatever their case."""
    seen = {address.lower() for address in known}
    found: dict[str, str] = {}
    for address in addresses:
        if address.lower() not in seen:
            found.setdefault(address.lower(), address)
    return tuple(found.values())
