"""Several processes at once, for what threads alone cannot show."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Sequence
from typing import Any

FORKS = multiprocessing.get_context("forkserver")
# The store is slow to import: the fork server does it once, and every process starts from there.
FORKS.set_forkserver_preload(["store.database", "store.tokens"])


def run_all(target: Callable[..., None], arguments: Iterable[Sequence[Any]]) -> list[int | None]:
    """Run one process per argument list, all at once; returns their exit codes."""
    processes = [FORKS.Process(target=target, args=tuple(each)) for each in arguments]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=60)
    return [process.exitcode for process in processes]
