"""Programmes, their items, templates, excused days and screening lists: the documents that a therapist writes."""

import uuid
from datetime import date
from typing import Annotated, Any, Literal, get_args

from annotated_types import Interval, MaxLen, MinLen
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from rehab.errors import Problem
from rehab.reference.motions import MOTIONS
from rehab.reference.muscles import MUSCLES
from rehab.services.inputs.base import AnySide, Day, Document, Name, Note, PersonName, RecordId, Text, Ui
from rehab.services.inputs.checks import invalid, only

Modality = Literal[
    "resistance_band", "weights", "aquatic", "fes", "weight_bearing", "rom_stretch", "balance_gait", "aerobic",
    "breathing", "other",
]  # fmt: skip
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
#: What a person is asked to write down: fields of a session.
Asked = Literal[
    "duration_min", "session_rpe", "pain_before", "pain_during_max", "pain_after", "pain_next_morning",
    "fatigue_before", "fatigue_after", "adverse_event",
]  # fmt: skip
Checklist = Literal["fes", "aquatic"]
Answer = Literal["yes", "no", "unknown"]
#: Modalities that are started only after their screening list.
SCREENED: tuple[str, ...] = get_args(Checklist)
WEEKDAYS: tuple[str, ...] = get_args(Weekday)
MOST_ITEMS = 40

EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 1, 1)


def _once(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) < len(values):
        raise PydanticCustomError("repeated", "each once")
    return values


def _plausible(value: date) -> date:
    if not EARLIEST <= value <= LATEST:
        raise PydanticCustomError("date_out_of_range", "1900-01-01 to 2200-01-01")
    return value


PlanDay = Annotated[Day, AfterValidator(_plausible)]


class ItemState(Document):
    """One kind of session: what, how much, how often. ``weekdays`` or ``times_per_week`` (of an ISO week), not both.

    The dose is ``sets`` × ``reps``, or else ``minutes``; adherence counts with it.
    """

    modality: Annotated[Modality, Ui(_("Kind of session"))]
    name: Annotated[
        Name | None, Ui(_("Name of the exercise"), hint=_("What the patient calls it, for example: knee band."))
    ] = None
    muscle: Annotated[str | None, Ui(_("Muscle group"))] = None
    motion: Annotated[str | None, Ui(_("Motion"))] = None
    side: Annotated[AnySide | None, Ui(_("Side"))] = None
    sets: Annotated[int | None, Interval(ge=1, le=20), Ui(_("Sets"))] = None
    reps: Annotated[int | None, Interval(ge=1, le=500), Ui(_("Repetitions in each set"))] = None
    hold_s: Annotated[float | None, Interval(ge=0, le=86_400), Ui(_("Hold"), unit="s")] = None
    minutes: Annotated[float | None, Interval(gt=0, le=1440), Ui(_("Duration"), unit="min")] = None
    weekdays: Annotated[tuple[Weekday, ...], MaxLen(7), AfterValidator(_once), Ui(_("On these days"))] = ()
    times_per_week: Annotated[
        int | None,
        Interval(ge=1, le=14),
        Ui(_("Or times a week"), hint=_("The patient chooses the days. Leave the days above empty.")),
    ] = None
    instructions: Annotated[
        Note, Ui(_("How to do it"), hint=_("Settings and loads as prescribed, positions."), rows=3)
    ] = ""
    precautions: Annotated[Note, Ui(_("What to watch for"), rows=2)] = ""
    progression: Annotated[Note, Ui(_("How it is to go on"), more=True, rows=2)] = ""
    parameters: Annotated[
        tuple[Asked, ...], MaxLen(9), AfterValidator(_once), Ui(_("What to write down each time"), more=True)
    ] = ()
    start_on: PlanDay | None = None
    end_on: PlanDay | None = None

    def problems(self) -> list[Problem]:
        """Return what cannot be, beyond types and ranges of single fields."""
        return only(
            _unknown("/muscle", _("Muscle group"), self.muscle, self.muscle in MUSCLES),
            _unknown("/motion", _("Motion"), self.motion, self.motion in MOTIONS),
            invalid("/weekdays", "missing", _("How often: choose days, or a number of times a week, not both."))
            if bool(self.weekdays) == (self.times_per_week is not None)
            else None,
            invalid("/reps", "missing", _("Sets and repetitions: give both, or neither."))
            if (self.sets is None) != (self.reps is None)
            else None,
            invalid("/name", "missing", _("Name of the exercise: say what is to be done."))
            if self.modality == "other" and not (self.name or "").strip()
            else None,
            _order(self.start_on, self.end_on),
        )

    @property
    def mask(self) -> int:
        """The weekdays as a bit mask, 1 for Monday."""
        return sum(1 << WEEKDAYS.index(day) for day in self.weekdays)

    @property
    def counted_dose(self) -> tuple[float | None, str]:
        """What adherence counts with, and its unit."""
        if self.sets is not None and self.reps is not None:
            return float(self.sets * self.reps), "repetitions"
        return (None, "") if self.minutes is None else (self.minutes, "minutes")


