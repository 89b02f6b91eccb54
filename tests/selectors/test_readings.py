"""Comparable readings: what counts, in which order, of which series, at what cost."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from rehab.analytics.series import key_of, token_of
from rehab.analytics.series_descriptions import DESCRIBERS
from rehab.models import Measurement, Patient
from rehab.selectors import readings
from rehab.services import records
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import DOCUMENTS, document

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
NOW = datetime(2026, 9, 1, tzinfo=UTC)


def record(kind: str, variant: str, patient: Patient, *, by: User, days: float = 0, **changes: Any) -> Any:
    at = (START + timedelta(days=days)).isoformat()
    sent = document(kind, variant, patient.pk, performed_at=at, confirm=True, **changes)
    return records.create(KINDS[kind], sent, by=by, source="api", now=NOW).record


def knee(patient: Patient, angle: float, *, by: User, days: float = 0, **changes: Any) -> Any:
    return record("rom", "rom", patient, by=by, days=days, value_deg=angle, **changes)


def test_every_table_of_measurements_is_read_and_described(cast: Cast) -> None:
    measurements = {kind.name: kind.model for kind in KINDS.values() if issubclass(kind.model, Measurement)}
    assert set(readings.models()) == set(measurements.values())
    assert set(measurements) <= set(DESCRIBERS)
    assert {model.kind: model for model in readings.models()} == measurements
    rows = [
        (record(kind, variant, cast.patient, by=cast.therapist), kind)
        for kind, variant in DOCUMENTS
        if kind in measurements
    ]
    made = {row.series_key: kind for row, kind in rows if row.series_value is not None}
    assert set(made.values()) == set(measurements)
    found = readings.of_patients([cast.patient.pk])[cast.patient.pk]
    assert {series.key: series.description.kind for series in found} == made


def test_readings_come_in_order_of_time_with_day_moment_and_rater(cast: Cast) -> None:
    later = knee(cast.patient, 110, by=cast.therapist, days=7)
    first = knee(cast.patient, 100, by=cast.patient_user)
    named = knee(cast.patient, 105, by=cast.therapist, days=1, rater="Anna")
    [series] = readings.of_patients([cast.patient.pk])[cast.patient.pk]
    assert [one.id for one in series.measured] == [first.pk, named.pk, later.pk]
    assert [one.value for one in series.measured] == [100, 105, 110]
    assert [one.at for one in series.measured] == [row.performed_at for row in (first, named, later)]
    assert series.measured[0].on == first.performed_on
    raters = [one.rater for one in series.measured]
    assert len(set(raters)) == 3
    assert raters[1] == "anna"


def test_what_is_in_error_or_was_not_measured_does_not_count(cast: Cast) -> None:
    kept = knee(cast.patient, 100, by=cast.therapist)
    wrong = knee(cast.patient, 10, by=cast.therapist, days=1)
    records.enter_in_error(
        KINDS["rom"], wrong.pk, reason="wrong side", expected_version=1, by=cast.therapist, now=NOW
    )  # fmt: skip
    record("rom", "rom", cast.patient, by=cast.therapist, days=2, status="unable", value_deg=None)
    [series] = readings.of_patients([cast.patient.pk])[cast.patient.pk]
    assert [one.id for one in series.measured] == [kept.pk]
    records.enter_in_error(
        KINDS["rom"], kept.pk, reason="wrong side", expected_version=1, by=cast.therapist, now=NOW
    )  # fmt: skip
    assert readings.of_patients([cast.patient.pk]) == {}


def test_an_estimate_by_eye_is_a_series_of_its_own_and_never_compared(cast: Cast) -> None:
    for days, angle in enumerate((90, 120, 150)):
        knee(cast.patient, angle, by=cast.therapist, days=days, instrument="visual_estimate")
    [series] = readings.of_patients([cast.patient.pk])[cast.patient.pk]
    assert series.description.visual_estimate
    assert all(reading.visual_estimate for reading in series.readings())


def test_days_and_keys_narrow_it(cast: Cast) -> None:
    rows = [knee(cast.patient, 100 + day, by=cast.therapist, days=day) for day in range(5)]
    record("girth", "girth", cast.patient, by=cast.therapist)
    found = readings.of_patients(
        [cast.patient.pk], keys=[rows[0].series_key], since=rows[1].performed_on, until=rows[3].performed_on
    )
    [series] = found[cast.patient.pk]
    assert [one.id for one in series.measured] == [row.pk for row in rows[1:4]]


def test_many_patients_cost_as_many_statements_as_one(cast: Cast) -> None:
    for variant in ("mrc", "hhd", "grip"):
        record("strength", variant, cast.patient, by=cast.therapist)
        record("strength", variant, cast.other_patient, by=cast.other_therapist, days=2)
    ids = [cast.patient.pk, cast.other_patient.pk]
    readings.of_patients(ids)
    costs = []
    for wanted in (ids[:1], ids):
        with CaptureQueriesContext(connection) as captured:
            assert len(readings.of_patients(wanted)) == len(wanted)
        costs.append(len(captured))
    assert costs == [1, 1]


def test_a_series_has_one_token(cast: Cast) -> None:
    key = knee(cast.patient, 100, by=cast.therapist).series_key
    assert key_of(token_of(key)) == key


@pytest.mark.parametrize("text", ["a", "%", "é", "AA==", "Z2lydGg=", "_____w", "Z2ly!", token_of("a\0b")])
def test_other_text_is_no_series(text: str) -> None:
    with pytest.raises(ValueError, match="not a series"):
        key_of(text)
