"""Settings are saved on top of the version they were made from, or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from engine.policy import Policy
from store import companies, policies
from tests.store.books import NOW, Shop


def budgeted(policy: Policy, messages: int) -> Policy:
    return policy.model_copy(update={"budget": policy.budget.model_copy(update={"messages": messages})})


def test_what_was_made_from_an_older_version_is_not_saved(shop: Shop) -> None:
    with shop.database.begin() as session:
        first = policies.save(session, shop.id, budgeted(policies.current(session, shop.id), 8), NOW, "mia", on=0)
        with pytest.raises(companies.Superseded):
            policies.save(session, shop.id, budgeted(first, 9), NOW, "noa", on=0)
        assert policies.save(session, shop.id, budgeted(first, 9), NOW, "noa", on=1).version == 2


def test_of_two_who_save_at_the_same_moment_one_is_told(shop: Shop) -> None:
    """each on a connection of its own; both have read the version in force before either writes"""
    ready = Barrier(2)

    def save(messages: int) -> bool:
        with shop.database.read() as session:
            policy = policies.current(session, shop.id)
        ready.wait(20)
        try:
            with shop.database.begin() as session:
                policies.save(session, shop.id, budgeted(policy, messages), NOW, "mia", on=policy.version)
        except companies.Superseded:
            return False
        return True

    for turn in range(5):
        with ThreadPoolExecutor(2) as people:
            assert sorted(people.map(save, (10 + turn, 20 + turn))) == [False, True]
    with shop.database.read() as session:
        assert [one.version for one in policies.history(session, shop.id)] == [5, 4, 3, 2, 1]


def test_a_mode_that_somebody_else_has_changed_is_told(shop: Shop) -> None:
    with shop.database.begin() as session:
        company = companies.get(session, shop.id)
    with shop.database.begin() as session:
        companies.insist_it_stands(session, company)
        companies.set_paused(session, company.stored_id, True, NOW, "noa")
        with pytest.raises(companies.Superseded):
            companies.insist_it_stands(session, company)
