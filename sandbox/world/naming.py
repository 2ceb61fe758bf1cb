"""Names, addresses and people for customers, drawn from a business's pools without repeating one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from random import Random

from sandbox.world.businesses import Business


@dataclass(frozen=True)
class Who:
    """How a new customer is entered."""

    name: str
    email: str
    people: tuple[tuple[str, str], ...]
    phone: str
    city: str


class Naming:
    """Draws customers of one business."""

    def __init__(self, business: Business, rng: Random) -> None:
        self._business = business
        self._rng = rng
        self._names = rng.sample(business.names, len(business.names))

    def customer(self, addresses: int) -> Who:
        """A new customer whose one e-mail field holds `addresses` addresses, separated by commas.

        Raises IndexError when the pool of names is used up.
        """
        business, rng = self._business, self._rng
        name = f"{self._names.pop()} {rng.choice(business.trades)}"
        # Several addresses must fit into one e-mail field of a hundred characters.
        host = f"{_slug(name)[:24]}.example"
        person = rng.choice(business.people)
        first = rng.choice(("accounts", "ap", "billing", "office", person.split()[0].lower()))
        email = ", ".join(f"{local}@{host}" for local in (first, "owner")[:addresses])
        people = ((person, f"{_slug(person.split()[0])}@{host}"),) if addresses == 1 and rng.random() < 0.3 else ()
        phone = re.sub("#", lambda _: str(rng.randrange(10)), business.phone)
        return Who(name, email, people, phone, rng.choice(business.cities))


def _slug(text: str) -> str:
    """Letters and digits of `text` without marks, in lower case: what a host name may hold."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "", plain.lower())
