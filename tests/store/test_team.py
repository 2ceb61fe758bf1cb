"""Who looks after a company: roles, the last owner, and invitations that are good once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from store import audit, companies, people, team
from store.database import Database
from tests.store.books import Shop


def person(database: Database, now: datetime, name: str, company_id: int = 0, role: str = "owner") -> int:
    with database.begin() as session:
        user_id = people.sign_in(session, "xero", name, f"{name}@example.com", name.title(), now).id or 0
        if company_id:
            people.grant_role(session, user_id, company_id, role, now)
    return user_id


def role(database: Database, user_id: int, company_id: int) -> str | None:
    with database.read() as session:
        return companies.role_of(session, user_id, company_id)


def test_the_last_owner_can_neither_leave_nor_become_less(database: Database, shop: Shop, now: datetime) -> None:
    ann = person(database, now, "ann", shop.id)
    with database.begin() as session:
        for attempt in (
            lambda: team.remove(session, shop.id, ann, now, "user 1"),
            lambda: team.change_role(session, shop.id, ann, "viewer", now, "user 1"),
        ):
            with pytest.raises(team.LastOwner):
                attempt()
    bob = person(database, now, "bob", shop.id)
    with database.begin() as session:
        assert team.change_role(session, shop.id, ann, "viewer", now, "user 1")
        with pytest.raises(team.LastOwner):
            team.remove(session, shop.id, bob, now, "user 1")
        assert team.remove(session, shop.id, ann, now, "user 1")
        assert [one.name for one in team.members(session, shop.id)] == ["Bob"]
        assert audit.verify(session, shop.id) == []


def test_an_invitation_is_good_once(database: Database, shop: Shop, now: datetime) -> None:
    ann, bob, eve = person(database, now, "ann", shop.id), person(database, now, "bob"), person(database, now, "eve")
    with database.begin() as session:
        token = team.invite(session, shop.id, "bob@example.com", "bookkeeper", ann, now)
        offer = team.offer_of(session, token, now)
        assert offer is not None
        assert (offer.company_id, offer.role, offer.invited_by) == (shop.id, "bookkeeper", "Ann")
        assert team.accept(session, token, bob, now) == shop.id
        assert team.accept(session, token, eve, now) is None
    assert (role(database, bob, shop.id), role(database, eve, shop.id)) == ("bookkeeper", None)


def test_an_invitation_grows_old_lapses_and_can_be_withdrawn(database: Database, shop: Shop, now: datetime) -> None:
    """sent twice to one address: the first link lapses; the second is withdrawn; a third is a week old"""
    ann = person(database, now, "ann", shop.id)
    with database.begin() as session:
        first, second = (team.invite(session, shop.id, "b@example.com", "viewer", ann, now) for _ in range(2))
        assert team.offer_of(session, first, now) is None
        [still] = team.open_invitations(session, shop.id, now)
        assert team.withdraw(session, shop.id, still.id or 0, now, "user 1")
        assert not team.withdraw(session, shop.id, still.id or 0, now, "user 1")
        assert team.offer_of(session, second, now) is None
        third = team.invite(session, shop.id, "b@example.com", "viewer", ann, now)
        assert team.offer_of(session, third, now + timedelta(days=6)) is not None
        assert team.offer_of(session, third, now + timedelta(days=7)) is None


def test_who_is_owner_no_longer_has_no_way_back_by_an_old_invitation(
    database: Database, shop: Shop, now: datetime
) -> None:
    ann = person(database, now, "ann", shop.id)
    bob = person(database, now, "bob", shop.id)
    with database.begin() as session:
        token = team.invite(session, shop.id, "bob2@example.com", "owner", bob, now)
        team.remove(session, shop.id, bob, now, f"user {ann}")
        assert team.offer_of(session, token, now) is None


def test_an_invitation_never_lowers_a_role(database: Database, shop: Shop, now: datetime) -> None:
    ann = person(database, now, "ann", shop.id)
    with database.begin() as session:
        team.accept(session, team.invite(session, shop.id, "a@example.com", "viewer", ann, now), ann, now)
    assert role(database, ann, shop.id) == "owner"


def test_so_many_invitations_and_no_more(database: Database, shop: Shop, now: datetime) -> None:
    ann = person(database, now, "ann", shop.id)
    with database.begin() as session:
        for number in range(team.MOST_OPEN):
            team.invite(session, shop.id, f"p{number}@example.com", "viewer", ann, now)
        with pytest.raises(team.TooManyInvitations):
            team.invite(session, shop.id, "more@example.com", "viewer", ann, now)
