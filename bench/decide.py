"""How fast decisions are, beside the least that Python could do for the same answer, and what a quiet night costs.

    python -m bench.decide [--json] [--customers 200000] [--rounds 3]

A full evaluation decides every account of a company, as the night after a change of policy does, with the default
policy: once in the steady state that every such night finds, and once with nine in ten customers to be written to.
Beside it run the same policy with a condition on every step; a bare loop over the same invoices (guards as `if`s, the
step by counting days, no reasons, no consolidation, no day to look again); and `badcop`, a planner for one person's
invoices, where it is installed. Accounts are streamed in batches. Every contender takes each batch in turns, by
processor time, and the best of its rounds counts: other programs only ever make a round slower. Quote the ratios;
single figures move with the machine. `quiet_night_seconds` is a whole run over as many invoices in the store, none due;
`quiet_run_ms` is what one of a small company takes of the processor.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from itertools import islice
from typing import Any

from bench.accounts import STEPS, TODAY, made_up_accounts
from bench.quiet import quiet_night, quiet_run
from engine.account import Account
from engine.books import InvoiceStatus
from engine.decide import decide
from engine.policy import Policy, Step

BATCH = 500
Contender = tuple[Callable[[Sequence[Account]], Any], Callable[[Any], object]]
"""What makes a batch of accounts ready, outside the clock, and what is timed."""


def conditional(policy: Policy) -> Policy:
    """The policy with a condition on every step that nearly always holds: it costs, without changing much else."""
    when = "invoice.balance >= 10.0 && invoice.days_overdue < 400"
    steps: tuple[Step, ...] = tuple(step.model_copy(update={"when": when}) for step in policy.ladder)
    return policy.model_copy(update={"ladder": steps})


def deciding(policy: Policy) -> Contender:
    """Plans are looked at and let go, as a run does."""

    def run(accounts: Sequence[Account]) -> int:
        decided = sum(len(decide(account, policy, TODAY).decisions) for account in accounts)
        if decided < sum(len(account.invoices) for account in accounts):
            sys.exit("some open invoice got no decision: the figures would mean nothing")
        return decided

    return tuple, run


def floor(accounts: Sequence[Account]) -> list[tuple[str, int]]:
    """A decision per invoice, as (id, step or 0), by a bare loop."""
    decided: list[tuple[str, int]] = []
    for account in accounts:
        for invoice in account.invoices:
            if invoice.status is not InvoiceStatus.OPEN or invoice.balance.minor <= 0 or invoice.is_disputed:
                decided.append((invoice.id, 0))
                continue
            days = (TODAY - invoice.due_on).days
            reached = 0
            for number, offset in STEPS:
                if days >= offset and (offset >= 0 or days <= 0):
                    reached = number
            decided.append((invoice.id, reached if reached > invoice.last_step else 0))
    return decided


def race(accounts: Iterator[Account], rounds: int, contenders: dict[str, Contender]) -> tuple[int, dict[str, float]]:
    """How many invoices there were, and the seconds of each contender over all of them."""
    invoices, seconds = 0, dict.fromkeys(contenders, 0.0)
    while batch := list(islice(accounts, BATCH)):
        invoices += sum(len(account.invoices) for account in batch)
        best = dict.fromkeys(contenders, float("inf"))
        gc.collect(0)
        for _ in range(rounds):
            for name, (prepare, run) in contenders.items():
                ready = prepare(batch)
                started = time.process_time()
                run(ready)
                best[name] = min(best[name], time.process_time() - started)
        for name, fastest in best.items():
            seconds[name] += fastest
    return invoices, seconds


def measure(customers: int, rounds: int) -> dict[str, float]:
    policy = Policy()
    contenders: dict[str, Contender] = {
        "decide": deciding(policy),
        "conditional": deciding(conditional(policy)),
        "floor": (tuple, floor),
    }
    if find_spec("badcop") is not None:
        from bench import badcop_plan  # an extra of its own, which not every machine has

        contenders["badcop"] = badcop_plan.ledger, badcop_plan.planning
    count, seconds = race(made_up_accounts(customers, is_steady=True), rounds, contenders)
    busy_count, busy = race(made_up_accounts(customers // 10, is_steady=False), rounds, {"decide": deciding(policy)})
    found = {
        "invoices": count,
        "invoices_per_second": round(count / seconds["decide"]),
        "all_due_per_second": round(busy_count / busy["decide"]),
        "floor_ratio": round(seconds["decide"] / seconds["floor"], 1),
        "cel_ratio": round(seconds["conditional"] / seconds["decide"], 2),
        "quiet_night_seconds": round(quiet_night(customers), 3),
        "quiet_run_ms": round(quiet_run() * 1000, 1),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    if "badcop" in seconds:
        found["badcop_per_second"] = round(count / seconds["badcop"])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    found = measure(wanted.customers, wanted.rounds)
    if wanted.json:
        print(json.dumps(found))
        return
    print(f"decide       {found['invoices_per_second']:>9,} open invoices a second, of {found['invoices']:,}")
    print(f"all due      {found['all_due_per_second']:>9,} a second where nine in ten customers are written to")
    if "badcop_per_second" in found:
        print(f"badcop       {found['badcop_per_second']:>9,} a second: its steps, no reasons or accounts")
    print(f"bare loop    {found['floor_ratio']:>9} times as fast")
    print(f"conditions   {found['cel_ratio']:>9} times as long with one on every step")
    print(f"quiet night  {found['quiet_night_seconds']:>9} s, a whole run with nothing due")
    print(f"small company{found['quiet_run_ms']:>9} ms of processor for such a run over a hundred invoices")
    print(f"memory       {found['rss_mb']:>9,} MB at most")


if __name__ == "__main__":
    main()
