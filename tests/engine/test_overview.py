"""One look over an account's cases answers what looking for each thing by itself would answer."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings

from engine.account import Account
from engine.guards import sort_out
from engine.overview import NONE_SO_LATE, overview_of
from engine.policy import Policy
from engine.rules import rules_of
from tests.engine.builder import Books
from tests.engine.strategies import TODAY, accounts, policies


@settings(max_examples=40, deadline=None)
@given(accounts(), policies())
def test_an_overview_says_what_looking_for_each_thing_says(account: Account, policy: Policy) -> None:
    after = policy.exclusions.review_after_days
    cases = sort_out(account, rules_of(policy).for_account(account), TODAY)
    found = overview_of(cases, after)
    assert found.oldest_debt == max((case.days for case in cases if case.is_debt), default=NONE_SO_LATE)
    young = [case.days for case in cases if case.is_free and case.days <= after]
    assert found.oldest_free == max(young, default=NONE_SO_LATE)
    assert found.has_old == any(case.days > after for case in cases)
    assert found.has_payments == any(case.invoice.payments for case in cases)
    assert found.ends_on == min((case.ends_on for case in cases if case.ends_on is not None), default=None)


def test_no_date_is_as_far_away_as_what_stands_for_none(books: Books) -> None:
    books.has_invoice("INV-7", due="9999-12-31")
    (case,) = sort_out(books.account, rules_of(books.rules), date.min)
    assert case.days > NONE_SO_LATE
