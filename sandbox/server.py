"""The sandbox as one thing to start: the platforms, the control API and the mailbox, over real HTTP and SMTP.

All on localhost. Assembles; each platform's behaviour is in its own folder, transport trouble in `transport`.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from flask import Flask

from sandbox.clock import SandboxClock
from sandbox.company import SandboxPlatform
from sandbox.control import control
from sandbox.faults import Faults
from sandbox.freshbooks import FreshBooksSandbox
from sandbox.mailbox import Mailbox
from sandbox.mailbox_pages import mailbox_pages
from sandbox.pages import blueprint as pages
from sandbox.quickbooks import QuickBooksSandbox
from sandbox.transport import Server
from sandbox.webhooks import Webhooks
from sandbox.world import World
from sandbox.xero import XeroSandbox

START = datetime(2026, 3, 4, 21, 0, tzinfo=UTC)
"""Where a sandbox's clock begins unless told otherwise: a fixed Wednesday, so that every run is alike."""


class Sandbox:
    """A QuickBooks Online, a Xero and a FreshBooks with their customers' mailbox.

    A context manager, or `start` and `stop`. `port` 0 takes a free one. `seed` makes the faults that strike by chance
    repeatable.
    """

    def __init__(self, clock: SandboxClock | None = None, port: int = 0, seed: int = 0) -> None:
        self.clock = clock or SandboxClock(START)
        self.faults = Faults(seed)
        self.webhooks = Webhooks(self.clock, self.faults)
        self.mailbox = Mailbox(self.clock, self.faults)
        self.quickbooks = QuickBooksSandbox(self.clock, self.faults, self.webhooks)
        self.xero = XeroSandbox(self.clock, self.faults, self.webhooks)
        self.freshbooks = FreshBooksSandbox(self.clock, self.faults)
        self.world: World | None = None
        """Who lives the days when the clock is moved through the control API."""
        self.platforms: dict[str, SandboxPlatform] = {
            "quickbooks": self.quickbooks,
            "xero": self.xero,
            "freshbooks": self.freshbooks,
        }
        self.app = self._make_app()
        self._port = port
        self._server: Server | None = None

    def _make_app(self) -> Flask:
        app = Flask("sandbox")
        app.register_blueprint(self.quickbooks.blueprint, url_prefix="/quickbooks")
        app.register_blueprint(self.xero.blueprint, url_prefix="/xero")
        app.register_blueprint(self.freshbooks.blueprint, url_prefix="/freshbooks")
        app.register_blueprint(pages)
        app.register_blueprint(control(self))
        app.register_blueprint(mailbox_pages(self.mailbox))
        return app

    @property
    def base_url(self) -> str:
        """`http://localhost:PORT`. Raises RuntimeError before `start`: the port is not known."""
        if self._server is None:
            raise RuntimeError("the sandbox is not started, so it has no address yet")
        return f"http://localhost:{self._server.port}"

    def start(self) -> Self:
        """Answer from now on. Raises OSError when the port is taken."""
        self._server = Server(self._port, self.app, self.faults)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="sandbox-http", daemon=True).start()
        self.webhooks.start()
        self.mailbox.start()
        return self

    def stop(self) -> None:
        """Close every connection; nothing answers afterwards. Stopping twice does nothing."""
        if self._server is None:
            return
        self.webhooks.stop()
        self.mailbox.stop()
        self._server.shutdown()
        self._server.server_close()
        self._server.close_all()
        self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
