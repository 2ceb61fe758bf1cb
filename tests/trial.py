"""A trial: the whole product against the sandbox, over real HTTP and real SMTP, on one clock that the test moves.

Nothing of ours is replaced: companies are connected through their consent pages, and mail lands in the sandbox's own
mailbox.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests
from pydantic import SecretStr
from sqlmodel import select
from waitress.server import create_server

from connectors.pace import forget_paces
from dunwell.demo.connecting import connect
from dunwell.serving import shut
from dunwell.settings import Settings, read_settings
from dunwell.wiring import House, build, create_app
from sandbox.clock import SandboxClock
from sandbox.company import SandboxCompany
from sandbox.server import Sandbox
from scheduler.clockwork import run_all
from scheduler.report import Report
from store import companies, ledger, policies
from store.tables import Action, Company, Decision, Task

START = datetime.fromisoformat("2026-03-04T10:30:00+00:00")
"""A Wednesday morning in London, where the trials' companies are."""
KEYS = ("trial-client", "a trial secret", "a trial webhook key")


@dataclass
class Trial:
    """One installation and the platforms it talks to."""

    sandbox: Sandbox
    house: House
    address: str
    browser: requests.Session = field(default_factory=requests.Session)

    def open_company(self, platform: str, name: str = "Quayside Joinery") -> SandboxCompany:
        """A company with empty books over there, not connected."""
        made: SandboxCompany = getattr(self.sandbox, platform).create_company(name, "GB", "GBP", "Europe/London")
        return made

    def connect(self, platform: str, company: SandboxCompany) -> int:
        """Connect it as its owner would; returns our id of it."""
        connect(self.browser, self.address, platform, company.name)
        with self.house.database.read() as session:
            found = session.exec(select(Company).where(Company.external_id == company.external_id)).one()
        assert found.id is not None
        return found.id

    def run(self, *, times: int = 1) -> list[Report]:
        """Run every company so many times; returns the last reports."""
        reports: list[Report] = []
        for _ in range(times):
            reports = run_all(self.house.parts)
        return reports

    def set_mode(self, company_id: int, mode: str) -> None:
        with self.house.database.begin() as session:
            companies.set_mode(session, company_id, mode, self.sandbox.clock.now(), "test")

    def save_policy(self, company_id: int, **changes: Any) -> None:
        """The owner saves the settings, with these parts of the policy changed."""
        with self.house.database.begin() as session:
            policy = policies.current(session, company_id).model_copy(update=changes)
            policies.save(session, company_id, policy, self.sandbox.clock.now(), "test")

    def approve(self, company_id: int, key: str) -> None:
        with self.house.database.begin() as session:
            assert ledger.approve(session, company_id, key, self.sandbox.clock.now(), "test")

    def let_pass(self, **span: float) -> None:
        """Move the clock. Our own pace counts real seconds, so it is told that they have passed."""
        self.sandbox.clock.advance(timedelta(**span))
        forget_paces()

    def disconnect_over_there(self, platform: str, company: SandboxCompany) -> None:
        """The owner takes the consent back inside the platform: nobody tells us."""
        getattr(self.sandbox, platform).disconnect(company.external_id)

    @property
    def today(self) -> date:
        return self.sandbox.clock.now().date()

    def mails(self) -> list[Any]:
        """What reached the customers' mailbox, oldest first."""
        return list(self.sandbox.mailbox.mails)

    def rows(self, table: type[Any], **wanted: object) -> list[Any]:
        with self.house.database.read() as session:
            return list(session.exec(select(table).filter_by(**wanted)))

    def acts(self, **wanted: object) -> list[Action]:
        return self.rows(Action, **wanted)

    def tasks(self) -> list[Task]:
        """Open tasks, without the question about the time zone that every new QuickBooks company begins with."""
        return [task for task in self.rows(Task, state="open") if task.kind != "time_zone"]

    def reasons(self) -> dict[str, str]:
        """Rule that spoke last about each invoice."""
        return {row.invoice_id: row.rule for row in self.rows(Decision, is_current=True) if row.invoice_id}


