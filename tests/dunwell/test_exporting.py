"""A company takes everything of its own away, and nothing of anybody else's."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import LargeBinary
from sqlmodel import SQLModel

from dunwell.cli import main
from engine.policy import Policy
from store import export, logos, papers, tasks
from tests.trial import Trial, a_trial, environment, overdue_invoice


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    with a_trial(tmp_path) as trial:
        yield trial


def exported(trial: Trial, company: int, file: Path) -> Result:
    return CliRunner().invoke(main, ["export", "--company", str(company), str(file)], env=environment(trial))


def read(file: Path, table: str) -> list[dict[str, str]]:
    with ZipFile(file) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(f"{table}.csv").decode("utf-8-sig"))))


def test_a_company_takes_its_books_and_all_that_was_said_about_them(trial: Trial, tmp_path: Path) -> None:
    """a second company on the same database stays out of it"""
    mine, other = trial.open_company("xero"), trial.open_company("quickbooks", "Other Books")
    overdue_invoice(mine, trial.today, days=12)
    mine.add_customer("=HYPERLINK(1)", "odd@odd.example")
    other.add_customer("Somebody Else", "else@else.example")
    company, _ = trial.connect("xero", mine), trial.connect("quickbooks", other)
    trial.run()
    file = tmp_path / "books.zip"
    done = exported(trial, company, file)
    assert done.exit_code == 0, done.output
    names = sorted(customer["name"] for customer in read(file, "customer"))
    assert names == ["'=HYPERLINK(1)", "Larkspur Café"], "no spreadsheet runs a customer's name"
    assert [invoice["balance"] for invoice in read(file, "invoice")] == ["144.00"], "with its VAT"
    assert [act["kind"] for act in read(file, "action")][:1] == ["remind"]
    with ZipFile(file) as archive:
        assert Policy.from_yaml(archive.read("policy.yaml").decode())
        assert not any(b"Somebody Else" in archive.read(name) for name in archive.namelist())


def test_papers_and_pictures_are_taken_along_as_they_are(trial: Trial, tmp_path: Path) -> None:
    company = trial.connect("xero", trial.open_company("xero"))
    other = trial.connect("quickbooks", trial.open_company("quickbooks", "Other Books"))
    now = trial.sandbox.clock.now()
    with trial.house.database.begin() as session:
        for owner in (company, other):
            words = {"subject": "c1", "customer_id": "c1", "title": "Hand over", "detail": "", "now": now}
            tasks.open_task(session, owner, kind="handover", **words)
            [task] = tasks.open_tasks(session, owner)
            papers.keep(session, owner, task, "hand-over ../../Café 2026-03-04.zip", f"pack of {owner}".encode(), now)
            logos.put(session, owner, f"picture of {owner}".encode(), now, "mia")
    file = tmp_path / "books.zip"
    assert exported(trial, company, file).exit_code == 0
    with ZipFile(file) as archive:
        kept = {name: archive.read(name).decode() for name in archive.namelist() if "/" in name}
    paper, logo = sorted(kept, reverse=True)
    assert (kept[paper], kept[logo]) == (f"pack of {company}", f"picture of {company}")
    assert paper.startswith("papers/")
    assert paper.endswith("Cafe_2026-03-04.zip")
    assert ".." not in Path(paper).parts


def test_a_company_that_there_is_not_leaves_no_file(trial: Trial, tmp_path: Path) -> None:
    file = tmp_path / "books.zip"
    assert exported(trial, 99, file).exit_code == 2
    assert list(tmp_path.glob("*.zip*")) == []


@pytest.mark.parametrize("table", [table.name for table in SQLModel.metadata.sorted_tables])
def test_no_secret_is_taken_along(table: str) -> None:
    taken = {one.name: export.columns(one) for one in export.tables()}.get(table, [])
    columns = SQLModel.metadata.tables[table].c
    assert not [name for name in taken if isinstance(columns[name].type, LargeBinary) or name.endswith("token_hash")]
