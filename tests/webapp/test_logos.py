"""A logo: uploaded, drawn anew, in every message; nothing but a picture gets in, and nothing but the picture out."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from werkzeug.test import TestResponse

from store import logos, policies
from store.database import Database
from store.tables import Company
from tests.webapp.browsing import Browser

PAGE = "/settings/logo"


def drawn(kind: str = "PNG", size: tuple[int, int] = (1200, 300), **more: object) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "#24594a").save(written, kind, **more)
    return written.getvalue()


def upload(owner: Browser, content: bytes, name: str = "logo.png") -> TestResponse:
    form = next(one for one in owner.forms_in(owner.open(PAGE)) if ("Upload" in [said for *_, said in one.buttons]))
    sent = dict(form.fields) | {"picture": (BytesIO(content), name)}
    return owner.client.post(form.action, data=sent, content_type="multipart/form-data", follow_redirects=True)


def in_use(database: Database, company: Company) -> str:
    with database.read() as session:
        return policies.current(session, company.stored_id).sender.logo


def test_an_uploaded_logo_is_there_for_whoever_reads_a_message(
    owner: Browser, database: Database, company: Company
) -> None:
    assert "Saved." in upload(owner, drawn()).text
    address = f"/logos/{company.stored_id}/{in_use(database, company)}.png"
    answer = owner.client.get(address)
    assert (answer.mimetype, answer.headers["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert "immutable" in answer.headers["Cache-Control"]
    assert Image.open(BytesIO(answer.data)).size == (352, 88)
    assert address in owner.open(PAGE).text


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "GIF"])
def test_other_pictures_become_a_png(owner: Browser, database: Database, company: Company, kind: str) -> None:
    upload(owner, drawn(kind), "logo.svg")
    with database.read() as session:
        content = logos.content_of(session, company.stored_id, in_use(database, company))
    assert content is not None
    assert content.startswith(b"\x89PNG")


def test_nothing_but_the_picture_is_kept(owner: Browser, database: Database, company: Company) -> None:
    notes = PngInfo()
    notes.add_text("Comment", "taken at home")
    upload(owner, drawn(pnginfo=notes) + b"<script>alert(1)</script>")
    with database.read() as session:
        content = logos.content_of(session, company.stored_id, in_use(database, company)) or b""
    assert content.startswith(b"\x89PNG")
    assert b"taken at home" not in content
    assert b"<script>" not in content


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Choose a picture first."),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "This is no PNG"),
        (drawn()[:60], "This is no PNG"),
        (drawn("BMP", (10, 10)), "This is no PNG"),
        (drawn(size=(5000, 4001)), "more than 20 million pixels"),
        (b"\x89PNG" + bytes(1024 * 1024), "larger than 1 MB"),
    ],
    ids=["nothing", "svg", "cut short", "another format", "a bomb", "too large"],
)
def test_what_is_no_picture_is_refused(
    owner: Browser, database: Database, company: Company, content: bytes, says: str
) -> None:
    page = upload(owner, content)
    assert page.status_code == 422
    assert says in page.text
    assert in_use(database, company) == ""


def test_a_logo_is_removed_and_sent_messages_still_show_it(
    owner: Browser, database: Database, company: Company
) -> None:
    upload(owner, drawn())
    former = in_use(database, company)
    owner.press(owner.form(PAGE, PAGE), "Remove it")
    assert in_use(database, company) == ""
    assert owner.client.get(f"/logos/{company.stored_id}/{former}.png").status_code == 200
    assert owner.client.get(f"/logos/{company.stored_id + 1}/{former}.png").status_code == 404
