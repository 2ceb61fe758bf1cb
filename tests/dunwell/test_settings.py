"""Settings: a wrong value stops the start with its name and what was expected; secrets stay out of sight."""

from __future__ import annotations

from pathlib import Path

import pytest

from dunwell.settings import WrongSettings, read_settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("DUNWELL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DUNWELL_DATA_DIR", str(tmp_path / "data"))


def test_an_empty_environment_is_enough_to_start() -> None:
    settings = read_settings()
    assert settings.default_mode == "observe"
    assert settings.base_url == "http://localhost:8000"
    assert settings.quickbooks().api_url == "https://quickbooks.api.intuit.com"
    assert settings.xero().identity_url == "https://identity.xero.com"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DUNWELL_DEFAULT_MODE", "loud", "expected 'observe', 'approve' or 'automatic', not 'loud'"),
        ("DUNWELL_BASE_URL", "http://dunwell.example", "expected an https:// address"),
        ("DUNWELL_XERO_API_URL", "ftp://localhost", "expected an https:// address"),
        ("DUNWELL_SECRET_KEY", "short", "at least 16 characters"),
        ("DUNWELL_SMTP_URL", "mail.example:25", "expected smtp://user:password@host:port or smtps://"),
        ("DUNWELL_DATABASE_URL", "mysql://db/x", "SQLite or PostgreSQL"),
        ("DUNWELL_MAIL_FROM", "nobody", "expected an email address"),
        ("DUNWELL_PING_URL", "http://alarm.example/secret", "expected an https:// address"),
        ("DUNWELL_TRUSTED_PROXY", "the.proxy", "expected the address of the proxy"),
        ("DUNWELL_NOW", "2026-03-04T09:30:00Z", "expected DUNWELL_SANDBOX=1 beside it"),
        ("DUNWELL_SANDBOX", "perhaps", "expected a valid boolean"),
    ],
)
def test_a_wrong_value_is_told_with_its_name_and_what_was_expected(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSettings, match=name) as told:
        read_settings()
    assert expected in str(told.value)


def test_every_wrong_value_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNWELL_DEFAULT_MODE", "loud")
    monkeypatch.setenv("DUNWELL_MAIL_FROM", "nobody")
    with pytest.raises(WrongSettings) as told:
        read_settings()
    assert len(str(told.value).splitlines()) == 2


def test_a_wrong_secret_is_never_repeated_in_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNWELL_SECRET_KEY", "hunter2")
    monkeypatch.setenv("DUNWELL_SMTP_URL", "http://user:swordfish@mail")
    monkeypatch.setenv("DUNWELL_PING_URL", "http://alarm.example/marlin")
    with pytest.raises(WrongSettings) as told:
        read_settings()
    assert "hunter2" not in str(told.value)
    assert "swordfish" not in str(told.value)
    assert "marlin" not in str(told.value)


def test_secrets_do_not_show_in_a_printed_settings_object(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNWELL_SECRET_KEY", "correct-horse-battery")
    monkeypatch.setenv("DUNWELL_XERO_CLIENT_SECRET", "swordfish-and-more")
    shown = repr(read_settings())
    assert "correct-horse" not in shown
    assert "swordfish" not in shown


def test_the_first_of_several_secrets_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNWELL_SECRET_KEY", "the-new-secret-key, the-old-secret-key")
    assert read_settings().secret_keys() == ("the-new-secret-key", "the-old-secret-key")


def test_without_a_secret_one_is_made_and_kept_for_its_owner_only(tmp_path: Path) -> None:
    first, second = read_settings().secret_keys(), read_settings().secret_keys()
    assert first == second
    assert len(first[0]) >= 48
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o077 == 0


def test_a_database_server_needs_a_secret_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNWELL_DATABASE_URL", "postgresql://db/dunwell")
    with pytest.raises(WrongSettings, match="DUNWELL_SECRET_KEY"):
        read_settings().secret_keys()


def test_the_api_root_may_be_given_with_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNWELL_QUICKBOOKS_API_URL", "http://localhost:9000/quickbooks/v3/")
    assert read_settings().quickbooks().api_url == "http://localhost:9000/quickbooks"
