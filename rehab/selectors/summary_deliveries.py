"""Who reads a summary by e-mail, what they chose, and which e-mails are due."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from allauth.account.models import EmailAddress

from accounts.models import Membership, User
from accounts.roles import CareRole, ClinicRole
from rehab.models import CareTeamMember, Summary, SummaryDelivery, SummaryPreference

#: The choice that decides about a summary, by its audience and period.
CHOICE_OF: Mapping[tuple[str, str], str] = {
    ("patient", "day"): "daily",
    ("patient", "week"): "weekly",
    ("patient", "four_weeks"): "four_weekly",
    ("therapist", "day"): "caseload_daily",
    ("therapist", "week"): "caseload_weekly",
    ("clinic", "month"): "monthly",
}
CHOICES = tuple(CHOICE_OF.values())
#: What somebody gets who chose nothing: who works with it. About a body nobody is written to without having asked.
ON_BY_DEFAULT = frozenset(
    {
        ("caseload_daily", ClinicRole.THERAPIST.value),
        ("caseload_weekly", ClinicRole.THERAPIST.value),
        ("monthly", ClinicRole.CLINIC_ADMIN.value),
    }
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may get a summary by e-mail, as what, and what they chose; no ``address``: none is verified."""

    user: User
    role: str
    preference: SummaryPreference | None
    address: str

    def wants(self, summary: Summary) -> bool:
        choice = CHOICE_OF.get((summary.audience, summary.period))
        return choice is not None and chosen(self.preference, choice, [self.role])

    @property
    def quiet(self) -> tuple[time, time] | None:
        return quiet_hours(self.preference)

    def zone(self, summary: Summary) -> str:
        """Return the zone in which the reader sleeps: their own, else, as accounts start with UTC, the summary's."""
        return summary.time_zone if self.user.time_zone == "UTC" else self.user.time_zone


def chosen(preference: SummaryPreference | None, choice: str, roles: Iterable[str]) -> bool:
    """Return what a person chose, or the default of what they are (care and clinic roles)."""
    own: bool | None = getattr(preference, choice, None)
    return any((choice, role) in ON_BY_DEFAULT for role in roles) if own is None else own


def quiet_hours(preference: SummaryPreference | None) -> tuple[time, time] | None:
    if preference is None or preference.quiet_from is None or preference.quiet_until is None:
        return None
    return preference.quiet_from, preference.quiet_until


def readers_of(rows: Collection[Summary]) -> dict[uuid.UUID, list[Reader]]:
    """Return who may get each summary by e-mail; at most four statements, however many summaries.

    A patient's: the patient and their caregivers (viewing is part of every caregiver's place); never a therapist, whom
    no e-mail tells of one patient. A caseload's: that therapist. A clinic's: its administrators and therapists.
    Somebody who left, or whose account was switched off, is not among them.
    """
    places = _care_places([row for row in rows if row.audience == Summary.Audience.PATIENT])
    for row_id, found in _work_places([row for row in rows if row.audience != Summary.Audience.PATIENT]).items():
        places[row_id] = found
    users = {user.pk: user for found in places.values() for user, _role in found}
    preferences = SummaryPreference.objects.in_bulk(list(users)) if users else {}
    verified = _verified_addresses(users)
    return {
        row.pk: [
            Reader(user, role, preferences.get(user.pk), verified.get(user.pk, ""))
            for user, role in places.get(row.pk, [])
        ]
        for row in rows
    }


_Places = dict[uuid.UUID, list[tuple[User, str]]]


def _care_places(rows: Collection[Summary]) -> _Places:
    if not rows:
        return {}
    by_patient: dict[uuid.UUID, list[tuple[User, str]]] = defaultdict(list)
    members = CareTeamMember.objects.filter(
        patient_id__in=[row.patient_id for row in rows],
        role__in=[CareRole.PATIENT, CareRole.CAREGIVER],
        ended_at__isnull=True,
        user__is_active=True,
    )
    for member in members.select_related("user").order_by("-role", "id"):
        by_patient[member.patient_id].append((member.user, member.role))
    return {row.pk: by_patient[row.patient_id] for row in rows if row.patient_id in by_patient}


