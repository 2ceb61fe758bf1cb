"""Money: whole minor units of one ISO 4217 currency, and the one place where amounts are rounded.

Pure. Amounts enter as `Decimal` (a float is refused), are kept as integers, and leave as `Decimal`.
Converting between currencies is nobody's job here: sums stay in their own currency.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision
from msgspec import Struct

_WHOLE = Decimal(1)
_PRECISION = 28


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met where only one currency makes sense."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"cannot combine {left} with {right}: convert first")


@lru_cache(maxsize=512)
def exponent(currency: str) -> int:
    """Decimal places of an ISO 4217 currency: 2 for USD, 0 for JPY, 3 for KWD. Source: CLDR, by Babel."""
    return get_currency_precision(currency)


def minor_units(amount: Decimal, currency: str) -> int:
    """Round half up, away from zero, to the currency's minor unit: the only rounding in Dunwell."""
    if not amount:
        return 0  # as every second balance is
    scaled = amount * _minor_per_unit(currency)
    # Nearly every amount is whole already, and to see that costs half of what rounding does. Beyond the context's
    # precision rounding refuses, where an int of a hostile exponent would take for ever.
    if scaled.adjusted() < _PRECISION and (whole := int(scaled)) == scaled:
        return whole
    return int(scaled.quantize(_WHOLE, ROUND_HALF_UP))


@lru_cache(maxsize=512)
def _minor_per_unit(currency: str) -> Decimal:
    return Decimal(10) ** exponent(currency)


class Money(Struct, frozen=True, order=False, gc=False):
    """An amount in whole minor units (cents, yen, fils), with its ISO 4217 currency always beside it."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Money:
        """From a display amount, `Money.of("12.30", "USD")`, rounded by `minor_units`. Raises TypeError on a float."""
        if isinstance(amount, float):
            raise TypeError("money is never a float: pass a Decimal, an int or a string")
        return cls(minor_units(Decimal(amount), currency), currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    @property
    def amount(self) -> Decimal:
        """The display amount, exact: `Decimal("12.30")`."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        """`640.00 NZD`: plain digits, by integer arithmetic, since every reason prints a few of these."""
        places = exponent(self.currency)
        if places == 0:
            return f"{self.minor} {self.currency}"
        whole, part = divmod(abs(self.minor), 10**places)
        return f"{'-' if self.minor < 0 else ''}{whole}.{part:0{places}d} {self.currency}"

    def percent(self, rate: Decimal) -> Money:
        """`rate` per cent of this amount, rounded by `minor_units`."""
        return Money.of(self.amount * rate / 100, self.currency)

    def _same(self, other: Money) -> None:
        if other.currency != self.currency:
            raise CurrencyMismatch(self.currency, other.currency)
