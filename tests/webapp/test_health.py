"""What watches over us can tell alive from ready."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from tests.webapp.browsing import Browser


def test_alive_and_ready_and_counting(visitor: Browser) -> None:
    assert visitor.open("/healthz").json == {"status": "ok"}
    assert visitor.open("/readyz").status_code == 200
    assert visitor.open("/metrics").data == b"dunwell_runs_total 1\n"


def test_not_ready_is_said_with_the_part_that_is_missing(make_app: Callable[..., Flask]) -> None:
    answer = make_app(is_ready=lambda: {"database": True, "scheduler": False}).test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "parts": {"database": True, "scheduler": False}}
