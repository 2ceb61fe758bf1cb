"""The rules of each kind of document, one module each; `ENTITIES` finds them by name."""

from __future__ import annotations

from sandbox.quickbooks.desk import Entity
from sandbox.quickbooks.entities import (
    attachable,
    company_info,
    credit_memo,
    customer,
    invoice,
    lists,
    payment,
    preferences,
)

ENTITIES: dict[str, Entity] = {
    entity.name: entity
    for entity in (
        customer.CUSTOMER,
        invoice.INVOICE,
        payment.PAYMENT,
        credit_memo.CREDIT_MEMO,
        attachable.ATTACHABLE,
        lists.TERM,
        lists.ITEM,
        lists.ACCOUNT,
        lists.CUSTOMER_TYPE,
        lists.TAX_CODE,
        company_info.COMPANY_INFO,
        preferences.PREFERENCES,
    )
}

BY_PATH: dict[str, Entity] = {entity.path: entity for entity in ENTITIES.values()}
"""By the lower-case name in the address, and for names that come in another case."""
