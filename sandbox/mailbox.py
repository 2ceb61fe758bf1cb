"""The customers' mailbox: a real SMTP server that keeps every mail, and the pages to read them on.

Every address ends here. Trouble on request, by fault name, with method SMTP and the recipient as path: `smtp_reject`
(550), `smtp_later` (451), and `smtp_cut_before_data`, `smtp_cut_after_data` with any recipient of the mail: the
connection goes before the mail was kept, or after it was kept and before the client heard so. `smtp_slow` (args
seconds) takes its time before the mail is kept.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from typing import Any
from urllib.parse import quote

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from sandbox.clock import SandboxClock
from sandbox.faults import Fault, Faults

OK = "250 OK"

# It warns at every connection that a login without TLS is unsafe, which on loopback is as it should be.
logging.getLogger("mail.log").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Mail:
    """One mail as it came over the wire. `recipients` are the envelope's, which may differ from the To header."""

    number: int
    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    received_at: datetime

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def subject(self) -> str:
        return str(self.message.get("Subject", ""))

    @property
    def from_(self) -> str:
        return str(self.message.get("From", ""))

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.message.items()]

    @cached_property
    def text(self) -> str:
        return self._part("plain")

    @cached_property
    def html(self) -> str:
        return self._part("html")

    @property
    def has_html(self) -> bool:
        return bool(self.html)

    def _part(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        if part is None:
            return ""
        try:
            return str(part.get_content())
        except (LookupError, ValueError):
            # An unknown charset: a reader's mail program would show what it can, too.
            payload = part.get_payload(decode=True)
            return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


class Mailbox:
    """Mails kept, oldest first. `login` (user, password), where given, must be used by the client."""

    def __init__(self, clock: SandboxClock, faults: Faults, login: tuple[str, str] | None = None) -> None:
        self.clock = clock
        self.faults = faults
        self.login = login
        self.mails: list[Mail] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._port = 0

    @property
    def smtp_url(self) -> str:
        """`smtp://localhost:PORT`, with the login where one is wanted. Raises RuntimeError before `start`."""
        if self._loop is None:
            raise RuntimeError("the mailbox is not started, so it has no address yet")
        who = f"{quote(self.login[0], safe='')}:{quote(self.login[1], safe='')}@" if self.login else ""
        return f"smtp://{who}localhost:{self._port}"

    def to(self, address: str, since: datetime | None = None) -> Sequence[Mail]:
        """Mails to `address`, whatever its case, received at or after `since`, oldest first."""
        wanted = address.strip().lower()
        return [
            mail
            for mail in list(self.mails)
            if (since is None or mail.received_at >= since) and wanted in (r.lower() for r in mail.recipients)
        ]

    def start(self) -> None:
        """Listen on a free port of localhost."""
        loop = asyncio.new_event_loop()
        server = loop.run_until_complete(loop.create_server(self._protocol(loop), "localhost", 0, family=2))
        self._port = server.sockets[0].getsockname()[1]
        self._loop = loop
        self._thread = threading.Thread(target=self._serve, args=(loop, server), name="sandbox-smtp", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._loop is None or self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop, self._thread = None, None

    def _protocol(self, loop: asyncio.AbstractEventLoop) -> Any:
        def make() -> Any:
            return SMTP(
                _Handler(self),
                hostname="sandbox.localhost",
                ident="Sandbox mailbox",
                enable_SMTPUTF8=True,
                loop=loop,
                # Plain text over the machine's own loopback: there is no certificate to offer.
                auth_require_tls=False,
                authenticator=self._check_login,
            )

        return make

    def _serve(self, loop: asyncio.AbstractEventLoop, server: asyncio.Server) -> None:
        asyncio.set_event_loop(loop)
        loop.run_forever()
        server.close()
        pending = asyncio.all_tasks(loop)
        for task in pending:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        loop.close()

    def _check_login(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> Any:
        if self.login is None or not isinstance(data, LoginPassword):
            return AuthResult(success=self.login is None, handled=False)
        user, password = (part.encode() for part in self.login)
        right = hmac.compare_digest(data.login, user) and hmac.compare_digest(data.password, password)
        return AuthResult(success=right, handled=False)

    def keep_raw(self, sender: str, recipients: Sequence[str], raw: bytes) -> None:
        """Keep a mail that arrived now."""
        self.mails.append(Mail(len(self.mails) + 1, sender, tuple(recipients), raw, self.clock.now()))


class _Handler:
    """aiosmtpd's hooks; it runs in the server's one loop, so mails are numbered in order."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_MAIL(  # noqa: N802  # aiosmtpd finds its hooks by these names
        self, _server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._mailbox.login is not None and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return OK

    async def handle_RCPT(  # noqa: N802  # aiosmtpd finds its hooks by these names
        self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self._mailbox.faults.take("SMTP", address, "smtp_reject"):
            return "550 5.1.1 No such mailbox here"
        if self._mailbox.faults.take("SMTP", address, "smtp_later"):
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(  # noqa: N802  # as above
        self, server: Any, _session: Session, envelope: Envelope
    ) -> str:
        if (slow := self._trouble(envelope, "smtp_slow")) is not None:
            await asyncio.sleep(float(slow.args.get("seconds", 1)))
        if self._trouble(envelope, "smtp_cut_before_data"):
            server.transport.abort()
            return OK
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        self._mailbox.keep_raw(envelope.mail_from or "", envelope.rcpt_tos, raw)
        if self._trouble(envelope, "smtp_cut_after_data"):
            server.transport.abort()
        return OK

    def _trouble(self, envelope: Envelope, name: str) -> Fault | None:
        found = (self._mailbox.faults.take("SMTP", address, name) for address in envelope.rcpt_tos)
        return next((fault for fault in found if fault is not None), None)
