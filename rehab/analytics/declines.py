"""Since when a series is declined: the run of days that a confirmed decline belongs to.

A run goes on while each further day leaves the series declined, be it provisionally, so that one reading near the
threshold neither ends a decline nor starts another. Convention of this project.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from rehab.analytics import quick
from rehab.analytics.change import Change
from rehab.analytics.readings import Reading
from rehab.analytics.series import SetBaseline, Subject, assessed
from rehab.analytics.series_descriptions import SeriesDescription

METHOD = "decline/1"
_DECLINED = frozenset({"declined", "provisional_declined"})


@dataclass(frozen=True, slots=True)
class Decline:
    """A confirmed decline that holds now."""

    change: Change
    days: tuple[dt.date, ...]
    """Of the run, in order."""
    confirmed_on: dt.date
    """The first day of the run on which the decline was confirmed."""
    method: str = METHOD


def decline_of(
    *,
    description: SeriesDescription,
    readings: Sequence[Reading],
    subject: Subject,
    set_baseline: SetBaseline | None = None,
) -> Decline | None:
    """The decline that holds after the last day, with its run; ``None`` unless the state is ``declined``.

    >>> from rehab.analytics.series_descriptions import describe
    >>> knee = describe(kind="rom", details={"motion": "KNE_FLEX", "side": "left", "rom_type": "AROM"})
    >>> on = dt.date(2026, 3, 2)
    >>> angles = [Reading(str(i), on + dt.timedelta(days=7 * i), v, "r") for i, v in enumerate((99, 98, 80, 81, 80))]
    >>> found = decline_of(description=knee, readings=angles, subject=Subject())
    >>> [str(day) for day in found.days], str(found.confirmed_on)
    (['2026-03-16', '2026-03-23', '2026-03-30'], '2026-03-23')
    """
    change = assessed(
        description=description, readings=readings, subject=subject, set_baseline=set_baseline
    ).change  # fmt: skip
    if change.state != "declined":
        return None
    readings = [reading for reading in readings if not reading.swelling]
    days = sorted({reading.on for reading in readings})
    run: list[dt.date] = []
    confirmed_on = days[-1]
    for count in range(len(days), 0, -1):
        state = _state_after(days[:count], description, readings, subject, set_baseline)
        if state not in _DECLINED:
            break
        run.append(days[count - 1])
        if state == "declined":
            confirmed_on = days[count - 1]
    return Decline(change=change, days=tuple(reversed(run)), confirmed_on=confirmed_on)


def _state_after(
    days: Sequence[dt.date],
    description: SeriesDescription,
    readings: Sequence[Reading],
    subject: Subject,
    set_baseline: SetBaseline | None,
) -> str | None:
    if set_baseline is not None:
        before = [reading for reading in readings if reading.on <= days[-1]]
        return assessed(
            description=description, readings=before, subject=subject, set_baseline=set_baseline
        ).change.state
    deciding = {*days[: quick.DECIDING_DAYS], *days[-quick.DECIDING_DAYS :]}
    rows = [(one.on, one.value, one.rater or "") for one in readings if one.on in deciding]
    coarse_on = {one.on for one in readings if one.coarse_visit}
    found = quick.state_of(rows=rows, days=len(days), description=description, subject=subject, coarse_on=coarse_on)
    return found.state if found else None
