"""An authorisation, out and back: the browser is sent to the platform with a state good for one use in this browser.

What comes of it is the views' business. The address that receives the code answers with a redirect, whatever happened:
a code never stays in a page's address.
"""

from __future__ import annotations

from secrets import token_urlsafe

import structlog
from flask import abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from connectors.errors import DunwellError, RetryLater
from connectors.ports import Platform
from store import people
from webapp.services import now, services

logger = structlog.get_logger(__name__)


def platform_named(name: str) -> Platform:
    """The platform of that name, when this installation has its app keys; 404 otherwise."""
    platform = services().platforms.get(name)
    return platform if platform is not None and platform.is_configured() else abort(404)


def send_away(platform: Platform, *, only_identity: bool, adds_to: int | None = None) -> ResponseReturnValue:
    """Redirect to the platform's page: to consent to the books of a company, or only to say who one is."""
    state, nonce, verifier = token_urlsafe(32), token_urlsafe(32), token_urlsafe(48)
    with services().database.begin() as writing:
        people.begin_oauth(
            writing,
            services().box,
            platform=platform.name,
            state=state,
            browser=session.setdefault("browser", token_urlsafe(32)),
            verifier=verifier,
            nonce=nonce,
            now=now(),
            only_identity=only_identity,
            adds_to=adds_to,
        )
    address = platform.sign_in_url if only_identity else platform.authorise_url
    try:
        return redirect(address(services().callback_url(platform.name), state, nonce, verifier))
    except DunwellError as error:
        return stop_for(platform, error)


def claim(platform: Platform) -> people.Begun | None:
    """The authorisation that this browser began and comes back from; None when it is not there to be claimed."""
    browser = session.get("browser")
    state = request.args.get("state", "")
    if not isinstance(browser, str) or not state:
        return None
    with services().database.begin() as writing:
        return people.claim_oauth(
            writing, services().box, platform=platform.name, state=state, browser=browser, now=now()
        )


def came_back_to(platform: Platform) -> str:
    """This request's address as the platform was told it: the public one, not the one a proxy reached us by."""
    return f"{services().callback_url(platform.name)}?{request.query_string.decode('ascii', 'replace')}"


def stop(platform: Platform, why: str, error: DunwellError | None = None) -> ResponseReturnValue:
    """Redirect to the page that says why: never a page at the address that carries a code."""
    logger.info("connecting stopped", platform=platform.name, why=why, error=type(error).__name__ if error else None)
    return redirect(url_for("connect.stopped", platform=platform.name, why=why))


def stop_for(platform: Platform, error: DunwellError) -> ResponseReturnValue:
    """The same for what a connector raised."""
    return stop(platform, "busy" if isinstance(error, RetryLater) else "refused", error)
