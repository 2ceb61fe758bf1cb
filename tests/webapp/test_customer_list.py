"""The list of customers: narrowed, kept as a view, taken away as a file, and treated many at once."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from engine.policy import Group
from store import policies
from store.database import Database
from store.scope import Scope
from store.tables import Company, CustomerWish
from tests.webapp.books import NOW
from tests.webapp.browsing import Browser
from webapp.sheets import as_csv


def names_on(page: str) -> list[str]:
    known = ("Aro Valley Cafe", "Brooklyn Builders Ltd", "Cuba Street Dental", "Evans Bay Yachts")
    return [name for name in known if f">{name}</a>" in page]


def test_the_list_is_narrowed_by_state_and_by_words(owner: Browser) -> None:
    assert names_on(owner.open("/customers?state=no_email").text) == ["Cuba Street Dental"]
    assert names_on(owner.open("/customers?state=overdue&search=brook").text) == ["Brooklyn Builders Ltd"]
    assert names_on(owner.open("/customers?state=paused").text) == []
    assert len(names_on(owner.open("/customers?state=nonsense").text)) == 4


def test_the_ticked_are_paused_together(owner: Browser, database: Database, company: Company) -> None:
    form = next(one for one in owner.forms_in(owner.open("/customers")) if ("customer", "c1") in one.unticked)
    owner.press(form, "Do it", customer=["c1", "c3"], word="pause")
    with database.read() as session:
        wishes = Scope(session, company.id or 0)
        assert {one.customer_id for one in wishes.all(wishes.select(CustomerWish)) if one.is_paused} == {"c1", "c3"}
    assert names_on(owner.open("/customers?state=paused").text) == ["Aro Valley Cafe", "Cuba Street Dental"]


def test_the_ticked_move_to_a_group_of_the_settings(owner: Browser, database: Database, company: Company) -> None:
    groups = (Group(name="Trade", customers=("c2",)), Group(name="Old friends", customers=("c4", "c5")))
    with database.begin() as session:
        policy = policies.current(session, company.id or 0)
        policies.save(session, company.id or 0, policy.model_copy(update={"groups": groups}), NOW, "user 1")
    form = next(one for one in owner.forms_in(owner.open("/customers")) if ("customer", "c1") in one.unticked)
    form.set("customer", ["c1", "c4"])
    form.set("group", "Trade")
    form.action = "/customers/group"
    owner.press(form)
    with database.read() as session:
        found = policies.current(session, company.id or 0).groups
    assert {group.name: group.customers for group in found} == {"Trade": ("c2", "c1", "c4"), "Old friends": ("c5",)}


def test_a_view_is_kept_and_opened_again(owner: Browser, company: Company) -> None:
    form = owner.form("/customers?state=overdue&search=brook", "/views/customers")
    owner.press(form, "Keep", name="Late builders")
    page = owner.open("/customers").text
    assert "?search=brook&amp;state=overdue" in page
    assert ">Late builders</a>" in page
    owner.press(owner.form("/customers", "/views/customers"), "Forget Late builders")
    assert "Late builders" not in owner.open("/customers").text


def test_a_file_holds_what_the_list_shows(owner: Browser) -> None:
    rows = list(csv.DictReader(StringIO(owner.open("/customers.csv?state=overdue").data.decode("utf-8-sig"))))
    by_name = {row["Customer"]: row for row in rows}
    assert by_name["Brooklyn Builders Ltd"]["Overdue"] == "15710.25"
    assert by_name["Aro Valley Cafe"]["Owes"] == "2460.50"
    assert "Cuba Street Dental" in by_name


@pytest.mark.parametrize("path", ["/customers.xlsx", "/activity.xlsx"])
def test_excel_gets_numbers_and_names_as_text(owner: Browser, path: str) -> None:
    book = ZipFile(BytesIO(owner.open(path).data))
    sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    kinds = {cell.get("t") for cell in sheet.iter() if cell.tag.endswith("}c")}
    assert "str" not in kinds, "a name from the books is never a formula"
    assert len(list(sheet.iter())) > 40


def test_what_begins_like_a_formula_is_text() -> None:
    """Source: OWASP, CSV Injection."""
    assert as_csv(["Customer"], [["=HYPERLINK(1)"], ["Fine"]]).decode("utf-8-sig").splitlines() == [
        "Customer",
        "'=HYPERLINK(1)",
        "Fine",
    ]


def test_activity_and_runs_can_be_taken_away_and_looked_at(owner: Browser) -> None:
    rows = list(csv.DictReader(StringIO(owner.open("/activity.csv?rule=covered").data.decode("utf-8-sig"))))
    assert [(row["Customer"], row["Invoice"], row["Rule"]) for row in rows] == [
        ("Evans Bay Yachts", "INV-107", "Covered by unapplied money")
    ]
    assert "✓ Complete" in owner.open("/runs").text


def test_a_viewer_is_offered_nothing_to_change(company: Company, browser_of: Callable[..., Browser]) -> None:
    viewer = browser_of(company, "viewer")
    assert "Do it" not in viewer.open("/customers").text
    assert viewer.open("/customers.csv").status_code == 200
