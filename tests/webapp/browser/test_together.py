"""Two people look after one company: invited by a link, in by their own sign-in, and out again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from tests.webapp.browser.conftest import House, connect, keep_picture

pytestmark = pytest.mark.browser


def test_a_bookkeeper_is_invited_comes_in_and_is_let_go(page: Page, chromium: Chromium, house: House) -> None:
    """there is no mail server here, so the owner passes the link on by hand"""
    connect(page, house, "Connect to QuickBooks", "Prairie Supply Co")
    page.goto(f"{house.base_url}/settings/people")
    page.get_by_label("Email address").fill("sam@books.example")
    page.get_by_role("radio", name="Bookkeeper").check()
    page.get_by_role("button", name="Send the invitation").click()
    link = re.search(r"http://localhost:[0-9]+/invitation/[A-Za-z0-9_-]+", page.get_by_role("status").inner_text())
    assert link is not None
    keep_picture(page, "people")

    other = chromium.new_context().new_page()
    other.goto(link[0])
    expect(other.get_by_role("heading", level=1)).to_have_text("Look after Prairie Supply Co")
    keep_picture(other, "invitation")
    other.get_by_role("link", name="Sign in with Xero").click()
    expect(other.get_by_text("asks who you are")).to_be_visible()  # the platform asks for no company
    other.get_by_role("button", name="Allow access").click()
    other.get_by_role("button", name=re.compile("Accept as")).click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Prairie Supply Co")
    other.goto(f"{house.base_url}/settings")
    expect(other.get_by_text("the owner of this company can change them")).to_be_visible()

    page.goto(f"{house.base_url}/settings/people")
    theirs = page.get_by_role("listitem").filter(has_text="signs in with Xero")
    theirs.get_by_role("button", name=re.compile("Remove")).click()
    expect(page.get_by_role("status")).to_contain_text("Removed.")
    other.goto(f"{house.base_url}/activity")
    expect(other).to_have_url(re.compile("/connect$"))
    other.context.close()
