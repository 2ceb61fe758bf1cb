"""Who is written to in another language gets the house's words in it, laid out and all."""

from __future__ import annotations

import re
from datetime import date

import pytest

from connectors.mail.context import MessageContext
from connectors.mail.guard import problems_in
from connectors.mail.templates import NAMES, Source, render, template
from engine.money import Money
from engine.plan import GrantDiscount, InvoiceDue, Reason
from engine.policy import Notices, Place
from engine.telling import LANGUAGES
from scheduler import discounts
from scheduler.notes import Notes
from scheduler.owner_mail import SENTENCES, owner_mail
from scheduler.words import Reader, Words
from store.alerts import Trouble
from store.tables import Company
from tests.trial import START, Trial, overdue_invoice

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


def test_notes_in_the_books_are_in_the_language_of_who_keeps_them(trial: Trial) -> None:
    """the customer is written to in English all the same"""
    books = trial.open_company("xero")
    _, invoice = overdue_invoice(books, trial.today, days=12)
    company = trial.connect("xero", books)
    trial.save_policy(company, notices=Notices(language="es"))
    trial.run()
    [note] = books.notes_on("invoice", invoice)
    assert "Recordatorio, paso 3, enviado a ap@larkspur.example el 4 mar 2026; saldo 144,00" in note
    assert "días" in note
    assert not re.search(r"\b(sent|overdue|reminder|balance)\b", note)
    [mail] = trial.mails()
    assert "is still open" in mail.subject


@pytest.mark.parametrize("kind", [*SENTENCES])
def test_owners_are_told_in_their_own_language(kind: str) -> None:
    detail = {"held": "2", "nothing_sent": "2", "consent_ends": "2026-05-01"}.get(kind, "never read yet")
    company = Company(id=1, platform="xero", external_id="1", name="Cafetería Sol", mode="automatic", country="ES")
    mail = owner_mail(company, ["sol@cafe.example"], [Trouble(1, kind, detail)], "https://dunwell.example", START, "es")
    assert mail.subject == "Cafetería Sol: Dunwell le necesita"
    assert "Sobre Cafetería Sol:" in mail.text
    assert "Véalo aquí: https://dunwell.example" in mail.text
    assert not re.search(r"\b(the|and|out|messages|again)\b", mail.text)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Early-payment discount on invoice 2026-03-01"),
        ("es", "Descuento por pronto pago de la factura 2026-03-01"),
    ],
)
def test_a_credit_is_worded_in_the_customers_language(language: str, told: str) -> None:
    """An invoice whose number looks like a day keeps it."""
    grant = GrantDiscount(
        customer_id="c1",
        invoice_id="1",
        number="2026-03-01",
        amount=Money(2000, "EUR"),
        reason=Reason("discount_taken", lambda: ("Taken.", {})),
    )
    company = Company(id=1, platform="xero", external_id="1", name="Harbour Joinery", currency="EUR")
    [credit, _] = discounts.acts(grant, company, Place(), date(2026, 3, 10), Notes("en", "ES"), Reader(language, "ES"))
    assert told in credit.body


def test_a_law_is_named_in_the_customers_language_and_a_companys_clause_stays() -> None:
    reader = Reader("es", "ES")
    assert reader.clause("By law: Directive 2011/7/EU.") == "Por ley: Directive 2011/7/EU."
    assert reader.clause("Clause 7 of our terms.") == "Clause 7 of our terms."
