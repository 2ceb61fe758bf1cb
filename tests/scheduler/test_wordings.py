"""Messages go out in the company's own words, and in the house's where those cannot be used."""

from __future__ import annotations

import pytest

from store import wordings
from store.scope import Scope
from store.tables import Customer
from store.wishes import Speaker
from tests.trial import Trial, overdue_invoice


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("You owe {{ total }} to {{ company.name }}.", " to Quayside Joinery."),
        ("{% if count == 1 %}{{ discount.saving }}{% endif %}", "if you have paid already, thank you"),
    ],
)
def test_a_reminder_says_what_the_company_wants_it_to_say(trial: Trial, platform: str, body: str, says: str) -> None:
    """saved after the reminder was planned and before it goes out; the second wording cannot speak of a discount"""
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=12)
    company = trial.connect(platform, books)
    trial.let_pass(hours=-6)
    trial.run()
    with trial.house.database.begin() as session:
        wordings.save(session, company, "reminder_2", "Kia ora", body, trial.sandbox.clock.now(), "user 1")
    trial.let_pass(hours=6)
    trial.run()
    [mail] = trial.mails()
    assert says.lower() in " ".join(mail.text.split()).lower()


def test_a_customer_is_written_to_in_their_own_language(trial: Trial) -> None:
    """With the house's words, laid out and all, while the company has none of its own in that language."""
    books = trial.open_company("xero")
    overdue_invoice(books, trial.today, days=12)
    company = trial.connect("xero", books)
    trial.let_pass(hours=-6)
    trial.run()
    now = trial.sandbox.clock.now()
    with trial.house.database.begin() as session:
        wordings.save(session, company, "reminder_2", "Kia ora", "You owe {{ total }}.", now, "user 1")
        for customer in (scope := Scope(session, company)).all(scope.select(Customer)):
            Speaker(session, company, now, "user 1").language(customer.id, "es")
    trial.let_pass(hours=6)
    trial.run()
    [mail] = trial.mails()
    assert "sigue pendiente" in mail.subject
    assert "Un cordial saludo" in mail.text


def test_each_language_has_words_of_its_own(trial: Trial) -> None:
    books = trial.open_company("xero")
    overdue_invoice(books, trial.today, days=12)
    company = trial.connect("xero", books)
    trial.let_pass(hours=-6)
    trial.run()
    now = trial.sandbox.clock.now()
    with trial.house.database.begin() as session:
        wordings.save(session, company, "reminder_2", "Kia ora", "You owe {{ total }}.", now, "user 1")
        wordings.save(
            session, company, "reminder_2:es", "Hola", "Nos debe {{ total }}.\n\n{{ signature }}", now, "user 1"
        )
        for customer in (scope := Scope(session, company)).all(scope.select(Customer)):
            Speaker(session, company, now, "user 1").language(customer.id, "es")
    trial.let_pass(hours=6)
    trial.run()
    [mail] = trial.mails()
    assert (mail.subject, "Nos debe" in mail.text, "Un cordial saludo" in mail.text) == ("Hola", True, True)
