"""OAuth 2 and OpenID Connect over HTTP: discovery, the consent page, tokens, revocation, userinfo, keys."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from sandbox import pages
from sandbox.quickbooks import signing, trouble
from sandbox.quickbooks.encode import Document
from sandbox.quickbooks.settings import App, Person
from sandbox.quickbooks.tokens import ACCESS_LIFE, Grant, GrantRefused, Issued

if TYPE_CHECKING:
    from sandbox.quickbooks.sandbox import QuickBooksSandbox

ACCOUNTING = "com.intuit.quickbooks.accounting"
SCOPES = frozenset({ACCOUNTING, "com.intuit.quickbooks.payment", "openid", "profile", "email", "phone", "address"})
_ASKED = ("client_id", "response_type", "scope", "redirect_uri", "state", "nonce")


def _basic() -> tuple[str, str] | None:
    """Client id and secret from the Authorization header; None where there is none that can be read."""
    kind, _, content = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(content, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return client_id, secret


def _refused(error: str, description: str, status: int = 400) -> tuple[Response, int]:
    return jsonify(error=error, error_description=description), status


def _root() -> str:
    return url_for("quickbooks.discovery", _external=True).removesuffix("/.well-known/openid_configuration")


class OAuth:
    """The endpoints, as views of one sandbox."""

    def __init__(self, sandbox: QuickBooksSandbox) -> None:
        self.sandbox = sandbox

    def register(self, blueprint: Blueprint) -> None:
        for path in ("openid_configuration", "openid_sandbox_configuration"):
            rule = f"/.well-known/{path}"
            blueprint.add_url_rule(rule, "discovery", self.discovery, strict_slashes=False)
            blueprint.add_url_rule(f"{rule}/", "discovery", self.discovery)
        blueprint.add_url_rule("/connect/oauth2", "authorise", self.authorise)
        blueprint.add_url_rule("/connect/oauth2", "decide", self.decide, methods=["POST"])
        blueprint.add_url_rule("/oauth2/v1/tokens/bearer", "token", self.token, methods=["POST"])
        blueprint.add_url_rule("/v2/oauth2/tokens/revoke", "revoke", self.revoke, methods=["POST"])
        blueprint.add_url_rule("/v1/openid_connect/userinfo", "userinfo", self.userinfo)
        blueprint.add_url_rule("/op/v1/jwks", "jwks", self.jwks)

    def discovery(self) -> ResponseReturnValue:
        """Lists identity scopes only: the accounting scope is valid though absent."""
        return jsonify(
            issuer=f"{_root()}/op/v1",
            authorization_endpoint=url_for("quickbooks.authorise", _external=True),
            token_endpoint=url_for("quickbooks.token", _external=True),
            userinfo_endpoint=url_for("quickbooks.userinfo", _external=True),
            revocation_endpoint=url_for("quickbooks.revoke", _external=True),
            jwks_uri=url_for("quickbooks.jwks", _external=True),
            response_types_supported=["code"],
            subject_types_supported=["public"],
            id_token_signing_alg_values_supported=["RS256"],
            scopes_supported=["openid", "email", "profile", "address", "phone"],
            token_endpoint_auth_methods_supported=["client_secret_post", "client_secret_basic"],
            claims_supported=["aud", "exp", "iat", "iss", "realmid", "sub"],
        )

    def _wrong_request(self) -> ResponseReturnValue | None:
        """The answer to a request that cannot even be sent back: unknown app, or an address that is not registered."""
        app = self.sandbox.apps.get(request.values.get("client_id", ""))
        if app is None:
            return self._refusal_page("There is no app with this client_id.")
        if request.values.get("redirect_uri") not in app.redirect_uris:
            return self._refusal_page("The redirect_uri is not one of those registered for the app, to the letter.")
        return None

    def _refusal_page(self, detail: str) -> ResponseReturnValue:
        title = "Sorry, this connection cannot be made"
        return pages.refusal(platform="QuickBooks Online", title=title, detail=detail)

    def _back(self, **answer: str) -> ResponseReturnValue:
        state = request.values.get("state")
        given = answer | ({"state": state} if state else {})
        return redirect(f"{request.values['redirect_uri']}?{urlencode(given)}", 302)

    def _refusal_sent_back(self) -> ResponseReturnValue | None:
        if request.values.get("response_type") != "code":
            return self._back(error="unsupported_response_type", error_description="response_type must be code")
        scopes = request.values.get("scope", "").split()
        if not scopes or not SCOPES.issuperset(scopes):
            return self._back(
                error="invalid_scope", error_description="The scope is missing or not allowed for the app"
            )
        return None

    def authorise(self) -> ResponseReturnValue:
        """The consent page. A person picks one company, for one grant is one realm."""
        wrong = self._wrong_request() or self._refusal_sent_back()
        if wrong is not None:
            return wrong
        scopes = request.args["scope"].split()
        companies = [
            pages.Choice(one.external_id, one.name, f"{one.country} · {one.currency}")
            for one in self.sandbox.companies.values()
        ]
        return pages.authorise(
            platform="QuickBooks Online",
            app_name=self.sandbox.apps[request.args["client_id"]].name,
            companies=companies if ACCOUNTING in scopes else None,
            scopes=scopes,
            redirect_uri=request.args["redirect_uri"],
            hidden={name: request.args[name] for name in _ASKED if name in request.args},
            company_field="realmId",
        )

    def decide(self) -> ResponseReturnValue:
        """Approve gives code, state and realmId; anything else is access_denied."""
        wrong = self._wrong_request() or self._refusal_sent_back()
        if wrong is not None:
            return wrong
        if request.form.get("decision") != "approve":
            return self._back(error="access_denied", error_description="The user did not allow access")
        scopes = tuple(request.values["scope"].split())
        realm = request.form.get("realmId", "") if ACCOUNTING in scopes else ""
        if ACCOUNTING in scopes and realm not in self.sandbox.companies:
            return self._refusal_page("Pick one of the companies on the page.")
        now = self.sandbox.clock.now()
        app = self.sandbox.apps[request.values["client_id"]]
        grant = Grant(app, self.sandbox.person, scopes, realm, now, request.values.get("nonce", ""))
        code = self.sandbox.tokens.code_for(grant, request.values["redirect_uri"], now)
        return self._back(code=code, **({"realmId": realm} if realm else {}))

    def _client(self) -> App | None:
        sent = _basic()
        app = self.sandbox.apps.get(sent[0]) if sent else None
        return app if app is not None and sent is not None and app.client_secret == sent[1] else None

    def token(self) -> ResponseReturnValue:
        app, now, form = self._client(), self.sandbox.clock.now(), request.form
        if app is None:
            return _refused("invalid_client", "Unknown client or wrong secret", 401)
        try:
            match form.get("grant_type"):
                case "authorization_code" if "code" in form:
                    issued = self.sandbox.tokens.exchange(app, form["code"], form.get("redirect_uri", ""), now)
                case "refresh_token" if "refresh_token" in form:
                    issued = self.sandbox.tokens.refresh(app, form["refresh_token"], now)
                case "authorization_code" | "refresh_token" | None:
                    return _refused("invalid_request", "A parameter is missing")
                case _:
                    return _refused("unsupported_grant_type", "grant_type must be authorization_code or refresh_token")
        except GrantRefused as refusal:
            return _refused("invalid_grant", str(refusal))
        return jsonify(self._token_body(issued, is_first=form["grant_type"] == "authorization_code"))

    def _token_body(self, issued: Issued, *, is_first: bool) -> Document:
        grant, now = issued.grant, self.sandbox.clock.now()
        assert grant.refresh_expires_at is not None  # noqa: S101 - set when issued
        body: Document = {"token_type": "bearer", "access_token": issued.access_token}
        body |= {"expires_in": int(ACCESS_LIFE.total_seconds()), "refresh_token": grant.refresh_token}
        body["x_refresh_token_expires_in"] = round((grant.refresh_expires_at - now).total_seconds())
        if request.headers.get("x-include-refresh-token-hard-expires-in", "").lower() == "true":
            body["x_refresh_token_hard_expires_in"] = round((grant.hard_expires_at - now).total_seconds())
        if is_first and "openid" in grant.scopes:
            body["id_token"] = signing.id_token(
                issuer=f"{_root()}/op/v1",
                client_id=grant.app.client_id,
                subject=grant.person.subject,
                realm=grant.realm,
                nonce=grant.nonce,
                now=now,
            )
        return body

    def revoke(self) -> ResponseReturnValue:
        app = self._client()
        if app is None:
            return _refused("invalid_client", "Unknown client or wrong secret", 401)
        body = request.get_json(silent=True)
        token = body.get("token") if isinstance(body, dict) else None
        if not isinstance(token, str) or not self.sandbox.tokens.revoke(app, token):
            return _refused("invalid_request", "The token is not valid")
        return Response(status=200)

    def userinfo(self) -> ResponseReturnValue:
        moment = self.sandbox.moment()
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        grant = self.sandbox.tokens.grant_of(token, moment.now)
        if grant is None or "openid" not in grant.scopes:
            answer = trouble.unauthorised("Token invalid", "gateway", moment)
            return Response(answer.body, answer.status, content_type=answer.content_type)
        return jsonify(_told_of(grant.person, grant.scopes))

    def jwks(self) -> ResponseReturnValue:
        return jsonify(signing.jwks())


def _told_of(person: Person, scopes: tuple[str, ...]) -> Document:
    """What each identity scope lets an app know."""
    told: Document = {"sub": person.subject}
    if "email" in scopes:
        told |= {"email": person.email, "emailVerified": person.is_email_verified}
    if "profile" in scopes:
        told |= {"givenName": person.given_name, "familyName": person.family_name}
    return told
