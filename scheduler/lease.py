"""A lease: one company, one run at a time, on one machine or many.

A dead run's lease ends by itself, and another takes the company up where it stopped.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

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

    def __init__(self, parts: Parts, company_id: int, until: datetime) -> None:
        self._parts, self._company_id, self._until = parts, company_id, until

    @classmethod
    def take(cls, parts: Parts, session: Session, company_id: int, *, only_if_due: bool = False) -> Lease | None:
        """None where another run holds the company, or where it had to be due and is not.

        Ours once `session` is committed.
        """
        now = parts.clock()
        taken = claims.claim(session, company_id, parts.worker, now, LEASE, only_if_due=only_if_due)
        return cls(parts, company_id, now + LEASE) if taken else None

    def beat(self) -> None:
        """Raises LeaseLost, and Stopping where the process has been told to stop."""
        if self._parts.stopping.is_set():
            raise Stopping("the worker was told to stop; the next run goes on from here")
        now = self._parts.clock()
        with self._parts.database.begin() as session:
            if not claims.heartbeat(session, self._company_id, self._parts.worker, now, LEASE):
                raise LeaseLost(f"company {self._company_id} was taken over by another run")
        self._until = now + LEASE

    def insist(self) -> None:
        """Raises LeaseLost once the lease has run out, without asking the database.

        Called with the hand on the door: a machine that was suspended since the last `beat` must notice on waking,
        before its next word to the outside, that another may have taken the company up meanwhile.
        """
        if self._parts.clock() >= self._until:
            raise LeaseLost(f"the lease on company {self._company_id} ran out before it could be used")

    def release(self, session: Session, next_run_at: datetime) -> None:
        """Give the company back, with whatever else `session` commits."""
        claims.release(session, self._company_id, self._parts.worker, next_run_at)
