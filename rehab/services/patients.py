"""Enrolling patients and changing what is known about them."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

import orjson
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from accounts.ids import new_id
from accounts.models import Clinic, User
from accounts.roles import CareRole, Permission
from rehab.analytics.periods import today_in
from rehab.errors import IdInUse, Invalid, NotFound, NotPermitted, Problem, VersionConflict, pointer_to
from rehab.models import CareTeamMember, Patient
from rehab.reference.conditions import CONDITIONS
from rehab.reference.red_flags import BASELINE_DEFICITS
from rehab.selectors import access, patients
from rehab.services import documents, events
from rehab.services.inputs.base import AnySide, Day, Document, PersonName, RecordId, TimeZone, Ui
from rehab.services.records import in_changes

EARLIEST_BIRTH = date(1900, 1, 1)
LATEST_DISCHARGE = timedelta(days=366)  # a day that was agreed on, not a guess


def _check_conditions(values: tuple[str, ...]) -> tuple[str, ...]:
    if any(value not in CONDITIONS for value in values):
        raise PydanticCustomError("unknown_code", "unknown condition")
    return values


def _check_deficits(values: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if values and any(value not in BASELINE_DEFICITS for value in values):
        raise PydanticCustomError("unknown_code", "unknown baseline deficit")
    return values


class _About(Document):
    name: Annotated[PersonName, Ui(_("Name"))]
    birth_date: Annotated[Day | None, Ui(_("Date of birth"))] = None
    sex: Annotated[Literal["female", "male", "other", "unknown"], Ui(_("Sex"))] = "unknown"
    dominant_hand: Annotated[Literal["right", "left", "both", "unknown"], Ui(_("Dominant hand"))] = "unknown"
    conditions: Annotated[tuple[str, ...], AfterValidator(_check_conditions), Ui(_("Conditions"))] = ()
    involved_side: Annotated[AnySide | None, Ui(_("Involved side"))] = None
    baseline_deficits: Annotated[
        tuple[str, ...] | None,
        AfterValidator(_check_deficits),
        Ui(_("What the patient has already"), hint=_("Only what is new or worse raises a red flag.")),
    ] = None
    injury_at_or_above_t6: Annotated[
        bool | None, Ui(_("Spinal cord injury at or above T6"), hint=_("Null: not known."))
    ] = None


class PatientInput(_About):
    """A patient to enrol. Left out, ``clinic`` is the therapist's only one and ``time_zone`` is the clinic's."""

    id: RecordId | None = None
    clinic: uuid.UUID | None = None
    time_zone: Annotated[TimeZone | None, Ui(_("Time zone"))] = None


class PatientState(_About):
    """What is known about a patient who is enrolled, and may be changed."""

    time_zone: Annotated[TimeZone, Ui(_("Time zone"))]
    discharged_on: Annotated[
        Day | None,
        Ui(_("Last day of care"), hint=_("Null while it goes on. Nothing is hidden by it: summaries end.")),
    ] = None


@dataclass(frozen=True)
class Enrolled:
    patient: Patient
    created: bool


def enrol(document: Any, *, by: User, now: datetime) -> Enrolled:
    """Enrol a patient into a clinic where ``by`` is a therapist, and put ``by`` on the care team.

    The same id with the same content again answers what is stored; other content raises ``IdInUse``.
    """
    parsed = documents.read(PatientInput, document)
    _check_birth_date(parsed.birth_date, today=now.date())
    clinic = _clinic_for(parsed.clinic, by=by)
    content = parsed.model_dump(mode="json", exclude={"id", "clinic"}, exclude_defaults=True)
    digest = hashlib.sha256(orjson.dumps([str(clinic.pk), content], option=orjson.OPT_SORT_KEYS)).hexdigest()
    patient = Patient(
        id=parsed.id or new_id(),
        clinic=clinic,
        name=parsed.name,
        birth_date=parsed.birth_date,
        sex=parsed.sex,
        dominant_hand=parsed.dominant_hand,
        **_listed(parsed),
        involved_side=parsed.involved_side,
        injury_at_or_above_t6=parsed.injury_at_or_above_t6,
        time_zone=parsed.time_zone or clinic.time_zone,
        created_digest=digest,
        created_at=now,
        updated_at=now,
    )
    try:
        with transaction.atomic():
            patient.save(force_insert=True)
            CareTeamMember.objects.create(patient=patient, user=by, role=CareRole.THERAPIST, added_by=by, added_at=now)
            events.tell_of_patient("patient.enrolled", patient, ("patient", patient.pk), by=by, now=now)
    except IntegrityError:
        stored = access.patients_visible_to(by).filter(pk=patient.pk).first()
        if stored is not None and stored.created_digest == digest:
            return Enrolled(stored, created=False)
        if Patient.objects.filter(pk=patient.pk).exists():
            raise IdInUse from None
        raise
    return Enrolled(patient, created=True)


def amend(patient_id: uuid.UUID, changes: Any, *, expected_version: int, by: User, now: datetime) -> Patient:
    """Change what is known about a patient; raise ``VersionConflict`` if somebody was faster."""
    patient = patients.get(viewer=by, patient_id=patient_id, to=Permission.EDIT_PATIENT).patient
    if patient.version != expected_version:
        raise VersionConflict(patient.version)
    _check_changes(changes)
    stored = {name: getattr(patient, name) for name in PatientState.model_fields}
    try:
        parsed = documents.read(PatientState, {**stored, **changes})
        _check_birth_date(parsed.birth_date, today=now.date())
        _check_discharge(parsed, today=today_in(parsed.time_zone, now=now))
    except Invalid as error:
        raise Invalid(in_changes(error.problems)) from None
    columns = {**parsed.model_dump(), **_listed(parsed)}
    if columns == stored:
        raise Invalid([Problem("/changes", "nothing_changed", _("Changes: they change nothing."))])
    with transaction.atomic():
        changed = Patient.objects.filter(pk=patient.pk, version=expected_version).update(
            **columns, version=F("version") + 1, updated_at=now
        )
        if not changed:
            patient.refresh_from_db()
            raise VersionConflict(patient.version)
        told: dict[str, Any] = {"fields": sorted(changes)}
        if parsed.discharged_on != stored["discharged_on"]:
            # Before and after: the summaries of both days say that care ended, or do not any more.
            told["discharged_on"] = [on and on.isoformat() for on in (stored["discharged_on"], parsed.discharged_on)]
        events.tell_of_patient("patient.amended", patient, ("patient", patient.pk), by=by, now=now, changes=told)
    patient.refresh_from_db()
    return patient


def _listed(parsed: _About) -> dict[str, list[str] | None]:
    """Return the columns that hold lists."""
    deficits = parsed.baseline_deficits
    return {
        "conditions": list(parsed.conditions),
        "baseline_deficits": None if deficits is None else list(deficits),
    }


def _check_changes(changes: Any) -> None:
    if not isinstance(changes, dict) or not changes:
        raise Invalid([Problem("/changes", "missing", _("Changes: an object with at least one field."))])
    refused = [
        Problem(pointer_to("changes", name), "not_allowed", format_lazy(_("{label}: cannot be amended."), label=name))
        for name in ("id", "clinic")
        if name in changes
    ]
    if refused:
        raise Invalid(refused)


def _clinic_for(clinic_id: uuid.UUID | None, *, by: User) -> Clinic:
    clinics = list(access.clinics_worked_for_by(by).order_by("name", "id")[:2])
    if not clinics:
        raise NotPermitted
    if clinic_id is not None:
        clinic = access.clinics_worked_for_by(by).filter(pk=clinic_id).first()
        if clinic is None:
            raise NotFound
        return clinic
    if len(clinics) > 1:
        raise Invalid([Problem("/clinic", "missing", _("Clinic: you work for several; say which one."))])
    return clinics[0]


def _check_birth_date(birth_date: date | None, *, today: date) -> None:
    if birth_date is not None and not EARLIEST_BIRTH <= birth_date <= today:
        message = format_lazy(
            _("Date of birth: {value} is not possible. Allowed: {low} to {high}."),
            value=birth_date.isoformat(),
            low=EARLIEST_BIRTH.isoformat(),
            high=today.isoformat(),
        )
        raise Invalid([Problem("/birth_date", "out_of_range", message)])


def _check_discharge(parsed: PatientState, *, today: date) -> None:
    low, high = parsed.birth_date or EARLIEST_BIRTH, today + LATEST_DISCHARGE
    if parsed.discharged_on is not None and not low <= parsed.discharged_on <= high:
        message = format_lazy(
            _("Last day of care: {value} is not possible. Allowed: {low} to {high}."),
            value=parsed.discharged_on.isoformat(),
            low=low.isoformat(),
            high=high.isoformat(),
        )
        raise Invalid([Problem("/discharged_on", "out_of_range", message)])
