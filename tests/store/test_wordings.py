"""Wordings: the newest version counts, every one is kept, and the house's own comes back when it is wanted."""

from __future__ import annotations

from store import wordings
from tests.store.books import Shop


def saved(shop: Shop, subject: str, name: str = "reminder_1") -> int:
    with shop.database.begin() as session:
        return wordings.save(session, shop.id, name, subject, "Body", shop.now, "user 1")


def subjects(shop: Shop) -> dict[str, str]:
    with shop.database.read() as session:
        return {name: one.subject for name, one in wordings.in_force(session, shop.id).items()}


def test_the_newest_version_of_each_message_counts(shop: Shop) -> None:
    assert [saved(shop, "One"), saved(shop, "Two"), saved(shop, "Other", "reminder_2")] == [1, 2, 1]
    assert subjects(shop) == {"reminder_1": "Two", "reminder_2": "Other"}


def test_given_back_it_is_the_houses_and_its_history_stays(shop: Shop) -> None:
    saved(shop, "One")
    with shop.database.begin() as session:
        wordings.give_back(session, shop.id, "reminder_1", shop.now, "user 1")
    assert subjects(shop) == {}
    with shop.database.read() as session:
        kept = wordings.history(session, shop.id, "reminder_1")
    assert [(one.version, one.subject, one.is_house) for one in kept] == [(2, "", True), (1, "One", False)]


def test_another_company_has_words_of_its_own(shop: Shop, neighbour: Shop) -> None:
    saved(shop, "One")
    assert subjects(neighbour) == {}
