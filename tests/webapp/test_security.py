"""Headers, cookies, keys, files: what every answer carries, and what it never does."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest
import structlog
from flask import Flask

from store.database import Database
from store.tables import Company
from tests.webapp import books
from tests.webapp.browsing import Browser
from tests.webapp.conftest import KEYS

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "webapp" / "static"
HTMX_SHA256 = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
PAGES = (
    *("/", "/start", "/backtest", "/outlook", "/activity", "/tasks", "/customers", "/customers/c1"),
    *("/settings", "/settings/people"),
    *("/settings/versions", "/settings/versions/1", "/settings/document", "/connect", "/disconnected"),
)


def test_the_shipped_htmx_is_the_one_that_was_published() -> None:
    """htmx.org 2.0.11, dist/htmx.min.js, 0BSD; taken from its npm package."""
    assert sha256((STATIC / "htmx-2.0.11.min.js").read_bytes()).hexdigest() == HTMX_SHA256
    assert "Zero-Clause BSD" in (STATIC / "htmx-LICENSE.txt").read_text()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_strict_policy_and_obeys_it(owner: Browser, path: str) -> None:
    page = owner.open(path)
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "<style" not in page.text
    assert " style=" not in page.text
    assert not re.search(r"\son[a-z]+=", page.text)
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", page.text))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_another_host_for_anything(owner: Browser, path: str) -> None:
    asked = re.findall(r"(?:src|href|action|srcset)=\"([^\"]+)\"", owner.open(path).text)
    assert [address for address in asked if not address.startswith(("/", "#", "mailto:"))] == []


def test_a_page_with_all_it_needs_weighs_less_than_150_kilobytes(owner: Browser) -> None:
    shared = sum((STATIC / name).stat().st_size for name in ("app.css", "htmx-2.0.11.min.js", "icon.svg"))
    for path in ("/", "/settings", "/activity"):
        assert len(owner.open(path).data) + shared < 150_000, path


def test_the_ageing_picture_brings_only_its_own_style(owner: Browser) -> None:
    picture = owner.open("/charts/ageing/NZD-wide.svg")
    assert picture.mimetype == "image/svg+xml"
    policy = picture.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "'sha256-" in policy
    assert "<script" not in picture.text


def test_over_https_the_cookie_is_secure_and_the_browser_stays_on_https(make_app: Callable[..., Flask]) -> None:
    app = make_app(base_url="https://dunwell.example")
    answer = app.test_client().get("/settings")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert app.config["SESSION_COOKIE_SECURE"] is True


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(visitor: Browser) -> None:
    cookie = visitor.client.get("/").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_session_signed_with_the_former_key_still_holds(
    make_app: Callable[..., Flask], browser_of: Callable[..., Browser], company: Company
) -> None:
    """Rotation: a new key is put first, and nobody is signed out."""
    person = browser_of(company)
    person.open("/")
    cookie = person.client.get_cookie("dunwell")
    assert cookie is not None
    rotated = make_app(secret_keys=("a brand new key of enough length", *KEYS)).test_client()
    rotated.set_cookie("dunwell", cookie.value)
    assert rotated.get("/activity").status_code == 200
    forgetful = make_app(secret_keys=("a brand new key of enough length",)).test_client()
    forgetful.set_cookie("dunwell", cookie.value)
    assert forgetful.get("/activity").status_code == 302


def test_a_session_left_alone_overnight_is_over(owner: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """used at noon: good at 23:00, over at 1:00 of the day after"""
    hours = 0.0
    clock = SimpleNamespace(time=lambda: time.time() + hours * 3600)
    monkeypatch.setattr("itsdangerous.timed.time", clock)
    assert "Harbour Joinery" in owner.open("/").text
    hours = 11.0
    assert "Harbour Joinery" in owner.open("/").text
    hours = 22.0
    assert "Harbour Joinery" in owner.open("/").text, "each use counts anew"
    hours = 35.0
    assert "Harbour Joinery" not in owner.open("/").text


def test_after_two_weeks_a_person_signs_in_again(
    make_app: Callable[..., Flask], owner: Browser, database: Database
) -> None:
    cookie = owner.client.get_cookie("dunwell")
    assert cookie is not None
    for days, is_in in ((13, True), (14, False)):
        later = make_app(clock=lambda days=days: books.NOW + timedelta(days=days)).test_client()
        later.set_cookie("dunwell", cookie.value)
        assert ("Harbour Joinery" in later.get("/").text) is is_in


def test_whoever_finds_a_hole_is_told_whom_to_tell(make_app: Callable[..., Flask], visitor: Browser) -> None:
    assert visitor.open("/.well-known/security.txt").status_code == 404
    told = make_app(security_contact="mailto:security@harbour.example").test_client().get("/.well-known/security.txt")
    assert told.mimetype == "text/plain"
    assert "Contact: mailto:security@harbour.example" in told.text
    assert "Expires: 2026-08-29T21:00:00Z" in told.text


def test_what_is_too_large_is_turned_away(owner: Browser) -> None:
    answer = owner.client.post("/settings/document", data={"text": "x" * 3_000_000})
    assert answer.status_code == 413


def test_every_line_of_the_list_names_a_test_that_is_there() -> None:
    """docs/security.md: each line of the checklist ends with the tests that hold it"""
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith(("| point", "|---"))]
    assert [line for line in lines if "`tests/" not in line] == []
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    assert len(named) > 40
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not re.search(rf"^ *def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert missing == []


def test_knocking_too_often_is_answered_with_a_pause(visitor: Browser) -> None:
    answers = [visitor.client.get("/portal/nonsense").status_code for _ in range(70)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_a_page_that_breaks_tells_no_secret(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    structlog.reset_defaults()  # a test before may have sent the log elsewhere

    @app.get("/breaks")
    def breaks() -> str:
        raise RuntimeError("refresh_token=abc123 of accounts@aro.example")

    answer = app.test_client().get("/breaks")
    assert answer.status_code == 500
    told = capsys.readouterr()
    for secret in ("abc123", "aro.example"):
        assert secret not in answer.text + told.out + told.err
    assert "RuntimeError" in told.out + told.err


def test_a_customer_name_with_markup_stays_text(owner: Browser) -> None:
    for path in ("/", "/activity", "/customers", "/customers/c4", "/tasks"):
        page = owner.open(path).text
        assert "<b>Dodgy" not in page, path
    assert "&lt;b&gt;Dodgy &amp; Sons&lt;/b&gt;" in owner.open("/customers").text
