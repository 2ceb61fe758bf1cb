"""`dunwell export`: everything of one company as a zip of CSV files, its policy as YAML, its papers and logos."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Table
from sqlmodel import Session
from werkzeug.utils import secure_filename

from connectors.paper.sheet import harmless
from store import companies, export, logos, papers, policies
from store.database import Database


def export_company(database: Database, company_id: int, file: Path) -> dict[str, int]:
    """Write the file, whole or not at all; returns the rows of each table. Raises LookupError for no such company."""
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        with database.read() as session, ZipFile(unfinished, "w", ZIP_DEFLATED) as archive:
            companies.get(session, company_id)
            counts = {table.name: _write(session, company_id, table, archive) for table in export.tables()}
            archive.writestr("policy.yaml", policies.current(session, company_id).to_yaml())
            for name, content in _files(session, company_id):
                archive.writestr(name, content)
        os.replace(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)
    return counts


def _files(session: Session, company_id: int) -> Iterator[tuple[str, bytes]]:
    """What is kept as it is, with its place in the archive. A paper's name has a customer's in it: that is no path."""
    for paper in papers.all_kept(session, company_id):
        yield f"papers/{paper.task_id} {secure_filename(paper.name)}", paper.content
    for logo in logos.all_kept(session, company_id):
        yield f"logos/{logo.fingerprint}.png", logo.content


def _write(session: Session, company_id: int, table: Table, archive: ZipFile) -> int:
    names = export.columns(table)
    count = 0
    with archive.open(f"{table.name}.csv", "w") as raw, io.TextIOWrapper(raw, "utf-8-sig", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(names)
        for row in export.rows(session, company_id, table):
            writer.writerow(list(_cells(row, names)))
            count += 1
    return count


def _cells(row: dict[str, Any], names: list[str]) -> Iterator[object]:
    for name in names:
        value = row[name]
        yield harmless(value) if isinstance(value, str) else value
