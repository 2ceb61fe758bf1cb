"""Counters for Prometheus, in a registry of their own. Names are part of what operators rely on."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from scheduler.report import Report

REGISTRY = CollectorRegistry()
RUNS = Counter("dunwell_runs", "Runs by platform and status", ["platform", "status"], registry=REGISTRY)
RUN_SECONDS = Histogram("dunwell_run_seconds", "How long a run took", ["platform"], registry=REGISTRY)
CALLS = Counter("dunwell_api_calls", "Calls to a platform", ["platform"], registry=REGISTRY)
ACTS = Counter("dunwell_acts", "Acts by kind and outcome", ["kind", "outcome"], registry=REGISTRY)
LAST_TICK = Gauge("dunwell_last_tick_timestamp_seconds", "When the scheduler last looked for work", registry=REGISTRY)
QUEUE_DEPTH = Gauge("dunwell_queue_depth", "Companies handed over that nobody has begun to run", registry=REGISTRY)


def count_run(report: Report) -> None:
    RUNS.labels(report.platform, report.status).inc()
    RUN_SECONDS.labels(report.platform).observe(report.seconds)
    CALLS.labels(report.platform).inc(report.api_calls)
    for kind, number in report.performed.items():
        ACTS.labels(kind, "done").inc(number)
    for outcome, number in (("failed", report.failed), ("held", report.held), ("cancelled", report.cancelled)):
        ACTS.labels("any", outcome).inc(number)


def exposition() -> bytes:
    """All metrics in Prometheus' text format."""
    return generate_latest(REGISTRY)
