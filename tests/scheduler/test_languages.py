"""Who is written to in another language gets the house's words in it, laid out and all."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.mail.context import MessageContext
from connectors.mail.guard import problems_in
from connectors.mail.templates import NAMES, Source, render, template
from engine.money import Money
from engine.plan import InvoiceDue
from engine.telling import LANGUAGES
from scheduler.words import Words

FOREIGN = [language for language in LANGUAGES if language != "en"]
DUE = InvoiceDue(
    invoice_id="1", number="INV-7", due_on=date(2026, 3, 1), balance=Money(123050, "EUR"), days_overdue=9, step=1
)


def context(language: str) -> MessageContext:
    return MessageContext(
        customer_name="Ferretería Sol",
        company_name="Harbour Joinery",
        invoices=(DUE,),
        today=date(2026, 3, 10),
        country="ES",
        language=language,
        statement_url="https://dunwell.example/portal/x",
        unsubscribe_url="https://dunwell.example/unsubscribe/x",
    )


def test_a_reminder_in_spanish_is_spanish_throughout() -> None:
    mail = render("reminder_1", context("es"))
    for words in ("Un recordatorio sobre la factura INV-7", "1 de marzo de 2026", "1.230,50\xa0€"):
        assert words in mail.subject + mail.text, words
    for words in ("9 días de retraso", "Vencimiento", "Ver su cuenta", "Un cordial saludo", "Detener estos correos"):
        assert words in mail.html, words
    assert 'lang="es"' in mail.html
    assert "You receive" not in mail.html


@pytest.mark.parametrize("language", FOREIGN)
@pytest.mark.parametrize("name", NAMES)
def test_every_message_is_there_in_every_language(name: str, language: str) -> None:
    """With the same fields as in English, so that nothing is left unsaid."""
    ours, theirs = template(name), template(name, language)
    assert problems_in("subject", theirs.subject) == problems_in("body", theirs.body) == []
    fields = [sorted({part for part in one.body.split() if part.startswith("{{")}) for one in (ours, theirs)]
    assert fields[0] == fields[1]
    assert ours.body.count("{{") == theirs.body.count("{{")


def test_a_companys_own_words_are_for_those_who_read_english() -> None:
    words = Words(own={"reminder_1": Source("Hi", "Hello")}, languages={"c1": "es", "c2": "xx"})
    assert words.language_of("c1") == "es"
    assert words.language_of("c2") == words.language_of("c3") == "en"
    assert words.own_in("es", "reminder_1") is None
    assert words.own_in("en", "reminder_1") == Source("Hi", "Hello")
