"""The red-flag questions of a form, with the emergency text in the page from the start.

The text is revealed by the style sheet alone (``:checked``), so it needs no script, network or database once the page
is there. Browsers without ``:has()`` show it for every picked line; the others take it away again when the boxes
beneath say that it is no emergency.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import CareRole
from rehab.analytics import red_flags as rules
from rehab.models import Patient, Record
from rehab.reference import red_flag_texts as texts
from rehab.reference import red_flags as reference
from rehab.selectors import alert_messages
from rehab.selectors.patients import Seen
from rehab.services import red_flags as services
from rehab.services.kinds import Kind
from rehab.web.records.building import WARNING_SIGNS
from rehab.web.records.fields import flag_answer_name
from rehab.web.records.forms import RecordForm
from rehab.web.records.items import WarningSigns

#: How long the page of a record begins with what its warning signs ask to do.
TOLD_FOR = timedelta(days=1)
#: The kind whose questions are those of a session; every other kind is asked those of a check-in.
_SESSIONS = "sessions"


@dataclass(frozen=True)
class Advice:
    """An emergency text: a sentence, and of dysreflexia the steps that follow it."""

    flag: str
    sentence: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Box:
    """``signs``: classes that tell the style sheet what the box means."""

    id: str
    name: str
    value: str
    label: str
    checked: bool
    signs: str


@dataclass(frozen=True)
class Line:
    """A box with the boxes beneath it, and the text that they may reveal."""

    box: Box
    detail: str
    answers: list[Box]
    advice: Advice | None


@dataclass(frozen=True)
class Asked:
    intro: str
    none: Box
    lines: list[Line]
    emergency_number: str
    language: str
    stop: str  # of a session: to stop it at once


def language() -> str:
    return get_language() or "en"


def advice_of(flag: str, *, emergency_number: str) -> Advice:
    sentence, *steps = texts.advice(
        flag=flag, level="emergency", language=language(), emergency_number=emergency_number
    )
    return Advice(flag.lower(), sentence, tuple(steps))


def asked(form: RecordForm, item: WarningSigns) -> Asked:
    """Return the questions that fit the form's patient, ticked as the form stands."""
    patient, number = form.patient, form.patient.clinic.emergency_number
    new, unchanged, none = item.inputs()
    boxes = _Boxes(
        patient, new=new, unchanged=unchanged, ticked=_listed(form[new].value()), kept=_listed(form[unchanged].value())
    )
    in_session = form.kind.name == _SESSIONS
    questions = reference.questions_for(
        context="session" if in_session else "check_in",
        conditions=patient.conditions,
        injury_at_or_above_t6=patient.injury_at_or_above_t6,
    )
    lines = [
        line
        for one in questions
        for line in (boxes.stop_lines(one, number) if in_session else [boxes.line(one, number)])
    ]
    return Asked(
        intro=questions[0].question.ask(language()) if in_session else reference.INTRO.text(language()),
        none=Box(f"id_{none}", none, "on", reference.NONE_LABEL.text(language()), bool(form[none].value()), ""),
        lines=lines,
        emergency_number=number,
        language=language(),
        stop=texts.STOP_SESSION.text(language()) if in_session else "",
    )


def _listed(value: Any) -> list[str]:
    return list(value) if isinstance(value, (list, tuple)) else []


