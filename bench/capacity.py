"""What a fleet must be to serve so many companies: the arithmetic, and a simulation of one day that checks it.

    python -m bench.capacity [--json] [--companies 100000] [--workers 60] [--threads 4] [--zones 5] …

A company runs at the opening of its send window, in its own time zone and at its own place within a quarter of an hour,
and every four hours from there (`scheduler.next_run`). A run takes one thread for as long as its calls and its own work
take, and its calls come out of what the platform lets the whole app do in a minute. Nothing else is modelled: no
failures, no first syncs, no webhooks.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
from dataclasses import dataclass

DAY, HOUR, MINUTE = 86_400.0, 3_600.0, 60.0
CADENCE, SPREAD, OPENS = 4 * HOUR, 15 * MINUTE, 9 * HOUR


@dataclass(frozen=True)
class Fleet:
    """Seconds for `latency` and `work`; `work` is a run's own time on a processor and the database."""

    companies: int
    workers: int
    threads: int
    calls: int
    latency: float
    work: float
    calls_a_minute: int
    zones: int

    @property
    def slots(self) -> int:
        return self.workers * self.threads

    @property
    def run_seconds(self) -> float:
        return self.calls * self.latency + self.work


def arithmetic(fleet: Fleet) -> dict[str, float]:
    """What can be said without simulating. `worst_minutes`: how long one zone takes, all due at once."""
    runs_a_day = fleet.companies * DAY / CADENCE
    by_threads = fleet.slots / fleet.run_seconds * MINUTE
    by_calls = fleet.calls_a_minute / fleet.calls
    in_a_zone = fleet.companies / fleet.zones
    return {
        "runs_a_day": runs_a_day,
        "calls_a_day": runs_a_day * fleet.calls,
        "runs_a_minute_by_threads": by_threads,
        "runs_a_minute_by_calls": by_calls,
        "share_used": runs_a_day / (DAY / MINUTE) / min(by_threads, by_calls),
        "threads_needed_on_average": runs_a_day / DAY * fleet.run_seconds,
        "worst_minutes": in_a_zone / min(by_threads, by_calls),
    }


def simulate(fleet: Fleet, seed: int = 7) -> dict[str, float]:
    """One day, run by run, first due first served; returns how long runs waited, in minutes."""
    chance = random.Random(seed)
    due = [_opening(fleet, number) + chance.random() * SPREAD for number in range(fleet.companies)]
    heapq.heapify(due)
    free = [0.0] * fleet.slots
    allowance = _Allowance(fleet.calls_a_minute)
    waited: list[float] = []
    while due and due[0] < DAY:
        at = heapq.heappop(due)
        start = allowance.take(max(at, heapq.heappop(free)), fleet.calls)
        waited.append((start - at) / MINUTE)
        end = start + fleet.run_seconds
        heapq.heappush(free, end)
        heapq.heappush(due, end + CADENCE)
    waited.sort()
    return {
        "runs": len(waited),
        "longest_wait_minutes": waited[-1],
        "mean_wait_minutes": sum(waited) / len(waited),
        "wait_minutes_95": waited[int(len(waited) * 0.95)],
    }


def _opening(fleet: Fleet, number: int) -> float:
    """Zones lie an hour apart; the day is the first zone's."""
    return OPENS + number % fleet.zones * HOUR


class _Allowance:
    """Calls that the platform lets the whole app make, in windows of a minute."""

    def __init__(self, a_minute: int) -> None:
        self._a_minute, self._window, self._left = a_minute, -1, 0

    def take(self, at: float, calls: int) -> float:
        """When a run that may start `at` the earliest can make its calls."""
        window = int(at // MINUTE)
        if window > self._window:
            self._window, self._left = window, self._a_minute
        while self._left < calls:
            self._window, self._left = self._window + 1, self._left + self._a_minute
        self._left -= calls
        return max(at, self._window * MINUTE)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--companies", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=60)
    parser.add_argument("--threads", type=int, default=4, help="of each worker")
    parser.add_argument("--calls", type=int, default=6, help="of a quiet run: 6 on Xero, 3 on QuickBooks Online")
    parser.add_argument("--latency", type=float, default=0.15, help="seconds that a call takes")
    parser.add_argument("--work", type=float, default=0.3, help="seconds of a run that are not waiting")
    parser.add_argument("--calls-a-minute", type=int, default=10_000, help="what the platform lets the app do")
    parser.add_argument("--zones", type=int, default=5, help="time zones the companies are spread over, an hour apart")
    wanted = vars(parser.parse_args())
    as_json = wanted.pop("json")
    fleet = Fleet(**wanted)
    figures = {**arithmetic(fleet), "simulated": simulate(fleet)}
    if as_json:
        print(json.dumps(figures))
        return
    for name, value in {**arithmetic(fleet), **simulate(fleet)}.items():
        print(f"{name:28} {value:14,.2f}")


if __name__ == "__main__":
    main()
