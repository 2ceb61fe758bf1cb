"""A program that listens on this machine, for tests of what is told to others."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Heard:
    """What it was sent, and what it answers."""

    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0
    """Seconds between the first bytes of the answer."""


@contextmanager
def listener(context: ssl.SSLContext | None = None) -> Iterator[tuple[str, Heard]]:
    """Its address, and what it heard."""
    heard = Heard()

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.requests.append((self.path, dict(self.headers), body))
            for byte in b"HTTP/1.0 200" if heard.drip else b"":
                time.sleep(heard.drip)
                self.wfile.write(bytes([byte]))
            self.send_response(heard.status)
            for name, value in heard.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_anything: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"{'https' if context else 'http'}://localhost:{server.server_port}/in?from=dunwell", heard
    server.shutdown()
    server.server_close()
