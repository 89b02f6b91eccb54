"""The one door to a patient."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.ids import new_id
from accounts.models import User
from accounts.roles import CARE_ROLE_PERMISSIONS, CareRole, Permission
from rehab.errors import NotFound, NotPermitted
from rehab.models import CareTeamMember, Patient
from rehab.selectors import access
from rehab.selectors.paging import Position, latest_first
from rehab.selectors.prepared import Prepared, columns_of, instance_of


@dataclass(frozen=True)
class Seen:
    """A patient as one person sees them: with that person's role and permissions."""

    patient: Patient
    role: str
    permissions: frozenset[str]

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


#: What ``seen_of`` takes of a row, in order.
SEEN_COLUMNS = (*columns_of(Patient, "patient__"), "role", "permissions")
#: What binds a prepared ``seen_rows``: the viewer, the patient.
SEEN_FIELDS = (User._meta.pk, Patient._meta.pk)


def seen_rows() -> QuerySet[CareTeamMember]:
    """Return the place of a viewer on a patient's care team, to be prepared."""
    return access.care_roles(User(pk=new_id())).filter(patient_id=new_id())


_CARE_ROLE = Prepared(lambda: seen_rows().values_list(*SEEN_COLUMNS), *SEEN_FIELDS)


def seen_of(row: Iterator[Any]) -> Seen:
    """Take the next columns of a row of ``seen_rows`` as a patient as the viewer sees them."""
    return _seen(instance_of(Patient, row), next(row), next(row))


def get(*, viewer: User, patient_id: uuid.UUID, to: Permission = Permission.VIEW_RECORDS) -> Seen:
    """Return the patient if the viewer is on their care team; else ``NotFound``.

    ``NotPermitted`` if the viewer sees the patient but may not do ``to``.
    """
    row = _CARE_ROLE.first(viewer.pk, patient_id)
    if row is None:
        raise NotFound
    seen = seen_of(row)
    if not seen.may(to):
        raise NotPermitted
    return seen


def get_many(*, viewer: User, patient_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Seen]:
    """Return those of the patients that the viewer sees, in one query."""
    members = access.care_roles(viewer).filter(patient_id__in=set(patient_ids)).select_related("patient__clinic")
    return {member.patient_id: _seen(member.patient, member.role, member.permissions) for member in members}


def _seen(patient: Patient, role: str, given: Iterable[str]) -> Seen:
    caregiver = role == CareRole.CAREGIVER
    permissions = frozenset({Permission.VIEW_RECORDS, *given}) if caregiver else CARE_ROLE_PERMISSIONS[role]
    return Seen(patient=patient, role=role, permissions=permissions)


def own_patient(user: User) -> Patient | None:
    """Return the patient that this person is, if any."""
    member = access.care_roles(user).filter(role=CareRole.PATIENT).select_related("patient").first()
    return member.patient if member else None


def care_team(*, patient: Patient) -> QuerySet[CareTeamMember]:
    """Return the current team with its people, the patient first, then by role and name."""
    return (
        CareTeamMember.objects.filter(patient=patient, ended_at__isnull=True)
        .select_related("user")
        .order_by("-role", "user__name", "id")
    )


def page(
    *, viewer: User, search: str | None, after: Position | None, limit: int
) -> tuple[list[Patient], Position | None]:
    """Return a page of the patients that the viewer sees, latest enrolled first."""
    found = access.patients_visible_to(viewer)
    if search:
        found = found.filter(name__icontains=search)
    return latest_first(found, after=after, limit=limit)
