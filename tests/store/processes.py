"""Several processes at once, for what threads alone cannot show."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Sequence
from typing import Any

# A fresh interpreter for each would spend seconds on imports. Whoever calls this closes its own connections first:
# SQLite forbids to carry them over a fork.
FORK = multiprocessing.get_context("fork")


def run_all(target: Callable[..., None], arguments: Iterable[Sequence[Any]]) -> list[int | None]:
    """Run one process per argument list, all at once; returns their exit codes."""
    processes = [FORK.Process(target=target, args=tuple(each)) for each in arguments]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=60)
    return [process.exitcode for process in processes]
