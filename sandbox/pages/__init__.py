"""The sandbox's HTML: the platforms' authorise page and the customers' mailbox, in one calm style, without script.

`page` renders and locks down; what to show is the caller's. Everything shown is escaped; mails, being somebody's HTML,
are never put into these pages themselves (`sandbox.mailbox` serves them into a frame that may do nothing).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from urllib.parse import urlsplit

from flask import Blueprint, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

blueprint = Blueprint("pages", __name__)
"""Serves the style sheet, at `/sandbox.css`."""

_templates = Environment(
    loader=PackageLoader("sandbox.pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Choice:
    """One company in the picker of the authorise page. `value` is what the form sends."""

    value: str
    name: str
    detail: str = ""
    """Said under the name, such as "New Zealand · NZD"."""


def page(template: str, *, status: int = 200, form_target: str = "", **values: object) -> Response:
    """Render a template of this folder under a strict policy: own style sheet, own frames, no script.

    `form_target` is an address that a form's answer may redirect to: browsers hold a redirect after a POST to the same
    policy as the form itself.
    """
    forms = "'self'"
    target = urlsplit(form_target)
    if target.scheme in ("http", "https") and target.netloc:
        forms += f" {target.scheme}://{target.netloc}"
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; base-uri 'none'; "
        f"form-action {forms}; frame-ancestors 'none'"
    )
    html = _templates.get_template(template).render(**values)
    answer = Response(html, status=status, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = policy
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def authorise(
    *,
    platform: str,
    app_name: str,
    companies: Sequence[Choice] | None,
    scopes: Sequence[str],
    redirect_uri: str,
    hidden: Mapping[str, str],
    company_field: str = "company",
    decision_field: str = "decision",
) -> Response:
    """The consent page: one form, posted to its own address, with a company picker and two buttons.

    The form sends `hidden` back as it is, the picked company's value in `company_field`, and "approve" or "deny" in
    `decision_field`. The first company is picked to begin with; None has nothing to pick, for a mere sign-in.
    """
    return page(
        "authorise.html",
        form_target=redirect_uri,
        platform=platform,
        app_name=app_name,
        picks=companies is not None,
        companies=companies or (),
        scopes=scopes,
        hidden=hidden,
        company_field=company_field,
        decision_field=decision_field,
    )


def refusal(*, platform: str, title: str, detail: str, status: int = 400) -> Response:
    """The page shown instead of a redirect when the request itself is wrong: unknown app, wrong return address."""
    return page("refusal.html", status=status, platform=platform, title=title, detail=detail)


@blueprint.get("/sandbox.css")
def style() -> Response:
    answer = Response((files("sandbox.pages") / "sandbox.css").read_text("utf-8"), mimetype="text/css")
    answer.headers["Cache-Control"] = "max-age=3600"
    return answer
