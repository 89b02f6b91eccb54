"""Answering questionnaires: what is stored, what is refused, what is carried over, what item 9 sets off."""

from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError

from accounts import audit
from accounts.ids import new_id
from accounts.models import Event
from rehab.errors import EnteredInError, IdInUse, Invalid, NotFound, NotPermitted, VersionConflict
from rehab.models import QuestionnaireResponse
from rehab.selectors import questionnaires as reading
from rehab.services import emergencies, questionnaires, responders
from tests.conftest import Cast
from tests.questionnaires import ITEM_9, answer, answers, document, refused, switch_on

# --- Storing


def test_a_short_form_is_stored_and_says_what_it_opens(on: Cast, now: datetime) -> None:
    low = answer(on.patient, "phq2", 1, 1, by=on.patient_user, now=now)
    high = answer(on.patient, "phq2", 2, 1, by=on.patient_user, now=now)
    anxious = answer(on.patient, "gad2", 0, 3, by=on.patient_user, now=now)
    shown = {one.id: one for one in reading.course(viewer=on.patient_user, patient_id=on.patient.pk)}
    assert [(shown[each].score.total, shown[each].follow_up) for each in (low, high, anxious)] == [
        (2, None),
        (3, "phq9"),
        (3, "gad7"),
    ]


def test_a_long_form_takes_the_two_answers_over(on: Cast, now: datetime) -> None:
    short = answer(on.patient, "phq2", 2, 1, by=on.patient_user, now=now)
    rest = dict(list(answers("phq9", 0, 0, 1, 1, 1, 1, 0, 0, 0).items())[2:])
    sent = {**document(on.patient, "phq9", *[0] * 9, at=now), "answers": rest, "follows": str(short), "difficulty": 2}
    made = questionnaires.create(sent, by=on.patient_user, source="api", now=now)
    shown = reading.get(viewer=on.patient_user, response_id=made.response_id)
    assert shown.answers == answers("phq9", 2, 1, 1, 1, 1, 1, 0, 0, 0)
    assert (shown.score.total, shown.score.band, shown.difficulty, shown.follows) == (7, "mild", 2, short)


def test_an_answer_that_was_taken_over_is_not_changed(on: Cast, now: datetime) -> None:
    short = answer(on.patient, "phq2", 2, 1, by=on.patient_user, now=now)
    sent = document(on.patient, "phq9", 2, 0, *[0] * 7, at=now, follows=str(short))
    assert refused(sent, by=on.patient_user, now=now) == [("/answers/44255-8", "carried_over")]


def test_a_long_form_opens_only_after_its_short_one(on: Cast, now: datetime) -> None:
    def attempt(follows: Any) -> list[tuple[str, str]]:
        sent = document(on.patient, "phq9", *[None] * 8, 0, at=now, follows=follows and str(follows))
        return refused(sent, by=on.patient_user, now=now)

    not_open = [("/follows", "not_open")]
    assert attempt(None) == [("/follows", "missing")]
    assert attempt(new_id()) == not_open
    assert attempt(answer(on.patient, "phq2", 1, 1, by=on.patient_user, now=now)) == not_open
    assert attempt(answer(on.patient, "phq2", 3, None, by=on.patient_user, now=now)) == not_open
    assert attempt(answer(on.patient, "gad2", 3, 3, by=on.patient_user, now=now)) == not_open
    high = answer(on.patient, "phq2", 3, 3, by=on.patient_user, now=now)
    questionnaires.enter_in_error(high, reason="not me", expected_version=1, by=on.patient_user, now=now)
    assert attempt(high) == not_open


