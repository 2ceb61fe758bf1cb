"""Connecting a company: out to the platform's consent page and back, signing the person in on the way; and letting go.

The address that receives the code answers with a redirect, whatever happened: a code never stays in a page's address.
"""

from __future__ import annotations

from secrets import token_urlsafe

import structlog
from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from connectors import oauth
from connectors.errors import DunwellError, RetryLater
from connectors.ports import Grant, GrantedCompany, Platform
from store import companies, people, tokens
from store.tables import Company
from webapp import access, disconnecting
from webapp.limits import SIGN_IN, limiter
from webapp.services import now, services

pages = Blueprint("connect", __name__)
logger = structlog.get_logger(__name__)

STOPPED = {
    "denied": (
        "Nothing was connected",
        "You chose not to give access. Nothing was read and nothing was changed.",
    ),
    "stale": (
        "That took too long, or was already used",
        "An attempt works once, for ten minutes, in the browser it began in.",
    ),
    "refused": ("The connection was not accepted", "The platform did not accept this attempt. Start again from here."),
    "busy": (
        "The platform could not be reached",
        "It did not answer. Nothing was connected; try again in a minute.",
    ),
    "empty": ("No company was chosen", "You signed in, but gave access to no company. Connect again and choose one."),
}


@pages.get("/connect")
@access.signed_in
def show() -> ResponseReturnValue:
    """Each company of this person: its name, its state, and the buttons that fit."""
    with services().database.read() as reading:
        known = companies.companies_of(reading, g.user.id)
        mine = [(one, companies.role_of(reading, g.user.id, one.id or 0)) for one in known]
    return render_template("connect.html", mine=mine, platforms=configured(), titles=titles())


@pages.get("/connect/<platform>")
@limiter.limit(SIGN_IN)
def begin(platform: str) -> ResponseReturnValue:
    """Send the browser to the platform's consent page, bound to this browser by a state good for one use."""
    chosen = _platform(platform)
    state, nonce, verifier = token_urlsafe(32), token_urlsafe(32), token_urlsafe(48)
    browser = session.setdefault("browser", token_urlsafe(32))
    with services().database.begin() as writing:
        people.begin_oauth(
            writing,
            services().box,
            platform=platform,
            state=state,
            browser=browser,
            verifier=verifier,
            nonce=nonce,
            now=now(),
        )
    try:
        return redirect(chosen.authorise_url(services().callback_url(platform), state, nonce, verifier))
    except DunwellError as error:
        return _stop(platform, "busy" if isinstance(error, RetryLater) else "refused", error)


@pages.get("/connect/<platform>/callback")
@limiter.limit(SIGN_IN)
def finish(platform: str) -> ResponseReturnValue:
    """Take the browser back: claim the state, exchange the code, sign the person in, connect what they chose."""
    chosen = _platform(platform)
    claimed = _claim(platform)
    if claimed is None:
        return _stop(platform, "stale")
    if "error" in request.args:
        return _stop(platform, "denied" if request.args["error"] == "access_denied" else "refused")
    verifier, nonce = claimed
    # The public address, not the one a proxy reached us by: it is what the platform was told.
    came_back_to = f"{services().callback_url(platform)}?{request.query_string.decode('ascii', 'replace')}"
    try:
        grant = chosen.finish(services().callback_url(platform), came_back_to, nonce, verifier)
    except DunwellError as error:
        return _stop(platform, "busy" if isinstance(error, RetryLater) else "refused", error)
    return _connected(chosen, grant)


@pages.get("/connect/<platform>/stopped/<why>")
def stopped(platform: str, why: str) -> ResponseReturnValue:
    """Says in words why a connection did not come about, and offers to begin again."""
    if why not in STOPPED:
        abort(404)
    title, message = STOPPED[why]
    return render_template("connect_stopped.html", title=title, message=message, platform=_platform(platform))


@pages.get("/disconnected")
def disconnected() -> ResponseReturnValue:
    """Where a platform sends a browser after a disconnect over there. Anybody can open it, so it changes nothing."""
    return render_template("disconnected.html", platforms=configured())


