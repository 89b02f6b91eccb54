"""Messages for what is out of range, so that each names field, value, range and unit in one way."""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rehab.errors import Problem


def number(value: float) -> str:
    """Return a number as a person writes it.

    >>> number(700.0), number(9.80665)
    ('700', '9.80665')
    """
    return f"{value:.12g}"


def outside(
    pointer: str,
    label: str | Promise,
    value: float | None,
    low: float,
    high: float,
    unit: str,
    *,
    above_low: bool = False,
) -> Problem | None:
    """Return a problem if ``value`` is not within ``low``…``high`` (``above_low``: low itself is not allowed)."""
    if value is None or ((low < value if above_low else low <= value) and value <= high):
        return None
    template = (
        _("{label}: {value} {unit} is not possible. Allowed: more than {low} and up to {high} {unit}.")
        if above_low
        else _("{label}: {value} {unit} is not possible. Allowed: {low} to {high} {unit}.")
    )
    return Problem(
        pointer,
        "out_of_range",
        format_lazy(template, label=label, value=number(value), low=number(low), high=number(high), unit=unit),
    )


def odd(pointer: str, label: str | Promise, value: float | None, low: float, high: float, unit: str) -> Problem | None:
    """Return a request to confirm if ``value`` is outside the usual ``low``…``high``."""
    if value is None or low <= value <= high:
        return None
    return Problem(
        pointer,
        "unusual",
        format_lazy(
            _("{label}: {value} {unit} is unusual. Usual: {low} to {high} {unit}. Please confirm that it is right."),
            label=label,
            value=number(value),
            low=number(low),
            high=number(high),
            unit=unit,
        ),
    )


def invalid(pointer: str, code: str, message: str | Promise) -> Problem:
    return Problem(pointer, code, message)


def only(*problems: Problem | None) -> list[Problem]:
    """Return the problems that are there."""
    return [problem for problem in problems if problem is not None]
