"""How often one address may knock on the doors that anybody can reach. In memory: one web process serves them all."""

from __future__ import annotations

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

SIGN_IN = "30 per minute"
PORTAL = "60 per minute"
PORTAL_ANSWERS = "30 per day"
"""From one link: a person has that much to say, and nobody can bury an owner in tasks."""
TEST_MAILS = "20 per hour"
UPLOADS = "30 per hour"
API = "600 per minute"
"""For one key."""
API_DOOR = "3000 per minute"
"""For one address, whatever keys it shows."""
WEBHOOK = "1200 per minute"
"""Far above what a platform sends: it only keeps a flood of forged deliveries from filling a core."""

limiter = Limiter(key_func=get_remote_address, storage_uri="memory://", headers_enabled=False)
