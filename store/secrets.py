"""Encryption at rest, for tokens and for what an authorisation must remember.

Fernet (AES-128-CBC with HMAC-SHA-256), by `cryptography`. Where the secrets come from is the front door's business.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class SecretsLost(Exception):
    """What was sealed cannot be opened: its key is not in DUNWELL_SECRET_KEY. Put it back there, or connect again."""


class SecretBox:
    """Seals with the first key and opens with any of them: put a new key first, and the old ones keep working."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        """Raises ValueError without a key, or with one shorter than 16 characters."""
        if not keys or any(len(key) < 16 for key in keys):
            raise ValueError("a secret key has at least 16 characters")
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in keys])

    def seal(self, content: bytes) -> bytes:
        return self._fernet.encrypt(content)

    def open(self, sealed: bytes) -> bytes:
        """Raises SecretsLost."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise SecretsLost(SecretsLost.__doc__) from error


def _derived(key: str) -> bytes:
    """A Fernet key for this purpose alone: the same secret also signs sessions, and the two keys must differ."""
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"dunwell: sealed in the store")
    return urlsafe_b64encode(derivation.derive(key.encode()))
