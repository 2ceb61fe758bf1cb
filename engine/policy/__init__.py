"""The policy: how a company wants its customers treated. A typed, versioned document, YAML in and out.

Pure. One module per section; amounts are decimals in the currency named beside them. `decide` reads it; the settings
page edits it; the store keeps every version.
"""

from engine.policy.booking import Booking, Place
from engine.policy.brake import Brake
from engine.policy.budget import Budget
from engine.policy.calendar import Calendar
from engine.policy.consolidation import Consolidation
from engine.policy.credit import Credit
from engine.policy.discount import Discount
from engine.policy.document import Policy
from engine.policy.escalation import Escalation, LostByAge
from engine.policy.exclusions import Exclusions, Minimum
from engine.policy.fees import Fees, ReferenceRate
from engine.policy.groups import Group
from engine.policy.ladder import DEFAULT_LADDER, Step, Tone
from engine.policy.messages import Delivery, Statements, Thanks
from engine.policy.notices import Notices
from engine.policy.promises import Promises
from engine.policy.rights import Rights
from engine.policy.sender import Sender

__all__ = [
    "DEFAULT_LADDER",
    "Booking",
    "Brake",
    "Budget",
    "Calendar",
    "Consolidation",
    "Credit",
    "Delivery",
    "Discount",
    "Escalation",
    "Exclusions",
    "Fees",
    "Group",
    "LostByAge",
    "Minimum",
    "Notices",
    "Place",
    "Policy",
    "Promises",
    "ReferenceRate",
    "Rights",
    "Sender",
    "Statements",
    "Step",
    "Thanks",
    "Tone",
]
