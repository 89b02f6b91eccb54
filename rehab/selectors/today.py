"""What a patient is to do today: due, done, left."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from rehab.analytics.plans import Slot, monday_of
from rehab.models import ProgramItem
from rehab.selectors import adherence
from rehab.selectors.adherence import Report


@dataclass(frozen=True)
class TodayItem:
    """An item on a day. ``week_done`` of ``week_due``, ``week_left``: only of items due a number of times a week.

    Of those nothing may be due in a week that is cut short; they are there all the same.

    ``sessions`` are those done for it on that day; ``is_done``: one of them was completed.
    """

    item: ProgramItem
    is_excused: bool
    week_done: int | None
    week_due: int | None
    sessions: tuple[uuid.UUID, ...]
    is_done: bool

    @property
    def week_left(self) -> int | None:
        """How many of this week are not completed yet."""
        return None if self.week_due is None else self.week_due - (self.week_done or 0)

    @property
    def is_left(self) -> bool:
        """Whether something of it is still to be done, today or in this week."""
        if self.is_excused:
            return False
        return not self.is_done if self.week_left is None else self.week_left > 0

    @property
    def is_finished(self) -> bool:
        """Whether all of it was done, of today or of this week."""
        if self.is_excused or self.week_due == 0:
            return False
        return not self.is_left


@dataclass(frozen=True)
class Today:
    on: date
    items: list[TodayItem]
    report: Report


def of_patient(patient_id: uuid.UUID, *, on: date) -> Today:
    """Return what is due on a day (the patient's own date), in the order of the programmes. Access is asked before."""
    report = adherence.of_patient(patient_id, today=on)
    due: dict[str, list[Slot]] = defaultdict(list)
    for slot in report.slots:
        if slot.on == on if slot.week_of is None else slot.week_of == monday_of(on) and slot.on >= on:
            due[slot.item].append(slot)
    for item in report.by_week:
        due.setdefault(item, [])
    items = ProgramItem.objects.filter(pk__in=list(due)).select_related("program")
    rows = {str(item.pk): item for item in items}
    return Today(on, [_item(rows[key], slots, on) for key, slots in due.items()], report)


def _item(item: ProgramItem, slots: list[Slot], on: date) -> TodayItem:
    weekly = all(slot.week_of is not None for slot in slots)
    counted = [slot for slot in slots if not slot.excused]
    done = [slot.session for slot in counted if slot.session is not None]
    completed = sum(session.completed for session in done)
    of_day = [session for session in done if session.on == on]
    return TodayItem(
        item=item,
        is_excused=bool(slots) and not counted,
        week_done=completed if weekly else None,
        week_due=len(counted) if weekly else None,
        sessions=tuple(uuid.UUID(session.id) for session in of_day),
        is_done=any(session.completed for session in of_day),
    )