@pages.post("/disconnect")
@access.for_company("owner")
def disconnect() -> ResponseReturnValue:
    """End our access to the company, over there first, then here."""
    company = access.current_company()
    try:
        disconnecting.disconnect(company, access.actor())
    except DunwellError:
        title = titles().get(company.platform, company.platform)
        flash(f"{title} could not be reached, so {company.name} is still connected. Try again in a minute.", "warn")
    else:
        flash(f"{company.name} is disconnected. Nothing more is read, sent or written.", "good")
    return redirect(url_for("connect.show"))


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Forget this browser. The companies stay connected and go on running."""
    session.clear()
    return redirect(url_for("home.show"))


def configured() -> list[Platform]:
    """The platforms whose app keys this installation has."""
    return [platform for platform in services().platforms.values() if platform.is_configured()]


def titles() -> dict[str, str]:
    """Platforms as people write them, by the word in our rows."""
    return {name: platform.title for name, platform in services().platforms.items()}


def _platform(name: str) -> Platform:
    platform = services().platforms.get(name)
    return platform if platform is not None and platform.is_configured() else abort(404)


def _claim(platform: str) -> tuple[str, str] | None:
    """Verifier and nonce of the authorisation that this browser began; None when it is not there to be claimed."""
    browser = session.get("browser")
    state = request.args.get("state", "")
    if not isinstance(browser, str) or not state:
        return None
    with services().database.begin() as writing:
        return people.claim_oauth(writing, services().box, platform=platform, state=state, browser=browser, now=now())


def _connected(platform: Platform, grant: Grant) -> ResponseReturnValue:
    """Remember person, companies and tokens in one transaction, and give the browser a new session."""
    person, already_here = grant.person, access.current_user()
    with services().database.begin() as writing:
        user = people.sign_in(writing, platform.name, person.subject, person.email, person.name, now())
        opened = [_remember(writing, platform, grant, one, user.id or 0) for one in grant.companies]
        if already_here is not None:
            # Somebody signed in through one platform connects their books on the other: it is the same person here.
            for company in opened:
                people.grant_role(writing, already_here.id or 0, company.id or 0, "owner", now())
        known = companies.companies_of(writing, user.id or 0)
    access.sign_in(already_here or user)
    if not known:
        return _stop(platform.name, "empty")
    if opened:
        session["company"] = opened[0].id
        names = ", ".join(company.name for company in opened)
        flash(f"{names}: connected. Dunwell is reading the books now.", "good")
    return redirect(url_for("home.show"))


def _remember(writing: Session, platform: Platform, grant: Grant, one: GrantedCompany, user_id: int) -> Company:
    """One company of the grant: found or made, its tokens replaced, the person its owner."""
    at, held = now(), grant.tokens
    company = companies.connect(
        writing,
        platform=platform.name,
        external_id=one.external_id,
        name=one.name,
        mode=services().default_mode,
        now=at,
    )
    belongs_to_company = platform.token_owner == "company"  # noqa: S105  # a word, not a secret
    owner = one.external_id if belongs_to_company else grant.person.subject
    tokens_id = tokens.put_tokens(
        writing,
        services().box,
        platform=platform.name,
        owner=owner,
        content=oauth.encode(held),
        expires_at=held.expires_at,
        refresh_expires_at=held.refresh_expires_at,
        hard_expires_at=held.hard_expires_at,
        now=at,
    )
    tokens.attach(writing, company.id or 0, tokens_id, one.connection_id, user_id, at)
    people.grant_role(writing, user_id, company.id or 0, "owner", at)
    return company


def _stop(platform: str, why: str, error: DunwellError | None = None) -> ResponseReturnValue:
    """Redirect to the page that says why: never a page at the address that carries a code."""
    logger.info("connecting stopped", platform=platform, why=why, error=type(error).__name__ if error else None)
    return redirect(url_for("connect.stopped", platform=platform, why=why))
