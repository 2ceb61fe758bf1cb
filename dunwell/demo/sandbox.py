"""`dunwell sandbox`: only the platforms, with books in them, for developing against."""

from __future__ import annotations

import signal
import threading

import click

from sandbox.server import Sandbox
from sandbox.world.demo import build_demo


def serve_sandbox(port: int, seed: int) -> None:
    """Serve until SIGTERM or Ctrl-C, after printing the environment that points Dunwell here."""
    with Sandbox(port=port) as sandbox:
        world = build_demo(sandbox, seed)
        for name, value in {
            "QUICKBOOKS_CLIENT_ID": world.quickbooks_keys.client_id,
            "QUICKBOOKS_CLIENT_SECRET": world.quickbooks_keys.client_secret,
            "QUICKBOOKS_WEBHOOK_TOKEN": world.quickbooks_keys.webhook_key,
            "QUICKBOOKS_DISCOVERY_URL": f"{sandbox.base_url}/quickbooks/.well-known/openid_configuration",
            "QUICKBOOKS_API_URL": f"{sandbox.base_url}/quickbooks",
            "XERO_CLIENT_ID": world.xero_keys.client_id,
            "XERO_CLIENT_SECRET": world.xero_keys.client_secret,
            "XERO_WEBHOOK_KEY": world.xero_keys.webhook_key,
            "XERO_LOGIN_URL": f"{sandbox.base_url}/xero",
            "XERO_IDENTITY_URL": f"{sandbox.base_url}/xero",
            "XERO_API_URL": f"{sandbox.base_url}/xero",
            "FRESHBOOKS_CLIENT_ID": world.freshbooks_keys.client_id,
            "FRESHBOOKS_CLIENT_SECRET": world.freshbooks_keys.client_secret,
            "FRESHBOOKS_AUTH_URL": f"{sandbox.base_url}/freshbooks",
            "FRESHBOOKS_API_URL": f"{sandbox.base_url}/freshbooks",
            "SMTP_URL": sandbox.mailbox.smtp_url,
            "MAIL_FROM": "accounts@dunwell.example",
            "SANDBOX": "1",
            "NOW": sandbox.clock.now().isoformat(timespec="seconds"),
        }.items():
            click.echo(f"export DUNWELL_{name}='{value}'")
        click.echo(f"# Serving at {sandbox.base_url}; the mailbox is at {sandbox.base_url}/mailbox")
        end = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: end.set())
        end.wait()
