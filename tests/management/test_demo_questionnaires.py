"""The questionnaires of the demo: believable, and one of them alerts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from rehab.management.demo import people as demo_people
from rehab.management.demo import questionnaires
from rehab.management.demo.stories import STORIES
from rehab.models import Alert, Patient, QuestionnaireResponse
from rehab.selectors import questionnaires as reading
from rehab.services import patients, people
from tests.conftest import PASSWORD, make_clinic, make_user


@pytest.fixture
def answered(db: None) -> User:
    """The founder of a clinic with the stories' patients, who answers item 9."""
    now = timezone.now()
    founder = make_user("founder@demo.example", "Founder")
    clinic = make_clinic("Demo", founder, now=now)
    questionnaires.switch_on(clinic, responder=founder, by=founder, now=now)
    for story in STORIES:
        if story.name in questionnaires.ANSWERED:
            document = {"id": str(story.id), "name": story.name, "time_zone": story.time_zone}
            patients.enrol(document, by=founder, now=now)
            user = people.sign_up(email=story.email, name=story.name, password=PASSWORD, language="en")
            invitation = people.invite_patient(
                patient_id=story.id, email=story.email, language="en", by=founder, now=now
            )
            people.accept(invitation, by=user, now=now)
            first = demo_people.first_day(story, today=None, now=now)
            assert questionnaires.answer(story, user, first=first) == len(questionnaires.ANSWERED[story.name])
    return founder


def test_each_story_that_answers_has_an_account() -> None:
    accounts = {story.name for story in STORIES if story.account and story.language == "en"}
    assert questionnaires.ANSWERED.keys() <= accounts


def test_the_totals_are_those_of_the_stories(answered: User) -> None:
    margaret = Patient.objects.get(name="Margaret Hughes")
    found = reading.course(viewer=answered, patient_id=margaret.pk)
    totals = [(one.instrument, one.score.total, one.score.band) for one in found]
    assert ("phq9", 16, "moderately_severe") in totals
    assert ("phq9", 9, "mild") in totals
    assert ("gad7", 6, "mild") in totals
    assert not any(one.reports_self_harm for one in found)


def test_one_answer_alerts(answered: User) -> None:
    alert = Alert.objects.select_related("patient").get()
    assert (alert.rule, alert.patient.name, alert.status) == ("SELF_HARM", "Carlos Rivera", "open")


def test_nothing_lies_in_the_future(answered: User) -> None:
    latest = QuestionnaireResponse.objects.order_by("-performed_at").values_list("performed_at", flat=True)[0]
    assert timezone.now() - timedelta(days=7) < latest < timezone.now()
