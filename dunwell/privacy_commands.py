"""The commands of privacy: `erase` for one customer, `prune` for what is past its time."""

from __future__ import annotations

import click

from dunwell.opening import opened

NOT_WELL = 3


@click.command()
@click.option("--company", type=int, required=True, help="The company with this id.")
@click.option("--customer", required=True, help="The customer's id on the platform, or exact name or address.")
@click.option("--dry-run", is_flag=True, help="Only say what would go and what stays.")
@click.option("--although-owing", is_flag=True, help="Even while invoices of theirs are open.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(company: int, customer: str, dry_run: bool, although_owing: bool, yes: bool) -> None:
    """Remove a customer's personal data from Dunwell, for good."""
    from dunwell import erasing

    try:
        with opened() as house:
            found = erasing.find(house, company, customer)
            for line in erasing.told(found):
                click.echo(line)
            why_not = erasing.stands_against(found, although_owing=although_owing)
            if why_not:
                click.echo(f"Not erased: {why_not}.")
                raise SystemExit(NOT_WELL)
            if dry_run:
                click.echo("Nothing was removed: this was a dry run.")
                return
            if not yes:
                click.confirm("Remove all this for good?", abort=True)
            erasing.erase(house, company, found.ids[0])
    except erasing.CannotErase as error:
        raise click.UsageError(str(error)) from None
    click.echo("Erased. Copies of the database made before still have it.")


@click.command()
@click.option("--dry-run", is_flag=True, help="Only count what would go.")
def prune(dry_run: bool) -> None:
    """Forget what is past its time (DUNWELL_KEEP_DAYS), as `serve` and `worker` do once a day."""
    from scheduler.upkeep import throw_away
    from store import retention

    with opened() as house:
        keep = house.settings.keep()
        if dry_run:
            with house.database.read() as session:
                found = retention.count(session, house.parts.clock(), keep)
        else:
            found = throw_away(house.parts, keep)
    for what, number in found.items():
        click.echo(f"{number} {what}{' would go' if dry_run else ' gone'}")


COMMANDS: tuple[click.Command, ...] = (erase, prune)
