"""Home, Activity, Tasks and the customer file: they show what the engine decided and the store recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from store import checks, companies, ledger, tokens
from store.database import Database
from store.scope import Scope
from store.secrets import SecretBox
from store.tables import Action, Company, CustomerWish, Task
from store.wishes import Speaker
from tests.webapp import books
from tests.webapp.browsing import Browser


def acts_of(database: Database, company: Company, customer_id: str, kind: str = "remind") -> list[Action]:
    with database.read() as session:
        scope = Scope(session, company.id or 0)
        return [act for act in scope.all(scope.select(Action)) if (act.customer_id, act.kind) == (customer_id, kind)]


def hold_first(database: Database, company: Company, customer_id: str) -> Action:
    """The customer's reminder, sent off without an answer."""
    act = acts_of(database, company, customer_id)[0]
    with database.begin() as session:
        assert ledger.claim(session, company.id or 0, act.key, "worker", books.NOW)
        assert ledger.hold(session, company.id or 0, act.key, "No answer came.", books.NOW)
    return act


@pytest.fixture
def approving(database: Database) -> Company:
    """A company whose every message waits for a person."""
    company = books.connect(database, mode="approve")
    books.read_and_decide(database, company)
    return company


def test_home_adds_up_what_is_owed(owner: Browser) -> None:
    """open 1840.50 + 620 + 12400 + 3310.25 + 480 + 999.99 + 2500 + 7200; not due 620 + 7200"""
    page = owner.open("/").text
    for figure in ("$29,350.74", "$21,530.74", "$7,820.00", "$12,400.00"):
        assert figure in page
    assert "Read from" in page
    assert "1 record could not be read" in page


def test_home_says_what_goes_out_next_and_why(owner: Browser) -> None:
    page = owner.open("/").text
    assert "What goes out next" in page
    assert "INV-101 is 12 days overdue: step 3 comes 10 days after the due date." in page
    assert "Nothing went out." in page


def test_home_says_what_is_new_since_the_night_before(owner: Browser, database: Database, company: Company) -> None:
    """the first night says nothing new; then Aro Valley Cafe is paused, and its two invoices are left alone"""
    assert "New since the night before" not in owner.open("/").text
    with database.begin() as session:
        session.connection().exec_driver_sql("UPDATE decision SET first_on = '2026-03-02'")
        Speaker(session, company.id or 0, books.NOW, "user 1").pause_customer("c1", True)
    books.read_and_decide(database, company)
    page = owner.open("/").text
    assert "New since the night before" in page
    assert "2 answers came out otherwise than before." in page
    assert "before: step due" in page


def test_home_brings_the_outlook_once_it_is_worked_out(owner: Browser) -> None:
    """without a script it is a link; nobody has paid often enough for a habit, so nothing is guessed at"""
    page = owner.open("/").text
    assert 'hx-get="/outlook?company=1"' in page
    outlook = owner.open("/outlook").text
    assert "Cash expected in the next 8 weeks" in outlook
    assert "nobody can tell yet" in outlook
    assert "Days sales outstanding" in outlook


def test_home_of_a_company_not_read_yet_waits_and_asks_again(
    database: Database, browser_of: Callable[..., Browser]
) -> None:
    new = books.connect(database, "Fresh Start Ltd")
    person = browser_of(new)
    page = person.open("/").text
    assert "being read for the first time" in page
    assert 'hx-trigger="every 3s"' in page
    assert "HX-Redirect" not in person.open("/sync").headers
    books.read_and_decide(database, new)
    assert person.client.get("/sync").headers["HX-Redirect"] == "/"


def test_home_asks_for_a_new_connection_when_consent_is_gone(
    owner: Browser, database: Database, company: Company
) -> None:
    with database.begin() as session:
        companies.mark_reconnect_needed(session, company.id or 0, "Xero no longer accepts this consent.", books.NOW)
    page = owner.open("/").text
    assert "needs you to connect again" in page
    assert 'href="/connect/xero"' in page


