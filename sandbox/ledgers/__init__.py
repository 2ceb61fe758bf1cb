"""Real, anonymised ledgers, taken over into companies of the sandbox from the folders of CSV files that hold them.

The files are Fivetran's public seeds of its Xero and QuickBooks models (Apache-2.0), in the platforms' own field names.
They are not part of this project: whoever has them names the folder. Rows become documents in the platform's own JSON
shape and are loaded as they are, the odd ones above all; only what the extract left out is added, and each loader says
what.
"""

from sandbox.ledgers.quickbooks import load_quickbooks_ledger
from sandbox.ledgers.xero import load_xero_ledger

__all__ = ["load_quickbooks_ledger", "load_xero_ledger"]
