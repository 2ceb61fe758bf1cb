"""Groups by form: who belongs to one, what is different for it, and that nothing else changes on the way."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.test import TestResponse

from engine.policy import Group, Policy, Thanks
from engine.rules import rules_of
from store import accounts, policies
from store.database import Database
from store.tables import Company
from tests.webapp import books
from tests.webapp.browsing import Browser

NEW = "/settings/groups/0"


def policy_of(database: Database, company: Company) -> Policy:
    with database.read() as session:
        return policies.current(session, company.id or 0)


def with_groups(database: Database, company: Company, *groups: Group) -> None:
    changed = policy_of(database, company).model_copy(update={"groups": groups})
    with database.begin() as session:
        policies.save(session, company.id or 0, changed, books.NOW, "user 1")


def confirmed(owner: Browser, page: TestResponse) -> TestResponse:
    assert "Save for good" in page.text, page.text
    return owner.press(owner.form_in(page, "/settings/groups"), "Save for good")


def test_a_group_is_made_by_finding_its_customers_and_ticking_what_is_different(
    owner: Browser, database: Database, company: Company
) -> None:
    """Brooklyn Builders get a budget of their own and no other change; everybody else keeps the settings"""
    before = policy_of(database, company)
    found = owner.press(owner.form(NEW, NEW), "Find", name="Key accounts", find="brook")
    form = owner.form_in(found, NEW)
    page = owner.press(form, "Save the group", customers=["c2"], own_budget="y", messages="1", per_days="14")
    assert "Saved." in confirmed(owner, page).text
    policy = policy_of(database, company)
    [group] = policy.groups
    assert (group.name, group.customers, set(group.sections())) == ("Key accounts", ("c2",), {"budget"})
    assert policy.model_copy(update={"groups": (), "version": 1}) == before
    with database.read() as session:
        [account] = accounts.load(session, company.id or 0, ["c2"], books.TODAY)
    assert rules_of(policy).for_account(account).budget.messages == 1
    assert "Key accounts" in owner.open("/settings/groups").text


def test_a_ladder_of_its_own(owner: Browser, database: Database, company: Company) -> None:
    form = owner.form(NEW, NEW)
    shorter = owner.press(form, "✕", name="By country", members_when='customer.country == "AU"', own_ladder="y")
    assert policy_of(database, company).groups == ()
    confirmed(owner, owner.press(owner.form_in(shorter, NEW), "Save the group"))
    [group] = policy_of(database, company).groups
    assert group.ladder is not None
    assert [step.days for step in group.ladder] == [3, 10, 20, 35, 50]
    assert len(policy_of(database, company).ladder) == 6


def test_what_is_wrong_stands_beside_its_field(owner: Browser, database: Database, company: Company) -> None:
    """a condition over a name that there is none of; nobody at all; a wrong number in a section that is ticked"""
    for changes, says in (
        ({"name": "A", "members_when": "customer.shoe_size > 3"}, 'id="members_when-error"'),
        ({"name": "A"}, "a group names its `customers`"),
        ({"name": "A", "members_when": "customer.balance > 0.0", "own_budget": "y", "messages": "0"}, "from 1 to 50"),
        ({"name": "", "members_when": "customer.balance > 0.0"}, "Enter a name"),
    ):
        page = owner.press(owner.form(NEW, NEW), "Save the group", **changes)
        assert page.status_code == 422
        assert says in page.text, says
    assert policy_of(database, company).version == 1


def test_a_wrong_number_in_a_section_that_is_not_ticked_counts_for_nothing(owner: Browser) -> None:
    page = owner.press(
        owner.form(NEW, NEW), "Save the group", name="A", members_when="customer.balance > 0.0", messages="0"
    )
    assert "Save for good" in page.text


def test_sections_that_the_form_does_not_show_survive_a_save(
    owner: Browser, database: Database, company: Company
) -> None:
    with_groups(database, company, Group(name="One", customers=("c1",), thanks=Thanks(is_on=True)))
    confirmed(owner, owner.press(owner.form(NEW, NEW), "Save the group", name="Renamed"))
    [group] = policy_of(database, company).groups
    assert (group.name, group.thanks, group.ladder) == ("Renamed", Thanks(is_on=True), None)


def test_groups_are_moved_and_removed(owner: Browser, database: Database, company: Company) -> None:
    with_groups(database, company, Group(name="One", customers=("c1",)), Group(name="Two", customers=("c2",)))
    second = next(form for form in owner.forms_in(owner.open("/settings/groups")) if form.action.endswith("/1"))
    confirmed(owner, owner.press(second, "Move up"))
    assert [group.name for group in policy_of(database, company).groups] == ["Two", "One"]
    first = next(form for form in owner.forms_in(owner.open("/settings/groups")) if form.action.endswith("/0"))
    confirmed(owner, owner.press(first, "Remove"))
    assert [group.name for group in policy_of(database, company).groups] == ["One"]


def test_settings_changed_meanwhile_are_not_overwritten(owner: Browser, database: Database, company: Company) -> None:
    form = owner.form(NEW, NEW)
    with_groups(database, company, Group(name="Somebody else's", customers=("c1",)))
    page = owner.press(form, "Save the group", name="Mine", members_when="customer.balance > 0.0")
    assert "changed meanwhile" in page.text
    assert [group.name for group in policy_of(database, company).groups] == ["Somebody else's"]


def test_a_place_where_no_group_is_and_none_can_be_made(owner: Browser) -> None:
    assert owner.open("/settings/groups/1").status_code == 404


def test_a_viewer_sees_groups_and_changes_none(
    browser_of: Callable[..., Browser], database: Database, company: Company
) -> None:
    with_groups(database, company, Group(name="One", customers=("c1",)))
    viewer = browser_of(company, "viewer")
    assert "Make a group" not in viewer.open("/settings/groups").text
    assert "Save the group" not in viewer.open("/settings/groups/0").text
