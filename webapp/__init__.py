"""The web app: connect a company, see what Dunwell does and why, change its settings; and the customers' statement.

It shows and asks; it decides nothing and sends nothing. `create_app` is the only way in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from webapp.services import Services


def create_app(services: Services) -> Flask:
    """Build the WSGI application over the given parts. Flask is loaded here, so that the command line stays quick."""
    from webapp.app import build

    return build(services)
