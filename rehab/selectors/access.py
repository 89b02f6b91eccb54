"""Who sees whom, as querysets. This file alone decides; not visible means not found."""

import uuid
from collections.abc import Collection

from django.db.models import Q, QuerySet

from accounts.models import Clinic, Invitation, Membership, User
from accounts.roles import CareRole, ClinicRole
from rehab.models import CareTeamMember, Patient


def care_roles(user: User) -> QuerySet[CareTeamMember]:
    """Return the current places of a person on care teams: as patient, caregiver or therapist."""
    return CareTeamMember.objects.filter(user=user, ended_at__isnull=True)


def patients_visible_to(user: User) -> QuerySet[Patient]:
    """Return the patients whose clinical data a person may see."""
    return Patient.objects.filter(care_team__user=user, care_team__ended_at__isnull=True)


def patients_treated_by(user: User) -> QuerySet[Patient]:
    """Return the patients whose alerts a person handles: those they are a therapist of."""
    return Patient.objects.filter(pk__in=care_roles(user).filter(role=CareRole.THERAPIST).values("patient_id"))


def treating(patient_ids: Collection[uuid.UUID]) -> QuerySet[CareTeamMember]:
    """Return the current places of the therapists of some patients, of those people who can still sign in."""
    return CareTeamMember.objects.filter(
        patient_id__in=patient_ids, role=CareRole.THERAPIST, ended_at__isnull=True, user__is_active=True
    )


def memberships(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user, ended_at__isnull=True)


def clinics_administered_by(user: User) -> QuerySet[Clinic]:
    """Return the clinics whose people and settings a person looks after; no clinical data comes with it."""
    return Clinic.objects.filter(
        memberships__user=user,
        memberships__role=ClinicRole.CLINIC_ADMIN,
        memberships__ended_at__isnull=True,
    )


def clinics_worked_for_by(user: User) -> QuerySet[Clinic]:
    """Return the clinics where a person is a therapist, and so may enrol patients."""
    return Clinic.objects.filter(
        memberships__user=user,
        memberships__role=ClinicRole.THERAPIST,
        memberships__ended_at__isnull=True,
    )


def invitations_managed_by(user: User) -> QuerySet[Invitation]:
    """Return the invitations that a person sent, and those to staff of the clinics they administer."""
    return Invitation.objects.filter(
        Q(invited_by=user) | Q(clinic__in=clinics_administered_by(user), purpose__in=ClinicRole.values)
    )
