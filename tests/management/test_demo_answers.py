"""The demo patients come out as their stories say: states and trends of their series."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from accounts import audit
from rehab.analytics import trend
from rehab.analytics.quick import QuickState
from rehab.analytics.series import assessed
from rehab.analytics.trend import Trend
from rehab.management.demo import central, disuse, muscle, neuron
from rehab.management.demo.shapes import Story
from rehab.models import Alert, Patient
from rehab.selectors import readings, states
from rehab.selectors.readings import Series
from rehab.selectors.series import subject_of
from rehab.services import alert_rules


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[date]:
    """Load the demo data once, and return the day."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(DATA_DIR=folder):
        call_command("load_demo", verbosity=0)
        yield timezone.now().date()
        transaction.set_rollback(True)


def series_of(story: Story, measure: str, code: str, side: str = "", **how: str) -> Series:
    """Return the one series of a story that was measured so."""
    [found] = [
        one
        for one in readings.of_patients([story.id])[story.id]
        if one.description.measure == measure
        and one.description.code == code
        and side in ("", one.description.side)
        and dict(one.description.fields).items() >= how.items()
    ]
    return found


def state(story: Story, measure: str, code: str, side: str = "", **how: str) -> str:
    found = series_of(story, measure, code, side, **how)
    subject = subject_of(Patient.objects.get(pk=story.id))
    return assessed(description=found.description, readings=found.readings(), subject=subject).change.state


def course(story: Story, measure: str, code: str, side: str, today: date, **how: str) -> Trend:
    found = series_of(story, measure, code, side, **how)
    return trend.theil_sen(readings=found.readings(), until=today, window_days=None)


def states_of(story: Story) -> dict[tuple[str, str, str], str]:
    patient = Patient.objects.get(pk=story.id)
    found = states.of_patients({story.id: subject_of(patient)})[story.id]
    return {
        (one.description.measure, one.description.code, one.description.side): one.state.state for one in found.known
    }


@pytest.mark.parametrize(
    ("measure", "code", "how"),
    [("hhd", "KNE_EXT", {}), ("rom", "KNE_FLEX", {"rom_type": "PROM"}), ("rom", "KNE_FLEX", {"rom_type": "AROM"})],
)
def test_after_a_fracture_the_leg_improves_with_its_interval_above_0(
    db: None, demo: date, measure: str, code: str, how: dict[str, str]
) -> None:
    assert state(disuse.FRACTURE, measure, code, "left", **how) == "improved"
    found = course(disuse.FRACTURE, measure, code, "left", demo, **how)
    assert found.direction == "up"
    assert found.ci95_low_per_week is not None
    assert found.ci95_low_per_week > 0


def test_after_a_fracture_less_extension_is_missing_and_the_other_leg_stays(db: None, demo: date) -> None:
    assert state(disuse.FRACTURE, "rom", "KNE_EXT", "left") == "improved"
    assert course(disuse.FRACTURE, "rom", "KNE_EXT", "left", demo).direction == "down"
    assert state(disuse.FRACTURE, "hhd", "KNE_EXT", "right") == "stable"
    assert state(disuse.FRACTURE, "girth", "THIGH_10", "right") == "stable"


def test_after_polio_nothing_changes_beyond_measurement_error(db: None, demo: date) -> None:
    assert set(states_of(neuron.POLIO).values()) == {"stable"}
    for series in readings.of_patients([neuron.POLIO.id])[neuron.POLIO.id]:
        if not series.description.ordinal:
            found = trend.theil_sen(readings=series.readings(), until=demo, window_days=None)
            assert found.direction == "no_clear_trend"


def test_in_motor_neuron_disease_hands_and_feet_decline_and_hips_do_not(db: None, demo: date) -> None:
    found = states_of(neuron.MOTOR_NEURON)
    for side in ("left", "right"):
        for code in ("INTEROSSEI_D", "THENAR", "FIN_ABD", "ANK_DF", "HALLUX_EXT"):
            assert found["mrc", code, side] == "declined"
        for code in ("HIP_FLEX", "HIP_ABD", "SHO_ABD"):
            assert found["mrc", code, side] == "stable"


def test_in_myasthenia_no_week_is_weaker_than_the_one_before(db: None, demo: date) -> None:
    assert set(states_of(muscle.MYASTHENIA).values()) == {"stable"}


def test_after_a_stroke_the_weak_hand_improves_and_the_other_stays(db: None, demo: date) -> None:
    assert state(central.STROKE, "grip", "HAND_GRIP", "right") == "improved"
    assert state(central.STROKE, "grip", "HAND_GRIP", "left") == "stable"


def test_in_duchenne_the_ankles_tighten(db: None, demo: date) -> None:
    for side in ("left", "right"):
        assert state(muscle.DUCHENNE, "rom", "ANK_DF", side) == "declined"


def test_the_workers_raise_a_decline_for_those_who_decline_and_nobody_else(db: None, demo: date) -> None:
    now = timezone.now()
    audit.seal(now=now)
    alert_rules.evaluate(now=now)
    raised = Alert.objects.filter(rule="DECLINE").values_list("patient_id", flat=True)
    everybody = {patient.pk: subject_of(patient) for patient in Patient.objects.all()}
    declining = {
        patient_id
        for patient_id, found in states.of_patients(everybody).items()
        if any(one.state.state == "declined" and one.state.last_on >= demo - timedelta(days=60) for one in found.known)
    }
    assert sorted(raised) == sorted(declining)
    assert {neuron.MOTOR_NEURON.id, muscle.DUCHENNE.id} <= declining
    assert declining.isdisjoint({disuse.FRACTURE.id, neuron.POLIO.id, muscle.MYASTHENIA.id, central.STROKE.id})


def test_fast_and_full_states_agree_for_everybody(db: None, demo: date) -> None:
    everybody = {patient.pk: subject_of(patient) for patient in Patient.objects.all()}
    fast = states.of_patients(everybody)
    for patient_id, every in readings.of_patients(everybody).items():
        known = {one.key: one.state for one in fast[patient_id].known}
        for series in every:
            whole = assessed(
                description=series.description, readings=series.readings(), subject=everybody[patient_id]
            ).change
            assert known.get(series.key) == QuickState.of(whole)
