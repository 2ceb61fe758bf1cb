from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta, timezone, tzinfo

import pytest
from sqlalchemy import DateTime, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError

from store import companies, runs
from store.database import Database
from store.sql import table_of
from store.tables import Company, Run
from store.tables.types import Instant

COMPANY = table_of(Company)


def connect(database: Database, external_id: str, now: datetime) -> int:
    with database.begin() as session:
        company = companies.connect(
            session, platform="xero", external_id=external_id, name="A", mode="observe", now=now
        )
    assert company.id is not None
    return company.id


def connect_and_stumble(database: Database, now: datetime) -> None:
    with database.begin() as session:
        companies.connect(session, platform="xero", external_id="1", name="A", mode="observe", now=now)
        companies.set_mode(session, 404, "automatic", now, "user 1")


def test_what_fails_half_way_leaves_nothing_behind(database: Database, now: datetime) -> None:
    with pytest.raises(LookupError):
        connect_and_stumble(database, now)
    with database.read() as session:
        assert companies.all_companies(session) == []


def test_a_reading_session_cannot_write(database: Database, now: datetime) -> None:
    company_id = connect(database, "1", now)
    with pytest.raises(DBAPIError), database.read() as session:
        companies.mark_reconnect_needed(session, company_id, "gone", now)
    with database.read() as session:
        assert companies.get(session, company_id).status == "connected"


def test_rows_stay_readable_after_their_session(database: Database, now: datetime) -> None:
    company_id = connect(database, "1", now)
    with database.read() as session:
        company = companies.get(session, company_id)
    assert (company.name, company.created_at) == ("A", now)


def test_a_row_of_a_company_that_does_not_exist_is_refused(database: Database, now: datetime) -> None:
    with pytest.raises(IntegrityError), database.begin() as session:
        session.add(Run(company_id=404, started_at=now))


def test_an_instant_without_a_zone_is_refused(database: Database, now: datetime) -> None:
    with pytest.raises(Exception, match="expected an aware instant"), database.begin() as session:
        runs.start(session, connect(database, "1", now), "worker", datetime(2026, 3, 1))  # noqa: DTZ001 - on purpose


@pytest.mark.parametrize("micros", [0, 1, 120_000])
@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=13))])
def test_sqlite_keeps_an_instant_as_sqlalchemy_itself_would(now: datetime, micros: int, zone: tzinfo) -> None:
    dialect, at = sqlite.dialect(), now.replace(microsecond=micros)
    ours, theirs = (kind.dialect_impl(dialect).bind_processor(dialect) for kind in (Instant(), DateTime()))
    assert ours is not None
    assert theirs is not None
    assert ours(at.astimezone(zone)) == theirs(at)


def test_two_writers_queue_where_each_reads_before_it_writes(database: Database, now: datetime) -> None:
    """Without the write lock taken at once, SQLite lets both read and then refuses the second: its snapshot is old."""
    company_id = connect(database, "1", now)

    def count_up() -> None:
        for _ in range(10):
            with database.begin() as session:
                before = session.execute(
                    select(COMPANY.c.status_detail).where(COMPANY.c.id == company_id).with_for_update()
                ).scalar_one()
                time.sleep(0.001)
                session.connection().execute(COMPANY.update().values(status_detail=str(int(before or 0) + 1)))

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert companies.get(session, company_id).status_detail == "40"


def test_a_reader_is_not_kept_waiting_by_a_writer(database: Database, now: datetime) -> None:
    company_id = connect(database, "1", now)
    with database.begin() as writing:
        companies.mark_reconnect_needed(writing, company_id, "gone", now)
        with database.read() as reading:
            assert companies.get(reading, company_id).status == "connected"
