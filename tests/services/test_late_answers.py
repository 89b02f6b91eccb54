"""A long form that comes late: nothing that was answered is lost, and item 9 at 1 or more reaches somebody."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from accounts.ids import new_id
from rehab.errors import Invalid
from rehab.models import Alert, AlertCause, AlertMessage, QuestionnaireResponse
from rehab.selectors import questionnaires as reading
from rehab.services import questionnaires, responders
from tests.conftest import Cast
from tests.questionnaires import answer, answers, document, switch_on

FIRED = (2, 2, *[1] * 6, 1)
CALM = (2, 2, *[1] * 6, 0)
DAY = timedelta(hours=24)


def leave(cast: Cast, now: datetime) -> None:
    responders.end(clinic_id=cast.clinic.pk, user_id=cast.colleague.pk, by=cast.admin, now=now)


def send(cast: Cast, short: UUID, *values: int | None, at: datetime, instrument: str = "phq9") -> UUID:
    sent = document(cast.patient, instrument, *values, at=at, follows=str(short))
    return questionnaires.create(sent, by=cast.patient_user, source="api", now=at).response_id


def refused(cast: Cast, short: UUID, *values: int | None, at: datetime, instrument: str = "phq9") -> list[str]:
    with pytest.raises(Invalid) as raised:
        send(cast, short, *values, at=at, instrument=instrument)
    return [f"{problem.pointer} {problem.code}" for problem in raised.value.problems]


def kept(cast: Cast, response_id: UUID) -> Any:
    return reading.get(viewer=cast.patient_user, response_id=response_id)


def alerted() -> set[tuple[str, str]]:
    """Return who has a message of an alert about item 9, and as what."""
    assert {(alert.rule, alert.subject) for alert in Alert.objects.all()} <= {("SELF_HARM", "item_9")}
    return {(each.recipient.name, each.audience) for each in AlertMessage.objects.select_related("recipient")}


# --- More than a day after the short form


@pytest.mark.parametrize("values", [FIRED, CALM])
def test_what_comes_after_more_than_a_day_stands_as_it_was_answered(
    on: Cast, now: datetime, values: tuple[int, ...]
) -> None:
    """The short form asked about other weeks by then: its answers are not taken over, those that were given stand."""
    short = answer(on.patient, "phq2", 3, 3, by=on.patient_user, now=now)
    made = kept(on, send(on, short, *values, at=now + 3 * DAY))
    assert (made.answers, made.follows) == (answers("phq9", *values), short)
    assert alerted() == ({("Colleague", "care_team")} if values[8] else set())


def test_of_a_late_form_what_was_not_asked_again_is_missing(on: Cast, now: datetime) -> None:
    """Two of nine items may be missing, and item 9 may not (the PHQ's own rule)."""
    short = answer(on.patient, "phq2", 3, 3, by=on.patient_user, now=now)
    made = kept(on, send(on, short, None, None, *[2] * 6, 2, at=now + DAY))
    assert made.answers.keys().isdisjoint({"44250-9", "44255-8"})
    assert (made.score.total, made.score.prorated) == (18, True)
    assert AlertCause.objects.get().source_id == made.id


def test_until_a_day_has_passed_the_two_answers_are_taken_over(on: Cast, now: datetime) -> None:
    short = answer(on.patient, "phq2", 3, 3, by=on.patient_user, now=now)
    made = kept(on, send(on, short, None, None, *[0] * 6, 1, at=now + timedelta(hours=22, minutes=59)))
    assert made.answers == answers("phq9", 3, 3, *[0] * 6, 1)


def test_a_late_form_about_worry_is_kept_too(on: Cast, now: datetime) -> None:
    short = answer(on.patient, "gad2", 3, 3, by=on.patient_user, now=now)
    made = kept(on, send(on, short, 2, 2, *[1] * 5, at=now + 2 * DAY, instrument="gad7"))
    assert (made.score.total, made.answers) == (9, answers("gad7", 2, 2, *[1] * 5))


# --- After the clinic changed what it offers


@pytest.mark.parametrize("mode", ["without_item_9", "off"])
@pytest.mark.parametrize("late", [timedelta(0), 2 * DAY])
def test_after_the_last_who_answers_left_the_clinic_is_told_that_somebody_waits(
    on: Cast, now: datetime, mode: str, late: timedelta
) -> None:
    short = answer(on.patient, "phq2", 2, 2, by=on.patient_user, now=now)
    leave(on, now)
    responders.offer(clinic_id=on.clinic.pk, mode=mode, by=on.admin, now=now)
    made = kept(on, send(on, short, *FIRED, at=now + late))
    assert made.answers == answers("phq9", *FIRED)
    assert alerted() == {("Ada Min", "clinic")}
    responders.add(clinic_id=on.clinic.pk, user_id=on.therapist.pk, by=on.admin, now=now)
    assert ("Therapist", "care_team") in alerted()
    assert reading.get(viewer=on.therapist, response_id=made.id).reports_self_harm


@pytest.mark.parametrize("last", [0, None])
def test_what_was_asked_while_somebody_answered_is_kept_whatever_was_answered(
    on: Cast, now: datetime, last: int | None
) -> None:
    short = answer(on.patient, "phq2", 2, 2, by=on.patient_user, now=now)
    leave(on, now)
    made = kept(on, send(on, short, *CALM[:8], last, at=now))
    assert made.answers == {
        code: value for code, value in answers("phq9", *CALM[:8], last).items() if value is not None
    }
    assert alerted() == set()


def test_a_clinic_where_nobody_ever_answered_is_not_asked_item_9(cast: Cast, now: datetime) -> None:
    """Whoever sends item 9 nevertheless learns that it is not offered, unless it was answered with 1 or more."""
    switch_on(cast.clinic, admin=cast.admin, responder=None, now=now)
    short = answer(cast.patient, "phq2", 2, 2, by=cast.patient_user, now=now)
    assert refused(cast, short, *CALM, at=now) == ["/instrument not_offered"]
    send(cast, short, *FIRED, at=now)
    assert alerted() == {("Ada Min", "clinic")}


def test_who_left_before_the_short_form_asked_nothing(on: Cast, now: datetime) -> None:
    leave(on, now - timedelta(hours=2))
    short = answer(on.patient, "phq2", 2, 2, by=on.patient_user, now=now)
    assert refused(on, short, *CALM, at=now) == ["/instrument not_offered"]


@pytest.mark.parametrize(
    ("short_form", "instrument", "values"), [("phq2", "phq8", CALM[:8]), ("gad2", "gad7", CALM[:7])]
)
def test_the_second_half_is_kept_after_all_was_switched_off(
    cast: Cast, now: datetime, short_form: str, instrument: str, values: tuple[int, ...]
) -> None:
    switch_on(cast.clinic, admin=cast.admin, responder=None, now=now)
    short = answer(cast.patient, short_form, 2, 2, by=cast.patient_user, now=now)
    responders.offer(clinic_id=cast.clinic.pk, mode="off", by=cast.admin, now=now)
    made = send(cast, short, *values, at=now, instrument=instrument)
    assert kept(cast, made).answers == answers(instrument, *values)


def test_a_short_form_is_not_taken_after_all_was_switched_off(on: Cast, now: datetime) -> None:
    responders.offer(clinic_id=on.clinic.pk, mode="off", by=on.admin, now=now)
    with pytest.raises(Invalid):
        answer(on.patient, "phq2", 2, 2, by=on.patient_user, now=now)


# --- Item 9 at 1 or more, whatever its short form came to


def test_item_9_is_taken_whatever_became_of_the_short_form(on: Cast, now: datetime) -> None:
    low = answer(on.patient, "phq2", 1, 0, by=on.patient_user, now=now)
    in_error = answer(on.patient, "phq2", 3, 3, by=on.patient_user, now=now)
    questionnaires.enter_in_error(in_error, reason="not me", expected_version=1, by=on.patient_user, now=now)
    later = answer(on.patient, "phq2", 3, 3, by=on.patient_user, now=now + timedelta(hours=3))
    for short in (low, in_error, later):
        assert refused(on, short, *CALM, at=now) == ["/follows not_open"]
        assert kept(on, send(on, short, *FIRED, at=now)).answers == answers("phq9", *FIRED)
    assert AlertCause.objects.count() == 3


def test_item_9_is_taken_with_other_answers_than_those_of_the_short_form(on: Cast, now: datetime) -> None:
    short = answer(on.patient, "phq2", 3, 3, by=on.patient_user, now=now)
    assert refused(on, short, *CALM, at=now) == ["/answers/44250-9 carried_over", "/answers/44255-8 carried_over"]
    made = kept(on, send(on, short, 2, None, *FIRED[2:], at=now))
    assert made.answers == answers("phq9", 2, 3, *FIRED[2:])
    assert AlertCause.objects.count() == 1


def test_what_names_no_short_form_of_the_patient_is_refused(on: Cast, now: datetime) -> None:
    anxious = answer(on.patient, "gad2", 3, 3, by=on.patient_user, now=now)
    for short in (new_id(), anxious):
        assert refused(on, short, *FIRED, at=now) == ["/follows not_open"]
    assert not QuestionnaireResponse.objects.filter(instrument="phq9").exists()