def test_home_warns_of_a_connection_about_to_end(owner: Browser, database: Database, company: Company) -> None:
    with database.begin() as session:
        ends_at = books.NOW + timedelta(days=20)
        tokens_id = tokens.put_tokens(
            session, SecretBox(("a secret key for tests",)), platform="xero", owner="somebody", content=b"t",
            expires_at=books.NOW, refresh_expires_at=None, hard_expires_at=ends_at, now=books.NOW,
        )  # fmt: skip
        tokens.attach(session, company.stored_id, tokens_id, "", None, books.NOW)
    assert "ends this connection on 23 Mar 2026" in owner.open("/").text


def test_activity_has_a_reason_for_every_open_invoice(owner: Browser) -> None:
    page = owner.open("/activity").text
    for number in range(101, 109):
        assert f"INV-{number}" in page
    assert "unapplied payments and credits cover INV-107" in page


def test_activity_is_filtered_by_reason_outcome_and_words(owner: Browser) -> None:
    covered = owner.open("/activity?rule=covered").text
    assert "INV-107" in covered
    assert "INV-101" not in covered
    held = owner.open("/activity?outcome=hold").text
    assert "Brooklyn Builders" in held
    assert "INV-106" not in held
    named = owner.open("/activity?search=evans").text
    assert "Evans Bay" in named
    assert "Aro Valley" not in named
    assert "Nothing matches" in owner.open("/activity?search=zzz").text


def test_odd_questions_get_an_ordinary_page(owner: Browser) -> None:
    for query in ("page=-1", "page=x", "page=99999999999999999999", "search=%25_%27%22", "outcome=%00"):
        for path in ("/activity", "/customers"):
            assert owner.open(f"{path}?{query}").status_code == 200, (path, query)


def test_activity_names_what_was_set_aside(owner: Browser) -> None:
    page = owner.open("/activity").text
    assert "INV-666" in page
    assert "GALLOPING" in page


def test_activity_tells_what_the_nightly_look_at_the_books_found(
    owner: Browser, database: Database, company: Company
) -> None:
    with database.begin() as session:
        found = ["INV-7: due date 2026-03-01 here, 2026-03-09 on the platform"]
        checks.record(session, company.stored_id, "nightly", compared=12, findings=found, now=company.created_at)
    page = owner.open("/activity").text
    assert "12 looked at" in page
    assert found[0] in page


def test_a_missing_address_is_a_task(owner: Browser) -> None:
    page = owner.open("/tasks").text
    assert "Cuba Street Dental" in page
    done = owner.press(owner.form_in(owner.open("/tasks"), "/tasks/settle"), "Done")
    assert "Nothing needs you" in done.text


def test_ticked_acts_are_approved_and_the_rest_waits(
    browser_of: Callable[..., Browser], database: Database, approving: Company
) -> None:
    person = browser_of(approving)
    one = acts_of(database, approving, "c1")[0]
    page = person.press(person.form("/tasks", "/tasks/approve"), "Approve ticked", key=one.key)
    assert "1 approved" in page.text
    assert acts_of(database, approving, "c1")[0].state == "approved"
    assert acts_of(database, approving, "c4")[0].state == "planned"


def test_turned_down_acts_do_not_go_out(
    browser_of: Callable[..., Browser], database: Database, approving: Company
) -> None:
    person = browser_of(approving)
    person.press(person.form("/tasks", "/tasks/approve"), "Turn down ticked")
    assert {act.state for act in acts_of(database, approving, "c1")} == {"cancelled"}
    assert "Wait for your approval" not in person.open("/tasks").text


def test_an_act_approved_twice_is_told_so(
    browser_of: Callable[..., Browser], database: Database, approving: Company
) -> None:
    person = browser_of(approving)
    form = person.form("/tasks", "/tasks/approve")
    person.press(form, "Approve ticked")
    assert "had already been settled" in person.press(form, "Approve ticked").text


