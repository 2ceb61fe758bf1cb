"""Which platforms there are, and that naming them loads neither an SDK nor the web libraries."""

from __future__ import annotations

import subprocess
import sys

from connectors.config import FreshBooksConfig, QuickBooksConfig, XeroConfig
from connectors.registry import platforms


def test_the_platforms_are_there_by_name() -> None:
    found = platforms(QuickBooksConfig(client_id="a", client_secret="b"), XeroConfig(), FreshBooksConfig())
    assert {name: platform.title for name, platform in found.items()} == {
        "quickbooks": "QuickBooks Online",
        "xero": "Xero",
        "freshbooks": "FreshBooks",
    }
    assert {name: platform.token_owner for name, platform in found.items()} == {
        "quickbooks": "company",
        "xero": "person",
        "freshbooks": "person",
    }
    assert {name: platform.is_configured() for name, platform in found.items()} == {
        "quickbooks": True,
        "xero": False,
        "freshbooks": False,
    }


def test_the_sdks_are_loaded_only_when_first_used() -> None:
    script = (
        "import sys\n"
        "from connectors.config import FreshBooksConfig, QuickBooksConfig, XeroConfig\n"
        "from connectors.registry import platforms\n"
        "platforms(QuickBooksConfig(), XeroConfig(), FreshBooksConfig())\n"
        "names = {'quickbooks', 'xero_python', 'freshbooks', 'requests', 'requests_oauthlib', 'jwt'}\n"
        "print(*sorted(names & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
