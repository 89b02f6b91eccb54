"""A therapist's caseload in one answer: who needs a look, at the same number of statements for 20 patients or 200."""

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import DateTimeField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from accounts.models import User
from accounts.roles import CareRole
from rehab.analytics.series import Subject
from rehab.errors import NotPermitted
from rehab.models import CareTeamMember, Patient, Record
from rehab.reference.alert_rules import LEVELS
from rehab.selectors import access, adherence, alerts, states
from rehab.selectors.adherence import Followed
from rehab.selectors.alerts import OpenAlerts
from rehab.selectors.series import subject_of
from rehab.selectors.states import Known, States

#: A contact is looked for so far back; before that, it was long ago.
CONTACT_DAYS = 180
#: Stands for no moment where the database compares: SQLite's greatest of a number and nothing is nothing.
NEVER_AT = datetime(1900, 1, 1, tzinfo=UTC)
NEVER = Value(NEVER_AT, output_field=DateTimeField())

Sort = Literal["attention", "name", "declined", "adherence", "inactive", "contact"]
CHANGED = ("declined", "provisional_declined", "improved", "provisional_improved")


@dataclass(frozen=True, slots=True)
class CaseloadRow:
    """One patient. Days are counted in the patient's own time zone; None where there is nothing to count from."""

    patient: Patient
    last_activity_at: datetime | None
    """When something was last performed, whoever recorded it."""
    last_contact_at: datetime | None
    """When something was last performed that a therapist of the patient recorded, within ``CONTACT_DAYS``."""
    inactive_days: int | None
    contact_days: int | None
    changed: tuple[Known, ...]
    """The series whose state is other than stable, declines first."""
    counts: Mapping[str, int]
    """Series by state."""
    alerts: OpenAlerts | None
    adherence: Followed
    """Of the 28 days that end today, of the running ISO week, and of the last whole one."""

    @property
    def worst_level(self) -> str:
        return self.alerts.worst if self.alerts else ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a caseload is narrowed to and sorted by; None means any."""

    search: str = ""
    level: str | None = None  # this level or a worse one
    declined: bool | None = None
    inactive_days: int | None = None  # at least; a patient without records counts as inactive
    sort: Sort = "attention"


def of_therapist(*, therapist: User, wanted: Wanted, now: datetime) -> list[CaseloadRow]:
    """Return the patients whom a person treats; ``NotPermitted`` for who is no therapist."""
    if not access.clinics_worked_for_by(therapist).exists():
        raise NotPermitted
    listed = list(patients_of(therapist, search=wanted.search, now=now))
    subjects = {patient.pk: subject_of(patient) for patient in listed}
    rows = rows_of(listed, subjects, viewer=therapist, now=now)
    return sorted((row for row in rows if _is_wanted(row, wanted)), key=_ORDER[wanted.sort])


def rows_of(
    listed: Collection[Patient], subjects: Mapping[uuid.UUID, Subject], *, viewer: User, now: datetime
) -> list[CaseloadRow]:
    """Return the rows of patients that ``patients_of`` annotated.

    Here the areas meet, each with one call for all patients.
    """
    found = states.of_patients(subjects)
    unfinished = alerts.open_by_patient(subjects.keys(), viewer=viewer)
    days = {patient.pk: _today(patient, now) for patient in listed}
    followed = adherence.followed(subjects.keys(), today=days)
    return [
        _row(
            patient,
            found.get(patient.pk, states.NOTHING),
            unfinished.get(patient.pk),
            followed[patient.pk],
            today=today,
        )
        for patient, today in zip(listed, days.values(), strict=True)
    ]


def patients_of(therapist: User, *, search: str, now: datetime) -> QuerySet[Patient]:
    """Return a therapist's patients with their last activity and contact, found by index for each."""
    members = access.care_roles(therapist).filter(role=CareRole.THERAPIST)
    found = Patient.objects.filter(pk__in=members.values("patient_id"))
    if search:
        found = found.filter(name__icontains=search)
    treating = CareTeamMember.objects.filter(patient=OuterRef("patient_id"), role=CareRole.THERAPIST)
    since = now - timedelta(days=CONTACT_DAYS)
    activity, contact = [], []
    for model in apps.get_models():
        if not issubclass(model, Record):
            continue
        counting = (
            model._default_manager.filter(patient=OuterRef("pk"))
            .exclude(status=Record.Status.ENTERED_IN_ERROR)
            .order_by("-performed_at")
            .values("performed_at")
        )
        by_team = counting.filter(performed_at__gte=since, recorded_by__in=treating.values("user_id"))
        activity.append(Coalesce(Subquery(counting[:1]), NEVER))
        contact.append(Coalesce(Subquery(by_team[:1]), NEVER))
    return found.annotate(last_activity=Greatest(*activity), last_contact=Greatest(*contact)).order_by("name", "id")


