"""Messages to owners' own programs: signed, to public addresses over https alone, and never sent on elsewhere.

The address is a stranger's word: whoever may add one could otherwise make this server knock on doors inside its own
network. So a name is looked up once, every address behind it must be a public one, and it is that very address that is
connected to; a redirect is an answer like any other refusal. Signatures are those of Standard Webhooks, so that the
other side finds a library that checks them (github.com/standard-webhooks, specification 1.0.0).
"""

from __future__ import annotations

import hmac
import socket
import ssl
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Timer
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address

PATIENCE = 10.0
"""Seconds for each step of a call."""
DEADLINE = 20.0
"""Seconds for all of it: an answer that drips in byte by byte ends here."""
LONGEST = 2000
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 addresses behind a translator (RFC 6052)."""
LOCAL = ("localhost", "127.0.0.1")


class BadAddress(ValueError):
    """Why nothing is ever sent to this address, fit to show whoever typed it."""


class NotTaken(Exception):
    """The message was not taken. `is_gone`: the other side says that it never will be."""

    def __init__(self, why: str, *, is_gone: bool = False) -> None:
        super().__init__(why)
        self.is_gone = is_gone


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA-256 over `id.timestamp.body`, keyed with what follows `whsec_` in the secret."""
    content = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.digest(b64decode(secret.removeprefix("whsec_")), content, sha256)).decode()


@dataclass(frozen=True)
class Courier:
    """Carries messages. In a trial installation, and only there, http to this machine itself is let through."""

    allow_local: bool = False
    ca_file: str | None = None
    """Whose certificates to trust; the system's where none is named."""

    def check(self, url: str) -> SplitResult:
        """The parts of an address that messages may go to. Raises BadAddress. Looks nothing up."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise BadAddress("This is no web address.") from None
        if len(url) > LONGEST or not url.isascii() or any(char <= " " for char in url):
            raise BadAddress("This is no web address that can be used.")
        if self._is_local(parts):
            return parts
        if parts.scheme != "https" or not parts.hostname or parts.username is not None:
            raise BadAddress("Give an address that begins with https:// and holds no user name.")
        if port not in (None, 443, 8443):
            raise BadAddress("Give an address on port 443 or 8443.")
        literal = _literal(parts.hostname)
        if literal is not None and not is_public(literal):
            raise BadAddress("This address is not on the public internet.")
        return parts

    def deliver(self, url: str, secret: str, message_id: str, body: bytes, now: datetime) -> str:
        """Send one message; returns what was answered. Raises NotTaken for everything but a 2xx."""
        stamp = int(now.timestamp())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Dunwell",
            "webhook-id": message_id,
            "webhook-timestamp": str(stamp),
            "webhook-signature": signature(secret, message_id, stamp, body),
        }
        try:
            status = self._post(self.check(url), headers, body)
        except BadAddress as error:
            raise NotTaken(str(error)) from None
        except (OSError, HTTPException, ValueError) as error:
            # The type alone: what a stranger's server says does not belong in our pages.
            raise NotTaken(f"no answer: {type(error).__name__}") from None
        if 200 <= status < 300:
            return f"answered {status}"
        raise NotTaken(f"answered {status}", is_gone=status == 410)

    def _post(self, parts: SplitResult, headers: dict[str, str], body: bytes) -> int:
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        connection = HTTPConnection(host, port)
        plain = socket.create_connection((str(self._address(parts, host, port)), port), PATIENCE)
        live = plain if parts.scheme == "http" else self._wrapped(plain, host)
        alarm = Timer(DEADLINE, _cut, [live])
        alarm.daemon = True
        alarm.start()
        try:
            if isinstance(live, ssl.SSLSocket):
                live.do_handshake()
            # The library's own connecting would look the name up again, and might be told another address.
            connection.sock = live
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, body, {"Host": parts.netloc} | headers)
            return connection.getresponse().status
        finally:
            alarm.cancel()
            live.close()

    def _wrapped(self, plain: socket.socket, host: str) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=self.ca_file)
        return context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)

    def _address(self, parts: SplitResult, host: str, port: int) -> Address:
        found = [ip_address(str(each[4][0])) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if not self._is_local(parts) and not all(map(is_public, found)):
            raise BadAddress("The name leads to an address that is not on the public internet.")
        return found[0]

    def _is_local(self, parts: SplitResult) -> bool:
        return self.allow_local and parts.scheme == "http" and parts.hostname in LOCAL and parts.username is None


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, and not a private one in a public one's clothes."""
    if isinstance(address, IPv6Address):
        hides_another = address.ipv4_mapped or address.sixtofour or address.teredo or address in _TRANSLATED
        if hides_another:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _cut(live: socket.socket) -> None:
    try:
        live.shutdown(socket.SHUT_RDWR)
    except OSError:
        live.close()  # it was never connected, or is no longer
