"""Who signs in, what they may do, and authorisations under way."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from store import companies, people
from store.database import Database
from store.secrets import SecretBox
from store.sql import table_of
from store.tables import OAuthRequest
from tests.store.books import Shop


def sign_in(database: Database, now: datetime, email: str = "ann@example.com", name: str = "Ann") -> int:
    with database.begin() as session:
        user = people.sign_in(session, "xero", "subject-1", email, name, now)
    assert user.id is not None
    return user.id


def begin(database: Database, box: SecretBox, now: datetime) -> None:
    with database.begin() as session:
        people.begin_oauth(
            session, box, platform="xero", state="state", browser="browser", verifier="verifier", nonce="nonce", now=now
        )


def claim(database: Database, box: SecretBox, now: datetime, **other: str) -> people.Begun | None:
    told = {"platform": "xero", "state": "state", "browser": "browser"} | other
    with database.begin() as session:
        return people.claim_oauth(
            session, box, platform=told["platform"], state=told["state"], browser=told["browser"], now=now
        )


class TestSignIn:
    def test_a_person_who_comes_back_is_the_same_person(self, database: Database, now: datetime) -> None:
        assert sign_in(database, now) == sign_in(database, now + timedelta(days=1), "new@example.com")
        with database.read() as session:
            user = people.get_user(session, 1)
        assert user is not None
        assert (user.email, user.last_seen_at) == ("new@example.com", now + timedelta(days=1))

    def test_a_platform_that_tells_no_address_leaves_the_known_one(self, database: Database, now: datetime) -> None:
        user_id = sign_in(database, now)
        sign_in(database, now, email="", name="")
        with database.read() as session:
            user = people.get_user(session, user_id)
        assert user is not None
        assert (user.email, user.name) == ("ann@example.com", "Ann")

    def test_the_same_subject_on_another_platform_is_another_person(self, database: Database, now: datetime) -> None:
        with database.begin() as session:
            one, other = (people.sign_in(session, name, "7", "", "", now).id for name in ("xero", "quickbooks"))
        assert one != other


class TestRoles:
    def test_a_person_sees_only_the_companies_with_a_role(self, shop: Shop, neighbour: Shop, now: datetime) -> None:
        user_id = sign_in(shop.database, now)
        with shop.database.begin() as session:
            people.grant_role(session, user_id, shop.id, "owner", now)
        with shop.database.read() as session:
            assert [company.id for company in companies.companies_of(session, user_id)] == [shop.id]
            assert companies.role_of(session, user_id, shop.id) == "owner"
            assert companies.role_of(session, user_id, neighbour.id) is None

    def test_a_word_that_is_no_role_is_refused(self, shop: Shop, now: datetime) -> None:
        user_id = sign_in(shop.database, now)
        with pytest.raises(ValueError, match="expected one of owner"), shop.database.begin() as session:
            people.grant_role(session, user_id, shop.id, "admin", now)


class TestAuthorisation:
    def test_it_gives_back_what_it_was_begun_with(self, database: Database, box: SecretBox, now: datetime) -> None:
        begin(database, box, now)
        assert claim(database, box, now) == people.Begun("verifier", "nonce", False)

    def test_it_is_good_once(self, database: Database, box: SecretBox, now: datetime) -> None:
        begin(database, box, now)
        claim(database, box, now)
        assert claim(database, box, now) is None

    @pytest.mark.parametrize("other", [{"browser": "another"}, {"state": "guessed"}, {"platform": "quickbooks"}])
    def test_nobody_else_can_claim_it(
        self, database: Database, box: SecretBox, now: datetime, other: dict[str, str]
    ) -> None:
        begin(database, box, now)
        assert claim(database, box, now, **other) is None
        assert claim(database, box, now) == people.Begun("verifier", "nonce", False)

    def test_it_is_good_for_ten_minutes(self, database: Database, box: SecretBox, now: datetime) -> None:
        begin(database, box, now)
        assert claim(database, box, now + timedelta(minutes=10)) is None
        assert claim(database, box, now + timedelta(minutes=9, seconds=59)) is not None

    def test_neither_state_nor_verifier_can_be_read_in_the_database(
        self, database: Database, box: SecretBox, now: datetime
    ) -> None:
        begin(database, box, now)
        with database.read() as session:
            row = repr(session.execute(table_of(OAuthRequest).select()).one())
        assert "verifier" not in row
        assert "'state'" not in row
