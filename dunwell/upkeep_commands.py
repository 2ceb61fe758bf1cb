"""The commands of upkeep: `audit verify`, `backup`, `restore`, `rotate-secrets`, and those of privacy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from dunwell import privacy_commands
from dunwell.opening import opened

NOT_WELL = 3


@click.group()
def audit() -> None:
    """What was done and decided, and by whom."""


@audit.command()
def verify() -> None:
    """Prove that no entry of any company's audit trail was changed or taken out since it was written."""
    from dunwell.upkeep import check_audit

    with opened() as house:
        found = list(check_audit(house.database))
    for company, problems in found:
        click.echo(f"{company}: {problems[0] if problems else 'whole'}")
    raise SystemExit(NOT_WELL if any(problems for _, problems in found) else 0)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the SQLite database to FILE. Safe while Dunwell runs."""
    from dunwell.settings import read_settings
    from dunwell.upkeep import back_up, file_of

    with _said_plainly():
        size = back_up(file_of(read_settings().database()), file)
    click.echo(f"{file}: {size} bytes. Keep the secret key elsewhere: without it the copy's tokens cannot be read.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put a copy in the place of the SQLite database. Refused while Dunwell runs."""
    from dunwell.clock import system_clock
    from dunwell.settings import read_settings
    from dunwell.upkeep import file_of
    from dunwell.upkeep import restore as take_back

    settings = read_settings()
    with _said_plainly():
        found = take_back(file_of(settings.database()), file, settings.now or system_clock())
    click.echo(
        f"Restored: {found} companies, all paused. What went out after the copy was made is not in it: look at your "
        "sent mail and the notes on the invoices, then let each company go on under Settings."
    )


@click.command("rotate-secrets")
def rotate_secrets() -> None:
    """Seal every stored token and webhook secret with the first key of DUNWELL_SECRET_KEY. Safe while Dunwell runs."""
    from store.tokens import reseal

    with opened() as house, house.database.begin() as session:
        sealed, unreadable = reseal(session, house.parts.box)
    click.echo(f"{sealed} token sets and webhook secrets are sealed with the first key.")
    if unreadable:
        click.echo(f"{unreadable} cannot be opened with any key given: put their key back, or connect again.")
        raise SystemExit(NOT_WELL)


@contextmanager
def _said_plainly() -> Iterator[None]:
    from dunwell.upkeep import CannotDo

    try:
        yield
    except CannotDo as error:
        raise click.UsageError(str(error)) from None


COMMANDS: tuple[click.Command, ...] = (audit, backup, restore, rotate_secrets, *privacy_commands.COMMANDS)
