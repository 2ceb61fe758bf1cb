"""The identity server over HTTP: consent page, tokens, revocation, discovery. What it may give is `grants`' business.

`/identity/connect/authorize` is the browser's part (login.xero.com), `/connect/…` and `/.well-known/…` the server's
(identity.xero.com).
"""

from __future__ import annotations

import base64
import binascii
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.pages import Choice, authorise, refusal
from sandbox.xero.apps import App, User
from sandbox.xero.errors import json_response
from sandbox.xero.grants import ACCESS_LIFE, Denied, Grants, Tokens
from sandbox.xero.jwt_keys import JwtKeys
from sandbox.xero.scopes import IDENTITY, refused


class Directory(Protocol):
    """Who may sign in, with which app, to which organisations."""

    apps: dict[str, App]
    grants: Grants
    keys: JwtKeys

    def user(self, user_id: str) -> User: ...

    def choices(self, user: User) -> list[Choice]: ...


class BadRequest(Exception):
    """An authorise request that must not be redirected anywhere."""


def add_routes(blueprint: Blueprint, directory: Directory) -> None:
    """Answer the identity server's addresses on this blueprint."""
    identity = Identity(directory)
    blueprint.add_url_rule("/identity/connect/authorize", view_func=identity.show_consent, methods=["GET"])
    blueprint.add_url_rule("/identity/connect/authorize", view_func=identity.take_decision, methods=["POST"])
    blueprint.add_url_rule("/connect/token", view_func=identity.token, methods=["POST"])
    blueprint.add_url_rule("/connect/revocation", view_func=identity.revoke, methods=["POST"])
    blueprint.add_url_rule("/.well-known/openid-configuration", view_func=identity.discovery)
    blueprint.add_url_rule("/.well-known/openid-configuration/jwks", view_func=identity.jwks)


