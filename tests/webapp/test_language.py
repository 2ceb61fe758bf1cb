"""Another language, end to end: nothing on any page is left in English, and what a reader wrote stays as it is."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from engine.telling import LANGUAGES, catalogue, told
from engine.telling.catalogue import slots
from store.database import Database
from store.tables import Company
from store.wishes import Speaker
from tests.webapp.books import NOW
from tests.webapp.browsing import Browser
from tests.webapp.test_portal import path_to
from tests.words import missing
from webapp.links import portal_url
from webapp.words import messages_of, rewritten

FOREIGN = [language for language in LANGUAGES if language != "en"]
PAGES = (
    "/",
    "/outlook",
    "/activity",
    "/runs",
    "/tasks",
    "/customers",
    "/customers?state=overdue",
    "/customers/c1",
    "/customers/c5",
    "/customers/c1/statement",
    "/customers/c1/story",
    "/settings",
    "/settings/versions",
    "/settings/wordings",
    "/connect",
    "/disconnected",
    "/nowhere",
)
GIVEN = re.compile(
    r"Harbour Joinery Ltd|Aro Valley Cafe|Brooklyn Builders Ltd|Cuba Street Dental|<b>Dodgy & Sons</b>|Evans Bay Yachts"
    r"|INV-\d+|CN-7|Bank transfer|Sam\b|Mia|[\w.]+@[\w.]+|Dunwell|CSV|Excel|QuickBooks( Online)?|[Xx]ero|Intuit|NZD?"
    r"|Christmas Day|Boxing Day|(Day after )?New Year's Day|Waitangi Day"
    r"|Español|English"
)
"""What stands on the pages because it is in the books, or is a name."""


class Seen(HTMLParser):
    """The texts of a page that somebody reads."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "svg", "code", "textarea"):
            self._silent = tag
        said = dict(attributes)
        self.texts += [said[name] or "" for name in ("aria-label", "alt", "title", "placeholder") if name in said]

    def handle_endtag(self, tag: str) -> None:
        self._silent = "" if tag == self._silent else self._silent

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data.strip())


@pytest.mark.parametrize("language", FOREIGN)
def test_the_catalogue_has_everything_that_we_say(language: str) -> None:
    """`python -m tests.words es` prints what to add to engine/telling/es.po."""
    assert missing(language) == []


@pytest.mark.parametrize("language", FOREIGN)
def test_a_translation_keeps_every_slot(language: str) -> None:
    known = catalogue(language)
    changed = [one for one in known.messages if set(slots(one)) != set(slots(known.message(one)))]
    assert changed == []


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch, owner: Browser) -> Browser:
    """A reader for whom every word of ours stands between marks, and nothing else does."""
    monkeypatch.setattr("webapp.language.chosen", lambda: "es")
    known = catalogue("es")
    monkeypatch.setattr(known, "message", lambda text: f"«{text}»")
    monkeypatch.setattr(known, "sentence", lambda text: f"«{text}»" if text else text)
    return owner


@pytest.mark.parametrize("path", PAGES)
def test_every_word_of_ours_on_a_page_is_looked_up(marked: Browser, path: str) -> None:
    seen = Seen()
    seen.feed(marked.open(path).text)
    left = [re.sub(r"«.*»", "", text, flags=re.DOTALL) for text in seen.texts]
    ours = [text for text in left if re.search(r"[^\W\d_]{3}", GIVEN.sub("", text))]
    days = r"\b(ene|feb|mar|abr|may|jun|jul|ago|sept?|oct|nov|dic)\b|hace|dentro de|minutos?|días?|semanas?"
    found = [text for text in ours if re.search(r"[^\W\d_]{3}", re.sub(days, "", GIVEN.sub("", text)))]
    assert not found, found


def test_a_person_reads_in_the_language_they_chose(owner: Browser) -> None:
    assert '<html lang="en" dir="ltr">' in owner.open("/customers").text
    page = owner.press(owner.form("/customers", "/language"), "Español")
    assert '<html lang="es" dir="ltr">' in page.text
    assert "Sus clientes le deben" in page.text
    assert "Primero quienes más deben" in owner.open("/customers").text


def test_reasons_are_told_in_the_readers_language(owner: Browser) -> None:
    owner.press(owner.form("/", "/language"), "Español")
    page = owner.open("/activity?rule=covered").text
    assert "Sin tocar: 2.500,00\xa0NZD de pagos y abonos sin asignar cubren INV-107 (2.500,00\xa0NZD)." in page
    assert "Cubierta por dinero sin asignar" in page


def test_a_visitor_is_answered_in_the_language_of_their_browser(visitor: Browser) -> None:
    page = visitor.client.get("/", headers={"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}).text
    assert "Sus facturas, con el seguimiento debido." in page


def test_a_customer_reads_in_the_language_that_the_company_writes_to_them(
    visitor: Browser, database: Database, company: Company
) -> None:
    with database.begin() as session:
        Speaker(session, company.id or 0, NOW, "user 1").language("c1", "es")
    assert "Ya he pagado" in visitor.open(path_to(portal_url, company, "c1")).text
    assert "I have paid" in visitor.open(path_to(portal_url, company, "c2")).text


def test_what_others_wrote_is_never_translated() -> None:
    """A customer whose name is a word of ours."""
    assert told("Draft opted out of messages.", "es", "es") == "Draft no quiere mensajes."
    assert told("Nobody here wrote this.", "es", "es") == "Nobody here wrote this."


def test_what_stands_between_two_tags_is_one_message() -> None:
    source = '<p aria-label="Due soon">Due {{ one.due_on | day }}, {{ "day" if n == 1 else "days" }} late</p>'
    assert messages_of(source) == ["Due soon", "Due {due_on}, {n} late", "day", "days"]
    assert messages_of("<code>not us</code>") == []
    assert rewritten("<p>{{ name }}</p>") == "<p>{{ name }}</p>"
