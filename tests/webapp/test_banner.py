"""A trial installation can hang a banner above every page; a real one never shows it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from markupsafe import Markup


def test_a_banner_shows_in_a_trial_installation_only(make_app: Callable[..., Flask]) -> None:
    for is_sandbox in (True, False):
        app = make_app(is_sandbox=is_sandbox)
        app.extensions["dunwell_banner"] = lambda: Markup("<strong>Trial: today is Tuesday</strong>")
        assert ("<strong>Trial: today is Tuesday</strong>" in app.test_client().get("/").text) is is_sandbox


def test_a_trial_installation_without_a_banner_is_plain(make_app: Callable[..., Flask]) -> None:
    assert "Trial" not in make_app(is_sandbox=True).test_client().get("/").text
