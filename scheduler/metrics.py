"""Counters for Prometheus, in a registry of their own. Names are part of what operators rely on."""

from __future__ import annotations

from collections import Counter as Counted
from collections.abc import Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from connectors.limits import limits_left
from connectors.ports import Clock
from scheduler.report import Report
from store.database import Database
from store.pulse import Pulse, pulse
from store.tables import Company

REGISTRY = CollectorRegistry()
RUNS = Counter("dunwell_runs", "Runs by platform and status", ["platform", "status"], registry=REGISTRY)
RUN_SECONDS = Histogram("dunwell_run_seconds", "How long a run took", ["platform"], registry=REGISTRY)
CALLS = Counter("dunwell_api_calls", "Calls to a platform", ["platform"], registry=REGISTRY)
ACTS = Counter("dunwell_acts", "Acts by kind and outcome", ["kind", "outcome"], registry=REGISTRY)
LAST_TICK = Gauge("dunwell_last_tick_timestamp_seconds", "When the scheduler last looked for work", registry=REGISTRY)
WEBHOOK_DELAY = Histogram(
    "dunwell_webhook_delay_seconds",
    "From a webhook to the beginning of the run that it asked for",
    ["platform"],
    buckets=(1, 5, 15, 30, 60, 120, 300, 900, 3600, 14400),
    registry=REGISTRY,
)
QUEUE_DEPTH = Gauge("dunwell_queue_depth", "Companies handed over that nobody has begun to run", registry=REGISTRY)


SHOWN = 20
"""Companies shown of those with the fewest calls left: thousands of them would be as many series."""


class LimitsLeft(Collector):
    """What the platforms' last answers to this process said is left."""

    def collect(self) -> Iterable[Metric]:
        what = "Calls left, as the platform last said, where the fewest are"
        family = GaugeMetricFamily("dunwell_limit_left", what, labels=("platform", "window", "company"))
        shown: Counted[str] = Counted()
        for left in limits_left():
            shown[left.window] += 1
            if shown[left.window] <= SHOWN:
                family.add_metric((left.platform, left.window, left.company), left.calls)
        yield family


REGISTRY.register(LimitsLeft())


def count_run(report: Report) -> None:
    RUNS.labels(report.platform, report.status).inc()
    RUN_SECONDS.labels(report.platform).observe(report.seconds)
    CALLS.labels(report.platform).inc(report.api_calls)
    for kind, number in report.performed.items():
        ACTS.labels(kind, "done").inc(number)
    for outcome, number in (("failed", report.failed), ("held", report.held), ("cancelled", report.cancelled)):
        ACTS.labels("any", outcome).inc(number)


def note_webhook(company: Company, now: datetime) -> None:
    """A run has begun; `company` is as it was just before."""
    if company.webhook_at is not None:
        WEBHOOK_DELAY.labels(company.platform).observe(max((now - company.webhook_at).total_seconds(), 0.0))


class StoreMetrics(Collector):
    """What the store says of the whole installation at the moment it is asked, whichever process did the work."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def collect(self) -> Iterable[Metric]:
        now = self._clock()
        with self._database.read() as session:
            found = pulse(session, now)
        yield _by("dunwell_companies", "Companies by platform and status", ("platform", "status"), found.companies)
        yield _by("dunwell_open_acts", "Acts that are not over, by kind and state", ("kind", "state"), found.acts)
        yield from _plain(found, now)


def _by(name: str, what: str, labels: tuple[str, str], counts: dict[tuple[str, str], int]) -> Metric:
    family = GaugeMetricFamily(name, what, labels=labels)
    for values, number in counts.items():
        family.add_metric(values, number)
    return family


def _plain(found: Pulse, now: datetime) -> Iterable[Metric]:
    yield GaugeMetricFamily("dunwell_lag_seconds", "How long the longest waiting company is overdue", found.lag_seconds)
    yield GaugeMetricFamily("dunwell_stale_companies", "Connected companies not read for a day", found.stale)
    held = sum(number for (_, state), number in found.acts.items() if state == "held")
    yield GaugeMetricFamily("dunwell_held_acts", "Acts whose outcome only a person can tell", held)
    if found.last_webhook_at:
        since = (now - found.last_webhook_at).total_seconds()
        yield GaugeMetricFamily("dunwell_last_webhook_age_seconds", "Since the last webhook delivery", since)


def exposition(database: Database, clock: Clock) -> bytes:
    """All metrics in Prometheus' text format: this process's counters, and the store's counts."""
    of_the_store = CollectorRegistry()
    of_the_store.register(StoreMetrics(database, clock))
    return generate_latest(REGISTRY) + generate_latest(of_the_store)
