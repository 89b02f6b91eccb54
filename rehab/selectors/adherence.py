"""Adherence of one patient in full, and of a caseload in numbers."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rehab.analytics import adherence, plans, tally
from rehab.analytics.adherence import Adherence, Streak, WeekSoFar
from rehab.analytics.plans import DoneSession, Slot
from rehab.analytics.tally import Filled, Tally, WeekTally
from rehab.selectors import plans as plan_rows

ROLLING = timedelta(days=adherence.ROLLING_DAYS - 1)
#: How far back a streak is looked for.
HISTORY = timedelta(weeks=26)
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Report:
    """What was due and done, by ``today``. ``slots`` are the due sessions of the history, ``extra`` what else was done.

    ``week`` is the running ISO week with what is left of it, ``last_week`` the last whole one. ``by_week`` names the
    items that are due a number of times a week now. What is due today and not done yet is left out of ``rolling``.
    """

    today: date
    week: WeekSoFar
    last_week: Adherence
    rolling: Adherence
    streak: Streak
    slots: list[Slot]
    extra: list[DoneSession]
    by_week: list[str]


@dataclass(frozen=True, slots=True)
class Followed:
    """The same windows as in ``Report``, in numbers."""

    week: WeekTally
    last_week: Tally
    rolling: Tally


def of_patient(patient_id: uuid.UUID, *, today: date) -> Report:
    """Return the adherence of a patient in the ISO weeks and the 28 days that ``today`` (their own date) ends."""
    first = plans.monday_of(today - HISTORY)
    rows = plan_rows.of_patients([patient_id], first=first, last=today, with_ids=True)[patient_id]
    phases = rows.phase_objects()
    due = plans.slots(phases=phases, excused=rows.excused_days(), first_on=first, last_on=today)
    slots, extra = plans.match(due=due, sessions=rows.session_objects())
    monday, sunday = adherence.iso_week(day=today)
    planned = plans.planned(matched=slots, until=sunday)
    settled = plans.settled(due=planned, today=today)
    added = plans.added(extra=extra)
    return Report(
        today=today,
        week=adherence.week_so_far(planned=planned, extra=added, today=today),
        last_week=adherence.compute(planned=settled, extra=added, first_on=monday - WEEK, last_on=sunday - WEEK),
        rolling=adherence.compute(planned=settled, extra=added, first_on=today - ROLLING, last_on=today),
        streak=adherence.streak(planned=planned, until=today),
        slots=slots,
        extra=extra,
        by_week=[phase.item for phase in phases if phase.times_per_week and phase.first_on <= today <= phase.last_on],
    )


def of_patients(
    patient_ids: Collection[uuid.UUID], *, today: date | Mapping[uuid.UUID, date], before: int = 0
) -> dict[uuid.UUID, Tally]:
    """Return the counts of the 28 days up to ``today``, of many patients in four statements.

    ``today`` is one date, or each patient's own. ``before``: the window ends that many days earlier.
    """
    found = _filled(patient_ids, today=today, before=timedelta(days=before))
    return {patient_id: _rolling(filled, last=last, today=on) for patient_id, (filled, last, on) in found.items()}


def followed(
    patient_ids: Collection[uuid.UUID], *, today: date | Mapping[uuid.UUID, date]
) -> dict[uuid.UUID, Followed]:
    """Return the counts of both ISO weeks and of the 28 days, of many patients in four statements."""
    return {
        patient_id: Followed(
            week=tally.week_so_far(filled, today=on),
            last_week=tally.count(filled, first=tally.monday(last) - 7, last=tally.monday(last) - 1, today=on),
            rolling=_rolling(filled, last=last, today=on),
        )
        for patient_id, (filled, last, on) in _filled(patient_ids, today=today, before=timedelta()).items()
    }


def _filled(
    patient_ids: Collection[uuid.UUID], *, today: date | Mapping[uuid.UUID, date], before: timedelta
) -> dict[uuid.UUID, tuple[Filled, int, int]]:
    """Return what was due and done in the weeks of each patient's 28 days, the last of these, and today (ordinals)."""
    if not patient_ids:
        return {}
    days = today if isinstance(today, Mapping) else dict.fromkeys(patient_ids, today)
    first = plans.monday_of(min(days.values()) - before - ROLLING)
    rows = plan_rows.of_patients(patient_ids, first=first, last=max(days.values()) - before)
    found = {}
    for patient_id in patient_ids:
        own, on = rows[patient_id], days[patient_id]
        last = (on - before).toordinal()
        begins = (on - before - ROLLING).toordinal()
        found[patient_id] = (
            tally.fill(
                phases=own.phases,
                excused=own.excused,
                sessions=[row for row in own.done if tally.monday(begins) <= row[0] <= last],
                first=begins,
                last=last,
            ),
            last,
            on.toordinal(),
        )
    return found


def _rolling(filled: Filled, *, last: int, today: int) -> Tally:
    return tally.count(filled, first=last - ROLLING.days, last=last, today=today)
