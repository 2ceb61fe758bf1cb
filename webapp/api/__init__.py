"""The API for other programs, `/api/v1`: what is owed, what was decided and why, may this customer have credit; and the
few words that a program may say for a person.

One key opens one company. Every operation is declared once, in shapes: what it takes, what it gives back. The same
declaration reads the request, writes the answer and describes both in `/api/v1/openapi.json`.
"""

from webapp.api import customers, history, invoices  # noqa: F401 - loaded for their operations
from webapp.api.document import describe  # noqa: F401 - likewise
from webapp.api.operation import pages

__all__ = ["pages"]
