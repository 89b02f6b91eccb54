"""Who signed off the emergency texts and rules for a clinic, and which version."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Clinic, User
from rehab.errors import NotFound
from rehab.models import WordingSignOff
from rehab.selectors import access


@dataclass(frozen=True)
class SignOffs:
    """The signature under the version that is in force, if there is one, and those under earlier ones."""

    clinic: Clinic
    current: WordingSignOff | None
    earlier: list[WordingSignOff]
    may_sign: bool
    administers: bool


def of_clinic(*, viewer: User, clinic_id: uuid.UUID, version: str) -> SignOffs:
    """Return the signatures of a clinic for those who work there; ``NotFound`` for everybody else."""
    clinic = access.clinics_staffed_by(viewer).filter(pk=clinic_id).first()
    if clinic is None:
        raise NotFound
    found = list(WordingSignOff.objects.filter(clinic=clinic).order_by("-signed_at", "-id"))
    return SignOffs(
        clinic=clinic,
        current=next((row for row in found if row.version == version), None),
        earlier=[row for row in found if row.version != version],
        may_sign=access.clinics_worked_for_by(viewer).filter(pk=clinic_id).exists(),
        administers=access.clinics_administered_by(viewer).filter(pk=clinic_id).exists(),
    )


def current_of(clinic_id: uuid.UUID, *, version: str) -> WordingSignOff | None:
    """Return the signature of a clinic under a version. Whoever asks checked who looks."""
    return WordingSignOff.objects.filter(clinic=clinic_id, version=version).first()


def clinics_to_show(viewer: User, *, version: str) -> list[tuple[Clinic, bool]]:
    """Return the clinics that a therapist works for, each with whether the version is signed off."""
    clinics = list(access.clinics_worked_for_by(viewer).order_by("name", "id"))
    signed = _signed([clinic.pk for clinic in clinics], version=version)
    return [(clinic, clinic.pk in signed) for clinic in clinics]


def _signed(clinic_ids: Iterable[uuid.UUID], *, version: str) -> set[uuid.UUID]:
    found = WordingSignOff.objects.filter(clinic__in=list(clinic_ids), version=version)
    return set(found.values_list("clinic_id", flat=True))
