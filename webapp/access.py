"""Who is asking, and for which company: the one place where a page is opened to somebody.

Every page about a company goes through `for_company`. It looks the membership up on each request, so that a role taken
away is gone at once. A company that is not theirs answers exactly like one that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, cast

from flask import Response, abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from store.companies import companies_of, role_of
from store.people import get_user
from store.tables import Company, User
from webapp.services import now, services

P = ParamSpec("P")
LONGEST_SESSION = timedelta(days=14)
"""After so long a person signs in again. A session that nobody uses ends sooner: see `webapp.app`."""
FRESH = timedelta(hours=1)
"""So long a sign-in is proof enough for adding another one."""
ROLES = ("viewer", "bookkeeper", "owner")
"""From the least to the most: each may do what those before it may."""


def sign_in(user_id: int, since: int | None = None) -> str:
    """Give this browser a new session for this sign-in: whatever it held before, planted or not, is thrown away.

    `since` is when the person proved who they are, in seconds; now, where it is not told.
    Returns the token of the invitation that the browser was sent to sign in for, "" where there was none: it is only
    shown to the person, who has still to accept it.
    """
    invited = session.get("invitation")
    session.clear()
    session.permanent = True
    session["user"], session["since"] = user_id, since or int(now().timestamp())
    return invited if isinstance(invited, str) else ""


def current_user() -> User | None:
    """The person signed in, or None."""
    if "user" not in g:
        user_id = session.get("user")
        g.user = None
        if isinstance(user_id, int) and _is_young():
            with services().database.read() as reading:
                g.user = get_user(reading, user_id)
    return cast("User | None", g.user)


def _is_young() -> bool:
    """Whether the person signed in within `LONGEST_SESSION`; an older session is ended, however busy it was.

    In a trial installation time is moved by hand, a week at a click: there only idleness ends a session.
    """
    since = session.get("since")
    if isinstance(since, int) and (
        services().is_sandbox or now().timestamp() - since < LONGEST_SESSION.total_seconds()
    ):
        return True
    session.clear()
    return False


def has_just_signed_in() -> bool:
    """Whether the person proved within `FRESH` who they are: asked for before another way in is opened to them.

    In a trial installation time is moved by hand, as above.
    """
    since = session.get("since")
    age = now().timestamp() - since if isinstance(since, int) else FRESH.total_seconds()
    return services().is_sandbox or age < FRESH.total_seconds()


def current_company() -> Company:
    """The company of this request. Only within a view under `for_company`."""
    return cast(Company, g.company)


def company_id() -> int:
    """Its id. Only within a view under `for_company`."""
    return cast(int, g.company.id)


def actor() -> str:
    """The person signed in, as audit entries name them."""
    return f"user {g.user.id}"


def signed_in(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Open a page to anybody signed in; send others to the landing page."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if current_user() is None:
            return _to_landing()
        return view(*args, **kwargs)

    return guarded


def for_company(role: str) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Open a page to people who have at least `role` in the company asked for.

    The company is the `company` field or query argument, else the one last looked at. A form always names the company
    it was shown for: with two tabs open on two companies, each saves to its own.
    """

    def decorate(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if current_user() is None:
                return _to_landing()
            if not _choose_company():
                return redirect(url_for("connect.show"))
            if ROLES.index(g.role) < ROLES.index(role):
                abort(403)
            return view(*args, **kwargs)

        guarded.needs_role = role  # type: ignore[attr-defined]  # read by the test that walks every route
        return guarded

    return decorate


def _choose_company() -> bool:
    """Put the company asked for, and the role in it, on `g`. False when the person has no company at all."""
    with services().database.read() as reading:
        mine = companies_of(reading, g.user.id)
        if not mine:
            return False
        g.companies, g.company = mine, _asked_for(mine)
        role = role_of(reading, g.user.id, company_id())
    if role not in ROLES:
        abort(404)
    g.role = role
    session["company"] = company_id()
    return True


def _asked_for(mine: list[Company]) -> Company:
    asked = request.values.get("company")
    if asked is None:
        if request.method == "POST":
            abort(400)
        remembered = session.get("company")
        return next((one for one in mine if one.id == remembered), mine[0])
    found = next((one for one in mine if str(one.id) == asked), None)
    return found or abort(404)


def _to_landing() -> ResponseReturnValue:
    if request.headers.get("HX-Request"):
        # htmx would paste the landing page into a corner of this one; this makes the browser go there instead.
        return Response(status=401, headers={"HX-Redirect": url_for("home.show")})
    return redirect(url_for("home.show"))
