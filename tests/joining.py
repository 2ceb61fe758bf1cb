"""Joining: a sandbox company connected without its consent page, where a test needs many of them.

The sandbox's own token books issue the tokens, and the store keeps them as the web app's callback does.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from connectors import oauth
from connectors.ports import TokenSet
from connectors.quickbooks.oauth import SCOPES as QUICKBOOKS_SCOPES
from connectors.xero.oauth import SCOPES as XERO_SCOPES
from sandbox.company import SandboxCompany
from sandbox.quickbooks.tokens import ACCESS_LIFE as QUICKBOOKS_ACCESS
from sandbox.quickbooks.tokens import Grant
from sandbox.server import Sandbox
from sandbox.xero.grants import ACCESS_LIFE as XERO_ACCESS
from store import companies, tokens
from store.database import Database
from store.secrets import SecretBox


def join(
    sandbox: Sandbox, database: Database, box: SecretBox, platform: str, company: SandboxCompany, mode: str
) -> int:
    """Connect `company`; returns our id of it."""
    held, owner = issue(sandbox, platform, company)
    return keep(database, box, platform, company.external_id, company.name, mode, held, owner, sandbox.clock.now())


def issue(sandbox: Sandbox, platform: str, company: SandboxCompany) -> tuple[TokenSet, str]:
    """Tokens for a company, and whose they are: the sandbox's part."""
    kind = _from_quickbooks if platform == "quickbooks" else _from_xero
    return kind(sandbox, company.external_id, sandbox.clock.now())


def keep(
    database: Database,
    box: SecretBox,
    platform: str,
    external_id: str,
    name: str,
    mode: str,
    held: TokenSet,
    owner: str,
    now: datetime,
) -> int:
    """The company and its tokens, as the web app's callback stores them; returns our id of it."""
    with database.begin() as session:
        ours = companies.connect(session, platform=platform, external_id=external_id, name=name, mode=mode, now=now)
        assert ours.id is not None
        tokens_id = tokens.put_tokens(
            session,
            box,
            platform=platform,
            owner=owner,
            content=oauth.encode(held),
            expires_at=held.expires_at,
            refresh_expires_at=held.refresh_expires_at,
            hard_expires_at=held.hard_expires_at,
            now=now,
        )
        tokens.attach(session, ours.id, tokens_id, "", None, now)
    return ours.id


def _from_quickbooks(sandbox: Sandbox, realm: str, now: datetime) -> tuple[TokenSet, str]:
    platform = sandbox.quickbooks
    [app] = platform.apps.values()
    grant = Grant(app, platform.person, tuple(QUICKBOOKS_SCOPES), realm, now)
    code = platform.tokens.code_for(grant, app.redirect_uris[0], now)
    issued = platform.tokens.exchange(app, code, app.redirect_uris[0], now)
    held = TokenSet(
        access_token=issued.access_token,
        refresh_token=grant.refresh_token,
        expires_at=now + QUICKBOOKS_ACCESS,
        refresh_expires_at=grant.refresh_expires_at,
        hard_expires_at=grant.hard_expires_at,
        scopes=grant.scopes,
    )
    return held, realm


def _from_xero(sandbox: Sandbox, tenant_id: str, now: datetime) -> tuple[TokenSet, str]:
    platform = sandbox.xero
    [app] = platform.apps.values()
    user = platform.user("")
    code = platform.grants.consent(app, user, [tenant_id], XERO_SCOPES, app.redirect_uris[0])
    issued = platform.grants.exchange(app, code, app.redirect_uris[0], "", is_secret_shown=True)
    held = TokenSet(
        access_token=platform.keys.access_token(issued, f"{sandbox.base_url}/xero"),
        refresh_token=issued.refresh,
        expires_at=now + XERO_ACCESS,
        refresh_expires_at=now + timedelta(days=60),
        scopes=issued.consent.scopes,
    )
    return held, user.id