class _Boxes:
    def __init__(
        self, patient: Patient, *, new: str, unchanged: str, ticked: Collection[str], kept: Collection[str]
    ) -> None:
        self._known = frozenset(patient.baseline_deficits or ())
        self._signs = rules.emergency_signs(conditions=patient.conditions)
        self._new, self._unchanged, self._ticked, self._kept = new, unchanged, ticked, kept

    def line(self, asked: reference.Asked, number: str) -> Line:
        question = asked.question
        flag = question.flag or ""
        answers = [box for answer in asked.answers for box in self._answer(answer)]
        return Line(
            self._box(question.code, question.ask(language())),
            reference.DETAIL.text(language()),
            answers,
            advice_of(flag, emergency_number=number) if question.level == "emergency" else None,
        )

    def stop_lines(self, asked: reference.Asked, number: str) -> list[Line]:
        """Return one line for each answer: the stop prompts are not picked as a whole."""
        found = []
        for answer in asked.answers:
            is_emergency = answer.code in self._signs.alone
            advice = advice_of(answer.flags[0], emergency_number=number) if is_emergency else None
            box, *as_before = self._answer(answer)
            found += [Line(box, "", [], advice), *(Line(one, "", [], None) for one in as_before)]
        return found

    def _answer(self, answer: reference.Answer) -> list[Box]:
        found = [self._box(answer.code, answer.name(language()))]
        if answer.deficit in self._known:
            label = f"{reference.UNCHANGED_LABEL.text(language())} ({answer.name(language())})"
            key = f"id_{self._unchanged}-{answer.code}"
            found.append(Box(key, self._unchanged, answer.code, label, answer.code in self._kept, ""))
        return found

    def _box(self, code: str, label: str) -> Box:
        signs = ["sign-now"] if code in self._signs.alone else []
        for flag, (first, second) in self._signs.pairs.items():
            signs += [f"sign-{flag.lower()}-1"] if code in first else []
            signs += [f"sign-{flag.lower()}-2"] if code in second else []
        return Box(f"id_{self._new}-{code}", self._new, code, label, code in self._ticked, " ".join(signs))


@dataclass(frozen=True)
class Told:
    """A raised flag in words: what was reported first, then what to do."""

    name: str
    level: str
    answers: list[str]
    reported: str
    sentence: str
    steps: tuple[str, ...]

    @property
    def is_emergency(self) -> bool:
        return self.level == "emergency"

    @property
    def level_label(self) -> str:
        return {"emergency": _("Emergency"), "same_day": _("Same day"), "review": _("For review")}[self.level]


def told(flags: Iterable[Mapping[str, Any]], *, emergency_number: str) -> list[Told]:
    """Return raised flags in words, worst first."""
    found = []
    for flag in flags:
        reported, sentence, *steps = texts.message(
            flag=flag["flag"],
            level=flag["level"],
            answers=flag["answers"],
            language=language(),
            emergency_number=emergency_number,
        )[:-1]  # the last says that nobody watches, which the footer says on every page
        name = reference.FLAGS[flag["flag"]].name(language())
        answers = [flag_answer_name(code) for code in flag["answers"]]
        found.append(Told(name, flag["level"], answers, reported, sentence, tuple(steps)))
    return sorted(found, key=lambda one: reference.LEVELS.index(one.level))


def of_form(form: RecordForm, sent: QueryDict) -> dict[str, Any]:
    """Return what warning signs that were sent ask to do: it comes first, whatever is wrong with the form."""
    if not form.kind.asks_red_flags:
        return {}
    number = form.patient.clinic.emergency_number
    flags = services.evaluated(
        sent.getlist(f"{WARNING_SIGNS}-new_or_worse"), sent.getlist(f"{WARNING_SIGNS}-unchanged"), form.patient
    )
    return {"told": told(flags, emergency_number=number), "emergency_number": number}


def of_record(kind: Kind, row: Record, seen: Seen, user: User, *, now: datetime) -> dict[str, Any]:
    """Return the warning signs of a record; what they ask to do only while it is new, and to whom it is meant for."""
    if row.status == Record.Status.ENTERED_IN_ERROR or not row.derived.get("red_flags"):
        return {}
    number = seen.patient.clinic.emergency_number
    signs = told(row.derived["red_flags"], emergency_number=number)
    concerns = seen.role != CareRole.THERAPIST or user.pk in (row.recorded_by_id, row.changed_by_id)
    is_new = now - row.updated_at < TOLD_FOR
    found: dict[str, Any] = {"signs": signs, "told": signs if concerns and is_new else [], "emergency_number": number}
    if found["told"] and alert_messages.source_told_at(source_kind=kind.name, source_id=row.pk) is not None:
        found["therapist_told"] = texts.THERAPIST_TOLD.text(language())
    return found
