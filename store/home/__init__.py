"""Reads for the pages: what is owed, what went out, what goes out next and why, one customer's file.

Each is one function, in a handful of queries whatever the size of the books. Nothing here writes. Amounts are integers
in minor units of the currency beside them.
"""

from store.home.activity import Entry, Listing, activity, outcomes, rule_counts
from store.home.answers import NewAnswer, NewAnswers, new_answers
from store.home.customers import STATES, CustomerFile, CustomerLine, CustomerOwed, customer_file, customers, heaviest
from store.home.outgoing import ActLine, ComingLine, goes_next, upcoming, went_out
from store.home.owed import Owed, owed
from store.home.shared import SharedAccount, shared_account
from store.home.statement import Statement, StatementLine, statements
from store.pages import progress as sync_cursor
from store.runs import last as last_run
from store.set_asides import unresolved as set_asides
from store.tasks import counts as task_counts

__all__ = [
    "STATES",
    "ActLine",
    "ComingLine",
    "CustomerFile",
    "CustomerLine",
    "CustomerOwed",
    "Entry",
    "Listing",
    "NewAnswer",
    "NewAnswers",
    "Owed",
    "SharedAccount",
    "Statement",
    "StatementLine",
    "activity",
    "customer_file",
    "customers",
    "goes_next",
    "heaviest",
    "last_run",
    "new_answers",
    "outcomes",
    "owed",
    "rule_counts",
    "set_asides",
    "shared_account",
    "statements",
    "sync_cursor",
    "task_counts",
    "upcoming",
    "went_out",
]
