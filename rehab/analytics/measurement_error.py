"""Standard error of measurement and minimal detectable change (Weir 2005, J Strength Cond Res 19:231-240)."""

import math

from rehab.analytics import _checks


def sem(*, sd: float, icc: float) -> float:
    """Standard error of measurement in the unit of ``sd``: SD × √(1 − ICC).

    SD 0 or above, ICC 0-1; else ``ValueError``. Source: Weir 2005, J Strength Cond Res 19:231-240.

    >>> round(sem(sd=40, icc=0.90), 2)
    12.65
    """
    _checks.not_negative(sd=sd)
    _checks.within(name="icc", value=icc, low=0, high=1)
    return sd * math.sqrt(1 - icc)


def mdc95(*, sem: float) -> float:
    """Minimal detectable change at 95 % in the unit of ``sem``: SEM × 1.96 × √2 (= 2.772 × SEM).

    SEM 0 or above. Source: Weir 2005, J Strength Cond Res 19:231-240.

    >>> round(mdc95(sem=12.649), 2)
    35.06
    """
    _checks.not_negative(sem=sem)
    return sem * 1.96 * math.sqrt(2)


def mdc90(*, sem: float) -> float:
    """Minimal detectable change at 90 % in the unit of ``sem``: SEM × 1.645 × √2 (= 2.326 × SEM).

    SEM 0 or above. Source: Weir 2005, J Strength Cond Res 19:231-240.

    >>> round(mdc90(sem=10), 2)
    23.26
    """
    _checks.not_negative(sem=sem)
    return sem * 1.645 * math.sqrt(2)


def mdc95_percent(*, mdc95: float, mean: float) -> float:
    """MDC95 as % of the mean of the study: MDC95 / mean × 100; MDC95 0 or above, mean above 0.

    Source: Weir 2005, J Strength Cond Res 19:231-240.

    >>> mdc95_percent(mdc95=30, mean=120)
    25.0
    """
    _checks.not_negative(mdc95=mdc95)
    _checks.positive(mean=mean)
    return mdc95 / mean * 100
