"""Coming in and leaving: invitations, care teams, clinics, e-mail."""

import uuid
from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from celery import current_app
from django.core import mail
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts import invitations
from accounts.errors import InvitationUnusable
from accounts.models import Event, Invitation, Membership, User
from rehab.errors import Invalid, NotFound, NotPermitted
from rehab.models import Patient
from rehab.outbound import email
from rehab.selectors import caseload
from rehab.selectors import patients as patient_selectors
from rehab.selectors import people as people_selectors
from rehab.services import clinics, mailings, patients, people, registration, tokens
from tests.conftest import Cast, make_user

PASSWORD = "correct horse battery"


@pytest.fixture
def invitation(cast: Cast, now: datetime) -> Invitation:
    """A colleague is invited to the clinic."""
    return people.invite_staff(
        clinic_id=cast.clinic.pk, email="new@clinic.example", role="therapist", language="en", by=cast.admin, now=now
    )


def reason_of(token: str, *, now: datetime) -> str:
    with pytest.raises(InvitationUnusable) as raised:
        invitations.find(token, now=now)
    return raised.value.reason


def test_of_two_people_who_follow_one_link_at_once_one_gets_in(invitation: Invitation, now: datetime) -> None:
    token = invitations.token_of(invitation)
    first, second = make_user("a@x.example", "A"), make_user("b@x.example", "B")
    seen_by_first, seen_by_second = invitations.find(token, now=now), invitations.find(token, now=now)
    people.accept(seen_by_first, by=first, now=now)
    with pytest.raises(InvitationUnusable):
        people.accept(seen_by_second, by=second, now=now)
    assert not Membership.objects.filter(user=second).exists()
    assert reason_of(token, now=now) == "used"


def test_an_invitation_lives_for_fourteen_days(invitation: Invitation, now: datetime) -> None:
    token = invitations.token_of(invitation)
    assert invitations.find(token, now=now + timedelta(days=13, hours=23))
    assert reason_of(token, now=now + timedelta(days=14)) == "expired"


def test_a_link_that_was_altered_is_unknown(invitation: Invitation, now: datetime) -> None:
    token = invitations.token_of(invitation)
    assert reason_of(f"{uuid.uuid4()}:{token.partition(':')[2]}", now=now) == "unknown"
    assert reason_of("nonsense", now=now) == "unknown"


def test_an_accept_that_comes_to_nothing_does_not_use_the_invitation_up(cast: Cast, now: datetime) -> None:
    """The therapist who opens the patient's link by mistake must not spoil it for the patient."""
    patient = patients.enrol({"name": "New"}, by=cast.therapist, now=now).patient
    invited = people.invite_patient(
        patient_id=patient.pk, email="new@x.example", language="en", by=cast.therapist, now=now
    )
    with pytest.raises(InvitationUnusable, match="already_on_team"):
        people.accept(invited, by=cast.therapist, now=now)
    with pytest.raises(InvitationUnusable, match="already_a_patient"):
        people.accept(invited, by=cast.patient_user, now=now)
    assert invitations.find(invitations.token_of(invited), now=now)


def test_of_two_invitations_to_one_record_the_second_finds_the_place_taken(cast: Cast, now: datetime) -> None:
    patient = patients.enrol({"name": "New"}, by=cast.therapist, now=now).patient
    both = [
        people.invite_patient(patient_id=patient.pk, email=address, language="en", by=cast.therapist, now=now)
        for address in ("one@x.example", "two@x.example")
    ]
    people.accept(both[0], by=make_user("one@x.example", "One"), now=now)
    with pytest.raises(InvitationUnusable, match="place_taken"):
        people.accept(both[1], by=make_user("two@x.example", "Two"), now=now)


