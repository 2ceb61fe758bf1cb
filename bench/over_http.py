"""A whole first sync over HTTP: the real Xero client and books against a local server that sends pages made beforehand.

The server is a process of its own and does nothing but send, so that what is measured is the product.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import msgspec

from bench import ledgers
from connectors.config import XeroConfig
from connectors.xero.books import XeroBooks
from connectors.xero.client import XeroClient
from store import pages
from store.database import Database

COLLECTIONS = ("Accounts", "Contacts", "CreditNotes", "Payments", "Overpayments", "Prepayments")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class _Access:
    """A token that is always good: renewing one is not what is measured."""

    def current(self) -> str:
        return "token"

    def after_rejection(self, rejected: str) -> str:
        return rejected


def invoices_per_second(database: Database, company_id: int, count: int, clock: Callable[[], float]) -> float:
    """Sync `count` pages of 1,000 invoices; the six lists of an organisation are all asked for."""
    with _server(count) as root:
        config = XeroConfig(api_url=root, calls_per_minute=100_000)
        client = XeroClient(config, "tenant-over-http", cast(Any, _Access()), cast(Any, None))
        books = XeroBooks(client, lambda: NOW)
        # A product that runs on has loaded the SDK and holds a connection.
        client.read("get_accounts", "Accounts")
        started = clock()
        stored = 0
        for page in books.changes(""):
            with database.begin() as session:
                stored += pages.store_page(session, company_id, page, NOW).invoices
        seconds = clock() - started
    if stored != count * ledgers.PAGE:
        raise AssertionError(f"{stored} invoices came through: the figure would mean nothing")
    return stored / seconds


@contextmanager
def _server(count: int) -> Iterator[str]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(count, theirs), daemon=True)
    process.start()
    try:
        yield f"http://localhost:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


def _serve(count: int, told: Connection) -> None:
    bodies = [_with_page_count(ledgers.xero_page(number), count) for number in range(count)]
    empty = {name: msgspec.json.encode({name: []}) for name in COLLECTIONS}

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            collection = address.path.rpartition("/")[2]
            page = int(parse_qs(address.query).get("page", ["1"])[0])
            body = bodies[page - 1] if collection == "Invoices" else empty[collection]
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_anything: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    told.send(server.server_port)
    server.serve_forever()


def _with_page_count(body: bytes, count: int) -> bytes:
    answer = msgspec.json.decode(body)
    answer["pagination"]["pageCount"] = count
    return msgspec.json.encode(answer)
