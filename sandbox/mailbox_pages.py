"""The mailbox as pages: `/mailbox`, one mail, and a mail's own HTML for the frame that shows it.

A mail's HTML is somebody else's: it is served under a policy that lets it do nothing but look like itself.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from sandbox.mailbox import Mail, Mailbox
from sandbox.pages import page

PAGE_SIZE = 100

# `sandbox` without any allowance: no script, no forms, no popups, an origin of its own, also outside the frame.
_LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)


def mailbox_pages(mailbox: Mailbox) -> Blueprint:
    blueprint = Blueprint("mailbox", __name__)

    def find(number: int) -> Mail:
        if not 1 <= number <= len(mailbox.mails):
            abort(404)
        return mailbox.mails[number - 1]

    @blueprint.get("/mailbox")
    def show_list() -> Response:
        before = request.args.get("before", type=int)
        mails = [mail for mail in list(mailbox.mails) if before is None or mail.number < before]
        shown = mails[: -PAGE_SIZE - 1 : -1]
        older = shown[-1].number if len(mails) > len(shown) else None
        return page("mailbox.html", mails=shown, total=len(mailbox.mails), older=older)

    @blueprint.get("/mailbox/<int:number>")
    def show_mail(number: int) -> Response:
        return page("mail.html", mail=find(number))

    @blueprint.get("/mailbox/<int:number>/body")
    def show_body(number: int) -> Response:
        answer = Response(find(number).html, mimetype="text/html")
        answer.headers["Content-Security-Policy"] = _LETTER_POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer

    @blueprint.get("/mailbox/<int:number>/raw")
    def show_raw(number: int) -> Response:
        answer = Response(find(number).raw, mimetype="text/plain")
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return answer

    return blueprint
