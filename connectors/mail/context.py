"""What a message knows: the facts it is made from, and the fields that templates may name.

Values stay typed until they are written down: `{% if count == 1 %}` compares numbers, and an amount is formatted once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from msgspec import Struct

from connectors.mail.clean import one_line
from engine.money import Money
from engine.plan import InvoiceDue
from engine.telling import catalogue


class DiscountOffered(Struct, frozen=True, kw_only=True):
    """`saving` off the first invoice if it is paid up to and including `last_day_on`."""

    percent: Decimal
    saving: Money
    last_day_on: date


class LetterFacts(Struct, frozen=True, kw_only=True):
    """What a letter before claim speaks of: one amount per currency in each, none where there is none."""

    debt: tuple[Money, ...]
    charges: tuple[Money, ...]
    claim: tuple[Money, ...]
    daily: tuple[Money, ...]
    reply_by: date


class MessageContext(Struct, frozen=True, kw_only=True):
    """Everything one message may speak of. At least one invoice; strings may be as hostile as they like.

    `country` is the customer's ISO 3166 code, or the company's where that is unknown: it decides how dates and amounts
    are written, together with `language`, in which the message speaks. `sender_name` falls back on the company's.
    `pay_url` is a page that takes the payment itself, `statement_url` one that shows the customer's account.
    """

    customer_name: str
    company_name: str
    invoices: tuple[InvoiceDue, ...]
    today: date
    country: str = ""
    language: str = "en"
    sender_name: str = ""
    reply_to: str = ""
    pay_url: str = ""
    statement_url: str = ""
    unsubscribe_url: str = ""
    discount: DiscountOffered | None = None
    letter: LetterFacts | None = None
    colour: str = ""
    logo_url: str = ""
    """The company's own, where it has any: `#rrggbb`, and a web address."""

    @property
    def sender(self) -> str:
        return one_line(self.sender_name or self.company_name, 80)

    @property
    def overdue(self) -> tuple[InvoiceDue, ...]:
        """The invoices past their due date; all of them while none is."""
        return tuple(invoice for invoice in self.invoices if invoice.days_overdue > 0) or self.invoices


def totals(invoices: Iterable[InvoiceDue]) -> tuple[Money, ...]:
    """What invoices come to, one Money per currency."""
    sums: dict[str, Money] = {}
    for invoice in invoices:
        balance = invoice.balance
        sums[balance.currency] = sums.get(balance.currency, Money.zero(balance.currency)) + balance
    return tuple(sums.values())


class Block(Struct, frozen=True):
    """A part of a message that we lay out ourselves, in paragraphs of its own."""

    name: str


Value = str | int | Decimal | date | Money | tuple[Money, ...] | Block | None
Fields = dict[str, Value | dict[str, Value]]


def fields_of(context: MessageContext, writer: Writer) -> Fields:
    """Each field of `guard.FIELDS` with its value for this message."""
    first = min(context.invoices, key=lambda invoice: invoice.due_on)
    offer = context.discount
    return {
        "customer": {"name": context.customer_name},
        "company": {"name": context.company_name},
        "sender": {"name": context.sender, "email": context.reply_to},
        "discount": {
            "percent": offer.percent if offer else None,
            "saving": offer.saving if offer else None,
            "last_day": offer.last_day_on if offer else None,
            "amount": first.balance - offer.saving if offer else None,
        },
        "letter": {name: getattr(context.letter, name, None) for name in LetterFacts.__struct_fields__},
        "count": len(context.invoices),
        "total": totals(context.invoices),
        "overdue_count": len(context.overdue),
        "overdue_total": totals(context.overdue),
        "overdue_for": writer.days(max(0, first.days_overdue)),
        "invoice_number": ", ".join(filter(None, (first.number, writer.instalment(first)))),
        "first_due_date": first.due_on,
        "today": context.today,
        "invoice_table": Block("invoice_table"),
        "how_to_pay": Block("how_to_pay"),
        "signature": Block("signature"),
    }


class MissingFactError(ValueError):
    """A template names something that this message does not know."""


class Writer:
    """Writes values and our own words in one language, the way people of one country do.

    Raises MissingFactError for a value that is None.
    """

    def __init__(self, country: str, language: str = "en") -> None:
        self._locale, self._catalogue = locale_of(country, language), catalogue(language)

    def say(self, words: str) -> str:
        """Words of ours, in the language of the message."""
        return self._catalogue.sentence(words)

    def instalment(self, due: InvoiceDue) -> str:
        """Which instalments of a payment plan are asked for; empty without a plan."""
        part = due.instalment
        if part is None:
            return ""
        if part.first == part.last:
            return self.say(f"instalment {part.first} of {part.of}")
        return self.say(f"instalments {part.first} to {part.last} of {part.of}")

    def days(self, count: int) -> str:
        return self.say(f"{count} day" if count == 1 else f"{count} days")

    def write(self, value: Value) -> str:
        if isinstance(value, Money):
            # Rounded already: minor units are exact, so Babel has nothing left to round.
            return format_currency(value.amount, value.currency, locale=self._locale)
        if isinstance(value, tuple):
            return f" {self.say('and')} ".join(self.write(part) for part in value)
        if isinstance(value, date):
            return format_date(value, format="long", locale=self._locale)
        if isinstance(value, Decimal):
            return format_decimal(value.normalize(), format="#,##0.##", locale=self._locale)
        if value is None:
            raise MissingFactError("only an offer can speak of a discount, and only a letter before claim of a claim")
        return one_line(str(value))


def locale_of(country: str, language: str) -> Locale:
    """How people of that country who read that language write days and amounts."""
    usual = "en_001" if language == "en" else language
    try:
        return Locale.parse(f"{language}_{country.upper()}" if country else usual)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(usual)


def safe_url(url: str) -> str:
    """`url` if it is a web address fit for a link, else ""."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_plain = url.isascii() and url.isprintable() and not set(url) & set(" <>\"'")
    return url if is_plain and parts.scheme in ("https", "http") and parts.hostname else ""
