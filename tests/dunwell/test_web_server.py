"""The listening server: whose word it takes for who a visitor is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from flask import Flask, request
from waitress.server import BaseWSGIServer

from dunwell.serving import shut, web_server


@contextmanager
def listening(trusted_proxy: str) -> Iterator[str]:
    app = Flask("probe")
    app.add_url_rule("/", view_func=lambda: f"{request.remote_addr} {request.scheme}")
    server = web_server(app, "127.0.0.1", 0, trusted_proxy)
    assert isinstance(server, BaseWSGIServer)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}/"
    shut(server)
    thread.join(5)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("trusted_proxy", "seen"),
    [("", "127.0.0.1 http"), ("192.0.2.1", "127.0.0.1 http"), ("127.0.0.1", "203.0.113.7 https")],
)
def test_visitors_are_told_apart_by_the_word_of_the_trusted_proxy_alone(trusted_proxy: str, seen: str) -> None:
    """the visitor 203.0.113.7 comes through a proxy on this machine; one who connects directly may write anything"""
    headers = {"X-Forwarded-For": "198.51.100.9, 203.0.113.7", "X-Forwarded-Proto": "https"}
    with listening(trusted_proxy) as address:
        assert requests.get(address, headers=headers, timeout=5).text == seen
