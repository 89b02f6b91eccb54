"""Limb girth: readings with a tape. Usual protocol: two readings, a third if they differ by more than 0.5
cm."""

import statistics
from collections.abc import Sequence

from rehab.analytics import _checks

THIRD_READING_ABOVE_CM = 0.5


def mean_girth_cm(*, readings_cm: Sequence[float]) -> float:
    """Mean of all readings in cm (each above 0; at least one).

    Usual measuring protocol; marking the skin raises agreement (Tunc 2007, doi:10.1177/0003319707307844).

    >>> mean_girth_cm(readings_cm=[41.0, 41.5])
    41.25
    """
    if not readings_cm:
        raise ValueError("at least one reading is needed")
    for number, value in enumerate(readings_cm, start=1):
        _checks.positive(**{f"reading {number}": value})
    return statistics.fmean(readings_cm)


def needs_third_reading(*, first_cm: float, second_cm: float) -> bool:
    """Whether two readings differ by more than 0.5 cm (exactly 0.5 cm does not count).

    The difference is taken to the micrometre, so that 41.2 and 40.7 differ by 0.5. Usual measuring protocol.

    >>> needs_third_reading(first_cm=41.2, second_cm=40.7), needs_third_reading(first_cm=41.3, second_cm=40.7)
    (False, True)
    """
    _checks.positive(first_cm=first_cm, second_cm=second_cm)
    return round(abs(first_cm - second_cm), 4) > THIRD_READING_ABOVE_CM
