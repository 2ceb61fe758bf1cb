"""docs/features.md: what it says is proven names tests that are there, and whatever is claimed names one."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
TEXT = (TESTS.parent / "docs" / "features.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TEXT.splitlines()
    if line.startswith("| ") and not line.startswith(("| asked for", "| holds always"))
]


def test_every_test_that_is_named_is_there() -> None:
    missing = [
        f"{path}::{name}"
        for path, name in re.findall(r"`([\w/]+\.py)::(\w+)`", TEXT)
        if f"def {name}(" not in (TESTS / path).read_text("utf-8")
    ]
    assert missing == []


def test_whatever_is_claimed_is_proven_and_nothing_else() -> None:
    assert len(ROWS) >= 70
    for asked, stands, proven in (row[:3] if len(row) > 2 else (*row, "") for row in ROWS):
        assert re.match(r"(yes|partly|not yet)\b", stands), asked
        assert ("`" in proven) == (not stands.startswith("not yet")), asked
