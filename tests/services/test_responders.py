"""What a clinic offers, and who answers item 9 for it."""

from datetime import datetime

import pytest

from accounts.models import Event, Membership
from rehab.errors import Invalid, NotFound
from rehab.selectors import questionnaires as reading
from rehab.services import people, responders
from tests.conftest import Cast
from tests.questionnaires import answer, codes, document, refused, switch_on

# --- Off, and on in which way


def test_a_clinic_that_chose_nothing_offers_nothing(cast: Cast, now: datetime) -> None:
    assert reading.offer_of(cast.clinic.pk).instruments == ()
    sent = document(cast.patient, "phq2", 1, 1, at=now)
    assert refused(sent, by=cast.patient_user, now=now) == [("/instrument", "not_offered")]


def test_without_item_9_the_phq_8_follows(cast: Cast, now: datetime) -> None:
    switch_on(cast.clinic, admin=cast.admin, responder=None, now=now)
    assert reading.offer_of(cast.clinic.pk).instruments == ("phq2", "gad2", "phq8", "gad7")
    made = answer(cast.patient, "phq8", 2, 2, 1, 1, 1, 1, 1, 1, by=cast.patient_user, now=now)
    shown = reading.get(viewer=cast.patient_user, response_id=made)
    assert (shown.score.total, shown.score.screen_positive, shown.score.band) == (10, True, None)
    assert shown.follows is not None
    short = reading.get(viewer=cast.patient_user, response_id=shown.follows)
    assert short.follow_up == "phq8"
    sent = document(cast.patient, "phq9", 2, 2, *[1] * 6, 0, at=now, follows=str(shown.follows))
    assert ("/instrument", "not_offered") in refused(sent, by=cast.patient_user, now=now)


# --- Who answers


def test_item_9_needs_somebody_who_answers(cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as raised:
        responders.offer(clinic_id=cast.clinic.pk, mode="with_item_9", by=cast.admin, now=now)
    assert codes(raised.value) == [("/mode", "nobody_answers")]
    with pytest.raises(Invalid) as raised:
        responders.offer(clinic_id=cast.clinic.pk, mode="sometimes", by=cast.admin, now=now)
    assert codes(raised.value) == [("/mode", "unknown_code")]


@pytest.mark.parametrize("role", ["patient_user", "caregiver", "other_therapist"])
def test_only_a_therapist_of_the_clinic_answers_item_9(cast: Cast, now: datetime, role: str) -> None:
    with pytest.raises(NotFound):
        responders.add(clinic_id=cast.clinic.pk, user_id=cast.user(role).pk, by=cast.admin, now=now)


@pytest.mark.parametrize("role", ["therapist", "colleague", "patient_user", "other_therapist"])
def test_only_an_administrator_decides(on: Cast, now: datetime, role: str) -> None:
    by = on.user(role)
    for attempt in (
        lambda: responders.add(clinic_id=on.clinic.pk, user_id=on.therapist.pk, by=by, now=now),
        lambda: responders.end(clinic_id=on.clinic.pk, user_id=on.colleague.pk, by=by, now=now),
        lambda: responders.offer(clinic_id=on.clinic.pk, mode="off", by=by, now=now),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_nobody_is_named_twice_and_only_the_named_end(on: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as raised:
        responders.add(clinic_id=on.clinic.pk, user_id=on.colleague.pk, by=on.admin, now=now)
    assert codes(raised.value) == [("/user", "named_already")]
    with pytest.raises(NotFound):
        responders.end(clinic_id=on.clinic.pk, user_id=on.therapist.pk, by=on.admin, now=now)


def test_after_the_last_responder_item_9_is_not_asked(on: Cast, now: datetime) -> None:
    responders.add(clinic_id=on.clinic.pk, user_id=on.therapist.pk, by=on.admin, now=now)
    responders.end(clinic_id=on.clinic.pk, user_id=on.colleague.pk, by=on.admin, now=now)
    assert reading.offer_of(on.clinic.pk).asks_item_9
    responders.end(clinic_id=on.clinic.pk, user_id=on.therapist.pk, by=on.admin, now=now)
    assert reading.offer_of(on.clinic.pk).mode == "without_item_9"
    # A new responder does not switch item 9 on by coming: an administrator does.
    responders.add(clinic_id=on.clinic.pk, user_id=on.colleague.pk, by=on.admin, now=now)
    assert reading.offer_of(on.clinic.pk).mode == "without_item_9"


def test_whoever_leaves_the_clinic_answers_no_more(on: Cast, now: datetime) -> None:
    membership = Membership.objects.get(user=on.colleague, clinic=on.clinic)
    people.end_membership(clinic_id=on.clinic.pk, membership_id=membership.pk, by=on.admin, now=now)
    assert reading.responders_of(on.clinic) == []
    assert reading.offer_of(on.clinic.pk).mode == "without_item_9"
    assert Event.objects.filter(action="responder.ended", target_id=on.colleague.pk).exists()
    told = Event.objects.get(action="clinic.questionnaires_changed", changes={"mode": "without_item_9"})
    assert told.actor_id == on.admin.pk


def test_whoever_may_not_sign_in_any_more_does_not_count(on: Cast) -> None:
    on.colleague.is_active = False
    on.colleague.save()
    assert reading.offer_of(on.clinic.pk).mode == "without_item_9"


def test_who_answers_is_in_the_audit_trail(on: Cast, now: datetime) -> None:
    responders.end(clinic_id=on.clinic.pk, user_id=on.colleague.pk, by=on.admin, now=now)
    told = Event.objects.filter(clinic_id=on.clinic.pk, action__startswith="responder.").order_by("id")
    assert [(event.action, event.actor_id, event.target_id) for event in told] == [
        ("responder.added", on.admin.pk, on.colleague.pk),
        ("responder.ended", on.admin.pk, on.colleague.pk),
    ]
