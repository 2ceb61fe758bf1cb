"""Every version of the settings is kept, can be compared, and comes back when somebody wants it back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.policy import Budget, Policy
from store import policies
from store.database import Database
from store.tables import Company
from tests.webapp import books
from tests.webapp.browsing import Browser
from webapp.policy_diff import changed_fields


@pytest.fixture
def changed(database: Database, company: Company) -> Policy:
    """Version 2 allows five messages where version 1 allowed two."""
    with database.begin() as session:
        policy = policies.current(session, company.id or 0)
        budget = policy.budget.model_copy(update={"messages": 5})
        return policies.save(
            session, company.id or 0, policy.model_copy(update={"budget": budget}), books.NOW, "user 1"
        )


def current(database: Database, company: Company) -> Policy:
    with database.read() as session:
        return policies.current(session, company.id or 0)


def test_each_version_tells_what_it_changed_and_who_did(owner: Browser, changed: Policy) -> None:
    page = owner.open("/settings/versions").text
    assert "Version 2" in page
    assert "Budget › messages" in page
    assert "Mia" in page


def test_an_old_version_is_compared_and_restored_as_a_new_one(
    owner: Browser, database: Database, company: Company, changed: Policy
) -> None:
    page = owner.open("/settings/versions/1")
    assert "Budget › messages" in page.text
    asked = owner.press(owner.form_in(page, "/settings/versions/1"), "Restore version 1")
    assert "Before it is saved" in asked.text
    assert current(database, company).version == 2
    done = owner.press(owner.form_in(asked, "/settings/versions/1"), "Save for good")
    assert "Saved as version 3" in done.text
    assert current(database, company).budget.messages == 2


def test_a_version_that_never_was_is_not_there(owner: Browser, changed: Policy) -> None:
    assert owner.open("/settings/versions/99").status_code == 404


def test_the_whole_document_can_be_edited(owner: Browser, database: Database, company: Company) -> None:
    form = owner.form("/settings/document", "/settings/document")
    text = dict(form.fields)["text"].replace("region: ''", "region: AUK")
    asked = owner.press(form, "Check and show what changes", text=text)
    assert "Calendar › region" in asked.text
    owner.press(owner.form_in(asked, "/settings/document"), "Save for good")
    assert current(database, company).calendar.region == "AUK"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("budget: {messages: 0}", "budget › messages"),
        ("budget: [", "not YAML"),
        ("surprise: 1", "surprise"),
        ("just words", "The document"),
        ("ladder: [{number: 1, days: 3, template: a}, {number: 2, days: 3, template: b}]", "must come after"),
        ("&a [*a]", "The document"),
    ],
)
def test_what_is_wrong_with_the_text_is_told_and_the_text_kept(
    owner: Browser, database: Database, company: Company, text: str, says: str
) -> None:
    before = current(database, company)
    form = owner.form("/settings/document", "/settings/document")
    page = owner.press(form, "Check and show what changes", text=text)
    assert page.status_code == 422
    assert says in page.text
    assert current(database, company) == before


def test_a_viewer_reads_and_changes_nothing(
    browser_of: Callable[..., Browser], company: Company, changed: Policy
) -> None:
    viewer = browser_of(company, "viewer")
    assert "Restore" not in viewer.open("/settings/versions/1").text
    assert "Check and show" not in viewer.open("/settings/document").text


def test_only_what_differs_is_listed() -> None:
    before, after = Policy(), Policy(budget=Budget(messages=3), ladder=Policy().ladder[:1])
    fields = changed_fields(before, after)
    assert [(field.name, field.before, field.after) for field in fields if "messages" in field.name] == [
        ("Budget › messages", "2", "3")
    ]
    assert [field.after for field in fields if field.name == "Step › 2 › days"] == ["–"]
    assert changed_fields(before, before) == []
