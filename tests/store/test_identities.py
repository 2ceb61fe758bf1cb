"""One person with several sign-ins: because they said so, with all that each may do, for as long as they want."""

from __future__ import annotations

from datetime import datetime

import pytest

from store import audit, companies, identities, people, team
from store.database import Database
from tests.store.books import Shop


def signs_in(database: Database, platform: str, now: datetime, subject: str = "7") -> int:
    """The person whom that sign-in leads to. The address is the same everywhere, and proves nothing."""
    with database.begin() as session:
        way = people.sign_in(session, platform, subject, "ann@example.com", "Ann", now)
        person = people.get_user(session, way.id or 0)
    assert person is not None
    return person.id or 0


@pytest.fixture
def ann(database: Database, now: datetime) -> int:
    return signs_in(database, "xero", now)


@pytest.fixture
def other(database: Database, now: datetime) -> int:
    return signs_in(database, "quickbooks", now)


def joins(database: Database, one: int, other: int, now: datetime) -> bool:
    with database.begin() as session:
        return identities.join(session, one, other, now)


def test_the_same_address_does_not_make_one_person_of_two(ann: int, other: int) -> None:
    assert ann != other


def test_said_to_be_the_same_either_sign_in_leads_to_one_person(
    database: Database, ann: int, other: int, now: datetime
) -> None:
    assert joins(database, ann, other, now)
    assert signs_in(database, "quickbooks", now) == signs_in(database, "xero", now) == ann
    assert not joins(database, ann, other, now), "that is so already"
    with database.read() as session:
        assert [way.platform for way in identities.ways(session, ann)] == ["xero", "quickbooks"]


def test_roles_are_put_together_and_the_higher_one_stays(
    shop: Shop, neighbour: Shop, ann: int, other: int, now: datetime
) -> None:
    with shop.database.begin() as session:
        for user, company, role in (
            (ann, shop.id, "viewer"),
            (other, shop.id, "owner"),
            (other, neighbour.id, "viewer"),
        ):
            people.grant_role(session, user, company, role, now)
    joins(shop.database, ann, other, now)
    with shop.database.read() as session:
        assert [companies.role_of(session, ann, one.id) for one in (shop, neighbour)] == ["owner", "viewer"]
        assert companies.companies_of(session, other) == []
        assert [member.user_id for member in team.members(session, shop.id)] == [ann]
        last = audit.entries(session, shop.id)[-1]
    assert (last.actor, last.what) == (f"user {ann}", "sign-in added")


def test_an_invitation_of_the_other_goes_with_the_owner_who_leaves(
    shop: Shop, ann: int, other: int, now: datetime
) -> None:
    with shop.database.begin() as session:
        people.grant_role(session, other, shop.id, "owner", now)
        people.grant_role(session, signs_in_quietly(session, now), shop.id, "owner", now)
        token = team.invite(session, shop.id, "way@back.example", "owner", other, now)
    joins(shop.database, ann, other, now)
    with shop.database.begin() as session:
        assert team.remove(session, shop.id, ann, now, "user 9")
        assert team.offer_of(session, token, now) is None


def signs_in_quietly(session: object, now: datetime) -> int:
    return people.sign_in(session, "xero", "third", "", "", now).id or 0  # type: ignore[arg-type]  # a Session


def test_a_third_sign_in_comes_along(database: Database, ann: int, other: int, now: datetime) -> None:
    third = signs_in(database, "freshbooks", now)
    joins(database, other, third, now)
    joins(database, ann, other, now)
    assert signs_in(database, "freshbooks", now) == ann


def test_one_that_is_taken_off_opens_nothing(shop: Shop, ann: int, other: int, now: datetime) -> None:
    with shop.database.begin() as session:
        people.grant_role(session, other, shop.id, "owner", now)
    joins(shop.database, ann, other, now)
    with shop.database.begin() as session:
        assert identities.part(session, ann, other)
        assert not identities.part(session, ann, other)
        assert not identities.part(session, other, ann), "nobody takes off somebody else's"
    assert signs_in(shop.database, "quickbooks", now) == other
    with shop.database.read() as session:
        assert companies.companies_of(session, other) == []
        assert companies.role_of(session, ann, shop.id) == "owner"
