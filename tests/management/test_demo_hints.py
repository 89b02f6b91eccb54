"""The stories of the demo give the hints that their conditions call for, and no others."""

from collections.abc import Callable, Iterator
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from accounts.models import User
from rehab.management.demo import muscle, neuron
from rehab.management.demo.shapes import Story
from rehab.management.demo.stories import STORIES
from rehab.models import CareTeamMember
from rehab.reference.wording import forbidden_in
from rehab.selectors.analyses import overview
from rehab.selectors.analyses.overview import Overview
from rehab.services import rapid_loss

STORY = {story.key: story for story in STORIES}


@pytest.fixture(scope="module")
def now(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[datetime]:
    """Load the demo once; return when."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(DATA_DIR=folder):
        call_command("load_demo", stdout=StringIO())
        yield timezone.now()
        transaction.set_rollback(True)


def therapist_of(story: Story) -> User:
    return CareTeamMember.objects.get(patient_id=story.id, role="therapist").user


def seen(story: Story, now: datetime) -> Overview:
    return overview.of_patient(viewer=therapist_of(story), patient_id=story.id, weeks=8, now=now)


#: Every hint of every story; what is not here has none.
HINTS = {
    "emma_clarke": ["DISUSE"],
    "tom_walker": ["MYOTOMAL-C5-right"],
    "daniel_novak": ["FLUCTUATING"],
    "margaret_hughes": ["PROG_DISTAL"],
    "oliver_bennett": ["PROG_PROXIMAL"],
}


def test_every_story_has_its_hints_and_no_others(db: None, now: datetime) -> None:
    found = {story.key: [hint.key for hint in seen(story, now).hints] for story in STORIES}
    assert {key: keys for key, keys in found.items() if keys} == HINTS


def test_in_myasthenia_the_afternoons_are_lower_in_every_series(db: None, now: datetime) -> None:
    found = seen(muscle.MYASTHENIA, now)
    assert {row.code: row.result.state for row in found.fatigability} == {
        "HAND_GRIP": "consistent_decrease",
        "SHO_ABD": "consistent_decrease",
    }
    for row in found.fatigability:
        assert row.result.n >= 10
        assert row.readings_without_waking_time == 0
        assert all(0.5 < (pair.morning_hours_since_anticholinesterase or 0) < 2 for pair in row.pairs)
    [hint] = found.hints
    assert {"HAND_GRIP", "SHO_ABD", "ptosis"} <= set(hint.parameters["what"])
    assert hint.red_flag is None


def test_in_motor_neuron_disease_the_far_groups_fall(db: None, now: datetime) -> None:
    found = seen(neuron.MOTOR_NEURON, now)
    assert found.pattern == "distal_weaker"
    [hint] = found.hints
    assert hint.parameters["muscles"] == ["ANK_DF", "FIN_ABD", "HALLUX_EXT", "INTEROSSEI_D", "THENAR"]
    assert (hint.last_on - hint.first_on).days >= 56
    assert "als_asymmetric" in hint.exceptions


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_in_motor_neuron_disease_nothing_reassures_anybody(
    db: None, now: datetime, browser_of: Callable[[User | None], Client], language: str
) -> None:
    story = neuron.MOTOR_NEURON
    pages = {story.email: ["/portal/", f"/patients/{story.id}/"], therapist_of(story).email: [
        f"/patients/{story.id}/", f"/patients/{story.id}/analysis/"]}  # fmt: skip
    for email, addresses in pages.items():
        browser = browser_of(User.objects.get(email=email))
        browser.post("/language/", {"language": language, "next": "/"})
        for address in addresses:
            answer = browser.get(address)
            assert answer.status_code == 200
            assert forbidden_in(answer.content.decode()) == [], address


def test_disuse_is_a_fall_in_the_brace_and_a_rise_with_training(db: None, now: datetime) -> None:
    [hint] = seen(STORY["emma_clarke"], now).hints
    assert [item.what for item in hint.evidence] == ["CALF_MAX", "immobilised", "CALF_MAX"]


def test_after_a_fracture_the_sides_come_closer(db: None, now: datetime) -> None:
    rows = {(row.measure, row.code): row for row in seen(STORY["emma_clarke"], now).sides}
    comparison = rows["hhd", "KNE_EXT"].comparison
    assert comparison is not None
    assert comparison.lsi_pct is not None
    assert 80 < comparison.lsi_pct < 105


def test_nobody_of_the_demo_lost_strength_rapidly(db: None, now: datetime) -> None:
    assert rapid_loss.causes([story.id for story in STORIES], now=now) == []


def test_every_story_has_load_and_those_with_stimulation_a_dose(db: None, now: datetime) -> None:
    for story in STORIES:
        found = seen(story, now)
        assert any(week.load.weekly for week in found.load), story.key
        stimulated = any(practice.modality == "fes" for practice in story.programme)
        assert any(week.doses for week in found.doses) == stimulated, story.key
