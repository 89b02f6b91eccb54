"""Argument checks shared by the analytics modules."""

import math


def positive(**values: float) -> None:
    """Each value is finite and above zero, else ``ValueError``.

    >>> positive(body_mass_kg=70)
    """
    for name, value in values.items():
        if not (math.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be above 0, not {value}")


def not_negative(**values: float) -> None:
    """Each value is finite and zero or above, else ``ValueError``.

    >>> not_negative(off_s=0)
    """
    for name, value in values.items():
        if not (math.isfinite(value) and value >= 0):
            raise ValueError(f"{name} must be 0 or above, not {value}")


def finite(**values: float) -> None:
    """Each value is a finite number, else ``ValueError``.

    >>> finite(angle_degrees=-15)
    """
    for name, value in values.items():
        if not math.isfinite(value):
            raise ValueError(f"{name} must be a finite number, not {value}")


def within(*, name: str, value: float, low: float, high: float) -> None:
    """``low <= value <= high``, else ``ValueError``.

    >>> within(name="rpe", value=10, low=0, high=10)
    """
    if not low <= value <= high:
        raise ValueError(f"{name} must be between {low:g} and {high:g}, not {value}")
