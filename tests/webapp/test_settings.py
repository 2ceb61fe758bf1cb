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
        ("colour", "red; }", "Enter a colour"),
        ("logo_url", "javascript:alert(1)", "https:// address"),
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


def test_what_stands_in_the_finer_print_comes_back_as_it_was_saved(
    owner: Browser, database: Database, company: Company
) -> None:
    page = saved(
        owner,
        region="auk",
        closed_on="2026-12-28\n\n2026-12-29\n",
        after_person_days="6",
        bank_lag_days="2",
        autopay_days="9",
        only_if_worth="y",
        credit_taken="y",
        taken_late="accept",
        release_days_overdue="30",
        hold_broken_promises="2",
        fees_is_on="y",
        clause="Clause 7: 12 % a year",
        annual_rate="12",
        cap_percent="20",
        issued_from_on="2026-01-01",
        unsent="send",
        statements_is_on="y",
        statements_day="5",
        thanks_is_on="y",
        handover_after_days="30",
        colour="#7A1F5C",
        logo_url="https://harbour.example/logo.png",
        notices_to="boss@harbour.example\nbooks@harbour.example",
    )
    assert "Saved." in page.text
    policy = policy_of(database, company)
    assert (policy.calendar.region, policy.calendar.closed_on) == ("AUK", (date(2026, 12, 28), date(2026, 12, 29)))
    assert policy.budget.after_person_days == 6
    assert (policy.exclusions.bank_lag_days, policy.exclusions.autopay_days) == (2, 9)
    assert (policy.discount.only_if_worth, policy.discount.credit_taken, policy.discount.taken_late) == (
        True,
        True,
        "accept",
    )
    assert (policy.credit.release_days_overdue, policy.credit.hold_broken_promises) == (30, 2)
    fees = policy.fees
    assert (fees.is_on, fees.clause, fees.annual_rate, fees.cap_percent, fees.issued_from_on) == (
        True,
        "Clause 7: 12 % a year",
        Decimal(12),
        Decimal(20),
        date(2026, 1, 1),
    )
    assert (policy.delivery.unsent, policy.statements.day_of_month, policy.thanks.is_on) == ("send", 5, True)
    assert policy.escalation.handover_after_days == 30
    assert (policy.sender.colour, policy.sender.logo_url) == ("#7A1F5C", "https://harbour.example/logo.png")
    assert policy.notices.to == ("boss@harbour.example", "books@harbour.example")
    assert "2026-12-28\n2026-12-29</textarea>" in owner.open("/settings").text


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"closed_on": "Christmas"}, "closed_on", "is not a day"),
        ({"region": "TX"}, "region", "not a region of NZ"),
        ({"fees_is_on": "y"}, "fees_is_on", "words of your contract"),
        ({"release_days_overdue": "90"}, "release_days_overdue", "must not be above"),
        ({"notices_to": "nobody"}, "notices_to", "match pattern"),
    ],
)
def test_what_the_policy_refuses_stands_beside_its_field(
    owner: Browser, changes: dict[str, str], field: str, says: str
) -> None:
    page = saved(owner, **changes)
    assert page.status_code == 422
    assert says in error_of(page, field)


def test_a_condition_that_cannot_be_read_is_told_with_its_step(owner: Browser) -> None:
    page = saved(owner, **{"ladder-1-when": "invoice.shoe_size > 3"})
    assert page.status_code == 422
    assert "Step 2:" in page.text


def test_what_a_step_says_moves_up_and_its_day_stays(owner: Browser, database: Database, company: Company) -> None:
    form = owner.form("/settings", "/settings")
    form.buttons = [button for button in form.buttons if button[:2] == ("move_step", "2")] + form.buttons
    moved = owner.press(form, "↑", **{"ladder-2-when": "invoice.balance >= 100.0"})
    confirmed(owner, owner.press(owner.form_in(moved, "/settings"), "Save settings"))
    steps = [(step.days, step.template, step.when) for step in policy_of(database, company).ladder[:3]]
    assert steps == [(-3, "pre_due", ""), (3, "reminder_2", "invoice.balance >= 100.0"), (10, "reminder_1", "")]


def test_a_step_can_be_a_call_and_count_from_another_day(owner: Browser, database: Database, company: Company) -> None:
    changes = {"ladder-5-template": "call", "ladder-5-anchor": "month_end", "ladder-4-needs_approval": "y"}
    saved(owner, **changes)
    *_, before, last = policy_of(database, company).ladder
    assert before.needs_approval
    assert (last.channel, last.template, last.anchor, last.days) == ("call", "", "month_end", 50)


def test_the_steps_are_shown_on_a_real_invoice(owner: Browser) -> None:
    """INV-103, Brooklyn Builders, due Thursday 18 December 2025; its second step falls on a Sunday"""
    page = owner.open("/settings").text
    assert "INV-103 of Brooklyn Builders Ltd" in page
    assert re.search(r"<td[^>]*>21 Dec 2025</td>\s*<td[^>]*>22 Dec 2025 <span[^>]*>moved", page)
    assert "25 Dec 2025 Christmas Day" in page
    assert 'role="img" aria-label="Dec 2025: 15: 1; 22: 2; 29: 3"' in page


def test_a_change_is_tried_before_anything_is_saved(owner: Browser, database: Database, company: Company) -> None:
    form = owner.form("/settings", "/settings")
    form.action = "/settings/try"
    page = owner.press(form, sample="inv-106", annual_rate="12", **{"ladder-1-days": "4"}).text
    assert "INV-106 of &lt;b&gt;Dodgy &amp; Sons&lt;/b&gt;" in page
    assert "× 12 % a year × " in page
    assert "<tfoot>" in page
    assert policy_of(database, company).version == 1
    assert "Once every field makes sense" in owner.press(form, **{"ladder-1-days": "many"}).text


def test_without_any_script_a_button_tries_it(owner: Browser) -> None:
    page = owner.press(owner.form("/settings", "/settings"), "Try it", flat="25").text
    assert "late fee = 25.00" in page


def test_a_company_without_invoices_sees_a_made_up_one(database: Database, browser_of: Callable[..., Browser]) -> None:
    page = browser_of(books.connect(database, "Empty Books Ltd")).open("/settings").text
    assert "INV-1001 of Sample Customer Ltd" in page
