"""FreshBooks: the consent page, tokens, identity, and the accounting resources that receivables need.

True to the official SDK (`freshbooks-sdk` 1.3.0) and to FreshBooks' own API pages; what neither settles is a switch.
"""

from sandbox.freshbooks.company import FreshBooksCompany
from sandbox.freshbooks.sandbox import FreshBooksSandbox

__all__ = ["FreshBooksCompany", "FreshBooksSandbox"]