def _work_places(rows: Collection[Summary]) -> _Places:
    if not rows:
        return {}
    places: dict[tuple[uuid.UUID, str], dict[uuid.UUID, User]] = defaultdict(dict)
    members = Membership.objects.filter(
        clinic_id__in={row.clinic_id for row in rows}, ended_at__isnull=True, user__is_active=True
    )
    if all(row.therapist_id is not None for row in rows):
        members = members.filter(user_id__in={row.therapist_id for row in rows})
    for member in members.select_related("user").order_by("id"):
        places[member.clinic_id, member.role][member.user_id] = member.user
    found: _Places = {}
    for row in rows:
        therapists = places[row.clinic_id, ClinicRole.THERAPIST]
        if row.therapist_id is not None:
            user = therapists.get(row.therapist_id)
            found[row.pk] = [] if user is None else [(user, ClinicRole.THERAPIST.value)]
            continue
        administrators = places[row.clinic_id, ClinicRole.CLINIC_ADMIN]
        found[row.pk] = [(user, ClinicRole.CLINIC_ADMIN.value) for user in administrators.values()]
        found[row.pk] += [
            (user, ClinicRole.THERAPIST.value) for pk, user in therapists.items() if pk not in administrators
        ]
    return found


def _verified_addresses(users: Mapping[uuid.UUID, User]) -> dict[uuid.UUID, str]:
    """Return the addresses that people sign in with, of those who have shown that it is theirs."""
    if not users:
        return {}
    rows = EmailAddress.objects.filter(user_id__in=list(users), verified=True).order_by("id")
    verified = set(rows.values_list("user_id", "email"))
    return {pk: user.email for pk, user in users.items() if (pk, user.email.lower()) in verified}


def has_verified_address(user: User) -> bool:
    return bool(_verified_addresses({user.pk: user}))


def next_due(*, now: datetime) -> SummaryDelivery | None:
    """Return the e-mail that waits longest of those that are due."""
    waiting = SummaryDelivery.objects.filter(sent_at__isnull=True, dropped_at__isnull=True, send_after__lte=now)
    return waiting.select_related("summary", "recipient").order_by("send_after", "id").first()


def of_summary(summary_id: uuid.UUID, *, recipients: Collection[uuid.UUID]) -> list[SummaryDelivery]:
    """Return the e-mails with one summary to some people, oldest first."""
    found = SummaryDelivery.objects.filter(summary_id=summary_id, recipient_id__in=recipients).select_related(
        "recipient"
    )
    return list(found.order_by("created_at", "resend", "id"))


def preference_of(user: User) -> SummaryPreference | None:
    return SummaryPreference.objects.filter(user=user).first()


def is_unsubscribe_key(key: uuid.UUID) -> bool:
    """Return whether a link to unsubscribe was made by the service."""
    return SummaryPreference.objects.filter(unsubscribe_key=key).exists()


def roles_of(user: User) -> set[str]:
    """Return what a person is, on care teams and in clinics, in two statements."""
    cared = CareTeamMember.objects.filter(user=user, ended_at__isnull=True).exclude(role=CareRole.THERAPIST)
    worked = Membership.objects.filter(user=user, ended_at__isnull=True)
    return {*cared.values_list("role", flat=True), *worked.values_list("role", flat=True)}


def choices_offered(roles: Collection[str]) -> list[str]:
    """Return the choices that mean something to a person with these roles, in their order."""
    offered: list[str] = []
    if {CareRole.PATIENT.value, CareRole.CAREGIVER.value} & set(roles):
        offered += ["daily", "weekly", "four_weekly"]
    if ClinicRole.THERAPIST.value in roles:
        offered += ["caseload_daily", "caseload_weekly"]
    if {ClinicRole.THERAPIST.value, ClinicRole.CLINIC_ADMIN.value} & set(roles):
        offered += ["monthly"]
    return offered
