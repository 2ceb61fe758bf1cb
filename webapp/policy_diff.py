"""How two policies differ, as rows a person can read: what, before, after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from engine.policy import Policy

WORDS = {"base_currency": "currency", "ladder": "step", "groups": "group", "is_on": "switched on"}
"""Names of the document that say little to somebody who has not read it."""
NOTHING = "–"


class ChangedField(Struct, frozen=True):
    """One field. `before` or `after` is a dash where there is none."""

    name: str
    before: str
    after: str


def changed_fields(before: Policy, after: Policy) -> list[ChangedField]:
    """Every field whose value is another, in the order of the document."""
    old, new = (dict(_flat(policy.model_dump(mode="json", exclude={"version"}))) for policy in (before, after))
    names = [*new, *(name for name in old if name not in new)]
    return [
        ChangedField(name, old.get(name, NOTHING), new.get(name, NOTHING))
        for name in names
        if old.get(name, NOTHING) != new.get(name, NOTHING)
    ]


def _flat(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _flat(part, (*path, name))
    elif isinstance(value, list) and any(isinstance(part, dict) for part in value):
        for place, part in enumerate(value, start=1):
            own = str(part.get("number") or part.get("name") or place) if isinstance(part, dict) else str(place)
            yield from _flat(part, (*path, own))
    else:
        yield _label(path), _text(value)


def _label(path: tuple[str, ...]) -> str:
    words = [WORDS.get(part, part.replace("_", " ")) for part in path]
    return " › ".join(words).capitalize() if words else ""


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(part) for part in value) or NOTHING
    return NOTHING if value is None or value == "" else str(value)
