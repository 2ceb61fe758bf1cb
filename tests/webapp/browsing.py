"""A browser without scripts: opens pages, fills in the forms it finds, follows redirects. Nothing is posted blindly."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class Form:
    """One form of a page, with the values a browser would send."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """(name, value, words on it)"""

    def set(self, name: str, value: str | list[str]) -> None:
        """Fill a field, or tick these boxes of a group. A field that the page does not have is the test's mistake."""
        values = value if isinstance(value, list) else [value]
        if not any(known == name for known, _ in [*self.fields, *self.unticked]):
            raise AssertionError(f"the form has no field {name!r}")
        self.fields = [(known, held) for known, held in self.fields if known != name] + [(name, one) for one in values]

    unticked: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open = False
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._button: tuple[str, str] | None = None
        self._text: tuple[str, list[str]] | None = None
        self._is_nameless = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(found.get("action", ""), found.get("method", "get")))
            self._open = True
        elif not self._open:
            return
        elif tag == "input" and "name" in found and "disabled" not in found:
            self._input(found)
        elif tag == "select":
            self._select = (found["name"], [])
        elif tag == "option" and self._select is not None:
            self._select[1].append((found.get("value", ""), "selected" in found))
            self._is_nameless = "value" not in found
        elif tag == "textarea":
            self._text = (found["name"], [])
        elif tag == "button":
            self._button = (found.get("name", ""), found.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text[1].append(data)
        if self._select is not None and self._is_nameless and data.strip():
            # An option without a value is sent as the words on it.
            self._select[1][-1] = (data.strip(), self._select[1][-1][1])
        if self._button is not None and data.strip():
            self.forms[-1].buttons.append((*self._button, data.strip()))
            self._button = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
        elif tag == "textarea" and self._text is not None:
            # A line break right after the tag belongs to the markup, not to the text.
            text = "".join(self._text[1]).replace("\r\n", "\n").removeprefix("\n")
            self.forms[-1].fields.append((self._text[0], text))
            self._text = None
        elif tag == "select" and self._select is not None:
            name, options = self._select
            chosen = [value for value, is_chosen in options if is_chosen] or [options[0][0]]
            self.forms[-1].fields += [(name, value) for value in chosen]
            self._select = None

    def _input(self, found: dict[str, str]) -> None:
        pair = (found["name"], found.get("value", "on"))
        kind = found.get("type", "text")
        if kind in ("checkbox", "radio") and "checked" not in found:
            self.forms[-1].unticked.append(pair)
        else:
            self.forms[-1].fields.append((pair[0], found.get("value", "on" if kind == "checkbox" else "")))


class Browser:
    """One person at one browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, path: str) -> TestResponse:
        return self.client.get(path, follow_redirects=True)

    def form(self, path: str, action: str) -> Form:
        """The form on the page at `path` whose action begins so."""
        return self.form_in(self.open(path), action)

    def form_in(self, page: TestResponse, action: str) -> Form:
        forms = self.forms_in(page)
        found = [form for form in forms if form.action.startswith(action)]
        if not found:
            raise AssertionError(f"no form for {action} on {page.request.path}: {[form.action for form in forms]}")
        return found[0]

    def forms_in(self, page: TestResponse) -> list[Form]:
        """Every form of a page, in its order."""
        parser = _Forms()
        parser.feed(page.text)
        return parser.forms

    def press(self, form: Form, words: str = "", *, follow: bool = True, **changes: str | list[str]) -> TestResponse:
        """Fill in `changes` and press the button with these words (without words: press Enter)."""
        for name, value in changes.items():
            form.set(name, value)
        pressed = [(name, value) for name, value, said in form.buttons if words and said == words]
        if words and not pressed:
            raise AssertionError(f"no button {words!r}: {[said for *_, said in form.buttons]}")
        sent: dict[str, list[str]] = {}
        for name, value in [*form.fields, *(pair for pair in pressed[:1] if pair[0])]:
            sent.setdefault(name, []).append(value)
        return self.client.post(form.action, data=sent, follow_redirects=follow)

    def says_of(self, customer_id: str, words: str, **changes: str) -> None:
        """Press that button on the customer file, in whichever of its forms it stands; the word is taken in."""
        page = self.open(f"/customers/{customer_id}")
        form = next(one for one in self.forms_in(page) if any(said == words for *_, said in one.buttons))
        answer = self.press(form, words, **changes)
        if "Noted." not in answer.text:
            raise AssertionError(f"{words!r} was not taken in: {answer.status_code}")
