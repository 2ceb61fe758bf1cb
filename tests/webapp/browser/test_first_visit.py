"""A visitor's first ten minutes, clicked through in Chromium, with the page's own policy watching."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from tests.webapp.browser.conftest import House, connect, keep_picture

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
PAGES = (
    "/",
    "/start",
    "/backtest",
    "/outlook",
    "/activity",
    "/tasks",
    "/customers",
    "/settings",
    "/settings/people",
    "/settings/booking",
    "/settings/groups",
    "/settings/groups/0",
    "/settings/versions",
    "/settings/document",
    "/settings/wordings",
    "/settings/wordings/final_notice",
    "/connect",
    "/disconnected",
)


def test_connect_watch_the_books_being_read_set_and_look(
    page: Page, house: House, read_books: Callable[[], None]
) -> None:
    shop = next(iter(house.sandbox.xero.companies.values()))
    customer = shop.add_customer("Aro Valley Cafe", "accounts@aro.example")
    lines = [("Shelves", Decimal("1600.00"))]
    shop.add_invoice(customer, lines, issued_on=date(2026, 1, 10), due_on=date(2026, 2, 10), number="INV-1")
    connect(page, house, "Connect to Xero", "Kōwhai Joinery Ltd")

    expect(page.get_by_role("heading", level=1)).to_have_text("Kōwhai Joinery Ltd")
    expect(page.get_by_text("Your books are being read for the first time.")).to_be_visible()
    assert "code=" not in page.url
    read_books()
    expect(page.get_by_text("Your last 12 months")).to_be_visible()  # the page looked again by itself
    keep_picture(page, "start")
    page.get_by_role("link", name="Gentle").click()
    expect(page.get_by_role("link", name="Gentle")).to_have_attribute("aria-current", "true")
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("status")).to_contain_text("Dunwell is on.")
    expect(page.get_by_text("Customers owe you")).to_be_visible()
    expect(page).to_have_title("Home · Kōwhai Joinery Ltd · Dunwell")  # whatever arrives later for a part of the page
    page.locator("img.picture").evaluate("image => image.decode()")  # an error unless it arrives and can be drawn

    keep_picture(page, "home")
    page.get_by_role("link", name="Settings").first.click()
    page.locator("#ladder-1-days").fill("30")
    page.get_by_role("radio", name="Approve").check()
    second = page.get_by_role("row", name="2. Second reminder").get_by_role("cell")
    expect(second.first).to_have_text(re.compile("12 Mar"))
    keep_picture(page, "settings")
    page.get_by_role("button", name="Add a step").click()
    expect(page.locator(".rung")).to_have_count(5)  # without a reload: what was typed is still there
    page.get_by_role("button", name="Remove step 5").click()
    expect(page.locator(".rung")).to_have_count(4)
    page.get_by_label("Messages at most").fill("0")
    page.get_by_role("button", name="Save settings").click()
    expect(page.locator("#messages-error")).to_contain_text("from 1 to 50")
    page.get_by_label("Messages at most").fill("3")
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_role("row", name="Budget › messages")).to_be_visible()
    keep_picture(page, "before-it-is-saved")
    page.get_by_role("button", name="Save for good").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.get_by_label("Messages at most")).to_have_value("3")

    page.get_by_role("link", name="Activity").click()
    page.get_by_label("Customer, invoice or words").fill("nobody of that name")
    expect(page.get_by_text("Nothing matches")).to_be_visible()  # without a reload
    assert "search=nobody" in page.url


def test_saying_no_over_there_leads_to_a_friendly_page(page: Page, house: House) -> None:
    page.goto(house.base_url)
    page.get_by_role("link", name="Connect to QuickBooks").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing was connected")
    page.get_by_role("link", name="Connect to QuickBooks").click()
    expect(page.get_by_role("button", name="Allow access")).to_be_visible()


def test_no_page_is_wider_than_a_phone(page: Page, house: House, read_books: Callable[[], None]) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a dict is what it wants
    connect(page, house, "Connect to QuickBooks", "Prairie Supply Co")
    read_books()
    for path in PAGES:
        page.goto(house.base_url + path)
        excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert excess <= 0, path
        keep_picture(page, "phone" + path.replace("/", "-"))


def test_the_keyboard_reaches_the_page_first(page: Page, house: House) -> None:
    page.goto(house.base_url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_settings_are_saved_without_any_script(chromium: Chromium, house: House) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    connect(page, house, "Connect to Xero", "Kōwhai Joinery Ltd")
    page.goto(f"{house.base_url}/settings")
    page.get_by_role("button", name="Add a step").click()
    page.get_by_role("button", name="Save settings").click()
    page.get_by_role("button", name="Save for good").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    assert page.locator(".rung").count() == 7
    context.close()
