"""`dunwell export`: everything of one company as a zip of CSV files, with its policy as YAML."""

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

from connectors.paper.sheet import harmless
from store import companies, export, policies
from store.database import Database


def export_company(database: Database, company_id: int, file: Path) -> dict[str, int]:
    """Write the file, whole or not at all; returns the rows of each table. Raises LookupError for no such company."""
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        with database.read() as session, ZipFile(unfinished, "w", ZIP_DEFLATED) as archive:
            companies.get(session, company_id)
            counts = {table.name: _write(session, company_id, table, archive) for table in export.tables()}
            archive.writestr("policy.yaml", policies.current(session, company_id).to_yaml())
        os.replace(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)
    return counts


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