def test_who_leaves_cannot_come_back_through_an_invitation_of_their_own(cast: Cast, now: datetime) -> None:
    """A therapist or administrator who leaves may hold links that they made for themselves."""
    patient = patients.enrol({"name": "New"}, by=cast.therapist, now=now).patient
    to_record = people.invite_patient(
        patient_id=patient.pk, email="me@x.example", language="en", by=cast.therapist, now=now
    )
    membership = Membership.objects.get(user=cast.therapist, clinic=cast.clinic)
    people.end_membership(clinic_id=cast.clinic.pk, membership_id=membership.pk, by=cast.admin, now=now)
    assert reason_of(invitations.token_of(to_record), now=now) == "withdrawn"


def test_who_leaves_a_care_team_leaves_no_open_door_to_the_record(cast: Cast, now: datetime) -> None:
    patient = patients.enrol({"name": "New"}, by=cast.therapist, now=now).patient
    other = patients.enrol({"name": "Other"}, by=cast.therapist, now=now).patient
    people.add_therapist(patient_id=patient.pk, therapist_id=cast.colleague.pk, by=cast.therapist, now=now)
    door, elsewhere = (
        people.invite_patient(patient_id=row.pk, email="me@x.example", language="en", by=cast.therapist, now=now)
        for row in (patient, other)
    )
    people.end_care_role(patient_id=patient.pk, user_id=cast.therapist.pk, by=cast.colleague, now=now)
    assert reason_of(invitations.token_of(door), now=now) == "withdrawn"
    assert invitations.find(invitations.token_of(elsewhere), now=now)


def test_an_administrator_who_leaves_leaves_no_open_invitation(cast: Cast, now: datetime) -> None:
    second = make_user("second@clinic.example", "Second")
    people.accept(
        people.invite_staff(
            clinic_id=cast.clinic.pk, email=second.email, role="clinic_admin", language="en", by=cast.admin, now=now
        ),
        by=second,
        now=now,
    )
    mine = people.invite_staff(
        clinic_id=cast.clinic.pk, email="again@x.example", role="clinic_admin", language="en", by=second, now=now
    )
    place = Membership.objects.get(user=second, role="clinic_admin")
    people.end_membership(clinic_id=cast.clinic.pk, membership_id=place.pk, by=cast.admin, now=now)
    assert reason_of(invitations.token_of(mine), now=now) == "withdrawn"


def test_a_therapist_who_leaves_the_clinic_sees_none_of_its_patients(cast: Cast, now: datetime) -> None:
    membership = Membership.objects.get(user=cast.therapist, clinic=cast.clinic)
    people.end_membership(clinic_id=cast.clinic.pk, membership_id=membership.pk, by=cast.admin, now=now)
    with pytest.raises(NotFound):
        patient_selectors.get(viewer=cast.therapist, patient_id=cast.patient.pk)
    with pytest.raises(NotPermitted):
        caseload.of_therapist(therapist=cast.therapist, wanted=caseload.Wanted(), now=now)


def test_the_last_therapist_and_the_last_administrator_stay(cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid):
        people.end_care_role(patient_id=cast.patient.pk, user_id=cast.therapist.pk, by=cast.therapist, now=now)
    only = Membership.objects.get(user=cast.admin, clinic=cast.clinic, role="clinic_admin")
    with pytest.raises(Invalid):
        people.end_membership(clinic_id=cast.clinic.pk, membership_id=only.pk, by=cast.admin, now=now)


def test_an_administrator_manages_the_team_and_sees_nothing_clinical(cast: Cast, now: datetime) -> None:
    people.add_therapist(patient_id=cast.patient.pk, therapist_id=cast.colleague.pk, by=cast.admin, now=now)
    people.end_care_role(patient_id=cast.patient.pk, user_id=cast.therapist.pk, by=cast.admin, now=now)
    with pytest.raises(NotFound):
        patient_selectors.get(viewer=cast.admin, patient_id=cast.patient.pk)


def test_a_therapist_of_another_clinic_is_not_added(cast: Cast, now: datetime) -> None:
    with pytest.raises(NotFound):
        people.add_therapist(
            patient_id=cast.patient.pk, therapist_id=cast.other_therapist.pk, by=cast.therapist, now=now
        )


