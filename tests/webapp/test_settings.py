"""The one small page: what is saved, what is refused and where, and that nothing else is changed on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from werkzeug.test import TestResponse

from engine.policy import Policy, Tone
from store import audit, companies, policies
from store.database import Database
from store.tables import Company
from tests.webapp import books
from tests.webapp.browsing import Browser


def policy_of(database: Database, company: Company) -> Policy:
    with database.read() as session:
        return policies.current(session, company.id or 0)


def asked(owner: Browser, **changes: str | list[str]) -> TestResponse:
    """The page after "Save settings": what would change, or what is wrong."""
    return owner.press(owner.form("/settings", "/settings"), "Save settings", **changes)


def saved(owner: Browser, **changes: str | list[str]) -> TestResponse:
    """The same, confirmed where there is something to confirm."""
    return confirmed(owner, asked(owner, **changes))


def confirmed(owner: Browser, page: TestResponse) -> TestResponse:
    if "Save for good" not in page.text:
        return page
    return owner.press(owner.form_in(page, "/settings"), "Save for good")


def error_of(page: TestResponse, field: str) -> str:
    """What stands beside a field, when the field also points to it for a screen reader."""
    found = re.search(rf'<p class="error" id="{field}-error">([^<]*)</p>', page.text)
    assert found is not None, f"no error beside {field}"
    assert re.search(rf'aria-describedby="[^"]*{field}-error', page.text), f"{field} does not point to its error"
    return found[1]


def test_saving_what_is_shown_changes_no_setting(owner: Browser, database: Database, company: Company) -> None:
    before = policy_of(database, company)
    page = saved(owner)
    assert "Saved." in page.text
    assert policy_of(database, company) == before


def test_every_setting_comes_back_as_it_was_saved(owner: Browser, database: Database, company: Company) -> None:
    saved(
        owner,
        mode="approve",
        weekdays=["1", "3"],
        opens="10:30",
        closes="15:00",
        time_zone="Europe/Paris",
        country="FR",
        messages="4",
        per_days="14",
        minimum_gap_days="2",
        minimum_balance="12.50",
        review_after_days="200",
        discount_percent="2.5",
        hold_days_overdue="",
        default_limit="5000",
        sender_name="Accounts at Harbour",
        reply_to="money@harbour.example",
    )
    policy = policy_of(database, company)
    assert policy.version == 2
    assert (policy.calendar.weekdays, policy.calendar.time_zone, policy.calendar.country) == (
        (1, 3),
        "Europe/Paris",
        "FR",
    )
    assert (f"{policy.calendar.opens:%H:%M}", f"{policy.calendar.closes:%H:%M}") == ("10:30", "15:00")
    assert (policy.budget.messages, policy.budget.per_days, policy.budget.minimum_gap_days) == (4, 14, 2)
    assert (policy.exclusions.minimum_balance, policy.exclusions.review_after_days) == (Decimal("12.50"), 200)
    assert policy.discount.percent == Decimal("2.5")
    assert (policy.credit.hold_days_overdue, policy.credit.default_limit) == (None, Decimal(5000))
    assert (policy.sender.name, policy.sender.reply_to) == ("Accounts at Harbour", "money@harbour.example")
    assert policy.base_currency == "NZD"
    page = owner.open("/settings").text
    assert 'value="money@harbour.example"' in page
    assert 'value="12.50"' in page


def test_a_new_mode_is_audited_and_runs_soon(owner: Browser, database: Database, company: Company) -> None:
    saved(owner, mode="observe", is_paused="y")
    with database.read() as session:
        now = companies.get(session, company.id or 0)
        assert (now.mode, now.is_paused) == ("observe", True)
        assert now.next_run_at is not None
        assert now.next_run_at <= books.NOW
        assert audit.verify(session, company.id or 0) == []
    assert "Paused: nothing goes out" in owner.open("/").text


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("messages", "0", "from 1 to 50"),
        ("messages", "many", "valid integer"),
        ("per_days", "", "Enter a whole number"),
        ("minimum_balance", "-1", "from 0"),
        ("discount_percent", "51", "from 0 to 50"),
        ("hold_days_overdue", "0", "from 1 to 720"),
        ("default_limit", "0", "from 0.01"),
        ("closes", "08:00", "after 09:00"),
        ("closes", "noon", "valid time"),
        ("reply_to", "not an address", "one address"),
        ("reply_to", "a@b.example, c@d.example", "one address"),
        ("time_zone", "Mars/Olympus", "valid choice"),
        ("ladder-0-days", "1000", "from -60 to 365"),
        ("sender_name", "x" * 81, "80"),
    ],
)
def test_a_wrong_value_is_told_beside_its_field_and_kept(
    owner: Browser, database: Database, company: Company, field: str, value: str, says: str
) -> None:
    before = policy_of(database, company)
    page = saved(owner, **{field: value})
    assert page.status_code == 422
    assert says in error_of(page, field)
    assert "Not saved yet" in page.text
    assert policy_of(database, company) == before
    if field != "time_zone":
        assert f'value="{value}"' in page.text


def test_no_day_to_send_on_is_refused(owner: Browser) -> None:
    page = saved(owner, weekdays=[])
    assert page.status_code == 422
    assert "Choose at least one day." in error_of(page, "weekdays")


def test_two_steps_on_one_day_are_refused(owner: Browser) -> None:
    page = saved(owner, **{"ladder-2-days": "3"})
    assert page.status_code == 422
    assert "same day" in page.text


def test_steps_are_sorted_by_their_days(owner: Browser, database: Database, company: Company) -> None:
    """ladder -3, 3, 10, 20, 35, 50: the third step is moved behind all others"""
    saved(owner, **{"ladder-2-days": "60"})
    ladder = policy_of(database, company).ladder
    assert [(step.number, step.days) for step in ladder] == [(1, -3), (2, 3), (3, 20), (4, 35), (5, 50), (6, 60)]
    assert ladder[-1].template == "reminder_2"
    assert ladder[-2].tone is Tone.FINAL


def test_a_step_can_be_added_and_removed_without_any_script(
    owner: Browser, database: Database, company: Company
) -> None:
    longer = owner.press(owner.form("/settings", "/settings"), "Add a step")
    form = owner.form_in(longer, "/settings")
    assert ("ladder-6-days", "60") in form.fields
    shorter = owner.press(form, "✕")
    assert policy_of(database, company).version == 1, "nothing is saved until Save is pressed"
    confirmed(owner, owner.press(owner.form_in(shorter, "/settings"), "Save settings"))
    assert [step.days for step in policy_of(database, company).ladder] == [3, 10, 20, 35, 50, 60]


def test_all_steps_may_go(owner: Browser, database: Database, company: Company) -> None:
    page = owner.open("/settings")
    for _ in range(6):
        page = owner.press(owner.form_in(page, "/settings"), "✕")
    confirmed(owner, owner.press(owner.form_in(page, "/settings"), "Save settings"))
    assert policy_of(database, company).ladder == ()


def test_a_change_is_shown_before_it_is_saved(owner: Browser, database: Database, company: Company) -> None:
    page = asked(owner, hold_days_overdue="", minimum_gap_days="4")
    assert "Credit › hold days overdue" in page.text
    assert "Budget › minimum gap days" in page.text
    assert policy_of(database, company).version == 1
    assert "Saved." in confirmed(owner, page).text
    assert policy_of(database, company).credit.hold_days_overdue is None


def test_customers_for_whom_it_makes_a_difference_are_named(owner: Browser) -> None:
    """holds already planned stay; with holds off, Dodgy & Sons at 20 days overdue is put on hold from day 15"""
    page = asked(owner, hold_days_overdue="15").text
    assert "With this change" in page
    assert "&lt;b&gt;Dodgy &amp; Sons&lt;/b&gt;" in page
    assert "different for 1 customer." in page


def test_one_may_go_on_editing_and_lose_nothing(owner: Browser, database: Database, company: Company) -> None:
    page = owner.press(owner.form_in(asked(owner, messages="7"), "/settings"), "Go on editing")
    assert 'value="7"' in page.text
    assert policy_of(database, company).version == 1
    confirmed(owner, owner.press(owner.form_in(page, "/settings"), "Save settings"))
    assert policy_of(database, company).budget.messages == 7


def test_what_the_form_does_not_show_survives_a_save(owner: Browser, database: Database, company: Company) -> None:
    """a region and a closed day, set in the text"""
    before = policy_of(database, company)
    calendar = before.calendar.model_copy(update={"region": "AUK", "closed_on": (date(2026, 12, 28),)})
    with database.begin() as session:
        changed = before.model_copy(update={"calendar": calendar})
        policies.save(session, company.id or 0, changed, books.NOW, "user 1")
    saved(owner, messages="7", **{"ladder-2-days": "12"})
    after = policy_of(database, company)
    assert (after.calendar.region, after.calendar.closed_on) == ("AUK", (date(2026, 12, 28),))
    assert after.budget.messages == 7


def test_a_mode_alone_needs_no_second_page(owner: Browser) -> None:
    assert "Saved." in asked(owner, mode="approve").text


def test_a_viewer_sees_the_settings_but_no_button(browser_of: Callable[..., Browser], company: Company) -> None:
    page = browser_of(company, "viewer").open("/settings").text
    assert "Save settings" not in page
    assert "disabled" in page