def test_a_long_form_does_not_open_after_somebody_elses(on: Cast, now: datetime) -> None:
    switch_on(on.other_clinic, admin=on.other_therapist, responder=on.other_therapist, now=now)
    theirs = answer(on.other_patient, "phq2", 3, 3, by=on.other_patient_user, now=now)
    sent = document(on.patient, "phq9", 3, 3, *[0] * 7, at=now, follows=str(theirs))
    assert refused(sent, by=on.patient_user, now=now) == [("/follows", "not_open")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"answers": {"44250-9": 4}}, [("/answers/44250-9", "out_of_range")]),
        ({"answers": {"44250-9": -1}}, [("/answers/44250-9", "out_of_range")]),
        ({"answers": {"44250-9": True}}, [("/answers/44250-9", "int_type")]),
        ({"answers": {"44250-9": "1"}}, [("/answers/44250-9", "int_type")]),
        ({"answers": {"44250-9": None, "44255-8": None}}, [("/answers", "missing")]),
        ({"answers": {}}, [("/answers", "missing")]),
        ({"answers": {"44259-0": 1}}, [("/answers/44259-0", "extra_forbidden")]),
        ({"difficulty": 1}, [("/difficulty", "not_allowed")]),
        ({"follows": "0193d51a-0000-7000-8000-000000000000"}, [("/follows", "not_allowed")]),
        ({"instrument": "bdi"}, [("/instrument", "literal_error")]),
        ({"language": "zh-hans"}, [("/language", "literal_error")]),
        ({"note": "free text"}, [("/note", "extra_forbidden")]),
        ({"id": "0193d51a-0000-4000-8000-000000000000"}, [("/id", "uuid_version")]),
        ({"performed_at": "1850-01-01T00:00:00Z"}, [("/performed_at", "out_of_range")]),
    ],
)
def test_what_cannot_be_is_refused_by_name(on: Cast, now: datetime, changes: Any, expected: Any) -> None:
    sent = {**document(on.patient, "phq2", 1, 1, at=now), **changes}
    assert refused(sent, by=on.patient_user, now=now) == expected
    assert not QuestionnaireResponse.objects.exists()


@pytest.mark.parametrize("value", [4, -1])
def test_the_difficulty_has_its_range(on: Cast, now: datetime, value: int) -> None:
    short = answer(on.patient, "phq2", 3, 3, by=on.patient_user, now=now)
    sent = document(on.patient, "phq9", *[None] * 8, 0, at=now, follows=str(short), difficulty=value)
    assert refused(sent, by=on.patient_user, now=now) == [("/difficulty", "out_of_range")]


def test_the_same_again_is_the_same_and_other_content_is_not(on: Cast, now: datetime) -> None:
    sent = document(on.patient, "phq2", 1, None, at=now)
    first = questionnaires.create(sent, by=on.patient_user, source="api", now=now)
    without_null = {**sent, "answers": {"44250-9": 1}}
    for again in (sent, without_null):
        repeated = questionnaires.create(again, by=on.patient_user, source="api", now=now)
        assert (repeated.response_id, repeated.created) == (first.response_id, False)
    with pytest.raises(IdInUse):
        questionnaires.create({**sent, "answers": {"44250-9": 2}}, by=on.patient_user, source="api", now=now)
    assert QuestionnaireResponse.objects.count() == 1


def test_the_same_again_is_answered_after_the_clinic_switched_off(on: Cast, now: datetime) -> None:
    sent = document(on.patient, "phq2", 1, 1, at=now)
    questionnaires.create(sent, by=on.patient_user, source="api", now=now)
    responders.offer(clinic_id=on.clinic.pk, mode="off", by=on.admin, now=now)
    assert not questionnaires.create(sent, by=on.patient_user, source="api", now=now).created


@pytest.mark.parametrize("role", ["caregiver", "therapist"])
def test_only_the_patient_answers(on: Cast, now: datetime, role: str) -> None:
    with pytest.raises(NotPermitted):
        answer(on.patient, "phq2", 1, 1, by=on.user(role), now=now)


@pytest.mark.parametrize("role", ["colleague", "admin", "other_therapist", "other_patient_user"])
def test_strangers_find_nobody_to_answer_for(on: Cast, now: datetime, role: str) -> None:
    with pytest.raises(NotFound):
        answer(on.patient, "phq2", 1, 1, by=on.user(role), now=now)


def test_a_refused_answer_to_item_9_still_brings_the_crisis_message(cast: Cast, now: datetime) -> None:
    sent = document(cast.patient, "phq9", *[0] * 8, 1, at=now, follows=str(new_id()))
    assert refused(sent, by=cast.patient_user, now=now) == [("/follows", "not_open")]
    for document_ in (sent, {"answers": {ITEM_9: 2, "x": "y"}}):
        found = emergencies.reported_in(document_, by=cast.patient_user)
        assert found is not None
        assert [(flag["flag"], flag["level"]) for flag in found.flags] == [("SELF_HARM", "same_day")]
        assert found.emergency_number == "120"
    for role in ("caregiver", "therapist", "other_therapist"):
        assert emergencies.reported_in(sent, by=cast.user(role)) is None


