"""Putting a credit memo on its invoice: QuickBooks does that by a payment of zero with one line for each of the two.

Where a company lets QuickBooks apply credits by itself, a new memo may already have gone to the customer's oldest
invoice. That application is then changed to the invoice the credit is for: it holds nothing but our memo.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from connectors.errors import Refused
from connectors.ports import CreditOrder
from connectors.quickbooks.client import Client
from connectors.quickbooks.faults import TITLE
from connectors.quickbooks.requests import request_id
from engine.money import Money, minor_units

Document = dict[str, Any]


class Applier:
    """Applies one memo. `header` is what a document of this company needs besides, such as its currency."""

    def __init__(self, client: Client, order: CreditOrder, memo_id: str, header: Document, on: date, key: str) -> None:
        self._client, self._order, self._memo_id = client, order, memo_id
        self._header, self._on, self._key = header, on, key

    def apply(self) -> None:
        """Until `order.amount` of the memo is on the invoice. Raises Refused where that cannot be any more."""
        memo = self._client.get("CreditMemo", self._memo_id)
        applied = 0
        for payment in self._payments(memo):
            if self._is_astray(payment):
                self._turn(payment)
                memo = self._client.get("CreditMemo", self._memo_id)
            applied += self._given(self._client.get("Payment", payment["Id"]))
        wanted = self._order.amount - applied
        if wanted <= 0:
            return
        invoice = self._client.get("Invoice", self._order.invoice_id)
        left, due = self._minor(memo.get("RemainingCredit")), self._minor(invoice.get("Balance"))
        if min(left, due) < wanted:
            raise Refused(
                f"The credit memo {memo.get('DocNumber', '')} is made, but cannot be applied any more: the invoice owes"
                f" {Money(due, self._order.currency)}. What is left of it waits on the customer's account."
            )
        self._pay(invoice, wanted)

    def _pay(self, invoice: Document, amount: int) -> None:
        body = self._header | {
            "CustomerRef": {"value": invoice["CustomerRef"]["value"]},
            "TotalAmt": 0,
            "TxnDate": self._on.isoformat(),
            "Line": self._lines(amount),
        }
        made = self._client.write("Payment", body, request_id(self._key, body))
        # Dated in a closed period, QuickBooks has been seen to say yes and to do nothing.
        if self._given(made) < amount and self._is_still_owed(invoice):
            raise Refused(f"{TITLE} took the credit's application but applied nothing: is the period closed?")

    def _is_still_owed(self, before: Document) -> bool:
        """Whether the invoice stands as it stood: what an answer says of itself is not enough."""
        now = self._client.get("Invoice", self._order.invoice_id)
        return self._minor(now.get("Balance")) >= self._minor(before.get("Balance"))

    def _payments(self, memo: Document) -> list[Document]:
        links = [link for link in memo.get("LinkedTxn") or () if link.get("TxnType") == "Payment"]
        return [self._client.get("Payment", str(link.get("TxnId"))) for link in links]

    def _is_astray(self, payment: Document) -> bool:
        """Made of our memo alone, and for another invoice than ours, or for others as well."""
        links = _links(payment)
        credits = {id for kind, id, _ in links if kind != "Invoice"}
        invoices = {id for kind, id, _ in links if kind == "Invoice"}
        is_ours_alone = credits == {self._memo_id} and not self._minor(payment.get("TotalAmt"))
        return is_ours_alone and bool(invoices - {self._order.invoice_id})

    def _turn(self, payment: Document) -> None:
        used = sum(self._minor(amount) for kind, _, amount in _links(payment) if kind == "CreditMemo")
        body = payment | {"Line": self._lines(min(used, self._order.amount))}
        self._client.write("Payment", body, request_id(self._key, body))

    def _lines(self, amount: int) -> list[Document]:
        worth = Money(amount, self._order.currency).amount
        ends = (("Invoice", self._order.invoice_id), ("CreditMemo", self._memo_id))
        return [{"Amount": worth, "LinkedTxn": [{"TxnId": id, "TxnType": kind}]} for kind, id in ends]

    def _given(self, payment: Document) -> int:
        """How much of our invoice this payment pays."""
        mine = ("Invoice", self._order.invoice_id)
        return sum(self._minor(amount) for kind, id, amount in _links(payment) if (kind, id) == mine)

    def _minor(self, value: Any) -> int:
        return minor_units(Decimal(str(value or 0)), self._order.currency)


def _links(payment: Document) -> list[tuple[str, str, Any]]:
    """(kind, id, amount) of every line."""
    return [
        (str(link.get("TxnType")), str(link.get("TxnId")), line.get("Amount"))
        for line in payment.get("Line") or ()
        for link in line.get("LinkedTxn") or ()
    ]
