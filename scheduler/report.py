"""A report: what one run did, in numbers, for the summary line, the metrics and the run's own row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from store.tables import Company

SYNCED = ("customers", "invoices", "payments", "credit_notes")


@dataclass
class Report:
    """One company, one run. `status` is ok, partial, reconnect_needed, failed, or busy where another run had it."""

    company: str
    company_id: int
    platform: str
    external_id: str
    status: str = "ok"
    detail: str = ""
    synced: Counter[str] = field(default_factory=Counter)
    decided: Counter[str] = field(default_factory=Counter)
    performed: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    held: int = 0
    cancelled: int = 0
    set_aside: int = 0
    drift: int = 0
    """Findings of the nightly check, where this run made it."""
    api_calls: int = 0
    seconds: float = 0.0
    wait: timedelta | None = None
    """How long the platform asked us to stay away, where it did."""

    def worsen(self, status: str, detail: str) -> None:
        """Keep the first thing that went wrong: what follows is usually its consequence."""
        if self.status == "ok":
            self.status, self.detail = status, detail

    def as_dict(self) -> dict[str, Any]:
        """The shape that `dunwell cycle --json` promises for one company."""
        return {
            "company": self.company,
            "platform": self.platform,
            "external_id": self.external_id,
            "status": self.status,
            "detail": self.detail,
            "synced": {name: self.synced[name] for name in SYNCED},
            "decided": dict(self.decided),
            "performed": dict(self.performed),
            "failed": self.failed,
            "held": self.held,
            "cancelled": self.cancelled,
            "set_aside": self.set_aside,
            "drift": self.drift,
            "api_calls": self.api_calls,
            "seconds": round(self.seconds, 3),
        }


def blank_report(company: Company) -> Report:
    """A report about nothing yet."""
    return Report(company.name, company.stored_id, company.platform, company.external_id)
