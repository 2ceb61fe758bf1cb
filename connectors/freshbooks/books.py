"""One FreshBooks business's books, as `connectors.ports.Books`: what changed, what to re-read, what can be written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connectors.calls import Through
from connectors.errors import Refused
from connectors.freshbooks.changes import CREDIT, changes
from connectors.freshbooks.client import Client, Search, chunks
from connectors.freshbooks.company import company_of
from connectors.freshbooks.cursor import Cursor, load
from connectors.freshbooks.documents import Documents
from connectors.freshbooks.faults import TITLE
from connectors.freshbooks.gathering import Gathering
from connectors.freshbooks.translate import Place
from connectors.ports import Clock, NoteTarget
from engine.books import CompanyRecord, Page

NO_NOTES = f"{TITLE} has no place for notes that the customer would not see."


class Books(Through):
    """One instance per company and run; not to be shared between threads."""

    note_batch = None

    def __init__(self, client: Client, account: str, clock: Clock) -> None:
        self._caller = self._client = client
        self._account, self._clock = account, clock
        self._at = Cursor()
        self._documents = Documents(client, clock)

    @property
    def documents(self) -> Documents:
        return self._documents

    def company(self) -> CompanyRecord:
        return company_of(self._client.me(), self._account)

    def changes(self, cursor: str) -> Iterator[Page]:
        for at, page in changes(self._client, self._clock, load(cursor)):
            self._at = at
            yield page

    def reread(self, accounts: Mapping[str, Sequence[str]]) -> Page:
        """One call an invoice, for FreshBooks offers no list of them by id; three more for a hundred customers.

        Payments come as far as they changed since the last reading, or all of these customers where this instance has
        read nothing yet.
        """
        gathering, gone = Gathering(), list[Place]()
        for id in dict.fromkeys(id for ids in accounts.values() for id in ids):
            raw = self._client.one("invoice", id)
            if raw is None:
                gone.append(("invoice", id))
            else:
                gathering.add("invoice", [raw])
        for clients in chunks(list(accounts)):
            for deleted in (False, True):
                search = Search(since=self._at.since(), deleted=deleted, clients=clients)
                gathering.add("payment", self._client.every("payment", search))
            gathering.add("credit_note", self._client.every("customer", Search(clients=clients), ("credit_balance",)))
        gone += [(CREDIT, id) for id in self._used_up(accounts, gathering)]
        return gathering.page("", gone=gone)

    def _used_up(self, accounts: Mapping[str, Sequence[str]], gathering: Gathering) -> list[str]:
        """Credit balances of these customers that were told before, and are none any more."""
        return [id for id in self._at.credits if id.split("-")[1] in accounts and id not in gathering.credits()]

    def read_again(self, records: Sequence[tuple[str, str]]) -> Page:  # noqa: ARG002  # nothing is left to ask for
        """The daily walk brings everything anew, deleted or not."""
        return Page(cursor="")

    def write_note(self, target: NoteTarget, text: str, key: str) -> str:  # noqa: ARG002  # nothing is written
        raise Refused(NO_NOTES)

    def has_note(self, target: NoteTarget, key: str) -> bool:  # noqa: ARG002  # none is ever there
        return False

    def show_hold(self, customer_id: str, text: str, key: str) -> None:
        """FreshBooks knows no hold. The client's own note would have to be rewritten whole, with no version to tell
        that nobody else has just changed it: so a hold is known in Dunwell alone."""

    def lift_hold(self, customer_id: str, text: str, key: str) -> None:
        """There is nothing to take back."""
