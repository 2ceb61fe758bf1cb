"""Serving: the web app and the clockwork in one process, or the clockwork alone, until told to stop.

On SQLite both run companies themselves. On PostgreSQL `serve` only hands them over, and workers run them.
"""

from __future__ import annotations

import dataclasses
import signal
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NoReturn

import structlog
from flask import Flask
from prometheus_client import start_http_server
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server
from waitress.wasyncore import close_all

from dunwell.wiring import Clockwork, House, create_app
from scheduler import metrics
from scheduler.dispatch import Dispatcher, dispatcher
from scheduler.upkeep import Chore, chores
from webapp.papers.making import keep_packs

log = structlog.get_logger(__name__)

GIVES_WAY_AFTER = 0.0005
"""Seconds for which a thread that reckons keeps the interpreter from one that answers a page. A page asks for it some
hundred times, after each look into the database: with Python's own 5 ms it would take half a second beside a run."""


def serve(house: House, host: str, port: int) -> None:
    """Serve until SIGTERM or Ctrl-C; runs under way stop between two steps first."""
    services = dataclasses.replace(
        house.services,
        is_ready=lambda: {"database": house.database.is_up(), "scheduler": clockwork.is_ticking()},
    )
    app = create_app(services)
    papers = Chore("keep papers", timedelta(minutes=1), lambda: keep_packs(app))
    clockwork = _clockwork(house, dispatcher(house.parts, works=not house.database.is_postgresql), papers)
    server = web_server(app, host, port, house.settings.trusted_proxy)
    _stop_on_signal(_leave)
    clockwork.start()
    log.info("serving", address=f"http://{host}:{port}")
    try:
        server.run()
    finally:
        server.close()
        clockwork.stop()
        house.close()


def web_server(app: Flask, host: str, port: int, trusted_proxy: str) -> BaseWSGIServer | MultiSocketServer:
    """The listening server. Who a visitor is, for limits on how often one may knock, is believed of `trusted_proxy`
    alone: from anybody else the headers are thrown away."""
    sys.setswitchinterval(GIVES_WAY_AFTER)
    proxy: dict[str, Any] = {}
    if trusted_proxy:
        proxy = {"trusted_proxy": trusted_proxy, "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"}}
    return create_server(app, host=host, port=port, threads=8, ident=None, clear_untrusted_proxy_headers=True, **proxy)


def shut(server: BaseWSGIServer) -> None:
    """End a server that runs in another thread. Its loop closes its sockets itself: they must not go while it waits on
    them."""
    server.task_dispatcher.shutdown()  # first: who has just answered still rings at the loop
    sockets: dict[int, Any] = server._map  # type: ignore[attr-defined]  # the stubs know only what is documented
    server.trigger.pull_trigger(lambda: close_all(sockets))  # type: ignore[attr-defined]  # they take it for a number


def _leave() -> NoReturn:
    """How waitress's loop is left at once: with its sockets only closed, it waits for browsers that keep theirs."""
    raise SystemExit


def work(house: House, threads: int, metrics_at: tuple[str, int]) -> None:
    """Run due companies, `threads` at a time, until SIGTERM or Ctrl-C. Port 0 in `metrics_at` shows no metrics."""
    stop = threading.Event()
    _stop_on_signal(stop.set)
    host, port = metrics_at
    if port:
        start_http_server(port, addr=host, registry=metrics.REGISTRY)
    clockwork = _clockwork(house, dispatcher(house.parts, works=True, threads=threads))
    clockwork.start()
    log.info("working", worker=house.parts.worker, threads=threads)
    stop.wait()
    clockwork.stop()
    house.close()


def _clockwork(house: House, hands: Dispatcher, *more: Chore) -> Clockwork:
    usual = chores(house.parts, house.settings.ping_url.get_secret_value(), house.settings.keep())
    return Clockwork(house.parts, hands, [*usual, *more])


def _stop_on_signal(stop: Callable[[], object]) -> None:
    numbers = (signal.SIGTERM, signal.SIGINT)

    def handle(_number: int, _frame: object) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)  # asked once is enough: what stops must not be cut short
        stop()

    for number in numbers:
        signal.signal(number, handle)
