"""Copies, proofs and keys: what an operator relies on when something has gone wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from connectors import oauth
from dunwell.cli import main
from scheduler.lease import Lease
from store.secrets import SecretBox, SecretsLost
from store.sql import table_of
from store.tables import AuditEntry, Company, Customer, StoredTokens
from tests.trial import Trial, a_trial, environment, overdue_invoice

Run = Callable[..., Result]
ENTRY = table_of(AuditEntry)
NEW_KEY = "another secret that protects nothing"


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    """One company that has sent one reminder."""
    with a_trial(tmp_path) as trial:
        books = trial.open_company("xero")
        overdue_invoice(books, trial.today, days=12)
        trial.connect("xero", books)
        trial.run()
        yield trial


@pytest.fixture
def dunwell(trial: Trial) -> Run:
    def run(*words: str, **changes: str) -> Result:
        return CliRunner().invoke(main, ["--log-level", "ERROR", *words], env=environment(trial) | changes)

    return run


def test_an_audit_trail_nobody_touched_is_whole(dunwell: Run) -> None:
    result = dunwell("audit", "verify")
    assert (result.exit_code, result.output) == (0, "company 1 (Quayside Joinery): whole\n")


def test_a_changed_audit_entry_is_found_by_company_and_position(trial: Trial, dunwell: Run) -> None:
    with trial.house.database.begin() as session:
        session.execute(update(ENTRY).where(ENTRY.c.position == 3).values(actor="somebody else"))
    result = dunwell("audit", "verify")
    assert result.exit_code == 3
    assert "company 1 (Quayside Joinery): entry 3 was changed" in result.output


def test_a_missing_audit_entry_is_found(trial: Trial, dunwell: Run) -> None:
    with trial.house.database.begin() as session:
        session.execute(ENTRY.delete().where(ENTRY.c.position == 2))
    result = dunwell("audit", "verify")
    assert result.exit_code == 3
    assert "entries 2 to 2 are missing" in result.output


def test_a_copy_made_while_dunwell_writes_can_be_taken_back(trial: Trial, dunwell: Run, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with trial.house.database.begin() as session:
        session.execute(update(table_of(Company)).values(name="Not committed yet"))
        assert dunwell("backup", str(copy)).exit_code == 0
    with trial.house.database.begin() as session:
        session.execute(update(table_of(Company)).values(name="Changed since"))
    trial.house.database.dispose()
    result = dunwell("restore", str(copy))
    assert result.exit_code == 0, result.output
    [company] = trial.rows(Company)
    assert company.name == "Quayside Joinery"


def test_after_a_restore_nothing_goes_out_until_a_person_says_so(trial: Trial, dunwell: Run, tmp_path: Path) -> None:
    """the copy does not know of the reminder that was sent after it was made"""
    copy = tmp_path / "copy.db"
    assert dunwell("backup", str(copy)).exit_code == 0
    trial.let_pass(days=8)
    trial.run()
    assert len(trial.mails()) == 2
    trial.house.database.dispose()
    assert dunwell("restore", str(copy)).exit_code == 0
    trial.run(times=2)
    assert len(trial.mails()) == 2
    assert [company.is_paused for company in trial.rows(Company)] == [True]
    assert "nothing goes out for Quayside Joinery" in dunwell("doctor").output
    assert dunwell("audit", "verify").exit_code == 0


def test_restoring_is_refused_while_anything_uses_the_database(trial: Trial, dunwell: Run, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert dunwell("backup", str(copy)).exit_code == 0
    assert trial.rows(Company)  # leaves a connection open, as a running Dunwell does
    result = dunwell("restore", str(copy))
    assert result.exit_code == 2
    assert "in use" in result.output
    assert trial.rows(Company)[0].is_paused is False


@pytest.mark.parametrize("what", ["text", "another program's database", "a torn copy"])
def test_what_is_no_sound_copy_is_refused(trial: Trial, dunwell: Run, tmp_path: Path, what: str) -> None:
    copy = tmp_path / "copy.db"
    if what == "text":
        copy.write_text("no database at all, however long this text may be " * 50)
    elif what == "a torn copy":
        assert dunwell("backup", str(copy)).exit_code == 0
        copy.write_bytes(copy.read_bytes()[:-40_000])
    else:
        with sqlite3.connect(copy) as other:
            other.execute("CREATE TABLE recipes (name TEXT)")
        other.close()
    trial.house.database.dispose()
    assert dunwell("restore", str(copy)).exit_code == 2
    assert [company.name for company in trial.rows(Company)] == ["Quayside Joinery"]


def test_a_copy_that_cannot_be_written_is_told_in_a_line(dunwell: Run, tmp_path: Path) -> None:
    result = dunwell("backup", str(tmp_path / "nowhere" / "copy.db"))
    assert result.exit_code == 2
    assert "cannot be written: No such file or directory" in result.output


def test_a_copy_never_overwrites_a_file(dunwell: Run, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("precious")
    assert dunwell("backup", str(copy)).exit_code == 2
    assert copy.read_text() == "precious"


def test_a_copy_can_be_read_by_its_owner_only(dunwell: Run, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert dunwell("backup", str(copy)).exit_code == 0
    assert copy.stat().st_mode & 0o077 == 0


def test_postgresql_is_copied_with_its_own_tools(dunwell: Run, tmp_path: Path) -> None:
    result = dunwell("backup", str(tmp_path / "copy.db"), DUNWELL_DATABASE_URL="postgresql://localhost/dunwell")
    assert result.exit_code == 2
    assert "pg_dump" in result.output


def test_after_rotation_the_old_key_is_no_longer_needed(trial: Trial, dunwell: Run) -> None:
    old_keys = trial.house.settings.secret_keys()
    both = ",".join((NEW_KEY, *old_keys))
    result = dunwell("rotate-secrets", DUNWELL_SECRET_KEY=both)
    assert (result.exit_code, result.output) == (0, "1 token sets and webhook secrets are sealed with the first key.\n")
    [stored] = trial.rows(StoredTokens)
    assert oauth.decode(SecretBox((NEW_KEY,)).open(stored.sealed), stored.version).access_token
    with pytest.raises(SecretsLost):
        SecretBox(old_keys).open(stored.sealed)


def test_a_key_that_is_missing_is_told_and_nothing_is_lost(trial: Trial, dunwell: Run) -> None:
    before = trial.rows(StoredTokens)[0].sealed
    result = dunwell("rotate-secrets", DUNWELL_SECRET_KEY=NEW_KEY)
    assert result.exit_code == 3
    assert trial.rows(StoredTokens)[0].sealed == before


def test_a_customer_is_erased_after_a_look_and_a_yes(trial: Trial, dunwell: Run) -> None:
    erase = ("erase", "--company", "1", "--customer", "Larkspur Café")
    assert "there is no company 9" in dunwell(*erase[:2], "9", *erase[3:]).output
    owing = dunwell(*erase, "--yes")
    assert (owing.exit_code, "money is still owed" in owing.output) == (3, True)
    assert "Nothing was removed" in dunwell(*erase, "--although-owing", "--dry-run").output
    assert dunwell(*erase, "--although-owing").exit_code == 1  # nobody says yes
    [customer] = trial.rows(Customer)
    assert customer.name == "Larkspur Café"
    assert dunwell(*erase, "--although-owing", "--yes").exit_code == 0
    [customer] = trial.rows(Customer)
    assert (customer.name, customer.email) == ("Erased customer", "")
    [report] = trial.run()
    assert (report.status, dict(report.performed)) == ("ok", {})
    assert dunwell("audit", "verify").exit_code == 0


def test_nobody_is_erased_while_a_run_is_on(trial: Trial, dunwell: Run) -> None:
    with trial.house.database.begin() as session:
        assert Lease.take(replace(trial.house.parts, worker="another"), session, 1)
    result = dunwell("erase", "--company", "1", "--customer", "Larkspur Café", "--although-owing", "--yes")
    assert (result.exit_code, "a run is under way" in result.output) == (2, True)


def test_what_is_past_its_time_is_counted_and_then_forgotten(trial: Trial, dunwell: Run) -> None:
    later = trial.sandbox.clock.now() + timedelta(days=400)
    named = {"DUNWELL_NOW": later.isoformat(), "DUNWELL_KEEP_DAYS": "365"}
    assert "2 texts of messages would go" in dunwell("prune", "--dry-run", **named).output
    assert "2 texts of messages gone" in dunwell("prune", **named).output
    assert "0 texts of messages gone" in dunwell("prune", **named).output


def test_too_short_a_memory_is_refused(dunwell: Run) -> None:
    result = dunwell("prune", DUNWELL_KEEP_DAYS="7")
    assert (result.exit_code, "DUNWELL_KEEP_DAYS" in result.output) == (2, True)
