"""Wordings: an owner changes what a message says, sees it on a real customer, and sends it to themselves first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from connectors.errors import Refused
from connectors.ports import Mail
from store import wordings
from store.database import Database
from store.tables import Company
from store.wishes import Speaker
from tests.webapp import books
from tests.webapp.browsing import Browser

PAGE = "/settings/wordings/reminder_2"


def own(database: Database, company: Company) -> dict[str, str]:
    with database.read() as session:
        return {name: one.subject for name, one in wordings.in_force(session, company.id or 0).items()}


def pressed(owner: Browser, button: str, **changes: str):  # type: ignore[no-untyped-def]
    return owner.press(owner.form(PAGE, PAGE), button, **changes)


def test_the_words_in_force_are_shown_on_a_real_customer(owner: Browser) -> None:
    """Brooklyn Builders owe most, INV-103 and INV-104"""
    page = owner.open(PAGE).text
    assert "Hello Brooklyn Builders Ltd," in page
    assert "INV-103" in page
    assert "As Dunwell came" in owner.open("/settings/wordings").text


def test_saved_words_are_the_companys_own_and_can_be_given_back(
    owner: Browser, database: Database, company: Company
) -> None:
    done = pressed(owner, "Save these words", subject="Kia ora {{ customer.name }}", body="About {{ total }}.")
    assert "Saved." in done.text
    assert own(database, company) == {"reminder_2": "Kia ora {{ customer.name }}"}
    assert "Your own words" in owner.open("/settings/wordings").text
    pressed(owner, "Back to Dunwell’s words")
    assert own(database, company) == {}
    assert "Version 2" in owner.open(PAGE).text
    assert "Kia ora" in owner.open(PAGE).text, "every version is kept"


def test_each_language_is_worded_for_itself(owner: Browser, database: Database, company: Company) -> None:
    """nobody reads Spanish yet, so somebody stands in; then Aro Valley Cafe does, and is shown"""
    spanish = f"{PAGE}?language=es"
    page = owner.open(spanish)
    assert "Nobody is written to in this language yet" in page.text
    assert "sigue pendiente" in page.text
    with database.begin() as session:
        Speaker(session, company.stored_id, books.NOW, "user 1").language("c1", "es")
    done = owner.press(owner.form(spanish, PAGE), "Save these words", subject="Hola {{ customer.name }}")
    assert "Hola Aro Valley Cafe" in done.text
    assert own(database, company) == {"reminder_2:es": "Hola {{ customer.name }}"}
    assert "get Dunwell’s words" in owner.open(PAGE).text
    assert owner.open(f"{PAGE}?language=xx").status_code == 404


def test_a_preview_saves_nothing(owner: Browser, database: Database, company: Company) -> None:
    page = pressed(owner, "Preview", subject="Kia ora {{ customer.name }}", customer="c1")
    assert "<strong>Kia ora Aro Valley Cafe</strong>" in page.text
    assert own(database, company) == {}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("Dear {{ customer.shoe_size }}", "Body, line 1"),
        ("Fine.\n\n{% for x in y %}{% endfor %}", "Body, line 3"),
        ("{{ unfinished", "Body, line 1"),
        ("Take {{ discount.percent }} per cent off", "only an offer can speak of a discount"),
        ("x" * 10_001, "longer than"),
    ],
)
def test_words_that_cannot_be_used_are_refused_at_their_line(
    owner: Browser, database: Database, company: Company, body: str, says: str
) -> None:
    page = pressed(owner, "Save these words", body=body)
    assert page.status_code == 422
    assert says in page.text
    assert own(database, company) == {}


def test_an_offer_may_speak_of_its_discount(owner: Browser) -> None:
    page = owner.open("/settings/wordings/discount_offer")
    assert "2" in page.text
    assert "How it reads" in page.text
    assert 'role="alert"' not in page.text


def test_markup_in_a_customers_name_stays_text(owner: Browser) -> None:
    page = pressed(owner, "Preview", customer="c4").text
    assert "<b>Dodgy" not in page
    assert "&lt;b&gt;Dodgy" in page


class Box:
    """A mail server that keeps what it is given, or turns it down."""

    def __init__(self, error: Exception | None = None) -> None:
        self.mails: list[Mail] = []
        self._error = error

    def send(self, mail: Mail) -> str:
        if self._error is not None:
            raise self._error
        self.mails.append(mail)
        return "id"


@pytest.mark.parametrize("error", [None, Refused("The mail server turned the message down: 550")])
def test_a_test_goes_to_the_person_who_asked_and_to_nobody_else(
    make_app: Callable[..., Flask], owner: Browser, database: Database, company: Company, error: Exception | None
) -> None:
    box, cookie = Box(error), owner.client.get_cookie("dunwell")
    assert cookie is not None
    client = make_app(mailer=box).test_client()
    client.set_cookie("dunwell", cookie.value)
    page = Browser(client)
    done = page.press(page.form(PAGE, PAGE), "Send a test to me", subject="Just looking")
    assert own(database, company) == {}
    if error is not None:
        assert "No test was sent: The mail server turned the message down" in done.text
        return
    [mail] = box.mails
    assert (mail.to, mail.cc, mail.subject) == (("mia@harbour.example",), (), "[Test] Just looking")


def test_without_a_mail_server_it_says_so(owner: Browser) -> None:
    assert "no mail server is set up" in pressed(owner, "Send a test to me").text


def test_a_viewer_changes_nothing(browser_of: Callable[..., Browser], company: Company) -> None:
    assert "Save these words" not in browser_of(company, "viewer").open(PAGE).text


def test_a_message_that_there_is_not(owner: Browser) -> None:
    assert owner.open("/settings/wordings/love_letter").status_code == 404


def test_a_company_without_customers_sees_a_made_up_one(database: Database, browser_of: Callable[..., Browser]) -> None:
    new = books.connect(database)
    assert "Sample Customer Ltd" in browser_of(new).open(PAGE).text
