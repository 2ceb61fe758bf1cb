"""Putting a credit memo on its invoice: QuickBooks does that by a payment of zero with one line for each of the two.

Where a company lets QuickBooks apply credits by itself, a new memo may already have gone to the customer's oldest
invoice. That application is then changed to the invoice the credit is for: it holds nothing but our memo.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from connectors.documents import CreditOrder
from connectors.errors import Refused
from connectors.quickbooks.client import Client
from connectors.quickbooks.faults import TITLE
from connectors.quickbooks.fields import ref_id
from connectors.quickbooks.requests import request_id
from connectors.quickbooks.whole import CreditMemo, Invoice, Payment, minor, whole
from engine.money import Money

Document = dict[str, Any]


class Applier:
    """Applies one memo. `header` is what a document of this company needs besides, such as its currency."""

    def __init__(self, client: Client, order: CreditOrder, memo_id: str, header: Document, on: date, key: str) -> None:
        self._client, self._order, self._memo_id = client, order, memo_id
        self._header, self._on, self._key = header, on, key

    def apply(self) -> None:
        """Until `order.amount` of the memo is on the invoice. Raises Refused where that cannot be any more."""
        applied = 0
        for raw in self._payments():
            is_astray = self._is_astray(whole(Payment, raw))
            applied += self._given(self._turned(raw) if is_astray else raw)
        wanted = self._order.amount - applied
        if wanted <= 0:
            return
        memo, invoice = self._memo(), self._invoice()
        left, due = self._minor(memo.remaining_credit), self._minor(invoice.balance)
        if min(left, due) < wanted:
            raise Refused(
                f"The credit memo {memo.doc_number or ''} is made, but cannot be applied any more: the invoice owes"
                f" {Money(due, self._order.currency)}. What is left of it waits on the customer's account."
            )
        self._pay(invoice, wanted)

    def _pay(self, invoice: Invoice, amount: int) -> None:
        body = self._header | {
            "CustomerRef": {"value": ref_id(invoice.customer_ref)},
            "TotalAmt": 0,
            "TxnDate": self._on.isoformat(),
            "Line": self._lines(amount),
        }
        made = self._client.write("Payment", body, request_id(self._key, body))
        # Dated in a closed period, QuickBooks has been seen to say yes and to do nothing.
        if self._given(made) < amount and self._minor(self._invoice().balance) >= self._minor(invoice.balance):
            raise Refused(f"{TITLE} took the credit's application but applied nothing: is the period closed?")

    def _payments(self) -> list[Document]:
        links = self._memo().linked_txn or ()
        return [self._client.get("Payment", link.txn_id or "") for link in links if link.txn_type == "Payment"]

    def _is_astray(self, payment: Payment) -> bool:
        """Made of our memo alone, and for another invoice than ours, or for others as well."""
        links = list(payment.links())
        credits = {id for kind, id, _ in links if kind != "Invoice"}
        invoices = {id for kind, id, _ in links if kind == "Invoice"}
        is_ours_alone = credits == {self._memo_id} and not self._minor(payment.total_amt)
        return is_ours_alone and bool(invoices - {self._order.invoice_id})

    def _turned(self, raw: Document) -> Document:
        """The whole payment goes back, for it knows no smaller change; only its lines are others."""
        used = sum(self._minor(amount) for kind, _, amount in whole(Payment, raw).links() if kind == "CreditMemo")
        body = raw | {"Line": self._lines(min(used, self._order.amount))}
        return self._client.write("Payment", body, request_id(self._key, body))

    def _lines(self, amount: int) -> list[Document]:
        worth = Money(amount, self._order.currency).amount
        ends = (("Invoice", self._order.invoice_id), ("CreditMemo", self._memo_id))
        return [{"Amount": worth, "LinkedTxn": [{"TxnId": id, "TxnType": kind}]} for kind, id in ends]

    def _given(self, payment: Document) -> int:
        """How much of our invoice this payment pays."""
        mine = ("Invoice", self._order.invoice_id)
        return sum(self._minor(amount) for kind, id, amount in whole(Payment, payment).links() if (kind, id) == mine)

    def _memo(self) -> CreditMemo:
        return whole(CreditMemo, self._client.get("CreditMemo", self._memo_id))

    def _invoice(self) -> Invoice:
        return whole(Invoice, self._client.get("Invoice", self._order.invoice_id))

    def _minor(self, value: Decimal | None) -> int:
        return minor(value, self._order.currency)
