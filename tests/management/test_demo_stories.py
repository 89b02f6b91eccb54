"""The stories as documents: deterministic, complete, and each shows the course of its condition. No database."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any
from uuid import UUID

import pytest

from rehab.management.demo import central, disuse, generator, muscle, neuron
from rehab.management.demo.shapes import DEMO_PATIENT_ID, WEEKS, Story
from rehab.management.demo.stories import STORIES
from rehab.reference.conditions import CONDITIONS
from rehab.reference.scales import mrc_rank
from rehab.services.inputs import sessions, strength

FIRST = date(2026, 8, 1)
Document = dict[str, Any]


def documents_of(story: Story, *, seed: int = 1) -> list[Document]:
    return [one.document for one in generator.plan(story, seed=seed, first=FIRST).records]


def day_of(document: Document) -> int:
    return (datetime.fromisoformat(document["performed_at"]).date() - FIRST).days


def readings(story: Story, value: Callable[[Document], float], **fields: Any) -> list[tuple[int, float]]:
    """Return (day, value) of the documents that have the fields, in order."""
    return [
        (day_of(document), value(document))
        for document in documents_of(story)
        if all(document.get(name) == wanted for name, wanted in fields.items())
    ]


def change(found: list[tuple[int, float]]) -> tuple[float, float]:
    """Return the baseline (median of the first two days) and the change to the median of the last two."""
    values = [value for _, value in found]
    baseline = median(values[:2])
    return baseline, median(values[-2:]) - baseline


def best(document: Document) -> float:
    return max(float(trial["value"]) for trial in document["trials"])


def rank(document: Document) -> float:
    return mrc_rank(scale=document["scale"], grade=document["grade"])


def angle(document: Document) -> float:
    return float(document["value_deg"])


def girth(document: Document) -> float:
    return sum(float(reading["value"]) for reading in document["readings"]) / len(document["readings"])


def test_the_same_seed_and_day_give_the_same_documents() -> None:
    for story in STORIES:
        once, again = (generator.plan(story, seed=1, first=FIRST) for _ in range(2))
        assert once == again
        assert generator.plan(story, seed=2, first=FIRST) != once


def test_ids_are_distinct_version_7_and_in_the_order_of_time() -> None:
    ids = [UUID(document["id"]) for story in STORIES for document in documents_of(story)]
    assert len(set(ids)) == len(ids)
    assert {one.version for one in ids} == {7}
    for story in STORIES:
        moments = [datetime.fromisoformat(one["performed_at"]) for one in documents_of(story)]
        assert moments == sorted(moments)


def test_every_modality_and_every_method_is_there() -> None:
    found = [document for story in STORIES for document in documents_of(story)]
    assert {one["modality"] for one in found if one["kind"] == "sessions"} == set(sessions.VARIANTS)
    assert {one["method"] for one in found if one["kind"] == "strength"} == set(strength.VARIANTS)
    assert {one["kind"] for one in found} == {"strength", "rom", "girth", "sessions"}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
def test_every_week_has_records_and_missed_sessions_have_reasons(story: Story) -> None:
    found = documents_of(story)
    assert {day_of(document) // 7 for document in found} == set(range(WEEKS))
    missed = [one for one in found if one["kind"] == "sessions" and one.get("status") == "skipped"]
    assert missed
    assert all(one["reason"] in story.reasons for one in missed)
    assert set(story.conditions) <= set(CONDITIONS)


def test_the_demo_patient_comes_first_and_has_an_account_and_a_caregiver() -> None:
    assert STORIES[0].id == DEMO_PATIENT_ID == UUID("01980000-0000-7000-8000-000000000001")
    assert STORIES[0].account
    assert STORIES[0].caregiver
    assert sum(story.account for story in STORIES) >= 4
    assert len({story.id for story in STORIES}) == len(STORIES) >= 12


def test_after_a_fracture_quadriceps_thigh_and_knee_improve_beyond_measurement_error() -> None:
    baseline, gained = change(readings(disuse.FRACTURE, best, method="hhd", muscle="KNE_EXT", side="left"))
    assert gained > 0.25 * baseline
    baseline, gained = change(readings(disuse.FRACTURE, girth, site="THIGH_10", side="left"))
    assert gained > 0.065 * baseline
    assert change(readings(disuse.FRACTURE, angle, motion="KNE_FLEX", rom_type="PROM"))[1] > 10
    assert change(readings(disuse.FRACTURE, angle, motion="KNE_EXT", rom_type="PROM"))[1] < -5.4


def test_after_a_stroke_the_weak_side_gains_and_walking_speeds_up() -> None:
    assert change(readings(central.STROKE, best, method="grip", side="right"))[1] > 6.5
    assert abs(change(readings(central.STROKE, best, method="grip", side="left"))[1]) < 5
    walks = readings(
        central.STROKE,
        lambda one: one["details"]["distance_m"] / one["details"]["time_s"] if "details" in one else 0,
        modality="balance_gait",
    )
    done = [(day, speed) for day, speed in walks if speed]
    assert change(done)[1] > 0.1


@pytest.mark.parametrize("measure", [{"method": "grip"}, {"method": "hhd", "muscle": "SHO_ABD"}])
def test_in_myasthenia_afternoons_are_weaker_and_eight_weeks_are_not(measure: Document) -> None:
    pairs: dict[date, dict[str, float]] = defaultdict(dict)
    for document in documents_of(muscle.MYASTHENIA):
        if all(document.get(name) == wanted for name, wanted in measure.items()):
            moment = datetime.fromisoformat(document["performed_at"])
            pairs[moment.date()]["AM" if moment.hour < 12 else "PM"] = best(document)
    last = FIRST + timedelta(days=WEEKS * 7)
    drops = [
        (pair["AM"] - pair["PM"]) / pair["AM"] * 100 for day, pair in pairs.items() if last - timedelta(days=21) <= day
    ]
    assert len(drops) >= 10
    assert all(15 < drop < 35 for drop in drops)
    assert median(drops) > 25
    mornings = [(day.toordinal(), pair["AM"]) for day, pair in sorted(pairs.items())]
    baseline, changed = change(mornings)
    assert abs(changed) < 0.1 * baseline


def test_in_motor_neuron_disease_hands_and_feet_lose_a_full_grade_over_more_than_56_days() -> None:
    for name in ("INTEROSSEI_D", "THENAR", "FIN_ABD", "ANK_DF", "HALLUX_EXT"):
        for side in ("left", "right"):
            found = readings(neuron.MOTOR_NEURON, rank, method="mrc", muscle=name, side=side)
            assert change(found)[1] <= -3
            assert found[-1][0] - found[0][0] >= 56
            assert max(before[1] - after[1] for before, after in pairwise(found)) <= 1
    assert change(readings(neuron.MOTOR_NEURON, rank, muscle="HIP_FLEX", side="left"))[1] == 0
    assert all(
        document["session_rpe"] <= 3
        for document in documents_of(neuron.MOTOR_NEURON)
        if document["kind"] == "sessions" and "session_rpe" in document
    )


def test_in_duchenne_there_are_no_weights_and_the_ankles_tighten() -> None:
    modalities = {one["modality"] for one in documents_of(muscle.DUCHENNE) if one["kind"] == "sessions"}
    assert modalities == {"rom_stretch", "aquatic"}
    for side in ("left", "right"):
        assert change(readings(muscle.DUCHENNE, angle, motion="ANK_DF", side=side))[1] < -6


def test_after_polio_nothing_changes_beyond_measurement_error() -> None:
    baseline, changed = change(readings(neuron.POLIO, best, method="hhd", side="left"))
    assert abs(changed) < 0.25 * baseline
    assert abs(change(readings(neuron.POLIO, best, method="grip"))[1]) < 5
    assert abs(change(readings(neuron.POLIO, angle, motion="KNE_FLEX"))[1]) < 7
    baseline, changed = change(readings(neuron.POLIO, girth, site="CALF_MAX"))
    assert abs(changed) < 0.033 * baseline


def test_in_sarcopenia_grip_stays_below_the_cut_off() -> None:
    found = readings(disuse.SARCOPENIA, best, method="grip", side="right")
    assert all(value < 27 for _, value in found)
    assert change(found)[1] > 0.5
