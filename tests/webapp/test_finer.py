"""The finer print: what is saved, what is refused and where, and that the rest of the settings stays as it was."""

from __future__ import annotations

from decimal import Decimal

import pytest
from werkzeug.test import TestResponse

from store.database import Database
from store.tables import Company
from tests.webapp.browsing import Browser
from tests.webapp.test_settings import error_of, policy_of

PAGE = "/settings/finer"


def saved(owner: Browser, **changes: str | list[str]) -> TestResponse:
    page = owner.press(owner.form(PAGE, PAGE), "Save the finer print", **changes)
    return owner.press(owner.form_in(page, PAGE), "Save for good") if "Save for good" in page.text else page


def test_the_finer_print_comes_back_as_it_was_saved(owner: Browser, database: Database, company: Company) -> None:
    before = policy_of(database, company)
    page = saved(
        owner,
        grace_days="2",
        longest_days="30",
        steps_up=[],
        always_allowed="20",
        times_usual="3",
        customers="consumers",
        minimums="JPY 500\nusd 7.50",
    )
    assert "Saved." in page.text
    policy = policy_of(database, company)
    assert (policy.promises.grace_days, policy.promises.longest_days, policy.promises.steps_up) == (2, 30, False)
    assert (policy.brake.always_allowed, policy.brake.times_usual, policy.brake.is_on) == (20, 3, True)
    assert policy.rights.customers == "consumers"
    least = [(one.currency, one.amount) for one in policy.exclusions.minimums]
    assert least == [("JPY", Decimal(500)), ("USD", Decimal("7.50"))]
    assert (policy.ladder, policy.budget, policy.credit) == (before.ladder, before.budget, before.credit)
    assert "JPY 500\nUSD 7.50" in owner.open(PAGE).text


def test_saving_what_is_shown_changes_nothing(owner: Browser, database: Database, company: Company) -> None:
    before = policy_of(database, company)
    saved(owner)
    assert policy_of(database, company) == before


def test_a_step_has_its_own_sender_and_readers(owner: Browser, database: Database, company: Company) -> None:
    before = policy_of(database, company).ladder
    page = saved(
        owner,
        **{
            "desks-5-sender_name": "Ada Moore, Director",
            "desks-5-reply_to": "ada@harbour.example",
            "desks-5-recipients": "billing",
            "desks-5-cc": "boss@harbour.example, law@harbour.example",
            "desks-5-bcc": "books@harbour.example",
        },
    )
    assert "Saved." in page.text
    *others, last = policy_of(database, company).ladder
    assert tuple(others) == before[:-1]
    assert last.sender is not None
    assert (last.sender.name, last.sender.reply_to) == ("Ada Moore, Director", "ada@harbour.example")
    assert (last.recipients, last.cc, last.bcc) == (
        "billing",
        ("boss@harbour.example", "law@harbour.example"),
        ("books@harbour.example",),
    )
    assert "boss@harbour.example, law@harbour.example" in owner.open(PAGE).text
    saved(owner, **{"desks-5-sender_name": "", "desks-5-reply_to": ""})
    assert policy_of(database, company).ladder[-1].sender is None


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("grace_days", "15", "from 0 to 14"),
        ("times_usual", "", "Enter a whole number."),
        ("minimums", "JPY", "write JPY 500"),
        ("desks-0-cc", "nobody", "is not an email address"),
        ("desks-1-reply_to", "nobody", "Enter an email address."),
        ("minimums", "JPY NaN", "write JPY 500"),
        ("minimums", "JPY 5\njpy 6", "each currency once"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(
    owner: Browser, database: Database, company: Company, field: str, typed: str, says: str
) -> None:
    page = saved(owner, **{field: typed})
    assert page.status_code == 422
    assert says in error_of(page, field)
    assert policy_of(database, company).version == 1
