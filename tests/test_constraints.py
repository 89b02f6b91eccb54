"""Beneath the services stands the database: every named constraint is violated here, once, by a raw write."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.ids import new_id
from accounts.models import Clinic, EventSeal, Invitation, Membership, User
from rehab.models import (
    Assessment,
    CareTeamMember,
    ExerciseSession,
    GirthMeasurement,
    Patient,
    RecordVersion,
    RomMeasurement,
    StrengthTest,
)
from tests.conftest import Cast

Violation = Callable[[Cast], Any]


def record(model: type[Any], cast: Cast, **changes: Any) -> Any:
    now = timezone.now()
    own: dict[type[Any], dict[str, Any]] = {
        StrengthTest: {"muscle": "KNE_EXT", "method": "mrc", "test_status": "measured", "side": "left",
                       "series_key": "k", "series_value": 4.0},
        RomMeasurement: {"motion": "KNE_FLEX", "rom_type": "AROM", "rom_status": "measured", "angle_degrees": 90.0,
                         "side": "left", "series_key": "k"},
        GirthMeasurement: {"site": "CALF_MAX", "girth_cm": 35.0, "side": "left", "series_key": "k"},
        ExerciseSession: {"modality": "other", "session_status": "completed"},
        Assessment: {"assessment": "mas", "muscle": "ELB_FLEX", "side": "left", "series_key": "k", "series_value": 2.0},
    }  # fmt: skip
    fields = {
        "patient": cast.patient,
        "performed_at": now,
        "performed_on": now.date(),
        "recorded_by": cast.therapist,
        "source": "api",
        "details": {},
        "created_digest": "d",
        "created_at": now,
        "updated_at": now,
        **own[model],
        **changes,
    }
    return model._default_manager.create(**fields)


def invitation(cast: Cast, **changes: Any) -> Any:
    fields = {
        "clinic": cast.clinic,
        "purpose": "therapist",
        "email": "new@clinic.example",
        "invited_by": cast.admin,
        "expires_at": timezone.now(),
        **changes,
    }
    return Invitation.objects.create(**fields)


def member(cast: Cast, **changes: Any) -> Any:
    fields = {
        "patient": cast.patient,
        "user": cast.colleague,
        "role": "therapist",
        "added_by": cast.therapist,
        **changes,
    }
    return CareTeamMember.objects.create(**fields)


def patient(cast: Cast, **changes: Any) -> Any:
    fields = {"clinic": cast.clinic, "name": "New", "time_zone": "UTC", "created_digest": "d", **changes}
    return Patient.objects.create(**fields)


def of_records(name: str, model: type[Any]) -> dict[str, Violation]:
    return {
        f"{name}_status_known": lambda cast: record(model, cast, status="gone", version=2, changed_by=cast.therapist,
                                                    change_reason="why"),
        f"{name}_version_fits_status": lambda cast: record(model, cast, status="amended"),
        f"{name}_change_has_reason": lambda cast: record(model, cast, status="amended", version=2,
                                                         changed_by=cast.therapist),
    }  # fmt: skip


def version(cast: Cast, record_id: Any) -> Any:
    return RecordVersion.objects.create(
        kind="rom", record_id=record_id, version=1, document={}, status="final", changed_by=cast.therapist,
        recorded_at=timezone.now(),
    )  # fmt: skip


def version_twice(cast: Cast) -> None:
    record_id = new_id()
    version(cast, record_id)
    version(cast, record_id)


VIOLATIONS: dict[str, Violation] = {
    "user_email_unique": lambda cast: User.objects.create(email="ADMIN@clinic.example", name="Twin"),
    "user_email_not_empty": lambda cast: User.objects.create(email="", name="Nobody"),
    "clinic_name_not_empty": lambda cast: Clinic.objects.create(name="", time_zone="UTC", emergency_number="112"),
    "clinic_emergency_number_set": lambda cast: Clinic.objects.create(name="A", time_zone="UTC", emergency_number=""),
    "membership_one_current_per_role": lambda cast: Membership.objects.create(
        user=cast.therapist, clinic=cast.clinic, role="therapist"
    ),
    "membership_role_known": lambda cast: Membership.objects.create(
        user=cast.therapist, clinic=cast.clinic, role="owner"
    ),
    "invitation_patient_matches_purpose": lambda cast: invitation(cast, patient_id=cast.patient.pk),
    "invitation_accepted_by_someone": lambda cast: invitation(cast, accepted_at=timezone.now()),
    "event_seal_not_empty": lambda cast: EventSeal.objects.create(
        sealed_at=timezone.now(), count=0, digest="a", previous_digest="b"
    ),
    "patient_name_not_empty": lambda cast: patient(cast, name=""),
    "patient_sex_known": lambda cast: patient(cast, sex="m"),
    "care_team_one_role_per_person": lambda cast: member(cast, user=cast.therapist),
    "care_team_one_account_per_patient": lambda cast: member(cast, role="patient"),
    "care_team_one_patient_per_account": lambda cast: member(
        cast, patient=patient(cast), user=cast.patient_user, role="patient"
    ),
    "care_team_role_known": lambda cast: member(cast, role="friend"),
    "care_team_ended_by_someone": lambda cast: member(cast, ended_at=timezone.now()),
    "record_version_once": version_twice,
    **of_records("strength", StrengthTest),
    **of_records("rom", RomMeasurement),
    **of_records("girth", GirthMeasurement),
    **of_records("session", ExerciseSession),
    "strength_side_known": lambda cast: record(StrengthTest, cast, side="up"),
    "rom_side_known": lambda cast: record(RomMeasurement, cast, side="up"),
    "girth_side_known": lambda cast: record(GirthMeasurement, cast, side="up"),
    "strength_method_known": lambda cast: record(StrengthTest, cast, method="eye"),
    "strength_value_fits_status": lambda cast: record(StrengthTest, cast, test_status="not_testable"),
    "strength_force_possible": lambda cast: record(StrengthTest, cast, force_newtons=1501.0),
    "rom_type_known": lambda cast: record(RomMeasurement, cast, rom_type="XROM"),
    "rom_angle_fits_status": lambda cast: record(RomMeasurement, cast, rom_status="wnl"),
    "rom_angle_possible": lambda cast: record(RomMeasurement, cast, angle_degrees=201.0),
    "girth_possible": lambda cast: record(GirthMeasurement, cast, girth_cm=0.0),
    "session_status_done_known": lambda cast: record(ExerciseSession, cast, session_status="done"),
    "session_duration_possible": lambda cast: record(ExerciseSession, cast, duration_minutes=1441.0),
}


#: Each module of ``tests/violations`` holds the ``VIOLATIONS`` of one area.
for _area in iter_modules([str(Path(__file__).parent / "violations")]):
    VIOLATIONS |= import_module(f"tests.violations.{_area.name}").VIOLATIONS


def constraints() -> dict[str, models.BaseConstraint]:
    return {
        constraint.name: constraint
        for app in ("accounts", "content", "rehab")
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
    }


def test_every_constraint_has_a_violation() -> None:
    assert sorted(constraints()) == sorted(VIOLATIONS)


@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_database_refuses(cast: Cast, name: str) -> None:
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        VIOLATIONS[name](cast)
    assert names_of(constraints()[name]) & {part.strip("',\" ") for part in str(raised.value).split()}


def names_of(constraint: models.BaseConstraint) -> set[str]:
    """SQLite names the columns of a unique constraint in place of its name, unless it is on an expression."""
    if connection.vendor == "sqlite" and isinstance(constraint, models.UniqueConstraint):
        if constraint.expressions:
            assert isinstance(constraint.expressions[0], Lower)
            return {constraint.name}
        model = next(model for model in apps.get_models() if constraint in model._meta.constraints)
        last = model._meta.get_field(constraint.fields[-1])
        return {f"{model._meta.db_table}.{last.column}"}  # type: ignore[union-attr]
    return {constraint.name}


def test_the_rows_that_the_violations_vary_are_possible(cast: Cast) -> None:
    for model in (StrengthTest, RomMeasurement, GirthMeasurement, ExerciseSession, Assessment):
        assert str(record(model, cast))
    for made in (invitation(cast), member(cast), patient(cast), version(cast, new_id())):
        assert str(made)
    for row in (cast.clinic, cast.admin, Membership.objects.order_by("id")[0]):
        assert str(row)