def _today(patient: Patient, now: datetime) -> date:
    return now.astimezone(ZoneInfo(patient.time_zone)).date()


def _row(
    patient: Patient, found: States, unfinished: OpenAlerts | None, followed: Followed, *, today: date
) -> CaseloadRow:
    activity, contact = (_moment(vars(patient)[name]) for name in ("last_activity", "last_contact"))
    counts: Counter[str] = Counter(one.state.state for one in found.known)
    counts["insufficient_data"] = found.insufficient
    changed = sorted(
        (one for one in found.known if one.state.state != "stable"),
        key=lambda one: (CHANGED.index(one.state.state), one.key),
    )
    return CaseloadRow(
        patient=patient,
        last_activity_at=activity,
        last_contact_at=contact,
        inactive_days=_days_since(activity, patient, today),
        contact_days=_days_since(contact, patient, today),
        changed=tuple(changed),
        counts=counts,
        alerts=unfinished,
        adherence=followed,
    )


def _moment(at: datetime) -> datetime | None:
    return at if at > NEVER_AT else None


def _days_since(moment: datetime | None, patient: Patient, today: date) -> int | None:
    return None if moment is None else (today - moment.astimezone(ZoneInfo(patient.time_zone)).date()).days


def _is_wanted(row: CaseloadRow, wanted: Wanted) -> bool:
    if wanted.level is not None and _severity(row) > LEVELS.index(wanted.level):
        return False
    if wanted.declined is not None and (row.counts["declined"] > 0) != wanted.declined:
        return False
    at_least = wanted.inactive_days
    return at_least is None or row.inactive_days is None or row.inactive_days >= at_least


def _severity(row: CaseloadRow) -> int:
    return LEVELS.index(row.worst_level) if row.worst_level in LEVELS else len(LEVELS)


def _least_first(percent: float | None) -> float:
    """Sort by a percentage, those without one after all others."""
    return float("inf") if percent is None else percent


def _longest_first(days: int | None) -> float:
    """Sort by days, those without any before all others."""
    return float("-inf") if days is None else -days


def _by_name(row: CaseloadRow) -> tuple[Any, ...]:
    return row.patient.name.casefold(), row.patient.pk


def _by_activity(row: CaseloadRow) -> tuple[Any, ...]:
    at = row.last_activity_at
    return -at.timestamp() if at else 0.0, *_by_name(row)


_ORDER: Mapping[Sort, Callable[[CaseloadRow], tuple[Any, ...]]] = {
    "attention": lambda row: (_severity(row), -row.counts["declined"], *_by_activity(row)),
    "name": _by_name,
    "declined": lambda row: (
        -row.counts["declined"], -row.counts["provisional_declined"], _severity(row), *_by_activity(row),
    ),
    "adherence": lambda row: (_least_first(row.adherence.rolling.session_pct), *_by_name(row)),
    "inactive": lambda row: (_longest_first(row.inactive_days), *_by_name(row)),
    "contact": lambda row: (_longest_first(row.contact_days), *_by_name(row)),
}  # fmt: skip