class Identity:
    """The identity server's answers."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def show_consent(self) -> Response:
        """The page on which a person picks an organisation and allows access, or not."""
        try:
            app, scopes = self._check()
        except BadRequest as error:
            return refusal(platform="Xero", title="Sorry, something went wrong", detail=f"Error: {error}")
        user = self._directory.user(request.args.get("login_hint", ""))
        return authorise(
            platform="Xero",
            app_name=app.name,
            companies=self._directory.choices(user) if _wants_books(scopes) else None,
            scopes=scopes,
            redirect_uri=request.args["redirect_uri"],
            hidden={"user": user.id},
            company_field="organisation",
        )

    def take_decision(self) -> AnyResponse:
        """Send the browser back with a code, or with `access_denied`."""
        try:
            app, scopes = self._check()
        except BadRequest as error:
            return refusal(platform="Xero", title="Sorry, something went wrong", detail=f"Error: {error}")
        state = {"state": request.args["state"]} if "state" in request.args else {}
        if request.form.get("decision") != "approve":
            return _send_back({"error": "access_denied", **state})
        user = self._directory.user(request.form.get("user", ""))
        picked = request.form.getlist("organisation")
        wants_books = _wants_books(scopes)
        open_to_user = {choice.value for choice in self._directory.choices(user)}
        if wants_books and (len(picked) != 1 or not open_to_user.issuperset(picked)):
            return refusal(platform="Xero", title="Pick an organisation", detail="Exactly one of those shown.")
        code = self._directory.grants.consent(
            app,
            user,
            picked if wants_books else [],
            scopes,
            request.args["redirect_uri"],
            request.args.get("code_challenge", ""),
            request.args.get("nonce", ""),
        )
        return _send_back({"code": code, "scope": " ".join(scopes), **state, "session_state": code[:12]})

    def _check(self) -> tuple[App, list[str]]:
        """The app and the scopes of a sound authorise request. Raises BadRequest with Xero's error code."""
        args = request.args
        app = self._directory.apps.get(args.get("client_id", ""))
        if app is None:
            raise BadRequest("unauthorized_client: Unknown client or client not enabled")
        where = args.get("redirect_uri", "")
        if where not in app.redirect_uris or not _may_return_to(where):
            raise BadRequest("unauthorized_client: Invalid redirect_uri")
        if args.get("response_type") != "code":
            raise BadRequest("unsupported_response_type")
        if "code_challenge" in args and args.get("code_challenge_method") != "S256":
            raise BadRequest("invalid_request: Transform algorithm not supported")
        if not app.client_secret and "code_challenge" not in args:
            raise BadRequest("invalid_request: code challenge required")
        scopes = args.get("scope", "").split()
        if not scopes or refused(scopes, app.switches.scope_mode):
            raise BadRequest("invalid_scope: Invalid scope for client")
        return app, scopes

    def token(self) -> Response:
        """Exchange a code or a refresh token."""
        try:
            app, is_secret_shown = self._client()
            tokens = self._grant(app, is_secret_shown)
        except Denied as error:
            return json_response({"error": str(error)}, 400)
        issuer = _issuer()
        answer: dict[str, object] = {}
        if "openid" in tokens.consent.scopes:
            answer["id_token"] = self._directory.keys.id_token(tokens, issuer)
        answer |= {
            "access_token": self._directory.keys.access_token(tokens, issuer),
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "token_type": "Bearer",
        }
        if tokens.refresh:
            answer["refresh_token"] = tokens.refresh
        answer["scope"] = " ".join(tokens.consent.scopes)
        response = json_response(answer)
        response.headers["Cache-Control"] = "no-store, no-cache, max-age=0"
        return response

    def _grant(self, app: App, is_secret_shown: bool) -> Tokens:
        form = request.form
        match form.get("grant_type"):
            case "authorization_code":
                return self._directory.grants.exchange(
                    app,
                    form.get("code", ""),
                    form.get("redirect_uri", ""),
                    form.get("code_verifier", ""),
                    is_secret_shown=is_secret_shown,
                )
            case "refresh_token":
                return self._directory.grants.refresh(app, form.get("refresh_token", ""))
            case None:
                raise Denied("invalid_request")
            case "client_credentials":
                raise Denied("unauthorized_client")
            case _:
                raise Denied("unsupported_grant_type")

    def _client(self) -> tuple[App, bool]:
        """The app, and whether it showed its secret: by Basic authentication or in the body. Raises Denied."""
        client_id, secret = request.form.get("client_id", ""), request.form.get("client_secret", "")
        header = request.headers.get("Authorization", "")
        if header.lower().startswith("basic "):
            client_id, secret = _basic(header[6:])
        if not client_id:
            raise Denied("unauthorized_client")
        app = self._directory.apps.get(client_id)
        if app is None or secret != app.client_secret:
            raise Denied("invalid_client")
        return app, bool(secret)

    def revoke(self) -> Response:
        try:
            app, _ = self._client()
        except Denied as error:
            return json_response({"error": str(error)}, 400)
        self._directory.grants.revoke(app, request.form.get("token", ""))
        return Response(b"", 200)

    def discovery(self) -> Response:
        issuer = _issuer()
        return json_response(
            {
                "issuer": issuer,
                "jwks_uri": f"{issuer}/.well-known/openid-configuration/jwks",
                "authorization_endpoint": f"{issuer}/identity/connect/authorize",
                "token_endpoint": f"{issuer}/connect/token",
                "revocation_endpoint": f"{issuer}/connect/revocation",
                "scopes_supported": sorted(IDENTITY),
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "subject_types_supported": ["public"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def jwks(self) -> Response:
        return json_response(self._directory.keys.jwks())


def _wants_books(scopes: list[str]) -> bool:
    return any(scope not in IDENTITY for scope in scopes)


def _issuer() -> str:
    """The address under which this blueprint is reached: what discovery must name, or clients refuse the tokens."""
    path = request.path
    for tail in ("/.well-known/", "/connect/"):
        path = path.split(tail)[0]
    return request.host_url.rstrip("/") + path


def _may_return_to(uri: str) -> bool:
    """https anywhere, http to `localhost` alone: Xero refuses 127.0.0.1."""
    parts = urlsplit(uri)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "localhost")


def _send_back(parameters: dict[str, str]) -> AnyResponse:
    uri = request.args["redirect_uri"]
    return redirect(uri + ("&" if "?" in uri else "?") + urlencode(parameters), 302)


def _basic(encoded: str) -> tuple[str, str]:
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Denied("invalid_client") from None
    return client_id, secret
