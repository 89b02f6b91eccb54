"""The programmes of the stories: what is due fits what was logged, so that adherence looks as it does in a clinic."""

from datetime import timedelta

import pytest

from rehab.management.demo.stories import EVERYBODY, STORIES
from rehab.models import ExerciseSession, Patient, Program, ProgramItemVersion, ProgramTemplate
from rehab.selectors import adherence, today
from tests.management.test_load_demo import Demo, demo

__all__ = ["demo"]


def test_everybody_in_care_has_a_programme_that_goes_on(db: None, demo: Demo) -> None:
    assert Program.objects.filter(status="active").count() == len(EVERYBODY) - 1
    assert ProgramItemVersion.objects.count() == ProgramTemplate.objects.count() == 1
    linked = ExerciseSession.objects.filter(program_item__isnull=False).count()
    assert linked > ExerciseSession.objects.count() / 2


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
def test_adherence_is_believable(db: None, demo: Demo, story: object) -> None:
    patient = Patient.objects.get(pk=story.id)  # type: ignore[attr-defined]
    last = ExerciseSession.objects.filter(patient=patient).order_by("-performed_on")[0].performed_on
    on = last + timedelta(days=1)
    rolling = adherence.of_patient(patient.pk, today=on).rolling
    assert rolling.due >= 8
    assert rolling.session_pct is not None
    assert 55 <= rolling.session_pct <= 100
    week = [today.of_patient(patient.pk, on=on + timedelta(days=n)).items for n in range(7)]
    assert any(week)
