"""The letter before claim to one customer: the company's approved text, then the schedule of what is claimed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from connectors.mail.context import LetterFacts, MessageContext
from connectors.mail.templates import Source
from connectors.paper.letters import Letter, written
from connectors.paper.pdf import Document, Section, pdf
from connectors.paper.words import Hand
from engine.calendar import add_days
from engine.claim import Claim
from engine.money import Money
from engine.plan import InvoiceDue
from engine.policy import Sender
from store.tables import Company, Customer
from webapp.formatting import locale_of
from webapp.papers.claims import schedule

DRAFT = "NOT APPROVED"


def letter_pdf(
    letter: Letter,
    source: Source,
    company: Company,
    sender: Sender,
    customer: Customer,
    claims: Sequence[Claim],
    *,
    is_approved: bool,
) -> bytes:
    """The letter on paper. Raises BadTemplateError and MissingFactError for a text that cannot be used."""
    today, hand = claims[0].on, Hand(locale_of(letter.language, company.country))
    title, paragraphs = written(source, context_of(letter, company, sender, customer, claims))
    return pdf(
        Document(
            title=title,
            subtitle=hand.day(today),
            sections=[
                Section(text=[f"{company.name}\n{sender.reply_to or company.email}".strip()]),
                Section(text=[f"{hand.say('To')}\n{customer.name}\n{customer.email}".strip()]),
                Section(text=paragraphs),
                Section(heading=hand.say("Schedule")),
                *schedule(claims, hand),
            ],
            foot=f"{company.name} – {customer.name} – {hand.day(today)}",
            country=company.country,
            language=letter.language,
            watermark="" if is_approved else DRAFT,
        )
    )


def context_of(
    letter: Letter, company: Company, sender: Sender, customer: Customer, claims: Sequence[Claim]
) -> MessageContext:
    """What the text may speak of."""
    today: date = claims[0].on
    return MessageContext(
        customer_name=customer.name,
        company_name=company.name,
        invoices=tuple(_invoices(claims, today)),
        today=today,
        country=company.country,
        language=letter.language,
        sender_name=sender.name or company.name,
        reply_to=sender.reply_to or company.email,
        letter=LetterFacts(
            debt=tuple(claim.principal for claim in claims),
            charges=_some(claim.charges for claim in claims),
            claim=tuple(claim.total for claim in claims),
            daily=_some(claim.daily for claim in claims) or (Money.zero(claims[0].principal.currency),),
            reply_by=add_days(today, letter.reply_days),
        ),
    )


def _invoices(claims: Sequence[Claim], today: date) -> Iterator[InvoiceDue]:
    for claim in claims:
        for invoice in claim.invoices:
            yield InvoiceDue(
                invoice_id=invoice.id,
                number=invoice.number,
                due_on=invoice.due_on,
                balance=invoice.balance,
                days_overdue=(today - invoice.due_on).days,
                step=0,
            )


def _some(amounts: Iterable[Money]) -> tuple[Money, ...]:
    return tuple(amount for amount in amounts if amount)
