"""People and their places: what a person is, who works for a clinic, who is on a care team."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from knox.models import AuthToken

from accounts.models import Clinic, Invitation, Membership, User
from accounts.roles import CareRole, ClinicRole
from rehab.errors import NotFound, NotPermitted
from rehab.models import CareTeamMember, Patient
from rehab.selectors import access, patients


@dataclass(frozen=True)
class Places:
    """What a person is to the service; the emergency number is that of their first clinic."""

    is_patient: bool
    is_caregiver: bool
    is_therapist: bool
    administers: bool
    emergency_number: str


def places_of(user: User) -> Places:
    """Return what a person is, in two statements."""
    care = list(access.care_roles(user).exclude(role=CareRole.THERAPIST).select_related("patient__clinic"))
    work = list(access.memberships(user).select_related("clinic").order_by("joined_at", "id"))
    clinics = [member.patient.clinic for member in care] + [membership.clinic for membership in work]
    return Places(
        is_patient=any(member.role == CareRole.PATIENT for member in care),
        is_caregiver=any(member.role == CareRole.CAREGIVER for member in care),
        is_therapist=any(membership.role == ClinicRole.THERAPIST for membership in work),
        administers=any(membership.role == ClinicRole.CLINIC_ADMIN for membership in work),
        emergency_number=clinics[0].emergency_number if clinics else "",
    )


def cared_for_by(user: User) -> QuerySet[CareTeamMember]:
    """Return a person's places as patient or caregiver, their own record first."""
    return (
        access.care_roles(user)
        .exclude(role=CareRole.THERAPIST)
        .select_related("patient__clinic")
        .order_by("-role", "patient__name", "id")
    )


def staff(clinic: Clinic) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(clinic=clinic, ended_at__isnull=True)
        .select_related("user")
        .order_by("user__name", "role", "id")
    )


def therapists(clinic: Clinic) -> QuerySet[Membership]:
    return staff(clinic).filter(role=ClinicRole.THERAPIST)


@dataclass(frozen=True)
class RosterRow:
    """A patient as an administrator of the clinic sees them: a name and who treats them, nothing clinical."""

    patient_id: uuid.UUID
    name: str
    therapists: list[str]


def roster(clinic: Clinic) -> list[RosterRow]:
    """Return a clinic's patients by name, in two statements."""
    current = CareTeamMember.objects.filter(role=CareRole.THERAPIST, ended_at__isnull=True).select_related("user")
    found = (
        Patient.objects.filter(clinic=clinic)
        .only("id", "name")
        .prefetch_related(Prefetch("care_team", current.order_by("user__name", "id")))
        .order_by("name", "id")
    )
    return [RosterRow(row.pk, row.name, [str(member.user) for member in row.care_team.all()]) for row in found]


@dataclass(frozen=True)
class ClinicView:
    """What an administrator looks after; ``administered`` holds every clinic that they may choose."""

    clinic: Clinic
    administered: list[Clinic]
    staff: list[Membership]
    invitations: list[Invitation]
    roster: list[RosterRow]


def administered_clinic(*, by: User, clinic_id: uuid.UUID) -> Clinic:
    clinic = access.clinics_administered_by(by).filter(pk=clinic_id).first()
    if clinic is None:
        raise NotFound
    return clinic


def clinic_view(*, by: User, clinic_id: uuid.UUID | None, now: datetime) -> ClinicView:
    """Return a clinic with its people for an administrator: the one named, else the first by name."""
    administered = list(access.clinics_administered_by(by).order_by("name", "id"))
    if not administered:
        raise NotPermitted
    clinic = next((clinic for clinic in administered if clinic_id in (None, clinic.pk)), None)
    if clinic is None:
        raise NotFound
    to_staff = open_invitations(managed_by=by, now=now).filter(clinic=clinic, purpose__in=ClinicRole.values)
    return ClinicView(clinic, administered, list(staff(clinic)), list(to_staff), roster(clinic))


def membership_of(*, by: User, clinic_id: uuid.UUID, membership_id: uuid.UUID) -> Membership:
    """Return a current membership of a clinic that ``by`` administers."""
    found = staff(administered_clinic(by=by, clinic_id=clinic_id)).filter(pk=membership_id).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class CareTeamView:
    """A care team as one person may see and change it; ``role`` is empty for an administrator who is not on it."""

    patient: Patient
    role: str
    members: list[CareTeamMember]
    ends: frozenset[uuid.UUID]  # the people whose place the viewer may end
    candidates: list[User]  # the therapists whom the viewer may add
    may_manage: bool
    may_edit_patient: bool
    may_invite_patient: bool
    may_invite_caregiver: bool
    invitations: list[Invitation]


def care_team_view(*, viewer: User, patient_id: uuid.UUID, now: datetime) -> CareTeamView:
    """Return the care team for somebody on it or for an administrator of the clinic; else ``NotFound``."""
    found = Patient.objects.filter(pk=patient_id).select_related("clinic").first()
    own_place = access.care_roles(viewer).filter(patient_id=patient_id).first()
    administers = found is not None and access.clinics_administered_by(viewer).filter(pk=found.clinic_id).exists()
    if found is None or not (own_place or administers):
        raise NotFound
    role = own_place.role if own_place else ""
    may_manage = administers or role == CareRole.THERAPIST
    order = [CareRole.PATIENT, CareRole.CAREGIVER, CareRole.THERAPIST]
    members = sorted(patients.care_team(patient=found), key=lambda member: order.index(CareRole(member.role)))
    treating = [member.user_id for member in members if member.role == CareRole.THERAPIST]
    if role == CareRole.PATIENT:
        ends = [member.user_id for member in members if member.role == CareRole.CAREGIVER]
    elif role == CareRole.CAREGIVER:
        ends = [viewer.pk]
    else:
        ends = treating if may_manage and len(treating) > 1 else []
    here = {member.user_id for member in members}
    others = therapists(found.clinic).exclude(user__in=here) if may_manage else Membership.objects.none()
    return CareTeamView(
        patient=found,
        role=role,
        members=members,
        ends=frozenset(ends),
        candidates=[membership.user for membership in others],
        may_manage=may_manage,
        may_edit_patient=role == CareRole.THERAPIST,
        may_invite_patient=role == CareRole.THERAPIST and all(member.role != CareRole.PATIENT for member in members),
        may_invite_caregiver=role == CareRole.PATIENT,
        invitations=list(open_invitations(managed_by=viewer, now=now, patient_id=patient_id)),
    )


def open_invitations(*, managed_by: User, now: datetime, patient_id: uuid.UUID | None = None) -> QuerySet[Invitation]:
    """Return the open invitations that a person may withdraw, latest first."""
    found = access.invitations_managed_by(managed_by).filter(
        accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now
    )
    if patient_id is not None:
        found = found.filter(patient_id=patient_id)
    return found.select_related("clinic").order_by("-created_at", "-id")


def clinics_to_enrol_in(user: User) -> list[Clinic]:
    """Return the clinics where a person may enrol patients; ``NotPermitted`` if there is none."""
    clinics = list(access.clinics_worked_for_by(user).order_by("name", "id"))
    if not clinics:
        raise NotPermitted
    return clinics


def tokens_of(user: User) -> QuerySet[AuthToken]:
    """Return a person's keys for other programs, latest first."""
    found: QuerySet[AuthToken] = AuthToken.objects.filter(user=user).order_by("-created", "digest")
    return found


def by_email(email: str) -> User | None:
    """Return the person with an address, whatever its case."""
    return User.objects.filter(email__iexact=email).first()
