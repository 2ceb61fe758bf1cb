"""HTTP as the sandbox speaks it: keep-alive over one socket per client thread, and trouble on request.

Only the transport faults are worked here, around any endpoint, after or before the endpoint did its work. What a
platform's own trouble looks like (its 429, its fault bodies) is that platform's to know.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import Any, cast

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.test import run_wsgi_app
from werkzeug.wsgi import get_input_stream

from sandbox.faults import Fault, Faults

NAMES = ("drop_before", "drop_after", "slow", "status", "truncate", "empty", "html")
"""`drop_after`, `truncate` and `empty` let the endpoint do its work first; `status` does with after=True."""

_BAD_GATEWAY = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
    b"</body>\r\n</html>\r\n"
)


@dataclass
class Answer:
    """What goes back over the wire. `status` is the code with its phrase."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes

    def with_body(self, body: bytes) -> Answer:
        """The same head over another body; the length is written anew when it is sent."""
        return Answer(self.status, [(k, v) for k, v in self.headers if k.lower() != "content-encoding"], body)

    @staticmethod
    def of(code: int, body: bytes, headers: Iterable[tuple[str, str]]) -> Answer:
        known = code in {status.value for status in HTTPStatus}
        return Answer(f"{code} {HTTPStatus(code).phrase if known else 'Unknown'}", list(headers), body)


class DroppedError(ConnectionError):
    """The socket is to be closed without an answer."""


class Server(ThreadedWSGIServer):
    """A threaded server whose open connections end with it: nobody is answered by a sandbox that was stopped."""

    daemon_threads = True

    def __init__(self, port: int, app: Any, faults: Faults) -> None:
        """Raises OSError when the port is taken."""
        self.faults = faults
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        try:
            super().__init__("localhost", port, app, Handler)
        except SystemExit:
            raise OSError(f"port {port} is taken by another program") from None

    def opened(self, connection: socket.socket) -> None:
        with self._open_lock:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._open_lock:
            self._open.discard(connection)

    def close_all(self) -> None:
        with self._open_lock:
            for connection in self._open:
                _shut(connection)


class Handler(WSGIRequestHandler):
    """One client's connection, kept open between answers as the platforms keep it; werkzeug's own handler closes it."""

    # Set here so that keep-alive does not depend on how the server was made.
    protocol_version = "HTTP/1.1"
    # Head and body go out in one write, but a small answer must not wait for the client's delayed acknowledgement.
    disable_nagle_algorithm = True
    timeout = 60

    def setup(self) -> None:
        super().setup()
        cast(Server, self.server).opened(self.connection)

    def finish(self) -> None:
        cast(Server, self.server).closed(self.connection)
        super().finish()

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing: a token in a request line would end up in somebody's terminal."""

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        environ["wsgi.input"] = BytesIO(get_input_stream(environ).read())
        try:
            answer = self._answer(environ)
            self._send(answer, is_head=environ["REQUEST_METHOD"] == "HEAD")
        except (ConnectionError, TimeoutError):
            self.close_connection = True
            _shut(self.connection)

    def _answer(self, environ: dict[str, Any]) -> Answer:
        """The endpoint's answer, bent by the fault that hits this request, if any."""
        fault = cast(Server, self.server).faults.take(environ["REQUEST_METHOD"], environ["PATH_INFO"], *NAMES)
        if fault is None:
            return self._ask(environ)
        early = _before(fault)
        if early is not None:
            return early
        return _after(fault, self._ask(environ))

    def _ask(self, environ: dict[str, Any]) -> Answer:
        parts, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        return Answer(status, list(headers), b"".join(parts))

    def _send(self, answer: Answer, *, is_head: bool) -> None:
        headers = [(k, v) for k, v in answer.headers if k.lower() not in ("content-length", "connection")]
        # A 204 has no body and says no length, or the next answer on this connection is misread.
        if not answer.status.startswith(("204", "304")):
            headers.append(("Content-Length", str(len(answer.body))))
        if self.close_connection:
            headers.append(("Connection", "close"))
        head = "".join(f"{name}: {value}\r\n" for name, value in headers)
        raw = f"HTTP/1.1 {answer.status}\r\n{head}\r\n".encode("latin-1")
        self.wfile.write(raw if is_head else raw + answer.body)


def _before(fault: Fault) -> Answer | None:
    """The answer given without asking the endpoint; None where it is asked after all."""
    if fault.name == "drop_before":
        raise DroppedError
    if fault.name == "slow":
        time.sleep(float(fault.args.get("seconds", 1.0)))
        return None
    if fault.name == "status" and not fault.args.get("after"):
        return _scripted(fault)
    if fault.name == "html":
        return Answer.of(502, _BAD_GATEWAY, [("Content-Type", "text/html")])
    return None


def _after(fault: Fault, answer: Answer) -> Answer:
    """What becomes of an answer whose effect has happened."""
    if fault.name == "drop_after":
        raise DroppedError
    if fault.name == "status":
        return _scripted(fault)
    if fault.name == "truncate":
        return answer.with_body(answer.body[: int(fault.args.get("keep", len(answer.body) // 2))])
    if fault.name == "empty":
        return Answer.of(200, b"", answer.headers)
    return answer


def _scripted(fault: Fault) -> Answer:
    """The answer spelled out in the fault: `code`, `body` (text, or a value sent as JSON) and `headers`."""
    body = fault.args.get("body", "")
    text = body if isinstance(body, str) else json.dumps(body)
    kind = "text/plain" if isinstance(body, str) else "application/json"
    headers = {"Content-Type": kind, **fault.args.get("headers", {})}
    return Answer.of(int(fault.args.get("code", 500)), text.encode(), headers.items())


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        # Already gone at the other end, which is what was wanted.
        return
