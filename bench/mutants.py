"""Mutation testing of the rules: how many small faults, put into `engine/` one at a time, some test notices.

    make mutate [ONLY="engine.guards.*"] [SAMPLE=300]

All of it takes hours; a random sample tells the share within a few per cent. Each fault runs only the tests that come
past it. What runs when a module is imported cannot be told apart by this tool, which forks after importing: such faults
count as not noticed. The faults stay in `mutants/`; `mutmut show NAME` prints one.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path

MUTMUT = str(Path(sys.executable).parent / "mutmut")
NOTICED = ("killed", "timeout", "segfault")
_LINE = re.compile(r"^\s*(engine\.\S+): (.+)$", re.MULTILINE)


def states() -> dict[str, str]:
    """Every fault by its name, and what became of it."""
    told = subprocess.run([MUTMUT, "results", "--all", "true"], capture_output=True, text=True, check=True)
    return dict(_LINE.findall(told.stdout))


def run(*names: str) -> None:
    """Try these faults, one process at a time: tests share the machine with whoever else is on it."""
    subprocess.run([MUTMUT, "run", "--max-children", "1", *names], check=True, stdout=subprocess.DEVNULL)


def score(found: dict[str, str]) -> dict[str, object]:
    tried = {name: state for name, state in found.items() if state != "not checked"}
    by_module: dict[str, Counter[bool]] = {}
    for name, state in tried.items():
        module = ".".join(name.split(".")[:-1])
        by_module.setdefault(module, Counter())[state in NOTICED] += 1
    noticed = sum(state in NOTICED for state in tried.values())
    return {
        "faults": len(found),
        "tried": len(tried),
        "noticed": noticed,
        "percent": round(100 * noticed / max(1, len(tried)), 1),
        "modules": {module: f"{tally[True]}/{tally.total()}" for module, tally in sorted(by_module.items())},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", default="engine.*", help="names of faults, with * and ?")
    parser.add_argument("--sample", type=int, default=0, help="so many at random; 0 for all")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    run("engine.sums.*")  # makes all the faults, and learns which test comes past which
    names = sorted(name for name in states() if fnmatch(name, wanted.only))
    if wanted.sample:
        names = random.Random(wanted.seed).sample(names, min(wanted.sample, len(names)))
    run(*names)
    found = states()
    print(json.dumps(score({name: found[name] for name in names}), indent=1))


if __name__ == "__main__":
    main()
