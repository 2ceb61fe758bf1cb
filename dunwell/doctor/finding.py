"""A finding: one thing looked at, how it is, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum


class State(StrEnum):
    """How it is. Only MEND makes the doctor's exit code 3: what cannot be checked may be well."""

    OK = "ok"
    MEND = "mend"
    UNKNOWN = "unknown"


WORDS = {State.OK: "ok  ", State.MEND: "MEND", State.UNKNOWN: "?   "}


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `advice` says what to do where it is not well."""

    what: str
    state: State
    detail: str
    advice: str = ""

    def as_line(self) -> str:
        return f"{WORDS[self.state]}  {self.what}: {self.detail}" + (f". {self.advice}" if self.advice else "")

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def well(what: str, detail: str) -> Finding:
    return Finding(what, State.OK, detail)


def to_mend(what: str, detail: str, advice: str) -> Finding:
    return Finding(what, State.MEND, detail, advice)


def unknown(what: str, detail: str, advice: str) -> Finding:
    return Finding(what, State.UNKNOWN, detail, advice)
