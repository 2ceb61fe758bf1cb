"""A mail server that answers as it is told, on a free port."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Script:
    """What the server says, and what it got. Empty answers are the friendly ones; "cut" breaks the connection off."""

    def __init__(self) -> None:
        self.on_recipient: dict[str, str] = {}
        self.on_data = self.after_data = ""
        self.taken: list[Envelope] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.on_recipient.get(address, ""):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.after_data != "cut":
            self.taken.append(envelope)
            return self.after_data or "250 Taken"
        self.taken.append(envelope)
        server.transport.abort()
        return "250 Never heard"


class ScriptedSMTP(SMTP):
    async def smtp_DATA(self, arg: str) -> None:
        answer = self.event_handler.on_data
        if answer == "cut":
            self.transport.abort()
        elif answer:
            await self.push(answer)
        else:
            await super().smtp_DATA(arg)


class MailServer(Controller):
    def factory(self) -> SMTP:
        return ScriptedSMTP(self.handler, **self.SMTP_kwargs)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def serve(script: Script, **options: Any) -> MailServer:
    server = MailServer(script, hostname="127.0.0.1", port=free_port(), **options)
    server.start()
    return server


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def smtp_url(script: Script) -> Iterator[str]:
    server = serve(script)
    yield f"smtp://127.0.0.1:{server.port}"
    server.stop()
