"""What clinicians assess in the stories fits the conditions, and the goals can be rated. No database."""

from datetime import date
from itertools import pairwise

import pytest

from rehab.management.demo import central, goals, neuron
from rehab.management.demo.stories import STORIES
from rehab.reference.symptoms import mas_applies
from rehab.services import documents
from rehab.services.inputs import assessments
from rehab.services.kinds import KINDS

FIRST = date(2026, 8, 1)
BY_KEY = {story.key: story for story in STORIES}


@pytest.mark.parametrize("key", goals.ASSESSMENTS)
def test_every_assessment_of_a_story_can_be_recorded_without_being_asked_back(key: str) -> None:
    story = BY_KEY[key]
    planned = list(goals.assessments(story, seed=1, first=FIRST))
    assert planned == list(goals.assessments(story, seed=1, first=FIRST))
    assert len({one.document["id"] for one in planned}) == len(planned)
    for one in planned:
        sent = {name: value for name, value in one.document.items() if name != "kind"}
        parsed = documents.parse(KINDS["assessments"], sent)
        assert [*parsed.oddities(), *parsed.oddities_with(story.conditions)] == []


def test_every_variant_is_there_in_a_fitting_story() -> None:
    found = {document["assessment"] for rows in goals.ASSESSMENTS.values() for _day, document in rows}
    assert found == set(assessments.VARIANTS)
    for key, rows in goals.ASSESSMENTS.items():
        if any(document["assessment"] == "mas" for _day, document in rows):
            assert all(mas_applies(condition=condition) for condition in BY_KEY[key].conditions)


def test_in_motor_neuron_disease_vital_capacity_falls_by_more_than_30_percent_at_last() -> None:
    found = [
        document["vital_capacity_ml"]
        for _day, document in goals.ASSESSMENTS[neuron.MOTOR_NEURON.key]
        if document["assessment"] == "respiratory"
    ]
    assert all(before > after for before, after in pairwise(found))
    assert [value < 0.7 * found[0] for value in found] == [False] * (len(found) - 1) + [True]


def test_after_spinal_cord_injury_the_lower_motor_score_rises_and_the_upper_is_full() -> None:
    planned = goals.assessments(central.SPINAL_CORD, seed=1, first=FIRST)
    exams = [one.document for one in planned if one.document["assessment"] == "isncsci_motor"]
    derived = [
        documents.parse(KINDS["assessments"], {k: v for k, v in exam.items() if k != "kind"}).derive() for exam in exams
    ]
    assert {found["uems"] for found in derived} == {50}
    assert all(before["lems"] < after["lems"] for before, after in pairwise(derived))


def test_goals_belong_to_stories_and_have_five_different_levels() -> None:
    assert goals.GOALS.keys() <= BY_KEY.keys()
    for agreed in (one for rows in goals.GOALS.values() for one in rows):
        assert len(set(agreed.levels)) == 5
        assert agreed.ratings
