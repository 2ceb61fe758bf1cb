"""Companies come, change, pause and go; their policy, runs and tasks with them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.books import CompanyRecord
from engine.policy import Policy
from store import audit, companies, home, policies, runs, tasks, tokens
from store.tables import Company
from tests.store.books import Shop, customer, invoice, reminder


def row(shop: Shop) -> Company:
    with shop.database.read() as session:
        return companies.get(session, shop.id)


def told(shop: Shop) -> list[str]:
    with shop.database.read() as session:
        return [entry.what for entry in audit.entries(session, shop.id)]


class TestConnecting:
    def test_a_company_that_comes_back_keeps_its_mode_and_its_rows(self, shop: Shop) -> None:
        shop.reads(customer(), invoice())
        shop.moves(companies.disconnect, "the owner left", shop.now)
        with shop.database.begin() as session:
            again = companies.connect(
                session, platform="xero", external_id="tenant-1", name="New name", mode="observe", now=shop.now
            )
        assert (again.id, again.mode, again.name, again.status) == (shop.id, "automatic", "New name", "connected")
        assert shop.balance() == 10_000

    def test_the_same_id_on_another_platform_is_another_company(self, shop: Shop) -> None:
        with shop.database.begin() as session:
            other = companies.connect(
                session, platform="quickbooks", external_id="tenant-1", name="A", mode="observe", now=shop.now
            )
        assert other.id != shop.id

    def test_disconnecting_forgets_the_consent(self, shop: Shop) -> None:
        shop.moves(companies.disconnect, "the owner left", shop.now)
        assert (row(shop).status, row(shop).next_run_at) == ("disconnected", None)
        assert shop.moves(tokens.connection_of) is None

    def test_losing_the_consent_is_told_once(self, shop: Shop) -> None:
        for _ in range(3):
            shop.moves(companies.mark_reconnect_needed, "gone", shop.now)
        assert told(shop).count("reconnect needed") == 1


class TestWhatThePlatformSays:
    def test_its_facts_are_taken_over(self, shop: Shop) -> None:
        facts = CompanyRecord(
            external_id="tenant-1", name="Kauri Ltd", country="NZ", base_currency="NZD", time_zone="Pacific/Auckland"
        )
        shop.moves(companies.update_from_platform, facts)
        assert (row(shop).name, row(shop).country, row(shop).time_zone) == ("Kauri Ltd", "NZ", "Pacific/Auckland")

    def test_the_owners_own_word_stays(self, shop: Shop) -> None:
        shop.moves(companies.set_contact, time_zone="Asia/Tokyo", email="ar@example.com", now=shop.now, by="user 1")
        facts = CompanyRecord(external_id="tenant-1", name="A", time_zone="UTC", email="info@example.com")
        shop.moves(companies.update_from_platform, facts)
        assert (row(shop).time_zone, row(shop).email) == ("Asia/Tokyo", "ar@example.com")


class TestMode:
    def test_a_change_is_audited_once(self, shop: Shop) -> None:
        for _ in range(2):
            shop.moves(companies.set_mode, "observe", shop.now, "user 7")
        assert (row(shop).mode, told(shop).count("mode changed")) == ("observe", 1)

    def test_a_word_that_is_no_mode_is_refused(self, shop: Shop) -> None:
        with pytest.raises(ValueError, match="expected one of observe, approve, automatic"):
            shop.moves(companies.set_mode, "yolo", shop.now, "user 7")

    def test_the_kill_switch_is_kept_and_audited(self, shop: Shop) -> None:
        shop.moves(companies.set_paused, True, shop.now, "user 7")
        assert (row(shop).is_paused, told(shop)[-1]) == (True, "paused")

    def test_a_pause_holds_through_its_last_day_and_ends_by_itself(self, shop: Shop) -> None:
        last_on = shop.now.date() + timedelta(days=2)
        shop.moves(companies.set_paused, True, shop.now, "user 7", last_on)
        shop.moves(companies.end_pause, last_on, shop.now)
        assert row(shop).is_paused
        shop.moves(companies.end_pause, last_on + timedelta(days=1), shop.now)
        assert (row(shop).is_paused, row(shop).paused_until_on, told(shop)[-1]) == (False, None, "resumed")

    def test_a_pause_without_a_last_day_waits_for_a_person(self, shop: Shop) -> None:
        shop.moves(companies.set_paused, True, shop.now, "user 7")
        shop.moves(companies.end_pause, shop.now.date() + timedelta(days=400), shop.now)
        assert row(shop).is_paused


class TestPolicy:
    def test_the_default_fits_the_company(self, shop: Shop) -> None:
        facts = CompanyRecord(
            external_id="x", name="A", country="NZ", base_currency="NZD", time_zone="Pacific/Auckland"
        )
        shop.moves(companies.update_from_platform, facts)
        policy = shop.moves(policies.current)
        assert (policy.version, policy.calendar.time_zone, policy.base_currency) == (0, "Pacific/Auckland", "NZD")

    @pytest.mark.parametrize(
        ("zone", "country", "currency"), [("Mars/Olympus", "New Zealand", "dollars"), ("", "", "")]
    )
    def test_facts_that_make_no_sense_leave_a_default_that_works(
        self, shop: Shop, zone: str, country: str, currency: str
    ) -> None:
        facts = CompanyRecord(external_id="x", name="A", country=country, base_currency=currency, time_zone=zone)
        shop.moves(companies.update_from_platform, facts)
        policy = shop.moves(policies.current)
        assert (policy.calendar.time_zone, policy.calendar.country, policy.base_currency) == ("UTC", "", "")

    def test_saving_makes_a_version_and_has_every_account_decided_anew(self, shop: Shop) -> None:
        shop.reads(customer(), invoice())
        shop.records(reminder(shop.today))
        saved = shop.moves(policies.save, Policy(base_currency="EUR"), shop.now, "user 7")
        assert (saved.version, shop.moves(policies.current)) == (1, saved)
        assert shop.due() == ["C1"]

    def test_saving_what_is_in_force_changes_nothing(self, shop: Shop) -> None:
        for _ in range(2):
            assert shop.moves(policies.save, Policy(base_currency="EUR"), shop.now, "user 7").version == 1

    def test_every_version_is_kept(self, shop: Shop) -> None:
        for currency in ("EUR", "USD"):
            shop.moves(policies.save, Policy(base_currency=currency), shop.now, "user 7")
        assert [version.version for version in shop.moves(policies.history)] == [2, 1]

    def test_the_companys_day_is_that_of_its_own_zone(self, shop: Shop) -> None:
        """2026-03-02 12:00 UTC is 2026-03-03 01:00 in Auckland."""
        facts = CompanyRecord(external_id="x", name="A", time_zone="Pacific/Auckland")
        shop.moves(companies.update_from_platform, facts)
        assert shop.moves(policies.local_day, shop.now + timedelta(hours=3)) == date(2026, 3, 3)


class TestRuns:
    def test_a_run_that_a_dead_worker_left_open_is_closed_by_the_next(self, shop: Shop) -> None:
        shop.moves(runs.start, "dead", shop.now)
        second = shop.moves(runs.start, "alive", shop.now)
        with shop.database.begin() as session:
            runs.finish(session, second, "ok", "", {"performed": {"remind": 2}}, shop.now)
        last = shop.moves(home.last_run)
        assert (last.id, last.status, last.summary) == (second, "ok", '{"performed": {"remind": 2}}')


class TestTasks:
    def opens(self, shop: Shop, subject: str = "C1") -> bool:
        return bool(
            shop.moves(
                tasks.open_task,
                kind="missing_email",
                subject=subject,
                customer_id=subject,
                title="",
                detail="",
                now=shop.now,
            )
        )

    def test_the_same_need_is_listed_once(self, shop: Shop) -> None:
        assert [self.opens(shop), self.opens(shop), self.opens(shop, "C2")] == [True, False, True]
        assert shop.moves(tasks.counts) == {"missing_email": 2}

    def test_it_is_opened_again_when_the_need_comes_back(self, shop: Shop) -> None:
        self.opens(shop)
        closed = {"kind": "missing_email", "subject": "C1", "outcome": "added", "now": shop.now}
        assert shop.moves(tasks.close_task, **closed)
        assert not shop.moves(tasks.close_task, **closed)
        assert self.opens(shop)
        (task,) = shop.moves(tasks.open_tasks)
        assert (task.state, task.outcome, task.done_at) == ("open", "", None)
