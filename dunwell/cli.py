"""The command line. Each command loads what it needs when it is called, so that `--help` answers at once.

Exit codes: 0 all well; 2 wrong use or wrong settings; 3 something did not come out well, and the output says what.
"""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from dunwell.opening import open_house, opened
from dunwell.upkeep_commands import COMMANDS

if TYPE_CHECKING:
    from datetime import datetime

    from engine.policy.presets import PresetName

NOT_WELL = 3
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class _Dunwell(click.Group):
    """Turns wrong settings into a clear line and exit code 2, whichever command met them."""

    def invoke(self, ctx: click.Context) -> object:
        from dunwell.settings import WrongSettings

        try:
            return super().invoke(ctx)
        except WrongSettings as error:
            raise click.UsageError(str(error)) from None


@click.group(cls=_Dunwell, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dunwell")
@click.option("--log-level", type=click.Choice(LEVELS), help="INFO for serve and worker, WARNING for the others.")
@click.pass_context
def main(ctx: click.Context, log_level: str | None) -> None:
    """The credit controller a small business cannot hire, for QuickBooks Online, Xero and FreshBooks.

    Settings come from the environment: see docs/configuration.md.
    """
    from dunwell.logs import set_up_logs

    unattended = ctx.invoked_subcommand in ("serve", "worker")
    set_up_logs(log_level or ("INFO" if unattended else "WARNING"))


@main.command()
@click.option("--port", default=8000, show_default=True, help="Where the web page listens.")
@click.option("--once", is_flag=True, help="Run one cycle, print the summary, and end.")
def demo(port: int, once: bool) -> None:
    """Try everything on two made-up companies: nothing leaves this machine."""
    from dunwell.demo.show import show

    raise SystemExit(show(port=port, once=once))


@main.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
def serve(port: int, host: str) -> None:
    """Serve the web app and run every company unattended."""
    from dunwell.serving import serve as serve_until_stopped

    serve_until_stopped(open_house(), host, port)


@main.command()
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Companies run at once.")
@click.option("--metrics-port", default=0, help="Serve this process's own metrics there. 0: nowhere.")
@click.option("--metrics-host", default="127.0.0.1", show_default=True)
def worker(threads: int, metrics_port: int, metrics_host: str) -> None:
    """Run companies unattended without a web app, beside a `serve` on the same database; any number of them."""
    from dunwell.serving import work

    work(open_house(), threads, (metrics_host, metrics_port))


@main.command()
def migrate() -> None:
    """Bring the database up to date. Safe to repeat, and beside running processes."""
    with opened() as house:
        click.echo(f"The database is up to date: {house.database.revision()}")


@main.command()
@click.option("--company", type=int, help="Only the company with this id.")
@click.option("--dry-run", is_flag=True, help="Read and decide; record and do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def cycle(company: int | None, dry_run: bool, as_json: bool) -> None:
    """Run every connected company once, and report."""
    from dunwell.cycle import run_cycle

    with opened() as house:
        all_well, text = run_cycle(house, company, dry_run=dry_run, as_json=as_json)
    click.echo(text)
    raise SystemExit(0 if all_well else NOT_WELL)


@main.command()
@click.option("--company", type=int, required=True, help="The company with this id.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(company: int, file: Path) -> None:
    """Write everything of one company to FILE: a zip of CSV files, policy, papers and logos. No tokens, no keys."""
    from dunwell.exporting import export_company

    with opened() as house:
        counts = export_company(house.database, company, file)
    for name, count in counts.items():
        click.echo(f"{name}.csv: {count} rows")


@main.command()
@click.option("--company", type=int, required=True, help="The company with this id.")
@click.option("--months", type=click.IntRange(1, 24), default=12, show_default=True)
@click.option(
    "--policy",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Test this policy instead of the one in force.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def backtest(company: int, months: int, file: Path | None, as_json: bool) -> None:
    """Say what would have been done over a company's own last months. Nothing is sent, nothing is kept."""
    from dunwell.backtest import backtest_company
    from dunwell.policies import read_policy

    tested = read_policy(file) if file else None
    with opened() as house:
        text = backtest_company(house, company, months, tested, as_json=as_json)
    click.echo(text)


@main.command()
@click.option("--audit", "is_audit", is_flag=True, help="Compare our copy of the books with the platform's instead.")
@click.option("--company", type=int, help="With --audit: only the company with this id.")
@click.option("--mend", is_flag=True, help="With --audit: read books that differ anew, and compare again.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor(is_audit: bool, company: int | None, mend: bool, as_json: bool) -> None:
    """Check settings, database, disk, clock, mail and platforms, and say what to mend. Changes nothing."""
    if is_audit:
        _audit(company, mend=mend, as_json=as_json)
    if company is not None or mend:
        raise click.UsageError("--company and --mend go with --audit")
    from dunwell.doctor import State, examine
    from dunwell.settings import read_settings

    findings = examine(read_settings())
    if as_json:
        click.echo(json.dumps({"findings": [finding.as_dict() for finding in findings]}))
    else:
        for finding in findings:
            click.echo(finding.as_line())
    raise SystemExit(NOT_WELL if any(finding.state is State.MEND for finding in findings) else 0)


def _audit(company: int | None, *, mend: bool, as_json: bool) -> NoReturn:
    from dunwell.auditing import run_audit

    with opened() as house:
        agrees, text = run_audit(house, company, mend=mend, as_json=as_json)
    click.echo(text)
    raise SystemExit(0 if agrees else NOT_WELL)


@main.command()
@click.option("--port", default=8100, show_default=True)
@click.option("--seed", default=7, show_default=True, help="The same seed makes the same books.")
def sandbox(port: int, seed: int) -> None:
    """Run only the sandbox: a QuickBooks Online, a Xero and a FreshBooks with books, to develop against."""
    from dunwell.demo.sandbox import serve_sandbox

    serve_sandbox(port, seed)


@main.group()
def policy() -> None:
    """Check, show and apply a company's policy as YAML."""


@policy.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Say whether FILE is a valid policy, and what is wrong with it where."""
    from dunwell.policies import read_policy

    read_policy(file)
    click.echo(f"{file}: a valid policy")


@policy.command("show")
@click.option("--company", type=int, required=True)
def show_policy(company: int) -> None:
    """Print the policy in force for a company."""
    from dunwell.policies import policy_of

    with opened() as house:
        click.echo(policy_of(house, company).to_yaml(), nl=False)


@policy.command("apply")
@click.option("--company", type=int, required=True)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def apply_policy(company: int, file: Path) -> None:
    """Save FILE as a company's next policy version. It is in force from the next run."""
    from dunwell.policies import read_policy, save_policy

    wanted = read_policy(file)
    with opened() as house:
        click.echo(f"Saved as version {save_policy(house, company, wanted).version}. It is in force from the next run.")


@policy.command("preset")
@click.argument("name", type=click.Choice(["gentle", "standard", "firm"]))
@click.option("--company", type=int, help="On top of this company's policy; the default policy otherwise.")
def show_preset(name: PresetName, company: int | None) -> None:
    """Print a policy with the ladder, contact budget and hold of a preset, to look at, edit and apply."""
    from dunwell.policies import preset_for

    with opened() if company is not None else nullcontext() as house:
        click.echo(preset_for(house, company, name).to_yaml(), nl=False)


@main.command("explain")
@click.argument("invoice")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day; today where it is left out.")
@click.option("--company", type=int, required=True)
def explain_invoice(invoice: str, on: datetime | None, company: int) -> None:
    """Say why INVOICE, a number or an id, was treated as it was on a day, and what would be decided now."""
    from dunwell.explain import explain

    with opened() as house:
        click.echo(explain(house, company, invoice, on.date() if on else None))


for command in COMMANDS:
    main.add_command(command)
