"""What only the demo has: a way in, a banner that moves the sandbox's clock, and the link to the mailbox.

How time passes is `passing`'s business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.dates import format_datetime
from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from dunwell.demo.passing import Passing
from webapp import access

if TYPE_CHECKING:
    from dunwell.demo.stage import Stage

LONGEST = 31


def hang_up(stage: Stage) -> None:
    """Add the demo's own pages and its banner to the web app, before it answers its first request."""
    passing = Passing(stage)
    pages = Blueprint("demo", __name__, url_prefix="/demo", template_folder="templates")

    @pages.get("")
    def enter() -> ResponseReturnValue:
        """Hand the visitor the session in which both companies were connected: who else would open the demo."""
        answer = redirect(url_for("home.show"))
        for cookie in stage.browser.cookies:
            answer.set_cookie(cookie.name, cookie.value or "", httponly=True, samesite="Lax")
        return answer

    @pages.post("/advance")
    @access.signed_in
    def advance() -> ResponseReturnValue:
        days = request.form.get("days", default=1, type=int)
        passing.begin(min(max(days, 1), LONGEST))
        return redirect(url_for("home.show"))

    @pages.get("/banner")
    @access.signed_in
    def banner() -> ResponseReturnValue:
        answer = _banner(stage, passing)
        return (answer, 200, {} if passing.left else {"HX-Refresh": "true"})

    stage.app.register_blueprint(pages)
    stage.app.extensions["dunwell_banner"] = lambda: _banner(stage, passing)


def _banner(stage: Stage, passing: Passing) -> Markup:
    day = format_datetime(stage.sandbox.clock.now(), "EEEE, d MMMM y, HH:mm 'UTC'", locale="en")
    moving = f"{passing.left} more day{'s' if passing.left != 1 else ''}" if passing.left else ""
    mailbox = f"{stage.sandbox.base_url}/mailbox"
    # Not Flask's own rendering: that would ask for the banner of the page, which is this one.
    banner = stage.app.jinja_env.get_template("demo_banner.html")
    html = banner.render(day=day, moving=moving, mailbox=mailbox, here=url_for("home.show"))
    return Markup(html)  # noqa: S704  # rendered with autoescape, and from nothing that anybody else wrote
