"""The house, opened for one command and closed whatever comes of it. Loaded with the command line: imports late."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dunwell.wiring import House


def open_house() -> House:
    """For a command that serves until it is stopped, and closes it itself. Raises WrongSettings."""
    from dunwell.settings import read_settings
    from dunwell.wiring import build

    return build(read_settings())


@contextmanager
def opened() -> Iterator[House]:
    """Turns a company, customer or invoice that is not there into wrong use: one clear line and exit code 2."""
    house = open_house()
    try:
        yield house
    except (KeyError, IndexError):
        raise  # those are ours to mend, not the caller's
    except LookupError as error:
        raise click.UsageError(str(error)) from None
    finally:
        house.close()
