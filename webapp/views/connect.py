"""Connecting a company: out to the platform's consent page and back, signing the person in on the way; and letting go.

The addresses that the platforms' app stores are told of are here: connect, launch, sign in, and after a disconnect.
"""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from connectors import oauth
from connectors.errors import DunwellError
from connectors.ports import Grant, GrantedCompany, Platform, SignedIn, TokenSet
from store import companies, people, team, tokens, uploads
from store.tables import Company, User
from webapp import access, authorising, disconnecting
from webapp.authorising import platform_named
from webapp.consents import consent_of
from webapp.limits import SIGN_IN, limiter
from webapp.services import now, services
from webapp.views.person import sign_ins

pages = Blueprint("connect", __name__)

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
    "stranger": (
        "You are signed in, but see no company yet",
        "Connect your company, or open the link of the invitation that somebody sent you.",
    ),
    "empty": ("No company was chosen", "You signed in, but gave access to no company. Connect again and choose one."),
}


@pages.get("/connect")
@access.signed_in
def show() -> ResponseReturnValue:
    """Each company of this person: its name, its state, what the consent allows, and the buttons that fit."""
    with services().database.read() as reading:
        known = companies.companies_of(reading, g.user.id)
        roles = [companies.role_of(reading, g.user.id, one.stored_id) for one in known]
    mine = [(one, role, consent_of(one)) for one, role in zip(known, roles, strict=True)]
    ways = sign_ins(g.user)
    return render_template("connect.html", mine=mine, platforms=configured(), titles=titles(), ways=ways)


@pages.get("/connect/<platform>")
@limiter.limit(SIGN_IN)
def begin(platform: str) -> ResponseReturnValue:
    """Send the browser to the platform's consent page, to connect a company or to connect it again."""
    return authorising.send_away(platform_named(platform), only_identity=False)


@pages.get("/sign-in/<platform>")
@limiter.limit(SIGN_IN)
def sign_in(platform: str) -> ResponseReturnValue:
    """Send the browser to the platform to say who one is, and nothing else."""
    return authorising.send_away(platform_named(platform), only_identity=True)


@pages.get("/launch/<platform>")
@limiter.limit(SIGN_IN)
def launch(platform: str) -> ResponseReturnValue:
    """Where a platform's own menu opens us. Somebody signed in is at home at once; others sign in there first."""
    chosen = platform_named(platform)
    return (
        redirect(url_for("home.show")) if access.current_user() else authorising.send_away(chosen, only_identity=True)
    )


@pages.get("/connect/<platform>/callback")
@limiter.limit(SIGN_IN)
def finish(platform: str) -> ResponseReturnValue:
    """Take the browser back: claim the state, exchange the code, sign the person in, connect what they chose."""
    chosen = platform_named(platform)
    begun = authorising.claim(chosen)
    if begun is None:
        return authorising.stop(chosen, "stale")
    if "error" in request.args:
        return authorising.stop(chosen, "denied" if request.args["error"] == "access_denied" else "refused")
    told = services().callback_url(platform), authorising.came_back_to(chosen), begun.nonce, begun.verifier
    try:
        if begun.only_identity:
            person = _of_consent(chosen, chosen.finish(*told)) if chosen.sign_in_is_consent else chosen.signed_in(*told)
            return _signed_in(chosen, person) if begun.adds_to is None else _also(chosen, person, begun.adds_to)
        return _connected(chosen, chosen.finish(*told))
    except DunwellError as error:
        return authorising.stop_for(chosen, error)


@pages.get("/connect/<platform>/stopped/<why>")
def stopped(platform: str, why: str) -> ResponseReturnValue:
    """Says in words why a connection did not come about, and offers to begin again."""
    if why not in STOPPED:
        abort(404)
    title, message = STOPPED[why]
    is_stranger = why == "stranger" and uploads.PLATFORM in services().platforms
    return render_template(
        "connect_stopped.html",
        title=title,
        message=message,
        platform=platform_named(platform),
        is_stranger=is_stranger,
    )


@pages.get("/disconnected")
def disconnected() -> ResponseReturnValue:
    """Where a platform sends a browser after a disconnect over there. Anybody can open it, so it changes nothing.

    Where somebody of the company opens it, its next run comes now, and finds out for itself.
    """
    user, realm = access.current_user(), request.args.get("realmId", "")
    if user is not None and realm:
        with services().database.begin() as writing:
            for one in companies.companies_of(writing, user.id or 0):
                if one.external_id == realm:
                    companies.bring_forward(writing, one.stored_id, now())
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


