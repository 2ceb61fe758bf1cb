"""`dunwell demo`: set the stage, run one cycle, and leave the web page open."""

from __future__ import annotations

import signal
import threading

import click

from dunwell.cycle import in_words
from dunwell.demo.stage import staged
from scheduler.clockwork import run_all


def show(*, port: int, once: bool) -> int:
    """Print what happened; returns the exit code: 0 when every company came out ok, 3 otherwise."""
    click.echo("Opening a QuickBooks Online and a Xero on this machine, with two years of made-up business …")
    with staged(port) as stage:
        names = f"{stage.world.quickbooks.name} and {stage.world.xero.name}"
        click.echo(f"Connected {names} through their consent pages.\n")
        reports = run_all(stage.house.parts)
        click.echo(in_words(reports, sum(report.seconds for report in reports)))
        click.echo(f"{len(stage.sandbox.mailbox.mails)} mails are in the customers' mailbox.")
        is_well = all(report.status == "ok" for report in reports)
        if not once:
            stage.clockwork.start()
            click.echo(f"\nThe web page is open at {stage.address}/demo   (Ctrl-C ends the demo)")
            _wait_for_the_end()
            stage.clockwork.stop()
    return 0 if is_well else 3


def _wait_for_the_end() -> None:
    end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end.set())
    end.wait()
