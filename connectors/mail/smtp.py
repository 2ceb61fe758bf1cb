"""Email out over SMTP, told apart by what surely happened: not taken, turned down for good, or nobody knows.

One connection per message. What a message says is `templates`' job; whether it may go out was decided long before.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from functools import cache, partial
from urllib.parse import unquote, urlsplit

from connectors.config import MailConfig
from connectors.errors import DunwellError, OutcomeUnknown, Refused, RetryLater
from connectors.mail.clean import one_line
from connectors.ports import Clock, Mail

TIMEOUT = 30.0
"""Seconds for each exchange with the mail server."""
SHORT_WAIT, LONG_WAIT = timedelta(minutes=5), timedelta(hours=1)
ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\]{1,190}")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SmtpMailer:
    """Implements `connectors.ports.Mailer`. `clock` dates the messages."""

    def __init__(self, config: MailConfig, clock: Clock = _utc_now) -> None:
        self._config, self._clock = config, clock

    def send(self, mail: Mail) -> str:
        """Hand one message over; returns its Message-ID. Raises RetryLater, Refused or OutcomeUnknown."""
        self._check_settings()
        recipients = [_checked_address(address) for address in (*mail.to, *mail.cc)]
        unseen = [_checked_address(address) for address in mail.bcc]
        if not mail.to:
            raise Refused("The message has nobody to go to.")
        message = compose(mail, self._config.mail_from, self._clock())
        with self._connected() as server:
            _name_envelope(server, parseaddr(self._config.mail_from)[1], recipients, unseen)
            _hand_over(server, message)
        return str(message["Message-ID"])

    def greet(self) -> str:
        """Connect, encrypt and sign in as for a message, and leave; returns how that went. Raises as `send` does."""
        self._check_settings()
        with self._connected() as server:
            is_encrypted = isinstance(server.sock, ssl.SSLSocket)
        signed_in = "signed in" if urlsplit(self._config.smtp_url).username else "without a user"
        return f"{'encrypted' if is_encrypted else 'not encrypted'}, {signed_in}"

    def _check_settings(self) -> None:
        if not self._config.smtp_url:
            raise Refused(
                "No mail can go out: set DUNWELL_SMTP_URL to your mail server, smtp://user:password@host:port."
            )
        if not ADDRESS.fullmatch(parseaddr(self._config.mail_from)[1]):
            raise Refused("No mail can go out: set DUNWELL_MAIL_FROM to the address it comes from.")

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """Up to here nothing has been said about any message: whatever goes wrong, it was surely not taken."""
        try:
            server = self._open()
        except (OSError, smtplib.SMTPException) as error:
            raise _away(error) from None
        try:
            yield server
        finally:
            server.close()

    def _open(self) -> smtplib.SMTP:
        address = urlsplit(self._config.smtp_url)
        host = address.hostname or ""
        server: smtplib.SMTP
        if address.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, address.port or 465, timeout=TIMEOUT, context=_tls())
        else:
            server = smtplib.SMTP(host, address.port or 587, timeout=TIMEOUT)
        try:
            server.ehlo_or_helo_if_needed()
            if address.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=_tls())
                server.ehlo()
            elif address.scheme == "smtp" and address.username and host not in LOOPBACK:
                raise Refused("The mail server offers no encryption: the password would cross the network in clear.")
            if address.username:
                server.login(unquote(address.username), unquote(address.password or ""))
        except BaseException:
            server.close()
            raise
        return server


@cache
def _tls() -> ssl.SSLContext:
    """Made once: loading the machine's certificates takes longer than handing a message over."""
    return ssl.create_default_context()


def compose(mail: Mail, mail_from: str, now: datetime) -> EmailMessage:
    """The message itself: text and HTML twins, marked as automatic, with the act's own Message-ID."""
    configured_name, sender = parseaddr(mail_from)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(one_line(mail.sender_name or configured_name, 80), addr_spec=sender)
    message["To"] = tuple(Address(addr_spec=address) for address in mail.to)
    if mail.cc:
        message["Cc"] = tuple(Address(addr_spec=address) for address in mail.cc)
    if mail.reply_to:
        message["Reply-To"] = Address(addr_spec=_checked_address(mail.reply_to))
    message["Subject"] = one_line(mail.subject, 200)
    message["Date"] = now
    message["Message-ID"] = f"<{re.sub(r'[^A-Za-z0-9._-]', '-', mail.key)}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if _is_link(mail.unsubscribe_url):
        message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        if mail.unsubscribe_url.startswith("https:"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _is_link(url: str) -> bool:
    return re.fullmatch(r"https?://[!-;=?-~]+", url) is not None


def _checked_address(address: str) -> str:
    if not ADDRESS.fullmatch(address):
        raise Refused(f"{one_line(address, 80)!r} is not an email address.")
    if not address.isascii():
        raise Refused(f"{one_line(address, 80)!r} holds letters that many mail servers cannot carry.")
    return address


def _name_envelope(server: smtplib.SMTP, sender: str, recipients: Sequence[str], unseen: Sequence[str]) -> None:
    """Sender and recipients. One taken recipient is enough to go on: the customer is reached. `unseen` ones are our own
    people, who get a copy if there is something to copy."""
    _expect(lambda: server.mail(sender))
    answers = [_talk(partial(server.rcpt, to)) for to in recipients]
    if not any(code in (250, 251) for code, _ in answers):
        # Where one address may work later, later is worth a try.
        raise _turned_down(min(answers, key=lambda answer: answer[0] // 100))
    for to in unseen:
        _talk(partial(server.rcpt, to))


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    content = re.sub(rb"(?m)^\.", b"..", message.as_bytes())
    _expect(lambda: server.docmd("DATA"), wanted=354)
    try:
        server.send(content + (b"" if content.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        answer = server.getreply()
    except (OSError, smtplib.SMTPException):
        raise OutcomeUnknown("The mail server broke off after the message had gone; it may have been sent.") from None
    if answer[0] != 250:
        raise _turned_down(answer)


Answer = tuple[int, bytes]


def _talk(say: Callable[[], Answer]) -> Answer:
    try:
        return say()
    except (OSError, smtplib.SMTPException) as error:
        raise _away(error) from None


def _expect(say: Callable[[], Answer], wanted: int = 250) -> None:
    answer = _talk(say)
    if answer[0] != wanted:
        raise _turned_down(answer)


def _turned_down(answer: Answer) -> DunwellError:
    code, text = answer
    said = one_line(f"{code} {text.decode('utf-8', 'replace')}", 300)
    if 400 <= code < 500:
        return RetryLater("the mail server", SHORT_WAIT, said)
    return Refused(f"The mail server turned the message down: {said}")


def _away(error: Exception) -> RetryLater:
    """The error's own text may quote what we sent, the password among it: only its kind is told."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return RetryLater("the mail server", LONG_WAIT, "it does not accept the user and password of DUNWELL_SMTP_URL")
    if isinstance(error, ssl.SSLError):
        return RetryLater("the mail server", LONG_WAIT, "its certificate does not hold")
    return RetryLater("the mail server", SHORT_WAIT, f"it could not be reached ({type(error).__name__})")
