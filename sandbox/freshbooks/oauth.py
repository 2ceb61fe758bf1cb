"""OAuth 2 and the identity of who consented: the consent page, tokens, revocation, `users/me`.

The app's keys come in the form, never as Basic auth, and there is no company to pick: a person consents for every
business of theirs. Source: freshbooks-sdk 1.3.0, `client.py` and `api/auth.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from sandbox import pages
from sandbox.freshbooks.api import unauthenticated
from sandbox.freshbooks.settings import App
from sandbox.freshbooks.tokens import ACCESS_LIFE, Grant, GrantRefused

if TYPE_CHECKING:
    from sandbox.freshbooks.sandbox import FreshBooksSandbox

OBJECTS = ("clients", "credit_notes", "invoices", "payments")
SCOPES = frozenset({"user:profile:read", *(f"user:{one}:{what}" for one in OBJECTS for what in ("read", "write"))})
_ASKED = ("client_id", "response_type", "redirect_uri", "scope", "state")


def _refused(error: str, description: str, status: int) -> ResponseReturnValue:
    return jsonify(error=error, error_description=description), status


class OAuth:
    """The endpoints, as views of one sandbox."""

    def __init__(self, sandbox: FreshBooksSandbox) -> None:
        self.sandbox = sandbox

    def register(self, blueprint: Blueprint) -> None:
        blueprint.add_url_rule("/oauth/authorize", "authorise", self.authorise)
        blueprint.add_url_rule("/oauth/authorize", "decide", self.decide, methods=["POST"])
        blueprint.add_url_rule("/auth/oauth/token", "token", self.token, methods=["POST"])
        blueprint.add_url_rule("/auth/oauth/revoke", "revoke", self.revoke, methods=["POST"])
        blueprint.add_url_rule("/auth/api/v1/users/me", "me", self.me)

    def _wrong_request(self) -> ResponseReturnValue | None:
        app = self.sandbox.apps.get(request.values.get("client_id", ""))
        if app is None:
            return self._refusal_page("There is no app with this client_id.")
        if request.values.get("redirect_uri") not in app.redirect_uris:
            return self._refusal_page("The redirect_uri is not one of those registered for the app.")
        if request.values.get("response_type") != "code" or not SCOPES.issuperset(self._scopes()):
            return self._refusal_page("The requested scope is invalid, unknown, or malformed.")
        return None

    def _scopes(self) -> list[str]:
        return request.values.get("scope", "").split() or sorted(SCOPES)

    def _refusal_page(self, detail: str) -> ResponseReturnValue:
        return pages.refusal(platform="FreshBooks", title="Sorry, this connection cannot be made", detail=detail)

    def authorise(self) -> ResponseReturnValue:
        return self._wrong_request() or pages.authorise(
            platform="FreshBooks",
            app_name=self.sandbox.apps[request.args["client_id"]].name,
            companies=None,
            scopes=self._scopes(),
            redirect_uri=request.args["redirect_uri"],
            hidden={name: request.args[name] for name in _ASKED if name in request.args},
        )

    def decide(self) -> ResponseReturnValue:
        wrong = self._wrong_request()
        if wrong is not None:
            return wrong
        answer = {"error": "access_denied"}
        if request.form.get("decision") == "approve":
            app, address = self.sandbox.apps[request.values["client_id"]], request.values["redirect_uri"]
            grant = Grant(app, self.sandbox.person, tuple(self._scopes()))
            answer = {"code": self.sandbox.tokens.code_for(grant, address, self.sandbox.clock.now())}
        state = request.values.get("state")
        return redirect(
            f"{request.values['redirect_uri']}?{urlencode(answer | ({'state': state} if state else {}))}", 302
        )

    def _app(self) -> App | None:
        app = self.sandbox.apps.get(request.form.get("client_id", ""))
        return app if app is not None and app.client_secret == request.form.get("client_secret") else None

    def token(self) -> ResponseReturnValue:
        app, now, form, book = self._app(), self.sandbox.clock.now(), request.form, self.sandbox.tokens
        if app is None:
            return _refused("invalid_client", "Client authentication failed due to unknown client.", 401)
        try:
            if form.get("grant_type") == "authorization_code":
                grant, access = book.exchange(app, form.get("code", ""), form.get("redirect_uri", ""), now)
            elif form.get("grant_type") == "refresh_token":
                grant, access = book.refresh(app, form.get("refresh_token", ""), now)
            else:
                return _refused("unsupported_grant_type", "The authorization grant type is not supported.", 400)
        except GrantRefused as refusal:
            return _refused("invalid_grant", str(refusal), 401)
        return jsonify(
            access_token=access,
            token_type="Bearer",
            expires_in=int(ACCESS_LIFE.total_seconds()),
            refresh_token=grant.refresh_token,
            scope=" ".join(grant.scopes),
            created_at=int(now.timestamp()),
        )

    def revoke(self) -> ResponseReturnValue:
        app = self._app()
        if app is None:
            return _refused("invalid_client", "Client authentication failed due to unknown client.", 401)
        self.sandbox.tokens.revoke(app, request.form.get("token", ""))
        return jsonify({})

    def me(self) -> ResponseReturnValue:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        grant = self.sandbox.tokens.grant_of(token, self.sandbox.clock.now()) if kind == "Bearer" else None
        if grant is None:
            return unauthenticated()
        person, companies = grant.person, list(self.sandbox.companies.values())
        return jsonify(
            response={
                "id": person.identity_id,
                "identity_id": person.identity_id,
                "first_name": person.first_name,
                "last_name": person.last_name,
                "email": person.email,
                "confirmed_at": person.confirmed_at,
                "unconfirmed_email": None,
                "subscription_statuses": {one.external_id: one.switches.subscription_status for one in companies},
                "business_memberships": [self._membership(number, one) for number, one in enumerate(companies, 111)],
            }
        )

    @staticmethod
    def _membership(number: int, company: Any) -> dict[str, Any]:
        return {
            "id": number,
            "role": company.switches.role,
            "business": {
                "id": 240000 + number,
                "name": company.name,
                "account_id": company.external_id,
                "date_format": "mm/dd/yyyy",
                "address": {"country": company.country_name},
            },
        }
