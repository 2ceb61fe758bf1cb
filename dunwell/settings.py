"""Settings: the environment, read once at the start, checked, and frozen.

A wrong value stops the start with the variable's name and what was expected. What each variable means for a user is in
`docs/configuration.md`.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from connectors.config import FreshBooksConfig, MailConfig, QuickBooksConfig, XeroConfig

PREFIX = "DUNWELL_"
SHORTEST_KEEP = 90
"""Days: a ladder, with its promises and pauses, is over by then."""
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class WrongSettings(Exception):
    """The environment cannot be used. The message names every wrong variable and what was expected."""


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    is_local = parts.scheme == "http" and parts.hostname in LOCAL_HOSTS
    if not parts.hostname or not (parts.scheme == "https" or is_local):
        raise ValueError("expected an https:// address (plain http:// is accepted for localhost only)")
    return value.rstrip("/")


WebAddress = Annotated[str, AfterValidator(_web_address)]


class Settings(BaseSettings):
    """Everything that the environment decides."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True, validate_default=False
    )

    data_dir: Path = Field(default_factory=lambda: Path.home() / ".local" / "share" / "dunwell")
    database_url: str = ""
    secret_key: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    base_url: WebAddress = "http://localhost:8000"
    quickbooks_client_id: str = ""
    quickbooks_client_secret: SecretStr = SecretStr("")
    quickbooks_webhook_token: SecretStr = SecretStr("")
    quickbooks_discovery_url: WebAddress = QuickBooksConfig().discovery_url
    quickbooks_api_url: WebAddress = QuickBooksConfig().api_url
    xero_client_id: str = ""
    xero_client_secret: SecretStr = SecretStr("")
    xero_webhook_key: SecretStr = SecretStr("")
    xero_login_url: WebAddress = XeroConfig().login_url
    xero_identity_url: WebAddress = XeroConfig().identity_url
    xero_api_url: WebAddress = XeroConfig().api_url
    freshbooks_client_id: str = ""
    freshbooks_client_secret: SecretStr = SecretStr("")
    freshbooks_auth_url: WebAddress = FreshBooksConfig().auth_url
    freshbooks_api_url: WebAddress = FreshBooksConfig().api_url
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = ""
    ping_url: SecretStr = SecretStr("")
    keep_days: int = 1095
    default_mode: Literal["observe", "approve", "automatic"] = "observe"
    security_contact: str = ""
    trusted_proxy: str = ""
    sandbox: bool = False
    now: datetime | None = None

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
            raise ValueError(
                "expected a SQLAlchemy URL of SQLite or PostgreSQL, such as sqlite:////var/lib/dunwell/dunwell.db"
            )
        return value

    @field_validator("secret_key", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        keys = tuple(key.strip() for key in value.split(","))
        if any(len(key) < 16 for key in keys):
            raise ValueError(
                "expected one or more secrets of at least 16 characters, separated by commas; the first is current"
            )
        return keys

    @field_validator("ping_url")
    @classmethod
    def _is_web_address(cls, value: SecretStr) -> SecretStr:
        return SecretStr(_web_address(value.get_secret_value())) if value.get_secret_value() else value

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, value: SecretStr) -> SecretStr:
        parts = urlsplit(value.get_secret_value())
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("expected smtp://user:password@host:port or smtps://…")
        return value

    @field_validator("mail_from")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if "@" not in value or any(mark in value for mark in "\r\n"):
            raise ValueError(
                "expected an email address, such as accounts@example.com or Accounts <accounts@example.com>"
            )
        return value

    @field_validator("keep_days")
    @classmethod
    def _is_long_enough(cls, value: int) -> int:
        if value != 0 and value < SHORTEST_KEEP:
            raise ValueError(f"expected days, at least {SHORTEST_KEEP}, or 0 to keep everything")
        return value

    @field_validator("security_contact")
    @classmethod
    def _is_a_contact(cls, value: str) -> str:
        if not value.startswith(("mailto:", "https://")) or any(mark.isspace() for mark in value):
            raise ValueError("expected mailto:security@example.com or an https:// address")
        return value

    @field_validator("trusted_proxy")
    @classmethod
    def _is_a_neighbour(cls, value: str) -> str:
        try:
            return value if value in ("", "*") else str(ip_address(value))
        except ValueError:
            raise ValueError("expected the address of the proxy before Dunwell, such as 127.0.0.1, or *") from None

    @field_validator("now")
    @classmethod
    def _is_an_instant(cls, value: datetime | None, info: ValidationInfo) -> datetime | None:
        if value is not None and not info.data.get("sandbox"):
            raise ValueError("expected DUNWELL_SANDBOX=1 beside it: only a trial installation may set its clock")
        if value is not None and value.tzinfo is None:
            raise ValueError("expected an ISO instant with a zone, such as 2026-03-04T09:30:00Z")
        return value

    def quickbooks(self) -> QuickBooksConfig:
        return QuickBooksConfig(
            client_id=self.quickbooks_client_id,
            client_secret=self.quickbooks_client_secret.get_secret_value(),
            webhook_token=self.quickbooks_webhook_token.get_secret_value(),
            discovery_url=self.quickbooks_discovery_url,
            api_url=self.quickbooks_api_url.removesuffix("/v3"),
        )

    def xero(self) -> XeroConfig:
        return XeroConfig(
            client_id=self.xero_client_id,
            client_secret=self.xero_client_secret.get_secret_value(),
            webhook_key=self.xero_webhook_key.get_secret_value(),
            login_url=self.xero_login_url,
            identity_url=self.xero_identity_url,
            api_url=self.xero_api_url,
        )

    def freshbooks(self) -> FreshBooksConfig:
        return FreshBooksConfig(
            client_id=self.freshbooks_client_id,
            client_secret=self.freshbooks_client_secret.get_secret_value(),
            redirect_uri=f"{self.base_url.rstrip('/')}/connect/freshbooks/callback",
            auth_url=self.freshbooks_auth_url,
            api_url=self.freshbooks_api_url,
        )

    def mail(self) -> MailConfig:
        return MailConfig(smtp_url=self.smtp_url.get_secret_value(), mail_from=self.mail_from)

    def keep(self) -> timedelta | None:
        """How long what is over and speaks of customers is kept; None for ever."""
        return timedelta(days=self.keep_days) if self.keep_days else None

    def database(self) -> str:
        """The database URL; by default a SQLite file in the data folder, which is made when it is missing."""
        if self.database_url:
            return self.database_url
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        return f"sqlite:///{self.data_dir.resolve() / 'dunwell.db'}"

    def secret_keys(self) -> tuple[str, ...]:
        """The secrets, current one first. On the default database one is made and kept in the data folder.

        Raises WrongSettings where several machines might be meant and none is given.
        """
        if self.secret_key:
            return tuple(key.get_secret_value() for key in self.secret_key)
        if self.database_url and not self.database_url.startswith("sqlite:"):
            raise WrongSettings(
                f"{PREFIX}SECRET_KEY: expected with a database server, so that every process has the same one"
            )
        return (_kept_secret(self.data_dir / "secret.key"),)


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        # Exclusive: of two processes that start at once, one makes the secret and the other reads it.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret


def read_settings(**changes: object) -> Settings:
    """Read the environment, with `changes` on top. Raises WrongSettings, naming every wrong variable."""
    try:
        return Settings(**changes)  # type: ignore[arg-type]  # pydantic checks them, as it does the environment's
    except ValidationError as error:
        raise WrongSettings("\n".join(_in_words(problem) for problem in error.errors())) from None


def _in_words(problem: Mapping[str, Any]) -> str:
    name = PREFIX + str(problem["loc"][0]).upper()
    expected = str(problem["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    wanted = expected if expected.startswith("expected") else f"expected {expected}"
    is_secret = any(word in name for word in ("SECRET", "TOKEN", "KEY", "SMTP", "DATABASE", "PING"))
    return f"{name}: {wanted}" + ("" if is_secret else f", not {str(problem['input'])[:80]!r}")