class ItemInput(ItemState):
    """An item to add. Left out, ``start_on`` is the programme's first day, or today if that is over."""

    id: RecordId | None = None


class TemplateItem(ItemState):
    """An item of a template: as in a programme, without days of its own."""

    start_on: None = None
    end_on: None = None


class ProgramState(Document):
    """What may be amended in a programme itself; its items are amended one by one."""

    title: Annotated[PersonName, Ui(_("Title"))]
    note: Annotated[Note, Ui(_("Note"), rows=3)] = ""
    end_on: Annotated[PlanDay | None, Ui(_("Last day"))] = None


class ProgramInput(Document):
    """A programme to write: ``items``, or a ``template`` to copy, or neither. Left out, it starts today."""

    id: RecordId | None = None
    patient: uuid.UUID
    title: Annotated[PersonName | None, Ui(_("Title"))] = None
    note: Annotated[Note, Ui(_("Note"), rows=3)] = ""
    start_on: Annotated[PlanDay | None, Ui(_("First day"))] = None
    end_on: Annotated[PlanDay | None, Ui(_("Last day"))] = None
    items: Annotated[tuple[ItemInput, ...], MaxLen(MOST_ITEMS)] = ()
    template: uuid.UUID | None = None

    def problems(self) -> list[Problem]:
        found = only(
            _order(self.start_on, self.end_on),
            invalid("/title", "missing", _("Title: missing. It is required."))
            if self.title is None and self.template is None
            else None,
            invalid("/items", "not_allowed", _("Items: give items or a template, not both."))
            if self.items and self.template is not None
            else None,
        )
        return found + problems_of(self.items)


class TemplateState(Document):
    """What may be amended in a template."""

    title: Annotated[PersonName, Ui(_("Title"))]
    note: Annotated[Note, Ui(_("Note"), rows=3)] = ""
    items: Annotated[tuple[TemplateItem, ...], MinLen(1), MaxLen(MOST_ITEMS)]

    def problems(self) -> list[Problem]:
        return problems_of(self.items)


class TemplateInput(Document):
    """A template to keep: from ``items``, or from the items that ``program`` has now.

    Left out, ``clinic`` is the programme's, or the therapist's only one.
    """

    id: RecordId | None = None
    clinic: uuid.UUID | None = None
    title: Annotated[PersonName, Ui(_("Title"))]
    note: Annotated[Note, Ui(_("Note"), rows=3)] = ""
    items: Annotated[tuple[TemplateItem, ...], MaxLen(MOST_ITEMS)] = ()
    program: uuid.UUID | None = None

    def problems(self) -> list[Problem]:
        found = only(
            invalid("/items", "missing", _("Items: give items or a programme, one of them."))
            if bool(self.items) == (self.program is not None)
            else None
        )
        return found + problems_of(self.items)


class ExcusalInput(Document):
    """Days on which nothing is due, both included."""

    id: RecordId | None = None
    patient: uuid.UUID
    first_on: Annotated[PlanDay, Ui(_("First day"))]
    last_on: Annotated[PlanDay, Ui(_("Last day"))]
    reason: Annotated[Text, MinLen(3), MaxLen(500), Ui(_("Reason"), hint=_("For example: unwell, clinic closed."))]

    def problems(self) -> list[Problem]:
        return only(
            _order(self.first_on, self.last_on, pointer="/last_on"),
            invalid("/last_on", "out_of_range", _("Last day: at most 366 days can be excused at once."))
            if (self.last_on - self.first_on).days > 366
            else None,
        )


class ChecklistInput(Document):
    """A screening list, answered: ``yes`` means that the item applies to the patient. Left out is not answered."""

    id: RecordId | None = None
    patient: uuid.UUID
    checklist: Checklist
    answers: dict[str, Answer]
    note: Annotated[Note, Ui(_("Note"), rows=2)] = ""


def problems_of(items: tuple[ItemState, ...]) -> list[Problem]:
    """Return the problems of items, pointing into the list."""
    return [
        Problem(f"/items/{i}{problem.pointer}", problem.code, problem.message)
        for i, item in enumerate(items)
        for problem in item.problems()
    ]


def columns_of(item: ItemState) -> dict[str, Any]:
    """Return the columns that follow from an item's document; its days are known to the service."""
    dose, unit = item.counted_dose
    return {
        "details": item.model_dump(mode="json", exclude={"id", "start_on", "end_on"}),
        "weekdays": item.mask,
        "times_per_week": item.times_per_week or 0,
        "dose": dose,
        "dose_unit": unit,
    }


def _order(first: date | None, last: date | None, pointer: str = "/end_on") -> Problem | None:
    if first is None or last is None or last >= first:
        return None
    message = format_lazy(
        _("Last day: {value} is before the first day, {low}."), value=last.isoformat(), low=first.isoformat()
    )
    return invalid(pointer, "out_of_range", message)


def _unknown(pointer: str, label: Any, value: str | None, known: bool) -> Problem | None:
    if value is None or known:
        return None
    return invalid(pointer, "unknown_code", format_lazy(_("{label}: {value} is not a known code."), label=label,
                                                        value=value))  # fmt: skip
