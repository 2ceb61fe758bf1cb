"""How long deciding takes per open invoice, beside the least that Python could do for the same answer.

The floor streams plain tuples through a bare loop: guards as `if`s, the step by counting days, no reasons, no
consolidation, no day to look again. Beside the default policy runs the same policy with a condition on every step. All
run in the same process, in turns, by processor time; the best round of each counts, since other programs only ever make
a round slower. Quote the ratios: single figures move with the machine.

    python -m bench.decide [--json] [--customers 4000] [--rounds 5]

A million open invoices are `--customers 154000 --rounds 1`.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

from engine.account import Account, Contact, CreditStanding, Invoice
from engine.books import InvoiceStatus
from engine.decide import decide
from engine.money import Money
from engine.policy import Policy, Step

TODAY = date(2026, 3, 11)
Row = tuple[str, bool, date, int, bool, int]
"""Id, open or not, due date, balance, disputed, last step: what the floor looks at."""


def made_up_accounts(customers: int, seed: int = 7) -> list[Account]:
    """Customers with 1 to 12 open invoices each, some late, some disputed, some with money not yet applied."""
    chance = random.Random(seed)
    return [_account(chance, number) for number in range(customers)]


def _account(chance: random.Random, number: int) -> Account:
    unapplied = (Money(chance.randrange(1, 400_000), "NZD"),) if chance.random() < 0.1 else ()
    contacts = (Contact(TODAY - timedelta(days=chance.randrange(1, 20)), "remind"),) if chance.random() < 0.4 else ()
    return Account(
        customer_id=f"C-{number}",
        name=f"Customer {number}",
        emails=("pay@customer.example",),
        invoices=tuple(_invoice(chance, f"{number}-{position}") for position in range(chance.randrange(1, 13))),
        unapplied=unapplied,
        contacts=contacts,
        credit=CreditStanding(is_on_hold=chance.random() < 0.03),
    )


def _invoice(chance: random.Random, name: str) -> Invoice:
    due_on = TODAY - timedelta(days=chance.randrange(-30, 90))
    balance = Money(chance.randrange(1_000, 900_000), "NZD")
    return Invoice(
        id=name,
        number=f"INV-{name}",
        status=InvoiceStatus.OPEN,
        issued_on=due_on - timedelta(days=30),
        due_on=due_on,
        total=balance,
        balance=balance,
        last_step=chance.choice((0, 0, 1, 2, 3, 4)),
        is_disputed=chance.random() < 0.02,
    )


def floor(rows: list[Row], steps: list[tuple[int, int]]) -> list[tuple[str, int]]:
    """A decision per invoice, as (id, step or 0), by a bare loop."""
    decided: list[tuple[str, int]] = []
    for name, is_open, due_on, balance, is_disputed, last_step in rows:
        if not is_open or balance <= 0 or is_disputed:
            decided.append((name, 0))
            continue
        days = (TODAY - due_on).days
        reached = 0
        for number, offset in steps:
            if days >= offset and (offset >= 0 or days <= 0):
                reached = number
        decided.append((name, reached if reached > last_step else 0))
    return decided


def best(rounds: int, *contenders: Callable[[], object]) -> list[float]:
    """The fastest of `rounds` for each contender, in seconds, taken in turns."""
    times = [float("inf")] * len(contenders)
    for _ in range(rounds):
        for position, run in enumerate(contenders):
            gc.collect()
            started = time.process_time()
            run()
            times[position] = min(times[position], time.process_time() - started)
    return times


def measure(customers: int, rounds: int) -> dict[str, float]:
    """Microseconds per open invoice for `decide` and for the floor, and their ratio."""
    accounts, policy = made_up_accounts(customers), Policy()
    conditional = policy.model_copy(update={"ladder": tuple(_with_condition(step) for step in policy.ladder)})
    rows: list[Row] = [
        (each.id, each.status is InvoiceStatus.OPEN, each.due_on, each.balance.minor, each.is_disputed, each.last_step)
        for account in accounts
        for each in account.invoices
    ]
    steps = [(step.number, step.days) for step in policy.ladder]
    count = len(rows)

    def decide_all(by: Policy) -> int:
        """Plans are looked at and let go, as a run does."""
        return sum(len(decide(account, by, TODAY).decisions) for account in accounts)

    if decide_all(policy) < count:
        sys.exit("some open invoice got no decision: the figures would mean nothing")
    engine, with_cel, bare = best(
        rounds, lambda: decide_all(policy), lambda: decide_all(conditional), lambda: floor(rows, steps)
    )
    return {
        "invoices": count,
        "decide_us": round(engine / count * 1e6, 3),
        "floor_us": round(bare / count * 1e6, 3),
        "ratio": round(engine / bare, 1),
        "invoices_per_second": round(count / engine),
        "cel_ratio": round(with_cel / engine, 2),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _with_condition(step: Step) -> Step:
    """The step with a condition that nearly always holds, so that it costs without changing much else."""
    return step.model_copy(update={"when": "invoice.balance >= 10.0 && invoice.days_overdue < 400"})


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--customers", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    found = measure(wanted.customers, wanted.rounds)
    if wanted.json:
        print(json.dumps(found))
        return
    print(f"decide   {found['decide_us']:8.2f} µs per open invoice ({found['invoices_per_second']:,} a second)")
    print(f"floor    {found['floor_us']:8.2f} µs per open invoice, a bare loop without reasons")
    print(f"ratio    {found['ratio']:8.1f}")
    print(f"with a condition on every step {found['cel_ratio']:.2f} times as long; {found['rss_mb']:,} MB in all")


if __name__ == "__main__":
    main()
