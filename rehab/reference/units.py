"""Units people type and the one canonical unit per quantity that is stored.

Factors are those of UCUM (force: 1 kgf = 9.80665 N, 1 lbf = 4.4482216 N; mass: 1 lb = 0.45359237 kg). The
"kg" of a grip meter is kilogram-force: enter it as ``kgf``; a mass does not convert to newtons. Keys are
short names of this project; ``UCUM_CODES`` gives the UCUM string of each.
"""

import math
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

FORCE: Mapping[str, float] = MappingProxyType({"N": 1.0, "kgf": 9.80665, "lbf": 4.4482216})
"""Newtons per unit."""
LENGTH: Mapping[str, float] = MappingProxyType({"cm": 1.0, "mm": 0.1, "in": 2.54})
"""Centimetres per unit."""
MASS: Mapping[str, float] = MappingProxyType({"kg": 1.0, "lb": 0.45359237})
"""Kilograms per unit."""
DISTANCE: Mapping[str, float] = MappingProxyType({"m": 1.0})
"""Metres per unit."""
TEMPERATURE: tuple[str, ...] = ("Cel", "degF")
"""Canonical is Cel; degF is an offset scale: (F - 32) * 5 / 9."""

_FACTORS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {"force": FORCE, "length": LENGTH, "mass": MASS, "distance": DISTANCE}
)

UNITS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {**{quantity: tuple(factors) for quantity, factors in _FACTORS.items()}, "temperature": TEMPERATURE}
)
"""Accepted units by quantity; the first is the canonical one."""

UCUM_CODES: Mapping[str, str] = MappingProxyType(
    {
        "N": "N",
        "kgf": "kgf",
        "lbf": "[lbf_av]",
        "cm": "cm",
        "mm": "mm",
        "in": "[in_i]",
        "kg": "kg",
        "lb": "[lb_av]",
        "m": "m",
        "Cel": "Cel",
        "degF": "[degF]",
    }
)


def to_canonical(*, quantity: str, value: float, unit: str) -> float:
    """A typed value in the canonical unit of its quantity (N, cm, kg, m or Cel).

    Computed in decimal, so that 412 mm is 41.2 cm and not a neighbour of it. Raises ``ValueError`` for an
    unknown quantity, a unit the quantity does not have, or a value that is not finite.

    >>> to_canonical(quantity="force", value=10, unit="kgf")
    98.0665
    >>> to_canonical(quantity="length", value=412, unit="mm")
    41.2
    >>> to_canonical(quantity="temperature", value=95, unit="degF")
    35.0
    """
    number = _checked(quantity=quantity, value=value, unit=unit)
    if quantity == "temperature":
        return float(number if unit == "Cel" else (number - 32) * 5 / 9)
    return float(number * _exact(_FACTORS[quantity][unit]))


def from_canonical(*, quantity: str, value: float, unit: str) -> float:
    """A canonical value in another unit of its quantity, the inverse of ``to_canonical``; same errors.

    >>> from_canonical(quantity="force", value=98.0665, unit="kgf")
    10.0
    >>> from_canonical(quantity="temperature", value=35, unit="degF")
    95.0
    """
    number = _checked(quantity=quantity, value=value, unit=unit)
    if quantity == "temperature":
        return float(number if unit == "Cel" else number * 9 / 5 + 32)
    return float(number / _exact(_FACTORS[quantity][unit]))


def _checked(*, quantity: str, value: float, unit: str) -> Decimal:
    if quantity not in UNITS:
        raise ValueError(f"unknown quantity {quantity!r}; one of {', '.join(UNITS)}")
    if unit not in UNITS[quantity]:
        raise ValueError(f"{unit!r} is not a unit of {quantity}; one of {', '.join(UNITS[quantity])}")
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a finite number")
    return _exact(value)


def _exact(value: float) -> Decimal:
    """The decimal number a float is written as, not its binary expansion."""
    return Decimal(str(value))
