"""The doctor: each thing that can be wrong is found, and comes with what to do; what cannot be checked is said."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from dunwell.cli import main
from dunwell.doctor import Finding, State, examine, house
from dunwell.doctor.platforms import clock, platforms
from dunwell.doctor.senders import sender_records
from dunwell.settings import Settings, read_settings
from store import companies, runs
from store.database import Database
from tests.trial import Trial, a_trial, environment

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with a_trial(tmp_path_factory.mktemp("doctor")) as trial:
        yield trial


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    return read_settings(data_dir=tmp_path, mail_from="Accounts <us@quayside.co.uk>")


def found(findings: Iterator[Finding] | list[Finding], what: str) -> Finding:
    return next(finding for finding in findings if finding.what == what)


def names(*records: tuple[str, str]) -> Callable[[str], list[str]]:
    """A name service with these TXT records."""
    return lambda name: [text for at, text in records if at == name]


def test_json_has_every_finding_with_its_advice(trial: Trial) -> None:
    result = CliRunner().invoke(main, ["doctor", "--json"], env=environment(trial) | {"DUNWELL_SMTP_URL": ""})
    findings = {each["what"]: each for each in json.loads(result.output)["findings"]}
    assert result.exit_code == 3
    assert findings["mail"]["state"] == "mend"
    assert "DUNWELL_SMTP_URL" in findings["mail"]["advice"]
    assert {findings[what]["state"] for what in ("database", "disk", "quickbooks", "xero", "clock")} == {"ok"}


def test_a_new_installation_is_told_what_it_lacks_and_nothing_is_made(empty: Settings, tmp_path: Path) -> None:
    findings = examine(empty, names())
    assert {each.what for each in findings if each.state is State.MEND} == {"mail", "SPF", "DMARC", "platforms"}
    assert not list(tmp_path.iterdir())
    assert all(each.advice for each in findings if each.state is not State.OK)


def test_an_old_schema_is_found_and_left_as_it_is(tmp_path: Path) -> None:
    settings = read_settings(data_dir=tmp_path)
    database = Database(settings.database())
    database.upgrade()
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    assert "dunwell migrate" in house.database(settings).advice
    assert database.revision() == "0001"
    database.dispose()


def test_a_full_disk_is_found(empty: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = replace_usage(free=100 * 2**20, total=100 * 2**30)
    monkeypatch.setattr(house.shutil, "disk_usage", lambda _: usage)
    assert found(house.disk(empty), "disk").state is State.MEND


def replace_usage(**values: int) -> object:
    return type("Usage", (), values)()


def test_a_secret_that_others_can_read_is_found(empty: Settings) -> None:
    assert "will be made" in house.secret(empty).detail
    empty.secret_keys()
    assert house.secret(empty).state is State.OK
    (empty.data_dir / "secret.key").chmod(0o644)
    assert "chmod 600" in house.secret(empty).advice


def test_companies_that_wait_and_calls_near_the_limit_are_found(trial: Trial) -> None:
    database, now = trial.house.database, trial.sandbox.clock.now()
    with database.begin() as session:
        company = companies.connect(
            session, platform="xero", external_id="waits", name="Waits", mode="automatic", now=now
        )
        run_id = runs.start(session, company.stored_id, "worker", now)
        runs.finish(session, run_id, "ok", "", {"api_calls": 4200}, now)
    later = now + timedelta(hours=3)
    findings = list(house.keeping_up(trial.house.settings, lambda: later))
    assert (found(findings, "runs").state, found(findings, "limits").state) == (State.MEND, State.MEND)
    assert "dunwell worker" in found(findings, "runs").advice


@pytest.mark.parametrize(("seconds", "state"), [(5, State.OK), (-50, State.OK), (400, State.MEND), (-400, State.MEND)])
def test_a_clock_that_is_off_is_found(seconds: int, state: State) -> None:
    assert clock(NOON + timedelta(seconds=seconds), NOON).state is state


def test_a_platform_that_is_away_is_found(trial: Trial) -> None:
    settings = trial.house.settings.model_copy(update={"xero_identity_url": "http://localhost:1"})
    findings = list(platforms(settings, lambda: NOON))
    assert (found(findings, "xero").state, found(findings, "quickbooks").state) == (State.MEND, State.OK)
    assert found(findings, "clock").state is State.UNKNOWN


GOOD = (
    ("quayside.co.uk", "v=spf1 include:mail.example ~all"),
    ("quayside.co.uk", "something else"),
    ("_dmarc.quayside.co.uk", "v=DMARC1; p=none"),
    ("s1._domainkey.quayside.co.uk", "k=rsa; p=MIG"),
)


@pytest.mark.parametrize(
    ("records", "what", "state"),
    [
        (GOOD, "SPF", State.OK),
        (GOOD, "DMARC", State.OK),
        (GOOD, "DKIM", State.OK),
        (GOOD[1:], "SPF", State.MEND),
        ((*GOOD, ("quayside.co.uk", "v=spf1 -all")), "SPF", State.MEND),
        ((("quayside.co.uk", "v=spf1 +all"),), "SPF", State.MEND),
        (GOOD[:2], "DMARC", State.MEND),
        (GOOD[:3], "DKIM", State.UNKNOWN),
    ],
)
def test_the_senders_records_are_read(
    empty: Settings, records: tuple[tuple[str, str], ...], what: str, state: State
) -> None:
    assert found(sender_records(empty, names(*records)), what).state is state


def test_a_name_service_that_cannot_be_asked_is_no_verdict(empty: Settings) -> None:
    def away(_name: str) -> list[str]:
        raise OSError("Timeout")

    [finding] = sender_records(empty, away)
    assert (finding.state, "could not check" in finding.detail) == (State.UNKNOWN, True)
