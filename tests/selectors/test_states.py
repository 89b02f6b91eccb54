"""The states of a caseload are those of each patient's own list of series."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from rehab.analytics.quick import QuickState
from rehab.analytics.series import token_of
from rehab.models import Patient
from rehab.selectors import baselines, readings, series, states
from rehab.services import baselines as baseline_services
from rehab.services import documents, records, rows
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
NOW = START + timedelta(days=200)
MANY = [
    ("strength", "hhd", lambda rng: {"trials": [{"value": rng.uniform(80, 160), "unit": "N"}]}),
    ("strength", "grip", lambda rng: {"trials": [{"value": rng.uniform(10, 30), "unit": "kgf"}]}),
    ("strength", "pinch", lambda rng: {"trials": [{"value": rng.uniform(10, 30), "unit": "N"}]}),
    ("strength", "mrc", lambda rng: {"grade": rng.choice(["3", "4-", "4", "4+", "5"])}),
    ("rom", "rom", lambda rng: {"value_deg": rng.choice([80, 90, 92, 101, 110])}),
    ("rom", "rom", lambda rng: {"motion": "KNE_EXT", "value_deg": rng.choice([0, 5, 11, 20])}),
    ("rom", "rom", lambda rng: {"value_deg": 90, "instrument": "visual_estimate"}),
    ("girth", "girth", lambda rng: {"readings": [{"value": rng.uniform(38, 46), "unit": "cm"}]}),
]


def store(patient: Patient, by: list[User], *, rng: Random) -> None:
    """Store readings of every measure on days drawn at random, some days with several, some by a named tester."""
    for kind, variant, value in MANY:
        made = []
        for _ in range(rng.randrange(9)):
            at = START + timedelta(days=rng.randrange(60), minutes=rng.randrange(300))
            name = "rater" if kind == "rom" else "tester"
            named = {name: rng.choice(["Anna", "anna"])} if rng.random() < 0.3 else {}
            sent = document(kind, variant, patient.pk, performed_at=at.isoformat(), **value(rng), **named)
            parsed = documents.parse(KINDS[kind], sent)
            made.append(
                rows.build(KINDS[kind], parsed, patient, digest="", oddities=[], by=rng.choice(by), source="api",
                           now=NOW)
            )  # fmt: skip
        KINDS[kind].model._default_manager.bulk_create(made)


def slowly(patient: Patient) -> tuple[dict[str, QuickState], int]:
    found = readings.of_patients([patient.pk]).get(patient.pk, [])
    current = baselines.current([patient.pk])
    known, insufficient = {}, 0
    for one in series.states_of(found, subject=series.subject_of(patient), current=current):
        state = QuickState.of(one.assessed.change)
        if state is None:
            insufficient += 1
        else:
            known[one.series.key] = state
    return known, insufficient


@pytest.mark.parametrize("seed", range(6))
def test_they_agree_on_random_readings(cast: Cast, seed: int) -> None:
    rng = Random(seed)
    everybody = [cast.patient, cast.other_patient]
    for patient in everybody:
        store(patient, [cast.therapist, cast.patient_user], rng=rng)
    found = states.of_patients({patient.pk: series.subject_of(patient) for patient in everybody})
    for patient in everybody:
        fast = found.get(patient.pk, states.NOTHING)
        assert ({one.key: one.state for one in fast.known}, fast.insufficient) == slowly(patient)


def record(kind: str, variant: str, patient: Patient, by: User, day: int, **changes: Any) -> Any:
    at = (START + timedelta(days=day)).isoformat()
    sent = document(kind, variant, patient.pk, performed_at=at, confirm=True, **changes)
    return records.create(KINDS[kind], sent, by=by, source="api", now=NOW).record


def test_a_set_baseline_and_what_is_in_error_count_as_in_the_list(cast: Cast) -> None:
    angles = [record("rom", "rom", cast.patient, cast.therapist, day, value_deg=90 + day) for day in (0, 7, 30, 37)]
    key = angles[0].series_key
    subjects = {cast.patient.pk: series.subject_of(cast.patient)}
    [one] = states.of_patients(subjects)[cast.patient.pk].known
    assert one.state.state == "improved"
    sent = {"patient": str(cast.patient.pk), "series": token_of(key), "starts_on": "2026-03-20", "value": 125.0}
    baseline_services.set_baseline({**sent, "reason": "relapse"}, by=cast.therapist, now=NOW)
    found = states.of_patients(subjects)[cast.patient.pk]
    assert ({one.key: one.state for one in found.known}, found.insufficient) == slowly(cast.patient)
    assert found.known[0].state.baseline == 125.0
    for row in angles[2:]:
        records.enter_in_error(KINDS["rom"], row.pk, reason="wrong", expected_version=1, by=cast.therapist, now=NOW)
    assert states.of_patients(subjects)[cast.patient.pk] == states.States((), 1)


def test_a_new_process_reads_the_descriptions_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in (0, 30):
        record("rom", "rom", cast.patient, cast.therapist, day, value_deg=90 + day)
        record("girth", "girth", cast.patient, cast.therapist, day)
    monkeypatch.setattr(readings, "_descriptions", {})
    subjects = {cast.patient.pk: series.subject_of(cast.patient)}
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            found = states.of_patients(subjects)[cast.patient.pk]
        costs.append(len(captured))
        assert {one.description.kind for one in found.known} == {"rom", "girth"}
    assert costs == [3 + len(readings.models()), 3]


def test_nobody_costs_nothing(db: None) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert states.of_patients({}) == {}
    assert len(captured) == 0
