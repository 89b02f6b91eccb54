"""What the database refuses of programmes, excused days, templates and screening lists."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from rehab.models import ChecklistAnswers, Excusal, Program, ProgramItem, ProgramItemVersion, ProgramTemplate
from tests.conftest import Cast

TOMORROW = timedelta(days=1)


def program(cast: Cast, **changes: Any) -> Any:
    now = timezone.now()
    fields = {
        "patient": cast.patient, "title": "P", "start_on": now.date(), "created_by": cast.therapist,
        "created_digest": "d", "created_at": now, "updated_at": now, **changes,
    }  # fmt: skip
    return Program.objects.create(**fields)


def _prescribed(**changes: Any) -> dict[str, Any]:
    today = timezone.now().date()
    return {"details": {}, "weekdays": 1, "times_per_week": 0, "start_on": today, "valid_from": today, **changes}


def item(cast: Cast, **changes: Any) -> Any:
    now = timezone.now()
    fields = {
        "position": 0, "modality": "other", "created_by": cast.therapist, "created_digest": "d", "created_at": now,
        "updated_at": now, **_prescribed(**changes),
    }  # fmt: skip
    fields.setdefault("program", None)
    if fields["program"] is None:
        fields["program"] = program(cast)
    return ProgramItem.objects.create(**fields)


def version(cast: Cast, **changes: Any) -> Any:
    now = timezone.now()
    fields = {"replaced_on": now.date(), "changed_by": cast.therapist, "recorded_at": now, **_prescribed(**changes)}
    fields.setdefault("item", None)
    if fields["item"] is None:
        fields["item"] = item(cast)
    return ProgramItemVersion.objects.create(**fields)


def excusal(cast: Cast, **changes: Any) -> Any:
    now = timezone.now()
    fields = {
        "patient": cast.patient, "first_on": now.date(), "last_on": now.date(), "reason": "unwell",
        "created_by": cast.therapist, "created_digest": "d", "created_at": now, **changes,
    }  # fmt: skip
    return Excusal.objects.create(**fields)


def answers(cast: Cast, **changes: Any) -> Any:
    fields = {
        "patient": cast.patient, "checklist": "fes", "list_version": "1", "answers": {}, "answered_by": cast.therapist,
        "answered_at": timezone.now(), "created_digest": "d", **changes,
    }  # fmt: skip
    return ChecklistAnswers.objects.create(**fields)


def template(cast: Cast, **changes: Any) -> Any:
    now = timezone.now()
    fields = {
        "clinic": cast.clinic, "title": "T", "items": [], "created_by": cast.therapist, "created_digest": "d",
        "created_at": now, "updated_at": now, **changes,
    }  # fmt: skip
    return ProgramTemplate.objects.create(**fields)


def _twice_in_one_place(cast: Cast) -> None:
    first = item(cast)
    item(cast, program=first.program)


def _version_twice(cast: Cast) -> None:
    first = version(cast)
    version(cast, item=first.item)


def _answers_twice(cast: Cast) -> None:
    answers(cast)
    answers(cast)


def _yesterday() -> Any:
    return timezone.now().date() - TOMORROW


def _of_prescribed(name: str, make: Callable[..., Any]) -> dict[str, Callable[[Cast], Any]]:
    return {
        f"{name}_has_one_frequency": lambda cast: make(cast, weekdays=1, times_per_week=3),
        f"{name}_dose_has_unit": lambda cast: make(cast, dose=30.0),
        f"{name}_ends_after_start": lambda cast: make(cast, end_on=_yesterday()),
    }


VIOLATIONS: dict[str, Callable[[Cast], Any]] = {
    "program_title_not_empty": lambda cast: program(cast, title=""),
    "program_ends_after_start": lambda cast: program(cast, end_on=_yesterday()),
    "program_ended_on_a_day": lambda cast: program(cast, status="ended"),
    **_of_prescribed("program_item", item),
    **_of_prescribed("program_item_version", version),
    "program_item_position_once": _twice_in_one_place,
    "program_item_version_once": _version_twice,
    "program_item_version_in_order": lambda cast: version(cast, replaced_on=_yesterday()),
    "excusal_ends_after_start": lambda cast: excusal(cast, last_on=_yesterday()),
    "excusal_has_reason": lambda cast: excusal(cast, reason=""),
    "excusal_withdrawn_by_someone": lambda cast: excusal(cast, withdrawn_at=timezone.now()),
    "program_template_title_not_empty": lambda cast: template(cast, title=""),
    "checklist_answers_list_known": lambda cast: answers(cast, checklist="yoga"),
    "checklist_answers_one_valid": _answers_twice,
}