def overdue_invoice(
    company: SandboxCompany, today: date, *, days: int, amount: str = "120.00", email: str = "ap@larkspur.example"
) -> tuple[str, str]:
    """A customer with one invoice that many days overdue; returns their ids."""
    customer = company.add_customer("Larkspur Café", email)
    due_on = today - timedelta(days=days)
    invoice = company.add_invoice(
        customer, [("Beans, 5 kg", Decimal(amount))], issued_on=due_on - timedelta(days=30), due_on=due_on
    )
    return customer, invoice


@contextmanager
def a_trial(folder: Path, *, mode: str = "automatic", at: datetime = START, **changes: Any) -> Iterator[Trial]:
    """Sandbox and product up and answering. `changes` are settings."""
    forget_paces()
    with Sandbox(SandboxClock(at, ticking=False)) as sandbox:
        web = create_server(_not_yet, host="127.0.0.1", port=0, threads=2, ident=None)
        address = f"http://localhost:{web.effective_port}"
        _register(sandbox, address)
        house = build(settings_for(sandbox, address, folder, mode, changes), sandbox.clock.now)
        web.application = create_app(house.services)
        threading.Thread(target=web.run, daemon=True).start()
        try:
            yield Trial(sandbox, house, address)
        finally:
            shut(web)
            house.close()


def environment(trial: Trial) -> dict[str, str]:
    """What a process of its own needs to join the trial: its settings, as environment variables, and its time."""
    settings = trial.house.settings
    plain = settings.model_dump(exclude={"secret_key", "now", "sandbox"})
    values = {
        f"DUNWELL_{name.upper()}": value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in plain.items()
    }
    keys = ",".join(settings.secret_keys())
    return values | {
        "DUNWELL_SECRET_KEY": keys,
        "DUNWELL_SANDBOX": "1",
        "DUNWELL_NOW": trial.sandbox.clock.now().isoformat(),
    }


def _not_yet(_environ: Any, _start: Any) -> list[bytes]:
    raise AssertionError("asked before the app was there")


def _register(sandbox: Sandbox, address: str) -> None:
    for name in ("quickbooks", "xero", "freshbooks"):
        getattr(sandbox, name).register_app(
            KEYS[0],
            KEYS[1],
            [f"{address}/connect/{name}/callback"],
            webhook_url=f"{address}/webhooks/{name}",
            webhook_key=KEYS[2],
        )


def settings_for(sandbox: Any, address: str, folder: Path, mode: str, changes: dict[str, Any]) -> Settings:
    """Settings that point at a sandbox, or at whatever has its `base_url` and `mailbox.smtp_url`."""
    values: dict[str, Any] = {
        "data_dir": folder,
        "database_url": f"sqlite:///{folder / 'trial.db'}",
        "secret_key": "a secret that protects nothing",
        "base_url": address,
        "quickbooks_discovery_url": f"{sandbox.base_url}/quickbooks/.well-known/openid_configuration",
        "quickbooks_api_url": f"{sandbox.base_url}/quickbooks",
        "xero_login_url": f"{sandbox.base_url}/xero",
        "xero_identity_url": f"{sandbox.base_url}/xero",
        "xero_api_url": f"{sandbox.base_url}/xero",
        "freshbooks_auth_url": f"{sandbox.base_url}/freshbooks",
        "freshbooks_api_url": f"{sandbox.base_url}/freshbooks",
        "smtp_url": sandbox.mailbox.smtp_url,
        "mail_from": "accounts@quayside.example",
        "default_mode": mode,
        "sandbox": True,
    }
    for name, webhook in (("quickbooks", "webhook_token"), ("xero", "webhook_key")):
        values |= {f"{name}_client_id": KEYS[0], f"{name}_client_secret": KEYS[1], f"{name}_{webhook}": KEYS[2]}
    return read_settings(**(values | changes))
