"""The sandbox's Xero: OAuth 2.0, connections, the Accounting API and webhooks over one set of books per organisation.

Built after the platform's documented contract; what that leaves open is a switch (`switches`). What is done, and the
test that proves it, is ticked in `sandbox/COVERAGE-xero.md`.
"""

from sandbox.xero.organisation import XeroCompany
from sandbox.xero.sandbox import XeroSandbox

__all__ = ["XeroCompany", "XeroSandbox"]
