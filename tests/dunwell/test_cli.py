"""The command line as others build on it: what it prints, and its exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dunwell.cli import main
from store import companies, uploads
from tests.trial import Trial, a_trial, environment, overdue_invoice

Run = Callable[..., Result]


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    with a_trial(tmp_path) as trial:
        yield trial


@pytest.fixture
def dunwell(trial: Trial) -> Run:
    """Runs one command in the trial's environment."""

    def run(*words: str, **changes: str) -> Result:
        return CliRunner().invoke(main, ["--log-level", "ERROR", *words], env=environment(trial) | changes)

    return run


def test_a_cycle_prints_one_json_object_in_the_promised_shape(trial: Trial, dunwell: Run) -> None:
    books = trial.open_company("xero")
    overdue_invoice(books, trial.today, days=12)
    trial.connect("xero", books)
    result = dunwell("cycle", "--json")
    assert result.exit_code == 0, result.output
    [company] = json.loads(result.stdout)["companies"]
    assert company["company"] == "Quayside Joinery"
    assert (company["platform"], company["external_id"], company["status"]) == ("xero", books.external_id, "ok")
    assert company["synced"] == {"customers": 1, "invoices": 1, "payments": 0, "credit_notes": 0}
    assert company["decided"] == {"remind": 1}
    assert company["performed"] == {"remind": 1, "note": 1}
    assert (company["failed"], company["held"]) == (0, 0)
    assert company["api_calls"] > 0
    assert company["seconds"] > 0


def test_a_company_that_is_not_ok_gives_exit_code_3(trial: Trial, dunwell: Run) -> None:
    books = trial.open_company("quickbooks")
    trial.connect("quickbooks", books)
    trial.disconnect_over_there("quickbooks", books)
    result = dunwell("cycle", "--json")
    assert result.exit_code == 3
    assert [company["status"] for company in json.loads(result.stdout)["companies"]] == ["reconnect_needed"]


def test_a_dry_run_decides_and_does_nothing(trial: Trial, dunwell: Run) -> None:
    books = trial.open_company("quickbooks")
    overdue_invoice(books, trial.today, days=12)
    trial.connect("quickbooks", books)
    result = dunwell("cycle", "--dry-run", "--json")
    [company] = json.loads(result.stdout)["companies"]
    assert (company["decided"], company["performed"]) == ({"remind": 1}, {})
    assert trial.mails() == []
    assert trial.acts() == []


def test_only_the_named_company_is_run(trial: Trial, dunwell: Run) -> None:
    first, second = trial.open_company("xero", "First Ltd"), trial.open_company("quickbooks", "Second Ltd")
    trial.connect("xero", first)
    company = trial.connect("quickbooks", second)
    result = dunwell("cycle", "--company", str(company), "--json")
    assert [company["company"] for company in json.loads(result.stdout)["companies"]] == ["Second Ltd"]


OF_A_COMPANY = ("cycle", "backtest", "explain INV-1", "policy show", "policy preset firm", "export", "doctor --audit")


def test_a_company_that_is_not_there_is_named_by_every_command(dunwell: Run, tmp_path: Path) -> None:
    for command in OF_A_COMPANY:
        file = [str(tmp_path / "out.zip")] if command == "export" else []
        result = dunwell(*command.split(), "--company", "99", *file)
        assert result.exit_code == 2, command
        assert "99" in result.output, command
        assert "Traceback" not in result.output, command


@pytest.mark.parametrize("words", [("cycle", "--no-such-option"), ("no-such-command",)])
def test_wrong_use_gives_exit_code_2(dunwell: Run, words: tuple[str, ...]) -> None:
    assert dunwell(*words).exit_code == 2


def test_a_wrong_setting_stops_every_command_with_its_name(dunwell: Run) -> None:
    result = dunwell("cycle", DUNWELL_DEFAULT_MODE="loud")
    assert result.exit_code == 2
    assert "DUNWELL_DEFAULT_MODE" in result.output


def test_with_no_company_a_cycle_says_what_to_do(dunwell: Run) -> None:
    result = dunwell("cycle")
    assert (result.exit_code, "connect one" in result.output) == (0, True)


def test_migrating_twice_is_as_good_as_once(dunwell: Run) -> None:
    first, second = dunwell("migrate"), dunwell("migrate")
    assert first.exit_code == second.exit_code == 0
    assert first.output == second.output


def test_the_doctor_finds_everything_well_in_a_whole_installation(dunwell: Run) -> None:
    result = dunwell("doctor")
    assert result.exit_code == 0, result.output
    assert "MEND" not in result.output


def test_the_doctor_says_what_to_mend(dunwell: Run) -> None:
    result = dunwell("doctor", DUNWELL_SMTP_URL="smtp://localhost:1")
    assert result.exit_code == 3
    assert "MEND  mail: localhost: " in result.output
    assert "Check DUNWELL_SMTP_URL" in result.output


def test_the_doctor_names_companies_that_only_their_owner_can_bring_back(trial: Trial, dunwell: Run) -> None:
    books = trial.open_company("quickbooks")
    trial.connect("quickbooks", books)
    trial.disconnect_over_there("quickbooks", books)
    trial.run()
    with trial.house.database.begin() as session:
        told = {"platform": uploads.PLATFORM, "external_id": "1", "name": "Pennine Print", "mode": "observe"}
        uploads.open_books(session, companies.connect(session, now=trial.sandbox.clock.now(), **told).stored_id)
    found = dunwell("doctor").output
    assert "the consent is gone. The owner of Quayside Joinery must connect again" in found
    assert "no invoices have been uploaded yet. The owner of Pennine Print must upload files" in found


def test_a_policy_goes_out_as_yaml_and_comes_back_as_the_next_version(
    trial: Trial, dunwell: Run, tmp_path: Path
) -> None:
    company = str(trial.connect("xero", trial.open_company("xero")))
    file = tmp_path / "policy.yaml"
    file.write_text(dunwell("policy", "show", "--company", company).stdout.replace("messages: 2", "messages: 3"))
    assert dunwell("policy", "check", str(file)).exit_code == 0
    assert "version 1" in dunwell("policy", "apply", "--company", company, str(file)).output
    assert "messages: 3" in dunwell("policy", "show", "--company", company).stdout


def test_a_wrong_policy_is_told_field_by_field(dunwell: Run, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("budget:\n  messages: many\ncalendar:\n  opens: 25:00\n")
    result = dunwell("policy", "check", str(file))
    assert result.exit_code == 2
    assert "line 2, budget, messages" in result.output
    assert "line 4, calendar, opens" in result.output


def test_a_time_that_yaml_takes_for_a_number_is_still_a_time(dunwell: Run, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("calendar:\n  opens: 9:30\n  closes: 16:00\n")
    assert dunwell("policy", "check", str(file)).exit_code == 0
