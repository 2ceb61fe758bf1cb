"""SMTP: whatever the mail server does, we know what surely happened to the message."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import msgspec
import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from connectors.config import MailConfig
from connectors.errors import OutcomeUnknown, Refused, RetryLater
from connectors.mail.smtp import SmtpMailer
from connectors.ports import Mail
from tests.connectors.mail.conftest import Script, free_port, serve

NOW = datetime(2026, 3, 13, 21, 30, tzinfo=UTC)
MAIL = Mail(
    key="0123456789abcdef",
    to=("accounts@harbour.example",),
    subject="A reminder about invoice INV-7",
    text="Hello\n.\n.hidden dot\nKōwhai",
    html="<p>Hello</p>",
    sender_name="Kōwhai Ltd",
    reply_to="mia@kowhai.example",
    unsubscribe_url="https://kowhai.example/stop/1",
)


def mailer(url: str, mail_from: str = "Accounts <accounts@kowhai.example>") -> SmtpMailer:
    return SmtpMailer(MailConfig(smtp_url=url, mail_from=mail_from), lambda: NOW)


def changed(**changes: Any) -> Mail:
    return msgspec.structs.replace(MAIL, **changes)


def received(script: Script) -> EmailMessage:
    (envelope,) = script.taken
    assert isinstance(envelope.content, bytes)
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_message_arrives_whole_with_its_own_id(smtp_url: str, script: Script) -> None:
    assert mailer(smtp_url).send(MAIL) == "<0123456789abcdef@kowhai.example>"
    message = received(script)
    assert str(message["From"]) == "Kōwhai Ltd <accounts@kowhai.example>"
    assert message["Message-ID"] == "<0123456789abcdef@kowhai.example>"
    assert message["Reply-To"] == "mia@kowhai.example"
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == "<https://kowhai.example/stop/1>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == ["Hello", ".", ".hidden dot", "Kōwhai"]
    assert html.get_content().strip() == "<p>Hello</p>"


def test_copies_go_to_everybody_named(smtp_url: str, script: Script) -> None:
    mailer(smtp_url).send(changed(to=("a@x.example", "b@x.example"), cc=("c@x.example",)))
    assert script.taken[0].rcpt_tos == ["a@x.example", "b@x.example", "c@x.example"]


def test_a_blind_copy_is_named_to_nobody(smtp_url: str, script: Script) -> None:
    mailer(smtp_url).send(changed(to=("a@x.example",), bcc=("boss@kowhai.example",)))
    assert script.taken[0].rcpt_tos == ["a@x.example", "boss@kowhai.example"]
    assert "boss@" not in str(received(script))


def test_a_blind_copy_alone_is_not_a_message_to_the_customer(smtp_url: str, script: Script) -> None:
    script.on_recipient["a@x.example"] = "550 no such user"
    with pytest.raises(Refused, match="550"):
        mailer(smtp_url).send(changed(to=("a@x.example",), bcc=("boss@kowhai.example",)))
    assert script.taken == []


def test_a_header_cannot_be_smuggled_in(smtp_url: str, script: Script) -> None:
    mailer(smtp_url).send(
        changed(
            subject="Hi\r\nBcc: victim@example.com",
            sender_name="Kōwhai\r\nBcc: victim@example.com",
            key="a b>\r\nX: y",
            unsubscribe_url="https://kowhai.example/\r\nX: y",
        )
    )
    message = received(script)
    assert message["Bcc"] is None
    assert message["X"] is None
    assert message["List-Unsubscribe"] is None
    assert message["Subject"] == "Hi Bcc: victim@example.com"


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@b@c.example", "a@x.example\r\nRCPT TO:<b@y.example>", "a@x.example,b@y.example", "ä@ö.example"],
)
def test_what_is_no_address_is_refused_before_anything_is_sent(smtp_url: str, script: Script, address: str) -> None:
    for mail in (changed(to=(address,)), changed(cc=(address,)), changed(bcc=(address,))):
        with pytest.raises(Refused):
            mailer(smtp_url).send(mail)
    assert script.taken == []


def test_without_a_mail_server_the_owner_is_told_what_to_set() -> None:
    with pytest.raises(Refused, match="DUNWELL_SMTP_URL"):
        mailer("").send(MAIL)
    with pytest.raises(Refused, match="DUNWELL_MAIL_FROM"):
        mailer("smtp://localhost", mail_from="").send(MAIL)


def test_a_server_that_is_away_is_tried_again_later() -> None:
    with pytest.raises(RetryLater):
        mailer(f"smtp://127.0.0.1:{free_port()}").send(MAIL)


@pytest.mark.parametrize(
    ("answer", "error"),
    [("451 4.3.0 Busy", RetryLater), ("550 5.1.1 No such user", Refused)],
)
def test_a_recipient_turned_down(smtp_url: str, script: Script, answer: str, error: type[Exception]) -> None:
    script.on_recipient["accounts@harbour.example"] = answer
    with pytest.raises(error, match=answer[4:]):
        mailer(smtp_url).send(MAIL)
    assert script.taken == []


def test_one_good_recipient_is_enough(smtp_url: str, script: Script) -> None:
    script.on_recipient["gone@harbour.example"] = "550 5.1.1 No such user"
    mailer(smtp_url).send(changed(to=("gone@harbour.example", "accounts@harbour.example")))
    assert script.taken[0].rcpt_tos == ["accounts@harbour.example"]


def test_where_one_recipient_may_work_later_later_is_tried(smtp_url: str, script: Script) -> None:
    script.on_recipient = {"a@x.example": "550 No", "b@x.example": "450 Greylisted"}
    with pytest.raises(RetryLater, match="Greylisted"):
        mailer(smtp_url).send(changed(to=("a@x.example", "b@x.example")))


@pytest.mark.parametrize(
    ("answer", "error"),
    [("452 Disk full", RetryLater), ("554 No", Refused), ("cut", RetryLater)],
)
def test_before_the_content_is_taken_nothing_was_sent(
    smtp_url: str, script: Script, answer: str, error: type[Exception]
) -> None:
    script.on_data = answer
    with pytest.raises(error):
        mailer(smtp_url).send(MAIL)
    assert script.taken == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [("451 Try later", RetryLater), ("554 Looks like spam", Refused), ("cut", OutcomeUnknown)],
)
def test_after_the_content_only_an_answer_tells(
    smtp_url: str, script: Script, answer: str, error: type[Exception]
) -> None:
    script.after_data = answer
    with pytest.raises(error):
        mailer(smtp_url).send(MAIL)
    assert len(script.taken) == 1


def sign_in(script: Script, password: str) -> str:
    def check(server: object, session: object, envelope: object, mechanism: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=data.password == b"p@ss/word", handled=False)

    server = serve(script, authenticator=check, auth_required=True, auth_require_tls=False)
    try:
        return mailer(f"smtp://dun%40kowhai:{password}@127.0.0.1:{server.port}").send(MAIL)
    finally:
        server.stop()


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_the_user_and_password_of_the_url_sign_us_in(script: Script) -> None:
    assert sign_in(script, "p%40ss%2Fword")
    assert len(script.taken) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_wrong_password_is_told_without_showing_it(script: Script) -> None:
    with pytest.raises(RetryLater, match="DUNWELL_SMTP_URL") as told:
        sign_in(script, "open-sesame")
    assert "sesame" not in repr(told.value) + str(told.value)
    assert script.taken == []
