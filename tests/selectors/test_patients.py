"""Whom one sees, and the list of them page by page."""

import uuid
from datetime import datetime, timedelta

import pytest

from accounts.roles import CARE_ROLE_PERMISSIONS, Permission
from rehab.errors import NotFound, NotPermitted
from rehab.selectors import patients
from rehab.services import patients as patient_services
from tests.conftest import Cast


def test_each_role_has_its_permissions(cast: Cast) -> None:
    for role, user in (("patient", cast.patient_user), ("therapist", cast.therapist)):
        seen = patients.get(viewer=user, patient_id=cast.patient.pk)
        assert (seen.patient, seen.role, seen.permissions) == (cast.patient, role, CARE_ROLE_PERMISSIONS[role])
        assert patients.get_many(viewer=user, patient_ids=[cast.patient.pk]) == {cast.patient.pk: seen}
    seen = patients.get(viewer=cast.caregiver, patient_id=cast.patient.pk, to=Permission.LOG_RECORDS)
    assert seen.permissions == {Permission.VIEW_RECORDS, Permission.LOG_RECORDS}


def test_not_visible_is_not_found(cast: Cast) -> None:
    for user in (cast.other_therapist, cast.admin, cast.colleague):
        with pytest.raises(NotFound):
            patients.get(viewer=user, patient_id=cast.patient.pk)
        assert patients.get_many(viewer=user, patient_ids=[cast.patient.pk, uuid.uuid4()]) == {}
    with pytest.raises(NotPermitted):
        patients.get(viewer=cast.caregiver, patient_id=cast.patient.pk, to=Permission.EDIT_PATIENT)


def test_who_is_a_patient(cast: Cast) -> None:
    assert patients.own_patient(cast.patient_user) == cast.patient
    assert patients.own_patient(cast.therapist) is None
    assert patients.own_patient(cast.caregiver) is None


def test_pages_hold_every_patient_once_latest_first(cast: Cast, now: datetime) -> None:
    moments = [now + timedelta(seconds=second) for second in (1, 2, 2, 2, 3)]  # three of one moment: the id decides
    for number, moment in enumerate(moments):
        patient_services.enrol({"name": f"Li {number}"}, by=cast.therapist, now=moment)
    listed, after = [], None
    for _page in range(3):
        rows, after = patients.page(viewer=cast.therapist, search=None, after=after, limit=2)
        assert len(rows) == 2
        listed += rows
    assert after is None
    assert [row.created_at for row in listed] == [*reversed(moments), cast.patient.created_at]
    assert len({row.pk for row in listed}) == 6


def test_a_search_finds_part_of_a_name(cast: Cast, now: datetime) -> None:
    patient_services.enrol({"name": "Li Wei"}, by=cast.therapist, now=now)
    found, after = patients.page(viewer=cast.therapist, search="IEN", after=None, limit=5)
    assert (found, after) == ([cast.patient], None)
    assert patients.page(viewer=cast.other_therapist, search="IEN", after=None, limit=5) == ([], None)
