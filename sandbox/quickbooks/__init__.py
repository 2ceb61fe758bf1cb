"""QuickBooks Online's stand-in: OAuth, the accounting API, its query language, change feed, batch and webhooks.

Follows the platform's documented contract; where that is unknown a switch of the company or the app says so
(`settings`). What is covered is ticked in `sandbox/COVERAGE-quickbooks.md`.
"""

from sandbox.quickbooks.company import QuickBooksCompany
from sandbox.quickbooks.sandbox import QuickBooksSandbox
from sandbox.quickbooks.settings import App, Person, SentMail, Switches

__all__ = ["App", "Person", "QuickBooksCompany", "QuickBooksSandbox", "SentMail", "Switches"]