@pytest.mark.parametrize("address", ["", "no", "a b@c.example", "x" * 250 + "@clinic.example"])
def test_an_address_that_cannot_be_stored_is_refused(cast: Cast, now: datetime, address: str) -> None:
    with pytest.raises(Invalid):
        people.invite_patient(patient_id=cast.patient.pk, email=address, language="en", by=cast.therapist, now=now)
    with pytest.raises(Invalid), transaction.atomic():
        people.sign_up(email=address, name="Long", password=PASSWORD, language="en")


def test_clinic_settings_change_with_an_event(cast: Cast, now: datetime) -> None:
    changed = clinics.change(
        clinic_id=cast.clinic.pk, name="Nord", time_zone="UTC", emergency_number="112", by=cast.admin, now=now
    )
    cast.clinic.refresh_from_db()
    assert (cast.clinic.name, cast.clinic.time_zone, cast.clinic.emergency_number) == ("Nord", "UTC", "112")
    assert Event.objects.get(action="clinic.changed").changes["name"] == "Nord"
    clinics.change(clinic_id=changed.pk, name="Nord", time_zone="UTC", emergency_number="112", by=cast.admin, now=now)
    assert Event.objects.filter(action="clinic.changed").count() == 1
    with pytest.raises(NotFound):
        clinics.change(
            clinic_id=changed.pk, name="X", time_zone="UTC", emergency_number="1", by=cast.therapist, now=now
        )


@pytest.mark.parametrize("name", ["", " ", "x" * 121, "two\nlines"])
def test_a_clinic_name_that_cannot_stand_in_a_subject_line_is_refused(cast: Cast, now: datetime, name: str) -> None:
    with pytest.raises(Invalid):
        clinics.change(
            clinic_id=cast.clinic.pk, name=name, time_zone="UTC", emergency_number="112", by=cast.admin, now=now
        )


def test_a_clinic_that_cannot_be_founded_leaves_no_account(db: None, now: datetime) -> None:
    with pytest.raises(Invalid):
        registration.register_clinic(
            email="f@x.example",
            name="Founder",
            password=PASSWORD,
            language="en",
            clinic_name="Clinic",
            time_zone="Mars/Olympus",
            emergency_number="112",
            now=now,
        )
    assert not User.objects.exists()


def test_enrolling_twice_enrols_and_invites_once(cast: Cast, now: datetime) -> None:
    document = {"id": "0198c9a0-7a4e-7000-8000-000000000001", "name": "Twice"}
    for _attempt in range(2):
        registration.enrol(document, invite="twice@x.example", language="en", by=cast.therapist, now=now)
    assert Patient.objects.filter(name="Twice").count() == 1
    assert Invitation.objects.filter(email="twice@x.example").count() == 1


def test_an_enrolment_whose_invitation_cannot_be_made_enrols_nobody(cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid):
        registration.enrol({"name": "Nobody"}, invite="no address", language="en", by=cast.therapist, now=now)
    assert not Patient.objects.filter(name="Nobody").exists()


def test_a_key_is_told_of_in_the_trail_and_belongs_to_its_maker(cast: Cast, now: datetime) -> None:
    token = tokens.create(by=cast.patient_user, now=now)
    key = people_selectors.tokens_of(cast.patient_user).get().token_key
    with pytest.raises(NotFound):
        tokens.revoke(token_key=key, by=cast.therapist, now=now)
    tokens.revoke(token_key=key, by=cast.patient_user, now=now)
    events = Event.objects.filter(action__startswith="token.", actor_id=cast.patient_user.pk)
    assert {event.action for event in events} == {"token.created", "token.revoked"}
    assert all(token not in str(event.changes) and len(event.changes["key"]) == 8 for event in events)


# --- E-mail ---
def send_everything(now: datetime) -> int:
    return mailings.send_due_invitations(now=now)