def _signed_in(platform: Platform, person: SignedIn) -> ResponseReturnValue:
    """Give the browser a session of this person, and nothing that they did not have before."""
    with services().database.begin() as writing:
        user, way = _who(writing, platform, person)
        known = companies.companies_of(writing, user.id or 0)
    invited = access.sign_in(way)
    if invited:
        return redirect(url_for("invitations.show", token=invited))
    return redirect(url_for("home.show")) if known else authorising.stop(platform, "stranger")


def _who(writing: Session, platform: Platform, person: SignedIn) -> tuple[User, int]:
    """The person who signs in, and the id of the sign-in that they use: each counts only as long as it is theirs."""
    way = people.sign_in(writing, platform.name, person.subject, person.email, person.name, now())
    return people.get_user(writing, way.id or 0) or way, way.id or 0


def _of_consent(platform: Platform, grant: Grant) -> SignedIn:
    """Who it is, where signing in has ended the consent before: what was connected goes on with the new tokens."""
    with services().database.begin() as writing:
        if tokens.are_held(writing, platform.name, grant.person.subject):
            _keep(writing, platform, grant.person.subject, grant.tokens)
    return grant.person


def _also(platform: Platform, person: SignedIn, user_id: int) -> ResponseReturnValue:
    """A further sign-in was shown. It counts only once the very person who began has said so on our own page."""
    user = access.current_user()
    if user is None or user.id != user_id:
        return authorising.stop(platform, "stale")
    with services().database.begin() as writing:
        other, way = _who(writing, platform, person)
    if other.id == user_id:
        flash("That is a sign-in of yours already.", "good")
        return redirect(url_for("connect.show"))
    session["also"] = {"way": way, "user": user_id, "at": int(now().timestamp())}
    return redirect(url_for("person.also"))


def _connected(platform: Platform, grant: Grant) -> ResponseReturnValue:
    """Remember person, companies and tokens in one transaction, and give the browser a new session."""
    person, already_here = grant.person, access.current_user()
    with services().database.begin() as writing:
        user, way = _who(writing, platform, person)
        # Somebody signed in through one platform connects their books on the other: it is the same person here.
        here = [user] if already_here is None or already_here.id == user.id else [user, already_here]
        opened = [_remember(writing, platform, grant, one, here) for one in grant.companies]
        known = companies.companies_of(writing, user.id or 0)
    if already_here is None or already_here.id == user.id:
        invited = access.sign_in(way)
    else:
        # What somebody else has proved makes the sign-in of whoever is here no younger.
        invited = access.sign_in(session["user"], since=session["since"])
    if not known:
        return authorising.stop(platform, "empty")
    if opened:
        session["company"] = opened[0].id
        names = ", ".join(company.name for company in opened)
        flash(f"{names}: connected. Dunwell is reading the books now.", "good")
    return redirect(url_for("invitations.show", token=invited) if invited else url_for("home.show"))


def _remember(writing: Session, platform: Platform, grant: Grant, one: GrantedCompany, here: list[User]) -> Company:
    """One company of the grant: found or made, its tokens replaced, the person a member."""
    at = now()
    role = _role_of_newcomers(writing, platform, one)
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
    tokens_id = _keep(writing, platform, owner, grant.tokens)
    tokens.attach(writing, company.id or 0, tokens_id, one.connection_id, here[0].id, at)
    for user in here:
        team.join(writing, company.stored_id, user.id or 0, role, at)
    return company


def _keep(writing: Session, platform: Platform, owner: str, held: TokenSet) -> int:
    """The tokens in the place of those that this owner had; returns their row's id."""
    return tokens.put_tokens(
        writing,
        services().box,
        platform=platform.name,
        owner=owner,
        content=oauth.encode(held),
        expires_at=held.expires_at,
        refresh_expires_at=held.refresh_expires_at,
        hard_expires_at=held.hard_expires_at,
        now=now(),
    )


def _role_of_newcomers(writing: Session, platform: Platform, one: GrantedCompany) -> str:
    """Whoever opens a company that nobody looks after owns it here. One that an owner looks after and that is connected
    takes others as bookkeepers, until its owner says otherwise."""
    company = companies.by_external_id(writing, platform.name, one.external_id)
    if company is None or company.status != "connected":
        return "owner"
    return "bookkeeper" if team.has_owner(writing, company.stored_id) else "owner"
