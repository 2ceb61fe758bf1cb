"""Documents in books that we cannot write: a person makes them there, and says so by approving the act here.

Whatever comes this far was approved by somebody who was told what to do and under which number. So nothing is done, and
it counts as done.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from connectors.documents import Choices, CreditOrder, FeeOrder
from connectors.errors import Refused


class ByHand:
    """A `DocumentWriter`. `find` looks an invoice of that number or reference up in the uploads."""

    def __init__(self, find: Callable[[str], str | None]) -> None:
        self._find = find

    def choices(self) -> Choices:
        return Choices()

    def make_fee(self, order: FeeOrder, key: str) -> str:  # noqa: ARG002  # a person has made it
        return order.reference

    def find_fee(self, reference: str) -> str | None:
        return self._find(reference)

    def void_fee(self, invoice_id: str, key: str) -> None:
        """A person has taken it back."""

    def grant_credit(self, order: CreditOrder, key: str) -> str:  # noqa: ARG002  # a person has made it
        return order.reference

    def deliver_invoice(self, invoice_id: str, key: str) -> None:  # noqa: ARG002  # there is no platform to ask
        raise Refused("Uploaded files send no invoices.")

    def expect_payment(self, invoice_id: str, on: date | None, key: str) -> bool:  # noqa: ARG002  # as above
        return False
