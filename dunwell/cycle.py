"""One cycle over every connected company, and its summary for people and for programs."""

from __future__ import annotations

import json
import time

from dunwell.wiring import House
from scheduler.clockwork import run_all
from scheduler.report import Report

PATIENCE = 30.0
"""Seconds to wait for a company that another run holds at this moment."""


def run_cycle(house: House, company: int | None, *, dry_run: bool, as_json: bool) -> tuple[bool, str]:
    """Run, and return whether every company came out ok, and the text to print.

    Raises LookupError for a company that is not there.
    """
    started = time.perf_counter()
    reports = [_patiently(house, report, dry_run) for report in run_all(house.parts, only=company, dry_run=dry_run)]
    seconds = time.perf_counter() - started
    text = as_document(reports, seconds) if as_json else in_words(reports, seconds, dry_run=dry_run)
    return all(report.status == "ok" for report in reports), text


def _patiently(house: House, report: Report, dry_run: bool) -> Report:
    """Try again for a while where another run had the company: the caller asked for a cycle, not for an excuse."""
    deadline = time.monotonic() + PATIENCE
    while report.status == "busy" and time.monotonic() < deadline:
        time.sleep(0.25)
        [report] = run_all(house.parts, only=report.company_id, dry_run=dry_run)
    if report.status == "busy":
        report.status = "partial"
    return report


def as_document(reports: list[Report], seconds: float) -> str:
    """The JSON that `dunwell cycle --json` promises (docs/cli.md)."""
    return json.dumps({"companies": [report.as_dict() for report in reports], "seconds": round(seconds, 3)})


def in_words(reports: list[Report], seconds: float, *, dry_run: bool = False) -> str:
    if not reports:
        return "No company is connected yet: open the web page and connect one."
    blocks = [_company_in_words(report, dry_run) for report in reports]
    return "\n\n".join([*blocks, f"{len(reports)} companies in {seconds:.1f} s"])


def _company_in_words(report: Report, dry_run: bool) -> str:
    lines = [
        f"{report.company} ({report.platform}): {report.status}" + (f", {report.detail}" if report.detail else ""),
        f"  synced     {_numbers(report.synced)}",
        f"  decided    {_numbers(report.decided)}",
        f"  performed  {'nothing: a dry run' if dry_run else _numbers(report.performed)}",
    ]
    if report.failed or report.held or report.set_aside:
        lines.append(f"  waiting    {report.failed} failed, {report.held} held, {report.set_aside} records set aside")
    return "\n".join([*lines, f"  cost       {report.api_calls} calls, {report.seconds:.1f} s"])


def _numbers(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items() if number) or "nothing new"
