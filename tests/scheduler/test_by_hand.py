"""Books that can only be read: what a person makes there, and what is not planned at all."""

from __future__ import annotations

from datetime import date

from connectors.documents import CreditOrder, FeeOrder
from connectors.uploads.platform import Uploads
from scheduler.by_hand import by_hand
from scheduler.doing import Body, Deliver, GrantCredit, MakeFee, ShowHold, UndoFee, encode
from store.database import Database
from store.ledger import PlannedAct
from store.uploads import StoredShelf

FILES = Uploads(StoredShelf(Database("sqlite://")))
TODAY = date(2026, 3, 4)
FEE = FeeOrder(
    customer_id="C-1", currency="GBP", amount=1105, description="", reference="LF-1", dated_on=TODAY, due_on=TODAY
)
CREDIT = CreditOrder(
    customer_id="C-1", invoice_id="I", currency="GBP", amount=240, description="", reference="DC-1", dated_on=TODAY
)


def asked(body: Body) -> list[str]:
    """What a person has to do for an act with this body; nothing where it is not planned."""
    return [act.by_hand for act in by_hand([PlannedAct(kind="any", key="k", body=encode(body))], FILES)]


def test_each_document_says_what_to_make_and_under_which_number() -> None:
    assert asked(MakeFee(FEE, ())) == ["Make an invoice of 11.05 GBP with the number LF-1 in your books, then approve."]
    assert asked(GrantCredit(CREDIT)) == ["Make a credit of 2.40 GBP with the number DC-1 in your books, then approve."]
    assert asked(UndoFee("LF-1")) == ["Take the invoice LF-1 out of your books, then approve."]


def test_a_hold_needs_nobody_and_no_invoice_is_sent_from_a_file() -> None:
    assert asked(ShowHold(True, "On hold")) == [""]
    assert asked(Deliver("I")) == []
