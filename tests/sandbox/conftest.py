"""A running sandbox, a listener for its webhooks, and a way to write mails to its mailbox."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from sandbox.server import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """An empty sandbox on a free port, and an `/echo` in it that counts how often it was asked."""
    sandbox = Sandbox()
    asked: list[str] = []

    @sandbox.app.route("/echo", methods=["GET", "POST", "PUT"])
    def echo() -> dict[str, object]:
        from flask import request

        asked.append(request.method)
        return {"asked": len(asked), "body": request.get_data(as_text=True)}

    with sandbox:
        yield sandbox


@dataclass
class Listener:
    """An application's webhook address. Answers with `statuses`, one after another, then with 200."""

    url: str
    heard: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    @property
    def bodies(self) -> list[bytes]:
        return [body for body, _ in self.heard]


@pytest.fixture
def listener() -> Iterator[Listener]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.heard.append((body, {name.lower(): value for name, value in self.headers.items()}))
            self.send_response(listener.statuses.pop(0) if listener.statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    server.daemon_threads = True
    listener = Listener(f"http://localhost:{server.server_port}/hook")
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield listener
    server.shutdown()
    server.server_close()


Write = Callable[..., dict[str, tuple[int, bytes]]]


@pytest.fixture
def write(sandbox: Sandbox) -> Write:
    """Send a mail as an application would. Returns what was refused, by recipient."""

    def write(
        to: str = "ap@larkspur.example", subject: str = "Invoice 1069", text: str = "Due.", html: str = ""
    ) -> dict[str, tuple[int, bytes]]:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "credit@dunwell.example", to, subject
        mail.set_content(text)
        if html:
            mail.add_alternative(html, subtype="html")
        with smtplib.SMTP("localhost", urlsplit(sandbox.mailbox.smtp_url).port or 0, timeout=5) as smtp:
            return smtp.send_message(mail)

    return write
