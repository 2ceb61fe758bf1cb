"""What an owner is told of, when, and how often."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.books import CompanyRecord
from store import alerts, companies, ledger, people, tokens
from store.alerts import Trouble
from store.database import Database
from store.secrets import SecretBox
from tests.store.books import Shop, customer, invoice

DAY = timedelta(days=1)


def look(shop: Shop, after: timedelta = timedelta()) -> list[tuple[str, str]]:
    """Look for trouble and take what must be told: (kind, detail)."""
    now = shop.now + after
    with shop.database.begin() as session:
        alerts.note(session, alerts.troubles(session, now), now)
        return [(trouble.kind, trouble.detail) for trouble in alerts.take(session, now)]


@pytest.fixture
def well(shop: Shop) -> Shop:
    """A company whose books have just been read, with one reminder and its note approved."""
    shop.reads(customer(), invoice(), is_complete=True)
    shop.plans_reminder()
    return shop


def test_a_company_that_is_well_is_not_written_about(well: Shop) -> None:
    assert look(well) == []


def test_consent_that_is_gone_is_told_with_its_reason(well: Shop) -> None:
    with well.database.begin() as session:
        companies.mark_reconnect_needed(session, well.id, "the owner took it back", well.now)
    assert look(well) == [("reconnect_needed", "the owner took it back")]


def test_books_that_can_only_be_read_are_told(well: Shop) -> None:
    with well.database.begin() as session:
        companies.update_from_platform(session, well.id, CompanyRecord(external_id="x", name="x", is_read_only=True))
    assert look(well) == [("read_only", "")]


def test_a_consent_that_ends_within_a_month_is_told_until_there_is_a_new_one(well: Shop) -> None:
    """
    QuickBooks Online lets no consent live longer than five years, however often it is used
    """
    consent(well, hard_expires_at=well.now + 31 * DAY)
    assert look(well) == []
    [(kind, day)] = look(well, timedelta(hours=23) + DAY)[:1]
    assert (kind, day) == ("consent_ends", f"{well.now + 31 * DAY:%Y-%m-%d}")
    consent(well, hard_expires_at=well.now + 1000 * DAY)
    assert look(well, 9 * timedelta(hours=1)) == []


def test_a_consent_about_to_lapse_for_want_of_use_is_told_a_week_ahead(well: Shop) -> None:
    consent(well, hard_expires_at=None, refresh_expires_at=well.now + 7 * DAY)
    assert [kind for kind, _ in look(well)] == ["consent_ends"]


def consent(shop: Shop, **ends: datetime | None) -> None:
    until: dict[str, Any] = {"hard_expires_at": None, "refresh_expires_at": None} | ends
    box = SecretBox(("a secret key for tests",))
    with shop.database.begin() as session:
        tokens_id = tokens.put_tokens(
            session, box, platform="xero", owner="person-1", content=b"t", expires_at=shop.now, now=shop.now, **until
        )
        tokens.attach(session, shop.id, tokens_id, "", None, shop.now)


def test_books_not_read_for_a_day_are_told(well: Shop) -> None:
    assert look(well, DAY) == []
    [(kind, detail)] = look(well, DAY + timedelta(seconds=1))
    assert (kind, detail) == ("sync_stale", f"last read on {well.now:%Y-%m-%d at %H:%M} UTC")


def test_a_company_never_read_is_told_after_its_first_day(shop: Shop) -> None:
    assert look(shop, DAY) == []
    assert look(shop, 2 * DAY) == [("sync_stale", "never read yet")]


def test_an_act_that_nobody_can_tell_of_is_told(well: Shop) -> None:
    well.moves(ledger.claim, "remind-1", "worker", well.now)
    well.moves(ledger.hold, "remind-1", "no answer", well.now)
    assert look(well) == [("held", "1")]


def test_an_approved_message_that_has_not_gone_for_days_is_told(well: Shop) -> None:
    """its note waits for it and is not counted"""
    assert ("nothing_sent", "1") not in look(well, 3 * DAY)
    assert ("nothing_sent", "1") in look(well, 3 * DAY + timedelta(seconds=1))


@pytest.mark.parametrize("why", ["paused", "observe"])
def test_what_the_owner_stopped_is_no_trouble(well: Shop, why: str) -> None:
    with well.database.begin() as session:
        if why == "paused":
            companies.set_paused(session, well.id, True, well.now, "user 1")
        else:
            companies.set_mode(session, well.id, "observe", well.now, "user 1")
    assert "nothing_sent" not in [kind for kind, _ in look(well, 4 * DAY)]


def test_a_trouble_is_told_once_and_again_after_a_week(shop: Shop) -> None:
    assert [len(look(shop, days * DAY)) for days in (2, 3, 9, 10)] == [1, 0, 0, 1]


def test_a_trouble_that_was_over_is_told_when_it_comes_back(shop: Shop) -> None:
    assert len(look(shop, 2 * DAY)) == 1
    shop.reads(customer(), is_complete=True)
    assert look(shop) == []
    assert len(look(shop, 2 * DAY)) == 1


def test_of_two_who_look_one_tells(shop: Shop) -> None:
    now = shop.now + 2 * DAY
    with shop.database.begin() as session:
        alerts.note(session, alerts.troubles(session, now), now)
        both = [alerts.take(session, now) for _ in range(2)]
    assert [len(each) for each in both] == [1, 0]


def test_what_could_not_be_told_is_tried_again(shop: Shop) -> None:
    look(shop, 2 * DAY)
    shop.moves(alerts.give_back, ["sync_stale"])
    assert look(shop, 2 * DAY) == [("sync_stale", "never read yet")]


def test_each_company_has_troubles_of_its_own(shop: Shop, neighbour: Shop) -> None:
    shop.reads(customer(), is_complete=True)
    now = shop.now + timedelta(hours=30)
    with shop.database.begin() as session:
        companies.mark_reconnect_needed(session, shop.id, "gone", now)
        found = alerts.troubles(session, now)
    assert found == [
        Trouble(shop.id, "reconnect_needed", "gone"),
        Trouble(neighbour.id, "sync_stale", "never read yet"),
    ]


def test_owners_are_written_to_and_nobody_else(shop: Shop, database: Database) -> None:
    with database.begin() as session:
        for role in ("owner", "viewer"):
            user = people.sign_in(session, "xero", role, f"{role}@example.com", role, shop.now)
            people.grant_role(session, user.id or 0, shop.id, role)
        assert alerts.owners(session, shop.id) == ["owner@example.com"]


def test_without_an_owners_address_the_companys_own_is_used(shop: Shop) -> None:
    with shop.database.begin() as session:
        assert alerts.owners(session, shop.id) == []
        companies.set_contact(session, shop.id, time_zone="UTC", email="office@example.com", now=shop.now, by="user 1")
        assert alerts.owners(session, shop.id) == ["office@example.com"]
