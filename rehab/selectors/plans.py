"""What was due on which days, and what was done: the rows that adherence counts with, for any number of patients.

Four statements, whatever the number of patients. Items are numbered in the order of their programmes.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import NullIf

from rehab.analytics.plans import REPETITIONS, DoneSession, Phase
from rehab.analytics.tally import PhaseRow, SessionRow
from rehab.models import Excusal, ExerciseSession, ProgramItem, ProgramItemVersion, Record

DAY = timedelta(days=1)
_FAR = date(9999, 12, 31).toordinal()
_RECALLED_AFTER = timedelta(hours=48)
_PRESCRIBED = ("weekdays", "times_per_week", "dose", "dose_unit", "start_on", "end_on", "valid_from")


@dataclass
class PlanRows:
    """One patient's plan and sessions; days are ordinals. An item's number stands for its id in ``items``."""

    phases: list[PhaseRow] = field(default_factory=list)
    excused: list[tuple[int, int]] = field(default_factory=list)
    done: list[SessionRow] = field(default_factory=list)
    #: The ids of ``done``, where they were asked for.
    ids: list[uuid.UUID] = field(default_factory=list)
    items: list[uuid.UUID] = field(default_factory=list)

    def phase_objects(self) -> list[Phase]:
        """The phases as ``analytics.plans`` takes them."""
        return [
            Phase(str(self.items[item]), order, modality, date.fromordinal(first), date.fromordinal(last),
                  weekdays, times, dose, REPETITIONS if in_reps else "minutes" if dose is not None else "")
            for item, order, modality, first, last, weekdays, times, dose, in_reps in self.phases
        ]  # fmt: skip

    def session_objects(self) -> list[DoneSession]:
        return [
            DoneSession(str(session_id), date.fromordinal(on), modality, completed,
                        None if item is None else str(self.items[item]), repetitions, minutes, recalled)
            for session_id, (on, item, modality, completed, repetitions, minutes, recalled) in zip(
                self.ids, self.done, strict=True
            )
        ]  # fmt: skip

    def excused_days(self) -> list[tuple[date, date]]:
        return [(date.fromordinal(first), date.fromordinal(last)) for first, last in self.excused]


def of_patients(
    patient_ids: Collection[uuid.UUID], *, first: date, last: date, with_ids: bool = False
) -> dict[uuid.UUID, PlanRows]:
    """Return the plan and the sessions of the days from ``first`` to ``last``, of every patient asked for.

    The plan reaches to the end of the last day's ISO week, or to the last day of care; sessions that were skipped or
    entered in error are none.
    Their ids, which a caseload does not need, are a fifth of the time.
    """
    found, numbers = _plans(patient_ids, first=first, last=last)
    _add_sessions(found, numbers, first=first, last=last, with_ids=with_ids)
    return found


def without_sessions(patient_ids: Collection[uuid.UUID], *, first: date, last: date) -> dict[uuid.UUID, PlanRows]:
    """Return the plan alone, in three statements."""
    return _plans(patient_ids, first=first, last=last)[0]


def names_of(item_ids: Collection[uuid.UUID]) -> dict[str, str]:
    """Return what some items are called, by their ids as text; one statement."""
    # SQLite calls a JSON null "null" when it reads it as text.
    name = NullIf(KT("details__name"), Value("null"), output_field=TextField())
    named = ProgramItem.objects.filter(pk__in=item_ids).order_by().values_list("pk", name)
    return {str(item_id): name or "" for item_id, name in named}


def _plans(
    patient_ids: Collection[uuid.UUID], *, first: date, last: date
) -> tuple[dict[uuid.UUID, PlanRows], dict[uuid.UUID, int]]:
    found = {patient_id: PlanRows() for patient_id in patient_ids}
    end = last + timedelta(days=6 - last.weekday())
    numbers = _add_phases(found, first=first, end=end)
    excusals = Excusal.objects.filter(
        patient_id__in=list(found), withdrawn_at__isnull=True, last_on__gte=first, first_on__lte=end
    )
    for patient_id, first_on, last_on in excusals.order_by().values_list("patient_id", "first_on", "last_on"):
        found[patient_id].excused.append((first_on.toordinal(), last_on.toordinal()))
    return found, numbers


def _add_phases(found: dict[uuid.UUID, PlanRows], *, first: date, end: date) -> dict[uuid.UUID, int]:
    items = (
        ProgramItem.objects.filter(program__patient_id__in=list(found))
        .exclude(ended_on__lte=first)
        .exclude(program__ended_on__lte=first)
        .exclude(program__end_on__lt=first)
        .order_by("program__created_at", "program_id", "position", "id")
        .values_list(
            "pk", "program__patient_id", "program__patient__discharged_on", "modality", "ended_on",
            "program__ended_on", "program__end_on", *_PRESCRIBED,
        )
    )  # fmt: skip
    numbers: dict[uuid.UUID, int] = {}
    known: dict[uuid.UUID, tuple[PlanRows, str, int]] = {}
    for item_id, patient_id, discharged_on, modality, ended_on, program_ended_on, program_end_on, *prescribed in items:
        rows = found[patient_id]
        numbers[item_id] = len(rows.items)
        rows.items.append(item_id)
        ends = [day.toordinal() - 1 for day in (ended_on, program_ended_on) if day is not None]
        limit = min(*ends, *(day.toordinal() if day else _FAR for day in (program_end_on, discharged_on)))
        known[item_id] = rows, modality, limit
        _add_phase(rows, numbers[item_id], modality, limit, *prescribed)
    earlier = (
        ProgramItemVersion.objects.filter(
            item__program__patient_id__in=list(found), replaced_on__gt=first, valid_from__lte=end
        )
        .order_by("item_id", "version")
        .values_list("item_id", "replaced_on", *_PRESCRIBED)
    )
    for item_id, replaced_on, *prescribed in earlier:
        if item_id in known:
            rows, modality, limit = known[item_id]
            _add_phase(rows, numbers[item_id], modality, min(limit, replaced_on.toordinal() - 1), *prescribed)
    return numbers


def _add_phase(
    rows: PlanRows, number: int, modality: str, limit: int, weekdays: int, times_per_week: int, dose: float | None,
    dose_unit: str, start_on: date, end_on: date | None, valid_from: date,
) -> None:  # fmt: skip
    first = max(start_on, valid_from).toordinal()
    last = limit if end_on is None else min(limit, end_on.toordinal())
    if first <= last:
        in_reps = dose_unit == REPETITIONS
        rows.phases.append((number, number, modality, first, last, weekdays, times_per_week, dose, in_reps))


def _add_sessions(
    found: dict[uuid.UUID, PlanRows], numbers: dict[uuid.UUID, int], *, first: date, last: date, with_ids: bool
) -> None:
    sessions = (
        ExerciseSession.objects.filter(
            patient_id__in=list(found),
            performed_on__range=(first, last),
            # The index is on the moment; a day begins and ends within fourteen hours of UTC's.
            performed_at__range=(_midnight(first - DAY), _midnight(last + 2 * DAY)),
        )
        .exclude(status=Record.Status.ENTERED_IN_ERROR)
        .exclude(session_status="skipped")
        .order_by("performed_at", "id")
        .values_list(
            "patient_id", "performed_on", "program_item_id", "modality", "session_status", "repetitions",
            "duration_minutes", "performed_at", "created_at", *(["id"] if with_ids else []),
        )
    )  # fmt: skip
    # Sessions that name an item which has ended since then still name it: its number is beyond the plan's.
    ended: dict[uuid.UUID, dict[uuid.UUID, int]] = defaultdict(dict)
    for patient_id, on, item_id, modality, status, repetitions, minutes, at, logged_at, *session_id in sessions:
        rows = found[patient_id]
        item = None if item_id is None else numbers.get(item_id)
        if item_id is not None and item is None:
            item = ended[patient_id].get(item_id)
            if item is None:
                item = ended[patient_id][item_id] = len(rows.items)
                rows.items.append(item_id)
        rows.ids += session_id
        rows.done.append(
            (on.toordinal(), item, modality, status == "completed", repetitions, minutes,
             logged_at - at > _RECALLED_AFTER)
        )  # fmt: skip


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
