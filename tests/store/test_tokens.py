"""Token sets at rest, and the lease that lets one process at a time refresh one."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import companies, tokens
from store.database import Database
from store.secrets import SecretBox, SecretsLost
from store.sql import table_of
from store.tables import StoredTokens
from store.tokens import Vault
from tests.store.books import NOW, Shop
from tests.store.processes import run_all

KEY = "a secret key for tests"


def clock() -> datetime:
    return datetime.now(UTC)


def consent(shop: Shop, box: SecretBox, content: bytes = b"first", owner: str = "person-1") -> None:
    with shop.database.begin() as session:
        tokens_id = tokens.put_tokens(
            session,
            box,
            platform="xero",
            owner=owner,
            content=content,
            expires_at=shop.now,
            refresh_expires_at=None,
            hard_expires_at=None,
            now=shop.now,
        )
        tokens.attach(session, shop.id, tokens_id, "connection-1", None, shop.now)


@pytest.fixture
def connected(shop: Shop, box: SecretBox) -> Shop:
    consent(shop, box)
    return shop


@pytest.fixture
def vault(connected: Shop, box: SecretBox) -> Vault:
    return Vault(connected.database, box, connected.id, clock, "worker")


def status(shop: Shop) -> str:
    with shop.database.read() as session:
        return companies.get(session, shop.id).status


def refresh(vault: Vault, asked: Path, hold: float = 0.05) -> None:
    """What a connector does with a token that has run out; every call to the platform leaves a line in `asked`."""
    known = vault.read()
    assert known is not None
    with vault.refreshing(1) as must:
        if must:
            with asked.open("a") as file:
                file.write("asked\n")
            time.sleep(hold)
            vault.replace(b"refreshed", clock() + timedelta(minutes=30), None, None)
    assert vault.read() == (b"refreshed", 2)


def refresh_elsewhere(url: str, company_id: int, asked: str) -> None:
    database = Database(url)
    refresh(Vault(database, SecretBox((KEY,)), company_id, clock, "elsewhere"), Path(asked), hold=0.3)
    database.dispose()


def test_tokens_are_never_readable_in_the_database(connected: Shop) -> None:
    with connected.database.read() as session:
        sealed = session.execute(table_of(StoredTokens).select()).one().sealed
    assert b"first" not in sealed


def test_what_was_sealed_can_be_read_with_its_version(vault: Vault) -> None:
    assert vault.read() == (b"first", 1)


def test_a_company_without_consent_has_nothing_to_read(neighbour: Shop, box: SecretBox) -> None:
    assert Vault(neighbour.database, box, neighbour.id, clock, "worker").read() is None


def test_without_the_key_the_tokens_are_lost_and_the_error_tells_what_to_do(connected: Shop) -> None:
    stranger = Vault(connected.database, SecretBox(("another secret key!",)), connected.id, clock, "worker")
    with pytest.raises(SecretsLost, match="DUNWELL_SECRET_KEY"):
        stranger.read()


def test_sixteen_threads_refresh_once(connected: Shop, box: SecretBox, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    vaults = [Vault(connected.database, box, connected.id, clock, "worker") for _ in range(16)]
    threads = [threading.Thread(target=refresh, args=(each, asked)) for each in vaults]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked.read_text() == "asked\n"


def test_four_processes_refresh_once(connected: Shop, url: str, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    connected.database.dispose()
    assert run_all(refresh_elsewhere, [(url, connected.id, str(asked))] * 4) == [0, 0, 0, 0]
    assert asked.read_text() == "asked\n"


def test_whoever_comes_with_an_old_version_need_not_refresh(vault: Vault, tmp_path: Path) -> None:
    refresh(vault, tmp_path / "asked")
    with vault.refreshing(1) as must:
        assert not must


def test_a_refresh_that_failed_leaves_the_next_one_to_try(vault: Vault) -> None:
    with pytest.raises(ConnectionError), vault.refreshing(1):
        raise ConnectionError("the platform is away")
    with vault.refreshing(1) as must:
        assert must


def test_the_lease_of_a_dead_process_runs_out(connected: Shop, box: SecretBox) -> None:
    dead = Vault(connected.database, box, connected.id, lambda: NOW, "dead")
    lease = dead.refreshing(1)
    assert lease.__enter__()
    alive = Vault(connected.database, box, connected.id, lambda: NOW + tokens.LEASE, "alive")
    with alive.refreshing(1) as must:
        assert must


def test_waiting_for_another_refresh_ends_some_day(
    connected: Shop, box: SecretBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "WAIT_SECONDS", 0.1)
    slow, other = (Vault(connected.database, box, connected.id, lambda: NOW, name) for name in ("slow", "other"))
    with slow.refreshing(1), pytest.raises(tokens.RefreshTimeout), other.refreshing(1):
        pass


class TestConsentGone:
    def test_every_company_on_these_tokens_asks_to_be_connected_again(
        self, connected: Shop, neighbour: Shop, box: SecretBox
    ) -> None:
        consent(neighbour, box)
        vault = Vault(connected.database, box, connected.id, clock, "worker")
        vault.read()
        vault.forget("the owner took our permission back")
        assert (status(connected), status(neighbour), vault.read()) == ("reconnect_needed", "reconnect_needed", None)

    def test_a_company_on_other_tokens_goes_on(self, vault: Vault, neighbour: Shop, box: SecretBox) -> None:
        consent(neighbour, box, owner="person-2")
        vault.read()
        vault.forget("gone")
        assert status(neighbour) == "connected"

    def test_connecting_again_brings_them_back(self, connected: Shop, vault: Vault, box: SecretBox) -> None:
        vault.read()
        vault.forget("gone")
        consent(connected, box, b"second")
        assert (status(connected), vault.read()) == ("connected", (b"second", 2))

    def test_a_refresh_that_began_before_a_new_consent_does_not_overwrite_it(
        self, connected: Shop, vault: Vault, box: SecretBox
    ) -> None:
        with vault.refreshing(1) as must:
            assert must
            consent(connected, box, b"second")
            vault.replace(b"refreshed from the old one", clock(), None, None)
        assert vault.read() == (b"second", 2)

    def test_a_loss_told_of_the_old_consent_leaves_the_new_one_alone(
        self, connected: Shop, vault: Vault, box: SecretBox
    ) -> None:
        vault.read()
        consent(connected, box, b"second")
        vault.forget("gone")
        assert (status(connected), vault.read()) == ("connected", (b"second", 2))


class TestSecretBox:
    def test_an_old_key_still_opens_and_the_first_one_seals(self) -> None:
        old, new = "the old key, retired", "the new key, current"
        sealed = SecretBox((old,)).seal(b"token")
        rotated = SecretBox((new, old))
        assert rotated.open(sealed) == b"token"
        assert SecretBox((new,)).open(rotated.seal(b"token")) == b"token"

    @pytest.mark.parametrize("keys", [(), ("short",), ("a long enough key!", "")])
    def test_a_missing_or_short_key_is_refused(self, keys: tuple[str, ...]) -> None:
        with pytest.raises(ValueError, match="at least 16"):
            SecretBox(keys)
