from __future__ import annotations

import functools
import gc
import os

import pytest

from engine import rules
from tests.engine.builder import Books


@pytest.fixture(scope="session", autouse=True)
def nothing_remembered() -> None:
    """Under mutation a process begins with everything that its parent has worked out without the fault."""
    if "MUTANT_UNDER_TEST" in os.environ:
        rules._by_identity.clear()
        for each in gc.get_objects():
            if isinstance(each, functools._lru_cache_wrapper):
                each.cache_clear()


@pytest.fixture
def books() -> Books:
    """Acme Ltd, with an address, no invoices, and a policy of three steps with nothing in the way."""
    return Books()
