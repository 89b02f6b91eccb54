"""Programmes of the stories: what each patient practises, as it was prescribed on the first day."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import User
from rehab.management.demo.generator import Planned, record_id
from rehab.management.demo.shapes import DAYS, WEEKS, Document, Practice, Story
from rehab.reference.checklists import CHECKLISTS
from rehab.selectors import programs as reading
from rehab.services import checklists, excusals, program_items, program_templates, programs
from rehab.services.inputs.programs import SCREENED, WEEKDAYS

#: The story whose programme is changed on the way and kept as a template.
PROGRESSED = "emma_clarke"

#: What applies to a patient of a condition; everything else is answered with no.
_APPLIES: Mapping[str, tuple[str, ...]] = {
    "incomplete_spinal_cord_injury": ("fes_insensate_skin",),
    "cauda_equina": ("fes_insensate_skin",),
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Home programme",
        "precautions": "Stop with chest pain, faintness, new weakness or numbness, or a burn, and tell us.",
        "reason": "Progressed at the review.",
        "holiday": "Away from home.",
        "template": "Quadriceps, three times a week",
    },
    "zh-hans": {
        "title": "家庭训练计划",
        "precautions": "如出现胸痛、头晕欲倒、新发无力或麻木、皮肤灼伤，请停止训练并告知我们。",
        "reason": "复查时进阶。",
        "holiday": "外出不在家。",
        "template": "股四头肌，每周三次",
    },
}


def write(story: Story, by: User, *, first: date) -> dict[str, str]:
    """Write the programme of a story as its therapist did; return the item of each modality that has one item alone.

    It goes on after the story's last week, so that a visitor sees what is due today.
    """
    words = _WORDS["zh-hans" if any("一" <= letter <= "鿿" for letter in story.name) else "en"]
    rng = Random(f"programme/{story.key}")  # noqa: S311  # believable, not secret
    began = datetime.combine(first, time(8, 30), tzinfo=ZoneInfo(story.time_zone))
    for checklist in SCREENED:
        if any(practice.modality == checklist for practice in story.programme):
            _clear(story, checklist, rng, by=by, now=began)
    ids = {index: str(record_id(began, rng)) for index in range(len(story.programme))}
    document = {
        "id": str(record_id(began, rng)),
        "patient": str(story.id),
        "title": words["title"],
        "start_on": first.isoformat(),
        "items": [
            {**_item(practice, first, words), "id": ids[index]} for index, practice in enumerate(story.programme)
        ],
    }
    program = programs.create(document, by=by, now=began).program
    if not story.new_for_days:
        _excuse(story, rng, first, words, by=by)
    if story.key == PROGRESSED:
        sent = {"id": str(record_id(began, rng)), "title": words["template"], "program": str(program.pk)}
        program_templates.create(sent, by=by, now=began + timedelta(minutes=5))
        _progress(story, ids, program.pk, words, by=by, now=began + timedelta(weeks=12))
    kinds = [practice.modality for practice in story.programme]
    return {kind: ids[index] for index, kind in enumerate(kinds) if kinds.count(kind) == 1}


def end(story: Story, by: User, *, first: date) -> None:
    """End the programme of a patient who is discharged, in the morning after the sixteen weeks."""
    now = datetime.combine(first + timedelta(days=DAYS), time(8, 30), tzinfo=ZoneInfo(story.time_zone))
    for program in reading.of_patient(viewer=by, patient_id=story.id):
        programs.end(program.pk, reason="Goals reached; discharged.", expected_version=program.version, by=by, now=now)


def linked(records: Iterable[Planned], items: Mapping[str, str]) -> list[Planned]:
    """Return the records, with every session saying what it was done for."""
    return [
        replace(one, document={**one.document, "program_item": items[one.document["modality"]]})
        if one.document.get("modality") in items
        else one
        for one in records
    ]


def _progress(
    story: Story, ids: Mapping[int, str], program_id: uuid.UUID, words: Mapping[str, str], *, by: User, now: datetime
) -> None:
    index = next(index for index, practice in enumerate(story.programme) if practice.modality == "resistance_band")
    minutes = story.programme[index].minutes
    program_items.amend(
        program_id, uuid.UUID(ids[index]), {"minutes": minutes + 5}, reason=words["reason"], expected_version=1, by=by,
        now=now,
    )  # fmt: skip


def _clear(story: Story, checklist: str, rng: Random, *, by: User, now: datetime) -> None:
    applies = {code for condition in story.conditions for code in _APPLIES.get(condition, ())}
    answers = {code: "yes" if code in applies else "no" for code in CHECKLISTS[checklist]}
    document = {"id": str(record_id(now, rng)), "patient": str(story.id), "checklist": checklist, "answers": answers}
    checklists.answer(document, by=by, now=now)


def _item(practice: Practice, first: date, words: Mapping[str, str]) -> Document:
    begins, ends = practice.weeks
    found: Document = {
        "modality": practice.modality,
        "weekdays": [WEEKDAYS[day] for day in practice.weekdays],
        "minutes": practice.minutes,
        "start_on": (first + timedelta(weeks=begins)).isoformat(),
        "parameters": ["session_rpe", "pain_during_max"],
        "precautions": words["precautions"] if practice.modality in SCREENED else "",
        **_what(practice),
    }
    if ends < WEEKS:
        found["end_on"] = (first + timedelta(weeks=ends, days=-1)).isoformat()
    return found


def _what(practice: Practice) -> dict[str, Any]:
    details = practice.details(0, Random(0))  # noqa: S311  # only to read what is practised
    if practice.targets:
        muscle, side = practice.targets[0]
        return {"muscle": muscle, "side": side}
    if "exercises" in details:
        exercise = details["exercises"][0]
        return {"muscle": exercise.get("muscle"), "side": exercise.get("side"), "name": exercise.get("exercise")}
    if practice.modality == "rom_stretch":
        return {"motion": details["motion"], "side": details["side"]}
    if practice.modality in ("balance_gait", "other"):
        return {"name": str(details.get("task") or details.get("description"))[:80]}
    return {}


def _excuse(story: Story, rng: Random, first: date, words: Mapping[str, str], *, by: User) -> None:
    begins = first + timedelta(days=rng.randrange(DAYS // 2, DAYS - 14))
    now = datetime.combine(begins, time(9), tzinfo=ZoneInfo(story.time_zone))
    document = {
        "id": str(record_id(now, rng)),
        "patient": str(story.id),
        "first_on": begins.isoformat(),
        "last_on": (begins + timedelta(days=rng.randrange(1, 3))).isoformat(),
        "reason": words["holiday"],
    }
    excusals.excuse(document, by=by, now=now)
