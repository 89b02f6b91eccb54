"""What the workers of summaries ask: who has a period to be summed up, and which summaries wait to be computed."""

import uuid
from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Clinic, Event, EventSeal, Membership
from accounts.roles import CareRole, ClinicRole
from rehab.models import CareTeamMember, Patient, Record, RecordVersion, Summary

Audience = Summary.Audience
Period = Summary.Period
Status = Summary.Status

#: Patients whose events are looked up with one statement, by an index: there are as many events as records.
_AT_ONCE = 1000


def time_zones() -> set[str]:
    """Return every time zone in which a period of somebody may end: those of patients and of clinics."""
    of_patients = Patient.objects.order_by().values_list("time_zone", flat=True).distinct()
    of_clinics = Clinic.objects.order_by().values_list("time_zone", flat=True).distinct()
    return {*of_patients, *of_clinics}


def patients_without(
    period: str, starts_on: date, *, zones: Collection[str], over_at: datetime, clinic_id: uuid.UUID | None = None
) -> QuerySet[Patient]:
    """Return the patients in some time zones who lack a summary of a period that they were in care in.

    Who was enrolled when the period was over gets none, nor who was discharged before it began; see ``away`` too.
    """
    stored = Summary.objects.filter(
        patient=OuterRef("pk"), audience=Audience.PATIENT, period=period, starts_on=starts_on
    )
    found = Patient.objects.filter(
        Q(discharged_on__isnull=True) | Q(discharged_on__gte=starts_on), ~Exists(stored),
        time_zone__in=zones, created_at__lt=over_at,
    )  # fmt: skip
    return found if clinic_id is None else found.filter(clinic_id=clinic_id)


def away(patients: QuerySet[Patient], starts_on: date, *, over_at: datetime) -> set[uuid.UUID]:
    """Return who of some patients was discharged before a period began and came back after it was over.

    A patient's row says how things are now; how they stood when the period was over, the audit trail says.
    """
    changed = list(patients.filter(updated_at__gte=over_at).order_by("pk").values_list("pk", flat=True))
    stood: dict[uuid.UUID, str | None] = {}
    for start in range(0, len(changed), _AT_ONCE):
        some = changed[start : start + _AT_ONCE]
        events = Event.objects.filter(patient_id__in=some, at__gte=over_at, action="patient.amended")
        for patient_id, changes in events.order_by("at", "id").values_list("patient_id", "changes"):
            if patient_id is not None and "discharged_on" in changes:  # before and after
                stood.setdefault(patient_id, changes["discharged_on"][0])
    return {patient_id for patient_id, on in stood.items() if on is not None and date.fromisoformat(on) < starts_on}


def therapists_without(
    period: str, starts_on: date, *, zones: Collection[str], over_at: datetime, clinic_id: uuid.UUID | None = None
) -> QuerySet[Membership]:
    """Return the work of therapists who treated somebody of a clinic when a period was over, and lack its summary."""
    stored = Summary.objects.filter(
        therapist=OuterRef("user"), clinic=OuterRef("clinic"), audience=Audience.THERAPIST, period=period,
        starts_on=starts_on,
    )  # fmt: skip
    treats = CareTeamMember.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=over_at),
        Q(patient__discharged_on__isnull=True) | Q(patient__discharged_on__gte=starts_on),
        user=OuterRef("user"), patient__clinic=OuterRef("clinic"), role=CareRole.THERAPIST, added_at__lt=over_at,
    )  # fmt: skip
    found = Membership.objects.filter(
        ~Exists(stored), Exists(treats), role=ClinicRole.THERAPIST, ended_at__isnull=True, user__is_active=True,
        clinic__time_zone__in=zones,
    )  # fmt: skip
    return found if clinic_id is None else found.filter(clinic_id=clinic_id)


def clinics_without(
    period: str, starts_on: date, *, zones: Collection[str], over_at: datetime, clinic_id: uuid.UUID | None = None
) -> QuerySet[Clinic]:
    """Return the clinics that lack a summary of a period."""
    stored = Summary.objects.filter(clinic=OuterRef("pk"), audience=Audience.CLINIC, period=period, starts_on=starts_on)
    found = Clinic.objects.filter(~Exists(stored), time_zone__in=zones, created_at__lt=over_at)
    return found if clinic_id is None else found.filter(pk=clinic_id)


def waiting(*, now: datetime) -> QuerySet[Summary]:
    """Return the summaries to be computed now: due for the first time, or stale and quiet; claimed by nobody.

    First those never computed: whoever waits for this morning's must not stand behind a bulk import.
    """
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    due = Q(status=Status.DUE, due_at__lte=now)
    quiet = Q(status=Status.STALE, stale_until_quiet__lte=now)
    return Summary.objects.filter(free, due | quiet).order_by("status", "attempts", "due_at", "id")


def newest_seal() -> int:
    """Return the id of the newest seal of the audit trail; 0 before there is one."""
    return EventSeal.objects.order_by("-id").values_list("id", flat=True).first() or 0


def performed_on(model: type[Record], record_ids: Collection[uuid.UUID]) -> Iterable[tuple[uuid.UUID, date]]:
    """Return patient and local date of some records of one table, as they stand now."""
    return model._default_manager.filter(pk__in=record_ids).values_list("patient_id", "performed_on")


def versions_of(kind: str, record_ids: Collection[uuid.UUID]) -> QuerySet[RecordVersion]:
    """Return the earlier versions of some records of one kind."""
    return RecordVersion.objects.filter(kind=kind, record_id__in=record_ids).order_by("id")


def treated_by(patient_ids: Collection[uuid.UUID]) -> QuerySet[CareTeamMember]:
    """Return who treats some patients, or did: their summaries of that time speak of them."""
    return CareTeamMember.objects.filter(patient_id__in=patient_ids, role=CareRole.THERAPIST).order_by("id")