@pytest.mark.parametrize("value", [0, None, True, "1", 1.5, -1])
def test_nothing_else_brings_the_crisis_message(cast: Cast, value: Any) -> None:
    assert questionnaires.crisis_of({"answers": {ITEM_9: value}}, by=cast.patient_user) == ()
    assert questionnaires.crisis_of({"answers": [value]}, by=cast.patient_user) == ()
    assert questionnaires.crisis_of([value], by=cast.patient_user) == ()
    assert emergencies.reported_in({"answers": {ITEM_9: value}}, by=cast.patient_user) is None


def test_the_crisis_line_of_the_clinic_is_part_of_the_message(cast: Cast, now: datetime) -> None:
    bare = " ".join(questionnaires.crisis_message(cast.patient))
    assert "120" in bare
    assert "talk to someone" not in bare
    cast.clinic.crisis_line = "Lifeline 0800 1111"
    cast.clinic.save()
    cast.patient.refresh_from_db()
    assert "You can also talk to someone now: Lifeline 0800 1111." in questionnaires.crisis_message(cast.patient)


# --- Entered in error


def test_answers_are_marked_not_changed(on: Cast, now: datetime) -> None:
    made = answer(on.patient, "phq9", 3, 3, *[1] * 6, 1, by=on.patient_user, now=now)
    with pytest.raises(VersionConflict):
        questionnaires.enter_in_error(made, reason="not me", expected_version=2, by=on.patient_user, now=now)
    with pytest.raises(Invalid):
        questionnaires.enter_in_error(made, reason="", expected_version=1, by=on.patient_user, now=now)
    questionnaires.enter_in_error(made, reason="my son typed", expected_version=1, by=on.therapist, now=now)
    shown = reading.get(viewer=on.patient_user, response_id=made)
    assert (shown.version, shown.is_in_error, shown.change_reason) == (2, True, "my son typed")
    assert shown.answers[ITEM_9] == 1
    assert made not in [one.id for one in reading.course(viewer=on.patient_user, patient_id=on.patient.pk)]
    with pytest.raises(EnteredInError):
        questionnaires.enter_in_error(made, reason="again", expected_version=2, by=on.patient_user, now=now)


def test_whoever_only_answers_item_9_does_not_mark_answers(on: Cast, now: datetime) -> None:
    made = answer(on.patient, "phq9", 3, 3, *[1] * 6, 1, by=on.patient_user, now=now)
    with pytest.raises(NotPermitted):
        questionnaires.enter_in_error(made, reason="not me", expected_version=1, by=on.colleague, now=now)


# --- The audit trail


def test_no_answer_stands_in_the_audit_trail(on: Cast, now: datetime) -> None:
    made = answer(on.patient, "phq9", 3, 3, *[1] * 6, 2, by=on.patient_user, now=now)
    stored = QuestionnaireResponse.objects.get(pk=made)
    assert ITEM_9 not in str(stored.details)
    told = list(Event.objects.filter(target_id=made).order_by("id"))
    assert [event.action.partition(".")[2] for event in told] == ["created", "crisis_message_shown"]
    for event in told:
        assert event.changes == {"version": 1, "instrument": "phq9"}
        assert stored.created_digest not in str(event.changes)
    assert audit.verify().events


def test_item_9_at_zero_tells_nobody(on: Cast, now: datetime) -> None:
    made = answer(on.patient, "phq9", 3, 3, *[3] * 6, 0, by=on.patient_user, now=now)
    assert [event.action for event in Event.objects.filter(target_id=made)] == ["questionnaire-responses.created"]


def test_what_cannot_be_audited_is_not_stored(on: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_events: Event) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(audit, "write", fail)
    with pytest.raises(DatabaseError):
        answer(on.patient, "phq2", 1, 1, by=on.patient_user, now=now)
    assert not QuestionnaireResponse.objects.exists()