def test_an_invitation_is_sent_once_with_its_link(invitation: Invitation, now: datetime) -> None:
    assert send_everything(now) == 1
    assert send_everything(now) == 0
    [message] = mail.outbox
    assert message.to == ["new@clinic.example"]
    assert email.invitation_url(invitation) in message.body
    assert "North Clinic" in message.subject
    assert "\n" not in message.subject


def test_plain_text_is_not_escaped_as_html(cast: Cast, now: datetime) -> None:
    clinics.change(
        clinic_id=cast.clinic.pk, name="Bone & Joint", time_zone="UTC", emergency_number="112", by=cast.admin, now=now
    )
    people.invite_staff(
        clinic_id=cast.clinic.pk, email="n@x.example", role="therapist", language="en", by=cast.admin, now=now
    )
    send_everything(now)
    assert "Bone & Joint" in mail.outbox[-1].subject
    assert "Bone & Joint" in mail.outbox[-1].body


@pytest.mark.parametrize("failure", [SMTPServerDisconnected("gone"), OSError("refused"), ValueError("bad header")])
def test_what_could_not_be_sent_is_tried_again_and_keeps_nobody_waiting(
    cast: Cast, invitation: Invitation, now: datetime, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise failure

    with monkeypatch.context() as broken:
        broken.setattr(email, "send_invitation", fail)
        assert send_everything(now) == 0
        people.invite_staff(
            clinic_id=cast.clinic.pk, email="m@clinic.example", role="therapist", language="en", by=cast.admin, now=now
        )
        broken.setattr(email, "send_invitation", lambda invitation: None)
        assert send_everything(now + timedelta(minutes=1)) == 1  # the other one; this one waits its two minutes
    assert mail.outbox == []
    assert send_everything(now + timedelta(minutes=2)) == 1
    assert [message.to for message in mail.outbox] == [["new@clinic.example"]]


def test_what_fails_again_and_again_is_tried_less_and_less_but_daily(
    invitation: Invitation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def fail(found: Invitation) -> None:
        tried.append(found.send_attempts)
        raise OSError("refused")

    monkeypatch.setattr(email, "send_invitation", fail)
    for minute in range(13 * 24 * 60):
        if minute < 300 or minute % 60 == 0:
            send_everything(now + timedelta(minutes=minute))
    assert 15 <= len(tried) <= 25
    assert Invitation.objects.get(pk=invitation.pk).send_after <= now + timedelta(days=14)


def test_a_worker_killed_while_sending_loses_no_invitation(
    invitation: Invitation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(found: Invitation) -> None:
        raise SystemExit  # nothing of the worker runs after it

    with monkeypatch.context() as killed:
        killed.setattr(email, "send_invitation", die)
        with pytest.raises(SystemExit):
            send_everything(now)
    assert send_everything(now + timedelta(minutes=1)) == 0
    assert send_everything(now + timedelta(minutes=3)) == 1
    assert send_everything(now + timedelta(days=3)) == 0


def test_withdrawn_and_expired_invitations_are_not_sent(cast: Cast, invitation: Invitation, now: datetime) -> None:
    assert send_everything(now + timedelta(days=15)) == 0
    people.withdraw_invitation(invitation_id=invitation.pk, by=cast.admin, now=now)
    assert send_everything(now) == 0


def test_workers_are_asked_after_the_commit(
    cast: Cast,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: asked.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        people.invite_staff(
            clinic_id=cast.clinic.pk, email="n@x.example", role="therapist", language="en", by=cast.admin, now=now
        )
        assert asked == []
    assert asked == ["rehab.tasks.send_due_invitations"]


def test_a_broker_that_is_down_does_not_fail_the_invitation(
    cast: Cast,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError("no broker")

    monkeypatch.setattr(current_app, "send_task", fail)
    with django_capture_on_commit_callbacks(execute=True):
        people.invite_staff(
            clinic_id=cast.clinic.pk, email="n@x.example", role="therapist", language="en", by=cast.admin, now=now
        )
    assert "the sweep sends it" in caplog.text
    assert send_everything(now) == 1
