"""Connecting a company: through the real pages, only by those whom the platform vouches for, and ended for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.config import QuickBooksConfig
from connectors.errors import ReconnectNeeded, RetryLater, StopRun
from connectors.oauth import encode
from connectors.quickbooks.platform import QuickBooks
from sandbox.faults import Fault
from sandbox.quickbooks import QuickBooksCompany
from sandbox.server import Sandbox
from tests.connectors.quickbooks.connected import REDIRECT, Connected, consent, platform_at, press


def test_a_consent_gives_tokens_the_person_and_one_company(sandbox: Sandbox, company: QuickBooksCompany) -> None:
    grant = consent(platform_at(sandbox), company.external_id)
    assert [(found.external_id, found.name) for found in grant.companies] == [
        (company.external_id, "Harbor Lane Provisions")
    ]
    person = sandbox.quickbooks.person
    assert (grant.person.subject, grant.person.email, grant.person.name) == (
        person.subject,
        person.email,
        "Ana Ortiz",
    )
    now = sandbox.clock.now()
    assert timedelta(minutes=59) < grant.tokens.expires_at - now <= timedelta(hours=1)
    assert grant.tokens.refresh_expires_at is not None
    assert grant.tokens.refresh_expires_at - now > timedelta(days=100)
    assert grant.tokens.hard_expires_at is not None, "the header that asks for it was sent"
    assert "com.intuit.quickbooks.accounting" in grant.tokens.scopes


def test_a_person_who_says_no_connects_nothing(sandbox: Sandbox, company: QuickBooksCompany) -> None:
    with pytest.raises(ReconnectNeeded, match="You said no"):
        consent(platform_at(sandbox), company.external_id, "deny")


def test_who_only_signs_in_opens_no_company(sandbox: Sandbox, company: QuickBooksCompany) -> None:
    platform = platform_at(sandbox)
    url = platform.sign_in_url(REDIRECT, "s", "n", "")
    assert "accounting" not in url
    callback = press(url, company.external_id)
    assert "realmId" not in callback
    with pytest.raises(ReconnectNeeded, match="another request"):
        platform.signed_in(REDIRECT, callback, "another", "")
    person = platform.signed_in(REDIRECT, press(url, ""), "n", "")
    assert person == consent(platform, company.external_id).person


def test_a_code_works_once(sandbox: Sandbox, company: QuickBooksCompany) -> None:
    platform = platform_at(sandbox)
    callback = press(platform.authorise_url(REDIRECT, "s", "n", ""), company.external_id)
    platform.finish(REDIRECT, callback, "n", "")
    with pytest.raises(ReconnectNeeded):
        platform.finish(REDIRECT, callback, "n", "")


def test_a_company_that_was_not_chosen_cannot_be_had_by_naming_it(sandbox: Sandbox, company: QuickBooksCompany) -> None:
    """The callback's realmId passes through the browser: whoever edits it must not get into somebody else's books."""
    other = sandbox.quickbooks.create_company("Somebody Else", "US", "USD", "America/New_York")
    platform = platform_at(sandbox)
    callback = press(platform.authorise_url(REDIRECT, "s", "n", ""), company.external_id)
    with pytest.raises(ReconnectNeeded):
        platform.finish(REDIRECT, callback.replace(company.external_id, other.external_id), "n", "")


@pytest.mark.parametrize("realm", ["", "../../1", "1' OR '1'='1", "9" * 40])
def test_a_realm_that_is_none_is_refused(sandbox: Sandbox, company: QuickBooksCompany, realm: str) -> None:
    platform = platform_at(sandbox)
    callback = press(platform.authorise_url(REDIRECT, "s", "n", ""), company.external_id)
    with pytest.raises(ReconnectNeeded, match="which company"):
        platform.finish(REDIRECT, callback.replace(company.external_id, realm), "n", "")


def test_an_answer_to_another_sign_in_is_refused(sandbox: Sandbox, company: QuickBooksCompany) -> None:
    platform = platform_at(sandbox)
    callback = press(platform.authorise_url(REDIRECT, "s", "theirs", ""), company.external_id)
    with pytest.raises(ReconnectNeeded, match="another request"):
        platform.finish(REDIRECT, callback, "ours", "")


def test_a_person_without_a_verified_email_is_not_signed_in(sandbox: Sandbox, company: QuickBooksCompany) -> None:
    person = sandbox.quickbooks.person
    sandbox.quickbooks.person = type(person)(is_email_verified=False)
    with pytest.raises(ReconnectNeeded, match="verified your email"):
        consent(platform_at(sandbox), company.external_id)


def test_without_userinfo_the_person_is_known_by_the_id_token(sandbox: Sandbox, company: QuickBooksCompany) -> None:
    sandbox.faults.add(Fault("status", path="/userinfo", args={"status": 503}))
    grant = consent(platform_at(sandbox), company.external_id)
    assert (grant.person.subject, grant.person.email) == (sandbox.quickbooks.person.subject, "")


def test_sign_in_works_while_the_keys_cannot_be_had(sandbox: Sandbox, company: QuickBooksCompany) -> None:
    sandbox.faults.add(Fault("status", path="/jwks", args={"status": 503}))
    assert consent(platform_at(sandbox), company.external_id).person.subject == sandbox.quickbooks.person.subject


def test_our_own_wrong_secret_is_told_as_that(sandbox: Sandbox, company: QuickBooksCompany) -> None:
    with pytest.raises(StopRun, match="client id and secret"):
        consent(platform_at(sandbox, client_secret="wrong"), company.external_id)


@pytest.mark.parametrize("fault", ["drop_before", "html"])
def test_a_sign_in_that_is_away_is_told_as_away(sandbox: Sandbox, company: QuickBooksCompany, fault: str) -> None:
    sandbox.faults.add(Fault(fault, path="/tokens/bearer"))
    with pytest.raises(RetryLater):
        consent(platform_at(sandbox), company.external_id)


def test_the_addresses_are_read_once_a_day(sandbox: Sandbox, company: QuickBooksCompany) -> None:
    platform = platform_at(sandbox)
    for _ in range(3):
        consent(platform, company.external_id)
    assert sum("openid_configuration" in path for _, path in sandbox.quickbooks.requests_seen) == 1


def test_without_the_addresses_nobody_can_connect_just_now(sandbox: Sandbox, company: QuickBooksCompany) -> None:
    sandbox.faults.add(Fault("html", path="openid_configuration"))
    with pytest.raises(RetryLater, match="addresses"):
        consent(platform_at(sandbox), company.external_id)


def test_disconnecting_ends_the_permission_and_may_be_repeated(connected: Connected) -> None:
    tokens = consent(connected.platform, connected.company.external_id).tokens
    connected.platform.revoke(tokens, "")
    connected.platform.revoke(tokens, "")
    with pytest.raises(ReconnectNeeded):
        connected.sync()


def test_a_disconnect_that_did_not_arrive_is_told(connected: Connected) -> None:
    tokens = consent(connected.platform, connected.company.external_id).tokens
    connected.sandbox.faults.add(Fault("drop_before", path="/revoke"))
    with pytest.raises(RetryLater):
        connected.platform.revoke(tokens, "")


def test_no_token_shows_in_what_is_logged(connected: Connected, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    grant = consent(connected.platform, connected.company.external_id)
    connected.sandbox.clock.advance(timedelta(hours=2))
    connected.sync()
    held = connected.vault().read()
    assert held is not None
    for secret in (grant.tokens.access_token, grant.tokens.refresh_token, "secret-1"):
        assert secret not in caplog.text
    assert encode(grant.tokens)


def test_a_platform_without_keys_is_not_configured() -> None:
    def clock() -> datetime:
        return datetime(2026, 3, 4, tzinfo=UTC)

    assert not QuickBooks(QuickBooksConfig(), clock).is_configured()
    assert QuickBooks(QuickBooksConfig(client_id="a", client_secret="b"), clock).is_configured()


def test_plain_http_to_another_machine_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(StopRun, match="not a safe address"):
        platform_at(sandbox, discovery_url="http://books.example/.well-known").authorise_url(REDIRECT, "s", "n", "")
