"""Outlook: the cash of the weeks ahead, and the trend of DSO. Home shows it once it is worked out."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp import access
from webapp.reckoning import outlook_of

pages = Blueprint("outlook", __name__)


@pages.get("/outlook")
@access.for_company("viewer")
def show() -> ResponseReturnValue:
    """Expected cash with its spread, and days sales outstanding at each month's end."""
    return render_template("outlook.html", job=outlook_of())
