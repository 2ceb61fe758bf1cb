"""The business itself, out of what FreshBooks says of the person who consented (`users/me`). Platform words stop here.

FreshBooks tells there neither the business's currency nor its time zone: the currency is its country's, and the owner
chooses the zone.
"""

from __future__ import annotations

from collections.abc import Iterator

from babel.numbers import get_territory_currencies

from connectors.errors import ReconnectNeeded
from connectors.freshbooks import shapes
from connectors.freshbooks.faults import TITLE
from connectors.freshbooks.fields import country_code
from connectors.ports import GrantedCompany
from connectors.texts import is_id, text
from engine.books import CompanyRecord

OWNER = "owner"
READ_ONLY = frozenset({"cancelled", "canceled"})
"""Values of a subscription's status that end writing. Any other counts as live."""


def company_of(me: shapes.Me, account: str) -> CompanyRecord:
    """Raises ReconnectNeeded where the person has no such business any more."""
    business = next((one for one in _owned(me) if one.account_id == account), None)
    if business is None:
        raise ReconnectNeeded(f"{TITLE} no longer shows us this business. Connect it again as its owner.")
    country = country_code(business.address.country if business.address else None)
    status = (me.subscription_statuses or {}).get(account) or ""
    return CompanyRecord(
        external_id=account,
        name=text(business.name) or account,
        country=country,
        base_currency=next(iter(get_territory_currencies(country)), "") if country else "",
        email=text(me.email),
        is_read_only=status.lower() in READ_ONLY,
    )


def granted(me: shapes.Me) -> tuple[GrantedCompany, ...]:
    """The businesses that this person owns: a consent is for all of them, and FreshBooks lets nobody pick."""
    owned = {one.account_id: one for one in _owned(me) if one.account_id}
    return tuple(GrantedCompany(external_id=id, name=text(one.name) or id) for id, one in owned.items())


def _owned(me: shapes.Me) -> Iterator[shapes.Business]:
    for membership in me.business_memberships or ():
        if membership.role == OWNER and membership.business and is_id(membership.business.account_id):
            yield membership.business
