"""Reading the ledgers' CSV files: rows as texts, amounts as exact decimals, empty as absent."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

Row = Mapping[str, str]


def rows(folder: Path, name: str) -> list[Row]:
    """Raises FileNotFoundError, naming the file, when the folder does not hold it."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def amount(text: str) -> Decimal:
    """An empty cell is nothing: nothing paid, nothing due."""
    return Decimal(text or "0")


def is_true(text: str) -> bool:
    return text.strip().lower() == "true"


def instant(text: str) -> datetime:
    """Such as `2021-03-01 0:00:29`, with or without a fraction and "UTC": always UTC."""
    plain = text.removesuffix(" UTC")
    form = "%Y-%m-%d %H:%M:%S.%f" if "." in plain else "%Y-%m-%d %H:%M:%S"
    return datetime.strptime(plain, form).replace(tzinfo=UTC)


def present(document: Mapping[str, Any]) -> dict[str, Any]:
    """Without the fields that have no value: the platforms leave those out."""
    return {name: value for name, value in document.items() if value not in ("", None)}
