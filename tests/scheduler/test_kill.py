"""Killed with SIGKILL while it performs, in a process of its own, and started again: nothing twice, nothing lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta

from sandbox.faults import Fault
from scheduler.lease import LEASE
from tests.trial import Trial, environment, overdue_invoice

NOTES = {"quickbooks": ("POST", "/attachable"), "xero": ("PUT", "(?i)/history")}


def start_cycle(trial: Trial) -> subprocess.Popen[str]:
    """`dunwell cycle --json` in a process of its own, on the trial's database and clock."""
    command = [sys.executable, "-m", "dunwell", "--log-level", "ERROR", "cycle", "--json"]
    return subprocess.Popen(command, env=os.environ | environment(trial), stdout=subprocess.PIPE, text=True)


def wait_until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it never came to the point where it was to be killed"
        time.sleep(0.02)


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)


def test_a_run_killed_while_it_writes_a_note_leaves_exactly_one(trial: Trial, platform: str) -> None:
    """the note's answer never comes: the mail is out, the process dies, and a later run takes up what it left"""
    books = trial.open_company(platform)
    _, invoice = overdue_invoice(books, trial.today, days=12)
    trial.connect(platform, books)
    method, path = NOTES[platform]
    trial.sandbox.faults.add(Fault("slow", method, path, args={"seconds": 5}))
    process = start_cycle(trial)
    wait_until(lambda: bool(trial.sandbox.faults.struck))
    kill(process)
    trial.sandbox.faults.clear()
    trial.let_pass(seconds=(LEASE + timedelta(minutes=1)).total_seconds())
    [report] = json.loads(start_cycle(trial).communicate(timeout=90)[0])["companies"]
    assert report["status"] == "ok", report
    wait_until(lambda: len(books.notes_on("invoice", invoice)) == 1)
    assert len(trial.mails()) == 1
    assert len(books.notes_on("invoice", invoice)) == 1


def test_a_run_killed_while_a_mail_goes_out_holds_it_for_a_person(trial: Trial, platform: str) -> None:
    books = trial.open_company(platform)
    overdue_invoice(books, trial.today, days=12)
    trial.connect(platform, books)
    trial.sandbox.faults.add(Fault("smtp_slow", args={"seconds": 5}))
    process = start_cycle(trial)
    wait_until(lambda: [act.state for act in trial.acts(kind="remind")] == ["claimed"])
    kill(process)
    trial.sandbox.faults.clear()
    trial.let_pass(seconds=(LEASE + timedelta(minutes=1)).total_seconds())
    [report] = json.loads(start_cycle(trial).communicate(timeout=90)[0])["companies"]
    assert report["held"] == 1, report
    assert [task.kind for task in trial.tasks()] == ["held_action"]
    assert len(trial.mails()) <= 1
