"""Reading questionnaires: what a clinic offers, and answers as each person may see them."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from accounts.models import Clinic, User
from accounts.roles import Permission
from rehab.analytics import questionnaires as scoring
from rehab.analytics.questionnaires import Score
from rehab.errors import NotFound, NotPermitted
from rehab.models import ClinicQuestionnaires, ClinicResponder, Patient, QuestionnaireResponse, Record
from rehab.reference.questionnaires import QUESTIONNAIRES, SELF_HARM_ITEM, Questionnaire
from rehab.selectors import access, patients, people, records
from rehab.selectors.paging import Position
from rehab.selectors.records import Filters

Mode = ClinicQuestionnaires.Mode

COLUMNS = [
    "id", "patient_id", "performed_at", "performed_on", "source", "status", "version", "change_reason", "details",
    "created_at", "updated_at", "recorded_by_id", "recorded_by__name", "changed_by_id", "changed_by__name",
    "instrument", "self_harm_answer", "follows_id", "patient__clinic_id", "shows_item_9", "is_own",
]  # fmt: skip

#: How many answered questionnaires a course shows, the latest.
COURSE_LENGTH = 100


@dataclass(frozen=True)
class Offer:
    """What a clinic offers now. Item 9 is asked only while somebody answers for it, whatever was chosen."""

    chosen: str
    responders: tuple[str, ...]

    @property
    def mode(self) -> str:
        """Return ``off``, ``without_item_9`` or ``with_item_9``, as it stands with the people there are."""
        return Mode.WITHOUT_ITEM_9 if self.chosen == Mode.WITH_ITEM_9 and not self.responders else self.chosen

    @property
    def instruments(self) -> tuple[str, ...]:
        """Return the codes of the questionnaires that may be answered, the short ones first."""
        if self.mode == Mode.OFF:
            return ()
        return ("phq2", "gad2", "phq9" if self.asks_item_9 else "phq8", "gad7")

    @property
    def asks_item_9(self) -> bool:
        return self.mode == Mode.WITH_ITEM_9


@dataclass(frozen=True)
class Shown:
    """One answered questionnaire as its reader may see it.

    Without item 9 the reader sees what the same answers make as a PHQ-8: a total of nine items beside eight answers
    would give the ninth away.
    """

    id: uuid.UUID
    patient_id: uuid.UUID
    instrument: str
    language: str
    answers: Mapping[str, int]
    difficulty: int | None
    follows: uuid.UUID | None
    shows_item_9: bool
    is_own: bool
    responders: tuple[str, ...]
    follow_up: str | None  # the longer form that is open to the patient after it, if the clinic offers it
    performed_at: datetime
    performed_on: date
    recorded_by: tuple[uuid.UUID, str]
    changed_by: tuple[uuid.UUID, str] | None
    source: str
    status: str
    version: int
    change_reason: str
    created_at: datetime
    updated_at: datetime

    @property
    def form(self) -> Questionnaire:
        return QUESTIONNAIRES[self.instrument]

    @property
    def has_item_9(self) -> bool:
        return self.instrument == "phq9"

    @property
    def hides_item_9(self) -> bool:
        return self.has_item_9 and not self.shows_item_9

    @property
    def is_in_error(self) -> bool:
        return self.status == Record.Status.ENTERED_IN_ERROR

    @property
    def reports_self_harm(self) -> bool:
        """Whether item 9 was answered with 1 or more, for a reader who may see it."""
        return self.answers.get(SELF_HARM_ITEM, 0) >= 1

    @property
    def scored_form(self) -> Questionnaire:
        return QUESTIONNAIRES["phq8" if self.hides_item_9 else self.instrument]

    @property
    def score(self) -> Score:
        return scoring.score(questionnaire=self.scored_form.code, answers=self.answers)


def offer_of(clinic_id: uuid.UUID) -> Offer:
    """Return what a clinic offers, in one statement, or two where it chose item 9: only then it matters who answers."""
    chosen = ClinicQuestionnaires.objects.filter(clinic_id=clinic_id).values_list("mode", flat=True).first()
    if chosen != Mode.WITH_ITEM_9:
        return Offer(chosen or Mode.OFF, ())
    return Offer(chosen, tuple(_names_of({clinic_id}).get(clinic_id, ())))


def was_answered_for(clinic_id: uuid.UUID, *, since: datetime) -> bool:
    """Whether somebody answered item 9 for a clinic at any time since a moment."""
    ended_before = Q(ended_at__isnull=False, ended_at__lt=since)
    return ClinicResponder.objects.filter(clinic_id=clinic_id).exclude(ended_before).exists()


def responders_of(clinic: Clinic) -> list[ClinicResponder]:
    """Return who answers item 9 for a clinic, by name."""
    found = access.current_responders().filter(clinic=clinic).select_related("user")
    return list(found.order_by("user__name", "id"))


def candidates_of(clinic: Clinic) -> list[User]:
    """Return the therapists of a clinic who could be named to answer item 9, by name."""
    named = access.current_responders().filter(clinic=clinic).values("user_id")
    return [membership.user for membership in people.therapists(clinic).exclude(user__in=named)]


def get(*, viewer: User, response_id: uuid.UUID) -> Shown:
    """Return one answered questionnaire as the viewer may see it; else ``NotFound``."""
    row = _visible(viewer).filter(pk=response_id).values(*COLUMNS).first()
    if row is None:
        raise NotFound
    return _shown([row])[0]


def page(
    *, viewer: User, patient_id: uuid.UUID | None, filters: Filters, after: Position | None, limit: int
) -> tuple[list[Shown], Position | None]:
    """Return a page, latest first; of one patient, or of everybody whose answers the viewer sees."""
    found = _visible(viewer)
    if patient_id is not None:
        check_patient(viewer=viewer, patient_id=patient_id)
        found = found.filter(patient_id=patient_id)
    rows = records.page(found, filters, after=after, limit=limit, columns=COLUMNS)
    return _shown(rows.rows), rows.next


def course(*, viewer: User, patient_id: uuid.UUID) -> list[Shown]:
    """Return what a patient answered, latest first, without what was entered in error."""
    check_patient(viewer=viewer, patient_id=patient_id)
    found = _visible(viewer).filter(patient_id=patient_id).exclude(status=Record.Status.ENTERED_IN_ERROR)
    return _shown(found.order_by("-performed_at", "-id").values(*COLUMNS)[:COURSE_LENGTH])


def check_patient(*, viewer: User, patient_id: uuid.UUID) -> Patient:
    """Return a patient of whose answers the viewer sees any; ``NotPermitted`` for a caregiver, else ``NotFound``."""
    try:
        return patients.get(viewer=viewer, patient_id=patient_id, to=Permission.VIEW_QUESTIONNAIRES).patient
    except (NotFound, NotPermitted):
        # Whoever answers item 9 sees the answers that fired, of patients who are not theirs as well.
        answered_for = Patient.objects.filter(pk=patient_id, clinic__in=access.clinics_answered_for_by(viewer))
        fired = answered_for.filter(pk__in=_visible(viewer).filter(patient_id=patient_id).values("patient_id"))
        if (patient := fired.first()) is not None:
            return patient
        raise


def by_id(response_id: uuid.UUID) -> QuestionnaireResponse | None:
    """Return a stored response without asking who looks: for the services."""
    return QuestionnaireResponse.objects.filter(pk=response_id).first()


def visible_among(response_ids: Collection[uuid.UUID], *, viewer: User) -> set[uuid.UUID]:
    """Return those of some responses that the viewer may open."""
    return set(_visible(viewer).filter(pk__in=response_ids).values_list("pk", flat=True))


def _visible(viewer: User) -> Any:
    return access.questionnaire_responses_visible_to(viewer)


def _names_of(clinic_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    names: dict[uuid.UUID, list[str]] = defaultdict(list)
    found = access.current_responders().filter(clinic_id__in=set(clinic_ids)).order_by("user__name", "id")
    for clinic_id, name in found.values_list("clinic_id", "user__name"):
        names[clinic_id].append(name)
    return names


def _shown(rows: Iterable[Mapping[str, Any]]) -> list[Shown]:
    listed = list(rows)
    clinic_ids = {row["patient__clinic_id"] for row in listed}
    names = _names_of(clinic_ids) if clinic_ids else {}
    chosen = dict(ClinicQuestionnaires.objects.filter(clinic_id__in=clinic_ids).values_list("clinic_id", "mode"))
    offers = {
        clinic_id: Offer(chosen.get(clinic_id, Mode.OFF), tuple(names.get(clinic_id, ()))) for clinic_id in clinic_ids
    }
    return [_one(row, offers[row["patient__clinic_id"]]) for row in listed]


def _one(row: Mapping[str, Any], offer: Offer) -> Shown:
    details = row["details"]
    answers = dict(details["answers"])
    if row["shows_item_9"] and row["self_harm_answer"] is not None:
        answers[SELF_HARM_ITEM] = row["self_harm_answer"]
    return Shown(
        id=row["id"],
        patient_id=row["patient_id"],
        instrument=row["instrument"],
        language=details["language"],
        answers=answers,
        difficulty=details["difficulty"],
        follows=row["follows_id"],
        shows_item_9=row["shows_item_9"],
        is_own=row["is_own"],
        responders=offer.responders,
        follow_up=_follow_up(row["instrument"], answers, offer),
        performed_at=row["performed_at"],
        performed_on=row["performed_on"],
        recorded_by=(row["recorded_by_id"], row["recorded_by__name"]),
        changed_by=(row["changed_by_id"], row["changed_by__name"]) if row["changed_by_id"] else None,
        source=row["source"],
        status=row["status"],
        version=row["version"],
        change_reason=row["change_reason"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _follow_up(instrument: str, answers: Mapping[str, int], offer: Offer) -> str | None:
    if instrument not in ("phq2", "gad2") or offer.mode == Mode.OFF:
        return None
    return scoring.score(
        questionnaire=QUESTIONNAIRES[instrument].code,
        answers=answers,
        self_harm_is_answered_for=offer.asks_item_9,
    ).follow_up
