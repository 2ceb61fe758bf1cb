"""Connecting FreshBooks: who consented, for which businesses, and tokens that work once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.errors import ReconnectNeeded, StopRun
from connectors.freshbooks.platform import FreshBooks
from connectors.oauth import GivenAccess
from sandbox.faults import Fault
from sandbox.freshbooks import FreshBooksCompany
from sandbox.server import Sandbox
from tests.connectors.freshbooks.connected import REDIRECT, Connected, consent, platform_at, press


def test_a_consent_asks_for_no_more_than_is_used(platform: FreshBooks) -> None:
    asked = parse_qs(urlsplit(platform.authorise_url(REDIRECT, "state-1", "n-1", "")).query)
    assert asked["state"] == ["state-1"]
    assert asked["scope"] == [
        "user:profile:read user:clients:read user:invoices:read user:invoices:write user:payments:read"
    ]


def test_a_consent_tells_who_gave_it_and_opens_the_businesses_they_own(
    sandbox: Sandbox, platform: FreshBooks, company: FreshBooksCompany
) -> None:
    """owner of two, employee in a third: that one is somebody else's to connect"""
    second = sandbox.freshbooks.create_company("Second Studio", "US", "USD", "America/New_York")
    sandbox.freshbooks.create_company("An employer", "US", "USD", "America/New_York", role="business_employee")
    grant = consent(platform)
    assert (grant.person.subject, grant.person.email) == ("12345", "ana@brightside.example")
    assert [one.external_id for one in grant.companies] == [company.external_id, second.external_id]
    assert (grant.tokens.expires_at - sandbox.clock.now()) > timedelta(hours=11)


def test_an_address_that_freshbooks_has_not_confirmed_proves_nobody(sandbox: Sandbox, platform: FreshBooks) -> None:
    sandbox.freshbooks.person = replace(sandbox.freshbooks.person, confirmed_at=None)
    with pytest.raises(ReconnectNeeded, match="confirmed your email"):
        consent(platform)


def test_saying_no_connects_nothing(platform: FreshBooks) -> None:
    with pytest.raises(ReconnectNeeded, match="said no"):
        consent(platform, "deny")


def test_a_code_works_once(platform: FreshBooks) -> None:
    callback = press(platform.authorise_url(REDIRECT, "state-1", "n-1", ""))
    platform.finish(REDIRECT, callback, "n-1", "")
    with pytest.raises(ReconnectNeeded):
        platform.finish(REDIRECT, callback, "n-1", "")


def test_the_wrong_keys_are_our_own_fault(sandbox: Sandbox, platform: FreshBooks) -> None:
    callback = press(platform.authorise_url(REDIRECT, "state-1", "n-1", ""))
    with pytest.raises(StopRun, match="client id and secret"):
        platform_at(sandbox, client_secret="another").finish(REDIRECT, callback, "n-1", "")


def test_a_refresh_token_is_replaced_each_time_and_kept_before_it_is_used(connected: Connected) -> None:
    versions = []
    for _ in range(3):
        connected.sandbox.clock.advance(timedelta(hours=13))
        assert connected.sync()[-1].is_complete
        held = connected.vault().read()
        assert held is not None
        versions.append(held[1])
    assert len(set(versions)) == 3


def test_a_refresh_whose_answer_is_lost_asks_for_a_new_consent(connected: Connected) -> None:
    """The token has been used up over there and the new one never came: nothing but a new consent helps."""
    connected.sandbox.clock.advance(timedelta(hours=13))
    connected.sandbox.faults.add(Fault("drop_after", "POST", "/auth/oauth/token"))
    with pytest.raises(ReconnectNeeded):
        connected.sync()


def test_a_new_consent_replaces_the_old_one(connected: Connected, platform: FreshBooks) -> None:
    """One consent of a person at a time: so the tokens of a sign-in are the ones to keep."""
    consent(platform)
    with pytest.raises(ReconnectNeeded):
        connected.sync()
    connected.connect()
    assert connected.sync()[-1].is_complete


def test_a_disconnect_ends_the_consent_over_there(platform: FreshBooks) -> None:
    grant = consent(platform)
    platform.revoke(grant.tokens, "")
    with pytest.raises(ReconnectNeeded):
        platform._client("", GivenAccess(grant.tokens.access_token)).me()
    platform.revoke(grant.tokens, "")


def test_the_business_is_what_freshbooks_tells_of_it(connected: Connected) -> None:
    record = connected.books().company()
    assert (record.name, record.country, record.base_currency) == ("Brightside Studio", "CA", "CAD")
    assert (record.time_zone, record.is_read_only) == ("", False)
    connected.company.switches.subscription_status = "cancelled"
    assert connected.books().company().is_read_only
    connected.company.switches.role = "business_employee"
    with pytest.raises(ReconnectNeeded, match="no longer shows us this business"):
        connected.books().company()


def test_no_webhook_is_genuine(platform: FreshBooks) -> None:
    assert not platform.verify_webhook(b"name=invoice.create", "c2ln")
