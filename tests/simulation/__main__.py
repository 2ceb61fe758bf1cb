"""`python -m tests.simulation [--seeds 5] [--from 1] [--days 60] [--companies 4]`: seeds lived, and what did not hold.

Each seed is told as soon as it is over, a failing one with the command that plays it again; on standard error how far
each has come, every simulated month. The last line is one JSON object. Exit code 1 where something did not hold.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

import click

from tests.simulation.life import Course, live_apart


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="how many seeds")
    parser.add_argument("--from", dest="first", type=int, default=1, help="the first of them")
    parser.add_argument("--days", type=int, default=60, help="simulated days of each")
    parser.add_argument("--companies", type=int, default=4, help="companies of each town")
    parser.add_argument("--jobs", type=int, default=2, help="seeds lived at once")
    asked = parser.parse_args(arguments)
    courses = []
    for course in _live_all(asked):
        courses.append(course)
        _tell(course, asked)
    click.echo(json.dumps(summary(courses)))
    return 1 if any(course.violations for course in courses) else 0


def _tell(course: Course, asked: argparse.Namespace) -> None:
    click.echo(course.sentence)
    for problem in course.violations:
        click.echo(f"seed {course.seed}: {problem}")
    if course.violations:
        again = f"--seeds 1 --from {course.seed} --days {asked.days} --companies {asked.companies}"
        click.echo(f"again: python -m tests.simulation {again}")


def summary(courses: Sequence[Course]) -> dict[str, int]:
    """The figures of the last line."""
    return {
        "seeds": len(courses),
        "company_days": sum(course.company_days for course in courses),
        "faults": sum(course.faults for course in courses),
        "duplicates": sum(course.duplicates for course in courses),
        "lost": sum(course.lost for course in courses),
        "violations": sum(len(course.violations) for course in courses),
    }


def _live_all(asked: argparse.Namespace) -> Iterator[Course]:
    seeds = range(asked.first, asked.first + asked.seeds)
    with ProcessPoolExecutor(asked.jobs, mp_context=get_context("spawn"), max_tasks_per_child=4) as pool:
        lives = [pool.submit(live_apart, seed, asked.days, asked.companies) for seed in seeds]
        yield from (life.result() for life in as_completed(lives))


if __name__ == "__main__":
    sys.exit(main())
