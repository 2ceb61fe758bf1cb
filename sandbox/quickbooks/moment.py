"""The instant of one request, as the sandbox's clock has it and as the envelope shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Moment:
    """`shown` is what the envelope's `time` says; it may lag behind the clock that stamps documents."""

    now: datetime
    shown: datetime
