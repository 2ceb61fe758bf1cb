"""Headers, cookies and forgery protection: the whole policy in one place, applied to every answer.

Nothing inline and no other host: pages may load only our own files, may not be framed, and send forms only to us.
"""

from __future__ import annotations

from typing import TypeAlias

from flask import Flask, Response, g, render_template, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from webapp.services import Services

PAGE_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "connect-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'"
)
FIXED_HEADERS = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
Answer: TypeAlias = tuple[str, int]

csrf = CSRFProtect()


def protect(app: Flask, services: Services) -> None:
    """Set cookie rules, key rotation, forgery checks and headers on `app`."""
    app.config.update(
        SECRET_KEY=services.secret_keys[0],
        SECRET_KEY_FALLBACKS=list(services.secret_keys[1:]),
        SESSION_COOKIE_NAME="dunwell",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=services.is_https,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a page left open overnight still saves
        WTF_CSRF_SSL_STRICT=services.is_https,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=512 * 1024,
    )
    csrf.init_app(app)
    app.register_error_handler(CSRFError, _forged)
    app.after_request(_add_headers)
    if services.is_https:
        app.after_request(_require_https)


def _add_headers(response: Response) -> Response:
    for name, value in FIXED_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    if request.endpoint == "static":
        return response
    # Books and customers' names stay out of every cache, the browser's own included.
    response.headers.setdefault("Cache-Control", "no-store")
    if "user" in g:
        response.vary.add("Cookie")
    return response


def _require_https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response


def _forged(_error: CSRFError) -> Answer:
    page = render_template(
        "problem.html",
        title="This form had gone stale",
        message="It was opened before you signed in, or in another browser. Nothing was changed. Reload and try again.",
    )
    return page, 400
