"""Signing off the emergency texts and rules: by a therapist of the clinic, once for a version, audited."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from accounts import audit
from accounts.models import Event, Membership
from rehab.analytics import emergency_wording
from rehab.errors import Invalid, NotFound, NotPermitted
from rehab.models import WordingSignOff
from rehab.selectors import sign_offs as selectors
from rehab.services import sign_offs
from tests.conftest import Cast

VERSION = emergency_wording.version()


def test_a_therapist_signs_once_and_it_is_in_the_audit_trail(cast: Cast, now: datetime) -> None:
    row = sign_offs.sign(clinic_id=cast.clinic.pk, version=VERSION, by=cast.therapist, now=now)
    assert (row.version, row.signed_by, row.signed_name, row.signed_at) == (
        VERSION, cast.therapist, cast.therapist.name, now,
    )  # fmt: skip
    again = sign_offs.sign(clinic_id=cast.clinic.pk, version=VERSION, by=cast.colleague, now=now + timedelta(days=1))
    assert again == row
    [event] = Event.objects.filter(action="clinic.wording_signed")
    assert (event.target_id, event.actor_id, event.changes["version"]) == (cast.clinic.pk, cast.therapist.pk, VERSION)


def test_it_counts_for_that_clinic_and_version_alone(cast: Cast, now: datetime) -> None:
    sign_offs.sign(clinic_id=cast.clinic.pk, version=VERSION, by=cast.therapist, now=now)
    found = selectors.of_clinic(viewer=cast.colleague, clinic_id=cast.clinic.pk, version=VERSION)
    assert found.current is not None
    later = selectors.of_clinic(viewer=cast.colleague, clinic_id=cast.clinic.pk, version="9")
    assert (later.current, [row.version for row in later.earlier]) == (None, [VERSION])
    other = selectors.of_clinic(viewer=cast.other_therapist, clinic_id=cast.other_clinic.pk, version=VERSION)
    assert other.current is None
    assert selectors.clinics_to_show(cast.therapist, version=VERSION) == [(cast.clinic, True)]
    assert selectors.clinics_to_show(cast.other_therapist, version=VERSION) == [(cast.other_clinic, False)]


def test_only_the_version_in_force_can_be_signed(cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        sign_offs.sign(clinic_id=cast.clinic.pk, version="0", by=cast.therapist, now=now)
    assert VERSION in str(refused.value.problems[0].message)
    assert not WordingSignOff.objects.exists()


def test_an_administrator_who_is_no_clinician_reads_and_does_not_sign(cast: Cast, now: datetime) -> None:
    Membership.objects.filter(user=cast.admin, role="therapist").update(ended_at=now)
    found = selectors.of_clinic(viewer=cast.admin, clinic_id=cast.clinic.pk, version=VERSION)
    assert (found.may_sign, found.administers) == (False, True)
    with pytest.raises(NotPermitted):
        sign_offs.sign(clinic_id=cast.clinic.pk, version=VERSION, by=cast.admin, now=now)


@pytest.mark.parametrize("role", ["patient_user", "caregiver", "other_therapist"])
def test_nobody_else_finds_it(cast: Cast, now: datetime, role: str) -> None:
    with pytest.raises(NotFound):
        sign_offs.sign(clinic_id=cast.clinic.pk, version=VERSION, by=cast.user(role), now=now)


def test_of_two_at_once_one_signs(cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    before = selectors.of_clinic(viewer=cast.colleague, clinic_id=cast.clinic.pk, version=VERSION)
    first = sign_offs.sign(clinic_id=cast.clinic.pk, version=VERSION, by=cast.therapist, now=now)
    monkeypatch.setattr(selectors, "of_clinic", lambda **_: before)
    assert sign_offs.sign(clinic_id=cast.clinic.pk, version=VERSION, by=cast.colleague, now=now) == first
    assert Event.objects.filter(action="clinic.wording_signed").count() == 1


def test_a_signature_without_its_event_is_none(cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_events: Event) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(audit, "write", fail)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        sign_offs.sign(clinic_id=cast.clinic.pk, version=VERSION, by=cast.therapist, now=now)
    assert not WordingSignOff.objects.exists()
