"""Books that live elsewhere, in Chromium: the examples downloaded from the page, filled in, uploaded and taken in."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.webapp.browser.conftest import House, connect, keep_picture

pytestmark = pytest.mark.browser


def test_an_owner_uploads_the_examples_and_sees_what_is_owed(
    page: Page, house: House, read_books: Callable[[], None], tmp_path: Path
) -> None:
    """of the examples 480.00 is owed by one customer and 1,150.50 by another; one paid, and one invoice is void"""
    connect(page, house, "Connect to Xero", "Kōwhai Joinery Ltd")
    page.goto(f"{house.base_url}/connect")
    page.get_by_role("link", name="Upload a CSV or Excel file").click()
    page.get_by_label("Company name").fill("Pennine Print")
    page.get_by_label("Country").select_option("GB")
    page.get_by_role("button", name="Make it, and choose files").click()
    for title, file in (("Customers", "customer"), ("Invoices", "invoice"), ("Payments", "payment")):
        with page.expect_download() as loaded:
            page.get_by_role("link", name=re.compile(f"Download an example.*{title}")).click()
        loaded.value.save_as(tmp_path / f"{file}.csv")
        page.get_by_label(title, exact=True).set_input_files(tmp_path / f"{file}.csv")
    page.get_by_role("button", name="Look at them").click()
    expect(page.get_by_text("Rows that can be read: 4")).to_be_visible()
    keep_picture(page, "uploads-check")
    page.get_by_role("button", name="Take in").click()
    read_books()
    page.goto(house.base_url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Pennine Print")
    expect(page.get_by_text("£1,630.50").first).to_be_visible()
    expect(page.get_by_role("link", name="Upload newer files")).to_be_visible()
