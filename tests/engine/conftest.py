from __future__ import annotations

import pytest

from tests.engine.builder import Books


@pytest.fixture
def books() -> Books:
    """Acme Ltd, with an address, no invoices, and a policy of three steps with nothing in the way."""
    return Books()