@pytest.mark.parametrize(("answer", "state"), [("It went", "done"), ("It did not go", "cancelled")])
def test_a_person_settles_what_nobody_could_know(
    owner: Browser, database: Database, company: Company, answer: str, state: str
) -> None:
    held = hold_first(database, company, "c1")
    page = owner.open("/tasks")
    assert "Did it happen?" in page.text
    owner.press(owner.form_in(page, "/tasks/settle"), answer)
    assert [act.state for act in acts_of(database, company, "c1") if act.key == held.key] == [state]


def test_a_task_of_another_company_cannot_be_settled(owner: Browser, database: Database, company: Company) -> None:
    other = books.connect(database, "Another Ltd", external_id="2")
    books.read_and_decide(database, other)
    with database.read() as session:
        scope = Scope(session, other.id or 0)
        foreign = scope.all(scope.select(Task))[0]
    form = owner.form("/tasks", "/tasks/settle")
    assert owner.press(form, "Done", task=str(foreign.id)).status_code == 404


def test_the_customer_file_shows_each_invoice_with_its_reason(owner: Browser) -> None:
    page = owner.open("/customers/c2").text
    assert "INV-103 is 75 days overdue: step 6 comes 50 days after the due date." in page
    assert "No new credit: INV-103" in page
    assert "$15,710.25" in page


@pytest.mark.parametrize(
    ("words", "attribute"),
    [
        ("Never chase", "do_not_chase"),
        ("Pause", "is_paused"),
        ("Put on hold", "is_on_hold"),
        ("Never charge late fees", "is_fee_exempt"),
        ("They are a private person", "is_consumer"),
    ],
)
def test_a_word_about_a_customer_is_kept_and_can_be_taken_back(
    owner: Browser, database: Database, company: Company, words: str, attribute: str
) -> None:
    back = {
        "Never chase": "Chase again",
        "Pause": "End the pause",
        "Put on hold": "Lift the hold",
        "Never charge late fees": "Charge late fees again",
        "They are a private person": "They are a business",
    }

    def is_so() -> bool:
        with database.read() as session:
            wish = Scope(session, company.id or 0).get(CustomerWish, customer_id="c1")
        return bool(wish and getattr(wish, attribute))

    owner.says_of("c1", words)
    assert is_so()
    owner.says_of("c1", back[words])
    assert not is_so()


def test_a_pause_and_a_promise_reach_the_engine(owner: Browser, database: Database, company: Company) -> None:
    friday = books.TODAY + timedelta(days=3)
    invoice = owner.form("/customers/c1", "/customers/c1/invoices/inv-101")
    owner.press(invoice, "Save", word="promise", on=friday.isoformat())
    owner.says_of("c4", "Pause", until_on=friday.isoformat())
    promised = next(one for one in books.account_of(database, company, "c1").invoices if one.id == "inv-101")
    assert promised.promise.pay_on == friday
    assert books.account_of(database, company, "c4").paused_until_on == friday


def test_a_disputed_invoice_says_why(owner: Browser, database: Database, company: Company) -> None:
    form = owner.form("/customers/c1", "/customers/c1/invoices/inv-101")
    page = owner.press(form, "Save", word="dispute", reason="Wrong timber")
    assert "! Disputed" in page.text
    assert next(one for one in books.account_of(database, company, "c1").invoices if one.id == "inv-101").is_disputed


def test_a_promise_without_a_day_is_refused(owner: Browser) -> None:
    form = owner.form("/customers/c1", "/customers/c1/invoices/inv-101")
    page = owner.press(form, "Save", word="promise")
    assert page.status_code == 422
    assert "Choose the day they said they would pay by." in page.text


def test_customers_who_owe_most_come_first_and_are_found(owner: Browser) -> None:
    page = owner.open("/customers").text
    assert page.index("Brooklyn Builders") < page.index("Evans Bay") < page.index("Cuba Street")
    assert "No email address" in page
    found = owner.open("/customers?search=aro").text
    assert "Aro Valley" in found
    assert "Brooklyn" not in found


def test_dates_are_written_for_the_company_not_the_server(owner: Browser) -> None:
    assert date(2026, 3, 3) == books.TODAY
    assert "22 Jan 2026" in owner.open("/customers/c2").text.replace("\u202f", " ")
