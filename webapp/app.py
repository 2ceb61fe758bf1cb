"""The application: its parts put together. Pages live in `webapp.views`, one file per noun."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from store import tasks as task_lists
from webapp import api, formatting, language, security
from webapp.api import problems
from webapp.jobs import Jobs
from webapp.limits import limiter
from webapp.services import Services, services
from webapp.views import (
    activity,
    booking,
    charts,
    connect,
    customer_list,
    customer_story,
    customers,
    endpoints,
    finer,
    groups,
    health,
    home,
    invitations,
    letters,
    logos,
    losses,
    messages,
    outlook,
    papers,
    people,
    person,
    plans,
    portal,
    programs,
    runs,
    saved_views,
    settings,
    start,
    tasks,
    uploads,
    versions,
    webhooks,
    wordings,
)

VIEWS = (
    home,
    outlook,
    connect,
    uploads,
    people,
    invitations,
    start,
    settings,
    finer,
    booking,
    groups,
    versions,
    wordings,
    programs,
    endpoints,
    papers,
    letters,
    logos,
    losses,
    activity,
    runs,
    tasks,
    messages,
    saved_views,
    customer_list,
    customer_story,
    customers,
    plans,
    portal,
    person,
    webhooks,
    health,
    charts,
    api,
)
STATIC = Path(__file__).parent / "static"
IDLE_LIFE = timedelta(hours=12)
"""A session that nobody uses for so long is over: every answer renews its cookie, whose signature carries the hour."""

logger = structlog.get_logger(__name__)

PROBLEMS = {
    400: (
        "That did not make sense",
        "The request was incomplete. Nothing was changed. Go back, reload, try again.",
    ),
    403: (
        "You may look, but not change this",
        "Ask the owner of this company to do it, or for the role to do it.",
    ),
    404: ("There is nothing here", "The page does not exist, or it belongs to a company that you are not a member of."),
    405: ("That did not make sense", "This address does not take that kind of request."),
    413: ("That was too large", "Nothing was changed. Send less at once."),
    429: ("Too many requests", "Wait a minute, then try again."),
}


def build(parts: Services) -> Flask:
    """The WSGI application over `parts`. Reads no environment and no clock of its own."""
    app = Flask("webapp")
    app.config.update(SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365), PERMANENT_SESSION_LIFETIME=IDLE_LIFE)
    app.extensions["dunwell"] = parts
    app.extensions["dunwell_jobs"] = Jobs()
    security.protect(app, parts)
    limiter.init_app(app)
    language.install(app)
    formatting.install(app)
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_for_every_page)
    for pages in VIEWS:
        app.register_blueprint(pages.pages)
    app.register_error_handler(HTTPException, _problem)
    app.register_error_handler(Exception, _broken)
    return app


def asset(name: str) -> str:
    """The address of a file of ours, which changes with its content: browsers may keep it for a year."""
    return url_for("static", filename=name, v=_fingerprint(name))


@lru_cache(maxsize=32)
def _fingerprint(name: str) -> str:
    return sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def _for_every_page() -> dict[str, Any]:
    context: dict[str, Any] = {"banner": _banner(), "open_tasks": 0}
    if g.get("company") is not None:
        with services().database.read() as reading:
            context["open_tasks"] = sum(task_lists.counts(reading, g.company.id).values())
    return context


def _banner() -> Markup | None:
    """What a trial installation shows above every page, when somebody has hung it up."""
    hung: Callable[[], Markup] | None = current_app.extensions.get("dunwell_banner")
    return hung() if hung and services().is_sandbox else None


def _problem(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if request.path.startswith(f"{api.pages.url_prefix}/"):
        return problems.of_http(error)
    if error.response is not None or code < 400:
        return error
    title, message = PROBLEMS.get(code, PROBLEMS[400])
    return render_template("problem.html", title=title, message=message), code


def _broken(error: Exception) -> ResponseReturnValue:
    """Something of ours failed: told in the log by its type and place, never with what a customer or a token said."""
    tail = traceback.extract_tb(error.__traceback__)[-1]
    logger.error("page failed", endpoint=request.endpoint, error=type(error).__name__, at=f"{tail.name}:{tail.lineno}")
    if request.blueprint == api.pages.name:
        return problems.answer(500, "Nothing was changed. It has been noted; try again in a minute.")
    message = "This page could not be made. It has been noted. Nothing goes out because of it; try again in a minute."
    return render_template("broken.html", message=message), 500
