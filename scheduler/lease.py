"""A lease: one company, one run at a time, on one machine or many.

A dead run's lease ends by itself, and another takes the company up where it stopped.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from scheduler.parts import Parts
from store import claims

LEASE = timedelta(minutes=10)
"""Longer than the slowest single call a platform may take (two minutes), with room."""


class LeaseLost(Exception):
    """Another run has taken the company: stop at once, and change nothing more."""


class Stopping(Exception):
    """The process is to end: leave the company as it is, for another to take up at once."""


class Lease:
    """Our hold on one company, kept alive by `beat` between the steps of a run."""

    def __init__(self, parts: Parts, company_id: int) -> None:
        self._parts, self._company_id = parts, company_id

    @classmethod
    def take(cls, parts: Parts, company_id: int, *, only_if_due: bool = False) -> Lease | None:
        """None where another run holds the company, or where it had to be due and is not."""
        with parts.database.begin() as session:
            taken = claims.claim(session, company_id, parts.worker, parts.clock(), LEASE, only_if_due=only_if_due)
        return cls(parts, company_id) if taken else None

    def beat(self) -> None:
        """Raises LeaseLost, and Stopping where the process has been told to stop."""
        if self._parts.stopping.is_set():
            raise Stopping("the worker was told to stop; the next run goes on from here")
        with self._parts.database.begin() as session:
            if not claims.heartbeat(session, self._company_id, self._parts.worker, self._parts.clock(), LEASE):
                raise LeaseLost(f"company {self._company_id} was taken over by another run")

    def release(self, next_run_at: datetime) -> None:
        with self._parts.database.begin() as session:
            claims.release(session, self._company_id, self._parts.worker, next_run_at)
