"""Tokens: one caller refreshes however many ask, the new set is stored before it is used, a lost consent is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import ReconnectNeeded, RetryLater, StopRun
from connectors.oauth import (
    Refresh,
    after_rejection,
    callback_code,
    decode,
    encode,
    fresh_access_token,
    insist_on_https,
    token_set,
)
from connectors.ports import TokenSet
from store import companies, tokens
from store.database import Database
from store.secrets import SecretBox

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def clock() -> datetime:
    return NOW


def held(name: str, *, minutes: float = 60) -> TokenSet:
    return TokenSet(access_token=name, refresh_token=f"refresh-{name}", expires_at=NOW + timedelta(minutes=minutes))


@pytest.fixture
def vault_of(database: Database) -> Callable[[TokenSet, str], tokens.Vault]:
    box = SecretBox(("a-secret-of-at-least-thirty-two-characters",))

    def make(first: TokenSet, worker: str = "worker-1") -> tokens.Vault:
        with database.begin() as session:
            company = companies.connect(
                session, platform="quickbooks", external_id="1", name="Harbor Lane", mode="observe", now=NOW
            )
            assert company.id is not None
            id = tokens.put_tokens(
                session,
                box,
                platform="quickbooks",
                owner="1",
                content=encode(first),
                expires_at=first.expires_at,
                refresh_expires_at=None,
                hard_expires_at=None,
                now=NOW,
            )
            tokens.attach(session, company.id, id, "", None, NOW)
        return tokens.Vault(database, box, company.id, clock, worker)

    return make


MakeVault = Callable[[TokenSet], tokens.Vault]


def counting(calls: list[str], answer: TokenSet | Exception) -> Refresh:
    def refresh(stale: TokenSet) -> TokenSet:
        calls.append(stale.refresh_token)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return refresh


def test_a_token_with_time_left_is_used_as_it_is(vault_of: MakeVault) -> None:
    calls: list[str] = []
    assert fresh_access_token(vault_of(held("a", minutes=2)), counting(calls, held("b")), clock) == "a"
    assert calls == []


def test_a_token_with_less_than_two_minutes_left_is_refreshed_first(vault_of: MakeVault) -> None:
    calls: list[str] = []
    vault = vault_of(held("a", minutes=1.9))
    assert fresh_access_token(vault, counting(calls, held("b")), clock) == "b"
    assert calls == ["refresh-a"]
    content, version = vault.read() or (b"", 0)
    assert decode(content, version).refresh_token == "refresh-b"


def test_a_rejected_token_is_refreshed_though_it_has_time_left(vault_of: MakeVault) -> None:
    calls: list[str] = []
    assert after_rejection(vault_of(held("a")), counting(calls, held("b")), "a") == "b"
    assert calls == ["refresh-a"]


def test_a_rejected_token_that_somebody_has_replaced_is_not_refreshed_again(vault_of: MakeVault) -> None:
    calls: list[str] = []
    assert after_rejection(vault_of(held("b")), counting(calls, held("c")), "a") == "b"
    assert calls == []


def test_eight_threads_refresh_once(vault_of: MakeVault) -> None:
    calls: list[str] = []
    vault, together, got = vault_of(held("a", minutes=-5)), threading.Barrier(8), []

    def ask() -> None:
        together.wait()
        got.append(fresh_access_token(vault, counting(calls, held("b")), clock))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["b"] * 8
    assert calls == ["refresh-a"]


def test_a_refused_refresh_loses_the_consent(vault_of: MakeVault) -> None:
    vault = vault_of(held("a", minutes=-5))
    with pytest.raises(ReconnectNeeded, match="no longer"):
        fresh_access_token(vault, counting([], ReconnectNeeded("no longer accepted")), clock)
    assert vault.read() is None
    with pytest.raises(ReconnectNeeded):
        fresh_access_token(vault, counting([], held("b")), clock)


def test_a_refused_refresh_that_somebody_else_has_won_meanwhile_loses_nothing(vault_of: MakeVault) -> None:
    """Our lease ran out while we waited, and another worker refreshed and stored: theirs is the good set."""
    vault = vault_of(held("a", minutes=-5))

    def late(stale: TokenSet) -> TokenSet:
        vault_of(held("b"))
        raise ReconnectNeeded("that refresh token has been used")

    assert fresh_access_token(vault, late, clock) == "b"
    assert vault.read() is not None


def test_a_refresh_that_another_worker_never_finishes_is_waited_for_only_so_long(
    vault_of: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "WAIT_SECONDS", 0.1)
    first = held("a", minutes=-5)
    vault = vault_of(first)
    with vault.refreshing(1) as is_theirs:
        assert is_theirs
        with pytest.raises(RetryLater):
            fresh_access_token(vault, counting([], held("b")), clock)
    assert fresh_access_token(vault, counting([], held("b")), clock) == "b"


def test_a_platform_that_is_away_loses_nothing(vault_of: MakeVault) -> None:
    vault = vault_of(held("a", minutes=-5))
    with pytest.raises(RetryLater):
        fresh_access_token(vault, counting([], RetryLater("X", timedelta(seconds=5))), clock)
    assert fresh_access_token(vault, counting([], held("b")), clock) == "b"


@given(st.text(min_size=1), st.text(min_size=1), st.datetimes(timezones=st.just(UTC)), st.lists(st.text()))
def test_a_token_set_comes_back_from_its_bytes_as_it_was(
    access: str, refresh: str, expires_at: datetime, scopes: list[str]
) -> None:
    tokens = TokenSet(
        access_token=access, refresh_token=refresh, expires_at=expires_at, scopes=tuple(scopes), version=7
    )
    assert decode(encode(tokens), 7) == tokens


@pytest.mark.parametrize(
    "url", ["https://api.example/x", "http://localhost:8000/x", "http://127.0.0.1/x", "http://[::1]/"]
)
def test_https_and_this_machine_are_safe_addresses(url: str) -> None:
    assert insist_on_https(url) == url


@pytest.mark.parametrize(
    "url", ["http://api.example/", "http://localhost.evil.example/", "ftp://localhost/", "", "https://"]
)
def test_anything_else_is_not(url: str) -> None:
    with pytest.raises(StopRun):
        insist_on_https(url)


def test_a_callback_that_says_no_is_told_in_plain_words() -> None:
    with pytest.raises(ReconnectNeeded, match="You said no"):
        callback_code("http://localhost/cb?error=access_denied&state=s", "QuickBooks Online")
    with pytest.raises(ReconnectNeeded, match="Try again"):
        callback_code("http://localhost/cb?error=<script>&state=s", "QuickBooks Online")
    with pytest.raises(ReconnectNeeded):
        callback_code("http://localhost/cb?state=s", "QuickBooks Online")


def test_a_callback_gives_its_code_and_the_rest() -> None:
    code, answers = callback_code("http://localhost/cb?code=c-1&state=s&realmId=42", "QuickBooks Online")
    assert (code, answers["realmId"]) == ("c-1", "42")


def test_lifetimes_are_those_that_the_platform_states() -> None:
    answer = {
        "access_token": "a",
        "refresh_token": "r",
        "expires_in": 3600,
        "x_refresh_token_expires_in": 8726400,
        "x_refresh_token_hard_expires_in": 157680000,
    }
    tokens = token_set(answer, NOW)
    assert tokens.expires_at == NOW + timedelta(hours=1)
    assert tokens.refresh_expires_at == NOW + timedelta(days=101)
    assert tokens.hard_expires_at == NOW + timedelta(days=1825)


@pytest.mark.parametrize("lifetime", [None, "soon", [], 10**30])
def test_a_lifetime_that_makes_no_sense_is_taken_as_short(lifetime: object) -> None:
    tokens = token_set({"access_token": "a", "refresh_token": "r", "expires_in": lifetime}, NOW)
    assert NOW < tokens.expires_at <= NOW + timedelta(hours=1)


@pytest.mark.parametrize("answer", [{}, {"access_token": "a"}, {"access_token": 1, "refresh_token": "r"}])
def test_an_answer_without_tokens_stops(answer: dict[str, object]) -> None:
    with pytest.raises(StopRun):
        token_set(answer, NOW)


def test_scopes_are_read_from_either_form() -> None:
    base = {"access_token": "a", "refresh_token": "r", "expires_in": 60}
    assert token_set(base | {"scope": "openid email"}, NOW).scopes == ("openid", "email")
    assert token_set(base | {"scope": ["openid"]}, NOW).scopes == ("openid",)
    assert token_set(base, NOW, scopes=("asked",)).scopes == ("asked",)
