"""A real Chromium at the real app on a free port, with the sandbox behind it."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server

from connectors.uploads.platform import Uploads
from sandbox.server import Sandbox
from store.database import Database
from store.uploads import StoredShelf
from tests.webapp.stage import platforms_at, register
from webapp import create_app
from webapp.limits import limiter
from webapp.services import Services

DESKTOP = {"width": 1280, "height": 900}
PICTURES = Path(__file__).parents[3] / "artefacts" / "pictures"
"""What the tests saw, for people to look at; kept out of the repository."""


@dataclass
class House:
    """The app as a browser reaches it."""

    base_url: str
    sandbox: Sandbox
    services: Services
    database: Database


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """For one file of tests: its event loop must not be in the way of others."""
    path = shutil.which("chromium")
    if path is None:
        assert "DUNWELL_TEST_NEEDS_BROWSER" not in os.environ, "here the browser tests must not be skipped"
        pytest.skip("no Chromium on this machine: install the package `chromium` to run the browser tests")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def house(services: Services, database: Database) -> Iterator[House]:
    server = make_server("localhost", 0, Flask("to be replaced"), threaded=True)
    base_url = f"http://localhost:{server.server_port}"
    with ThreadPoolExecutor(1) as elsewhere:
        # Chromium's event loop lives in this thread, and the sandbox's mailbox starts one of its own.
        sandbox = elsewhere.submit(Sandbox().start).result()
    register(sandbox, base_url)
    known = platforms_at(sandbox) | {"uploads": Uploads(StoredShelf(database))}
    parts = replace(services, base_url=base_url, platforms=known, clock=sandbox.clock.now)
    server.app = create_app(parts)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield House(base_url, sandbox, parts, database)
    server.shutdown()
    server.server_close()
    sandbox.stop()
    limiter.reset()


@pytest.fixture
def read_books(house: House) -> Callable[[], None]:
    """What a run does first: every page of every company, through the real connector into the store."""
    from store import companies
    from store.pages import store_page
    from store.tokens import Vault

    def read() -> None:
        parts = house.services
        with house.database.read() as session:
            known = companies.all_companies(session)
        for company in known:
            vault = Vault(house.database, parts.box, company.id or 0, parts.clock, "test")
            for page in parts.platforms[company.platform].books(company.external_id, vault, parts.clock).changes(""):
                with house.database.begin() as session:
                    store_page(session, company.id or 0, page, parts.clock())

    return read


@pytest.fixture
def page(chromium: Chromium) -> Iterator[Page]:
    """One tab. A console message fails the test, for a blocked style or script is told there; a refused form may be."""
    context = chromium.new_context(viewport=DESKTOP)  # type: ignore[arg-type]  # a dict is what it wants
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_default_timeout(15_000)
    expect.set_options(timeout=15_000)
    yield page
    context.close()
    refused = "Failed to load resource: the server responded with a status of 422 (UNPROCESSABLE ENTITY)"
    assert [text for text in said if text != refused] == []


def connect(page: Page, house: House, words: str, company: str) -> None:
    """From the landing page through the platform's consent page."""
    page.goto(house.base_url)
    page.get_by_role("link", name=words).click()
    page.get_by_label(company).check()
    page.get_by_role("button", name="Allow access").click()


def keep_picture(page: Page, name: str) -> None:
    """The whole page as it stands, under `artefacts/pictures`."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    # Hiding the caret would leave a style attribute on every field, which the page's own policy then complains of.
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True, caret="initial")
