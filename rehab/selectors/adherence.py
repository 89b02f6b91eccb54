"""Adherence of one patient in full, and of a caseload in numbers."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rehab.analytics import adherence, plans
from rehab.analytics.adherence import Adherence, Streak
from rehab.analytics.plans import DoneSession, Slot
from rehab.analytics.tally import Tally, tally
from rehab.selectors import plans as plan_rows

ROLLING = timedelta(days=adherence.ROLLING_DAYS - 1)
#: How far back a streak is looked for.
HISTORY = timedelta(weeks=26)


@dataclass(frozen=True)
class Report:
    """What was due and done, by ``today``. ``slots`` are the due sessions of the history, ``extra`` what else was done.

    What is due today and not done yet is left out of ``week`` and ``rolling``.
    """

    today: date
    week: Adherence
    rolling: Adherence
    streak: Streak
    slots: list[Slot]
    extra: list[DoneSession]


def of_patient(patient_id: uuid.UUID, *, today: date) -> Report:
    """Return the adherence of a patient in the ISO week and the 28 days that ``today`` (their own date) ends."""
    first = plans.monday_of(today - HISTORY)
    rows = plan_rows.of_patients([patient_id], first=first, last=today, with_ids=True)[patient_id]
    due = plans.slots(phases=rows.phase_objects(), excused=rows.excused_days(), first_on=first, last_on=today)
    slots, extra = plans.match(due=due, sessions=rows.session_objects())
    planned = plans.planned(matched=slots, today=today)
    settled = plans.settled(due=planned, today=today)
    added = plans.added(extra=extra)
    monday = plans.monday_of(today)
    return Report(
        today=today,
        week=adherence.compute(planned=settled, extra=added, first_on=monday, last_on=today),
        rolling=adherence.compute(planned=settled, extra=added, first_on=today - ROLLING, last_on=today),
        streak=adherence.streak(planned=planned, until=today),
        slots=slots,
        extra=extra,
    )


def of_patients(
    patient_ids: Collection[uuid.UUID], *, today: date | Mapping[uuid.UUID, date], before: int = 0
) -> dict[uuid.UUID, Tally]:
    """Return the counts of the 28 days up to ``today``, of many patients in four statements.

    ``today`` is one date, or each patient's own. ``before``: the window ends that many days earlier.
    """
    if not patient_ids:
        return {}
    days = today if isinstance(today, Mapping) else dict.fromkeys(patient_ids, today)
    ago = timedelta(days=before)
    first = plans.monday_of(min(days.values()) - ago - ROLLING)
    rows = plan_rows.of_patients(patient_ids, first=first, last=max(days.values()) - ago)
    return {
        patient_id: _tally(rows[patient_id], today=days[patient_id], last=days[patient_id] - ago)
        for patient_id in patient_ids
    }


def _tally(rows: plan_rows.PlanRows, *, today: date, last: date) -> Tally:
    first = last - ROLLING
    begin, end = plans.monday_of(first).toordinal(), last.toordinal()
    return tally(
        phases=rows.phases,
        excused=rows.excused,
        sessions=[row for row in rows.done if begin <= row[0] <= end],
        first=first.toordinal(),
        today=today.toordinal(),
        last=end,
    )


def weekly_progress(slots: Iterable[Slot], *, today: date) -> dict[str, tuple[int, int]]:
    """Return by item how often it was completed and is due in this ISO week, of items due a number of times a week."""
    monday = plans.monday_of(today)
    found: dict[str, tuple[int, int]] = {}
    for slot in slots:
        if slot.week_of == monday and not slot.excused:
            done, due = found.get(slot.item, (0, 0))
            found[slot.item] = done + (slot.session is not None and slot.session.completed), due + 1
    return found
