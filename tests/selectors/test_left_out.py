"""Girths of a swollen limb and visits read to 5°, from stored records to states in list, trend and caseload."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rehab.analytics import rom
from rehab.selectors import readings, series, states
from rehab.selectors.analyses import material
from rehab.selectors.series import SeriesState
from rehab.services import decline_alerts, records
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
NOW = START + timedelta(days=60)


def record(cast: Cast, kind: str, day: int, **changes: Any) -> Any:
    at = (START + timedelta(days=day)).isoformat()
    sent = document(kind, kind, cast.patient.pk, performed_at=at, confirm=True, **changes)
    return records.create(KINDS[kind], sent, by=cast.therapist, source="api", now=NOW).record


def girth(cast: Cast, day: int, cm: float, **changes: Any) -> Any:
    return record(cast, "girth", day, site="CALF_MAX", readings=[{"value": cm, "unit": "cm"}], **changes)


def angle(cast: Cast, day: int, motion: str, degrees: float, **changes: Any) -> Any:
    return record(cast, "rom", day, motion=motion, value_deg=degrees, **changes)


def listed(cast: Cast) -> dict[str, SeriesState]:
    _seen, found = series.of_patient(viewer=cast.therapist, patient_id=cast.patient.pk)
    return {f"{one.series.description.code}": one for one in found}


def in_caseload(cast: Cast) -> dict[str, tuple[str, float]]:
    found = states.of_patients({cast.patient.pk: series.subject_of(cast.patient)})[cast.patient.pk]
    return {one.description.code: (one.state.state, one.state.threshold_value) for one in found.known}


def test_swelling_shares_the_series_and_counts_in_no_state(cast: Cast) -> None:
    rows = [girth(cast, 0, 36.0), girth(cast, 7, 36.0, oedema=False)]
    swollen = [girth(cast, 30, 41.0, oedema=True), girth(cast, 37, 41.0, oedema=True)]
    assert len({row.series_key for row in rows + swollen}) == 1
    one = listed(cast)["CALF_MAX"]
    assert [measured.swelling for measured in one.series.measured] == [False, False, True, True]
    assert (one.assessed.change.state, one.assessed.change.current) == ("stable", 36.0)
    assert one.assessed.change.excluded_ids == tuple(sorted(str(row.pk) for row in swollen))
    [(state, limit)] = in_caseload(cast).values()
    assert state == "stable"
    assert limit == pytest.approx(36.0 * 0.033)
    trend = series.trend_of(
        viewer=cast.therapist, patient_id=cast.patient.pk, key=rows[0].series_key, now=NOW
    )  # fmt: skip
    assert trend.state.assessed == one.assessed
    assert [day.value for day in trend.days] == [36.0, 36.0]
    assert trend.state.series.measured == one.series.measured


def test_nothing_but_swelling_says_so(cast: Cast) -> None:
    first, _second = (girth(cast, day, 36.0 + day, oedema=True) for day in (0, 30))
    key = first.series_key
    assert listed(cast)["CALF_MAX"].assessed.change.reason == "only_swelling"
    assert in_caseload_or_none(cast) == {}
    assert series.trend_of(viewer=cast.therapist, patient_id=cast.patient.pk, key=key, now=NOW).days == ()


def in_caseload_or_none(cast: Cast) -> dict[str, tuple[str, float]]:
    found = states.of_patients({cast.patient.pk: series.subject_of(cast.patient)})
    return in_caseload(cast) if found else {}


def test_swelling_that_goes_down_raises_no_alert(cast: Cast) -> None:
    for day, cm, oedema in ((0, 41.0, True), (7, 41.0, True), (30, 36.0, False), (37, 36.0, None)):
        girth(cast, day, cm, oedema=oedema)
    assert decline_alerts.causes([cast.patient.pk], now=NOW) == []


VISITS = {
    "fine": {"KNE_FLEX": 93, "KNE_EXT": 4, "HIP_FLEX": 100},
    "coarse": {"KNE_FLEX": 100, "KNE_EXT": 10, "HIP_FLEX": 105},
    "alone": {"KNE_FLEX": 100},
}


def test_a_visit_is_judged_by_all_its_angles(cast: Cast) -> None:
    for day, name in enumerate(VISITS):
        for motion, degrees in VISITS[name].items():
            angle(cast, 7 * day, motion, degrees)
        whole = rom.is_low_resolution(angles_degrees=list(VISITS[name].values()))
        on = START.date() + timedelta(days=7 * day)
        coarse = readings.coarse_days([cast.patient.pk]).get(cast.patient.pk, frozenset())
        assert (on in coarse) == (whole and len(VISITS[name]) > 1)
    in_error = angle(cast, 28, "KNE_FLEX", 91)
    angle(cast, 28, "HIP_FLEX", 90)
    angle(cast, 28, "KNE_EXT", 5)
    on = START.date() + timedelta(days=28)
    assert on not in readings.coarse_days([cast.patient.pk])[cast.patient.pk]
    records.enter_in_error(
        KINDS["rom"], in_error.pk, reason="wrong", expected_version=1, by=cast.therapist, now=NOW
    )  # fmt: skip
    assert on in readings.coarse_days([cast.patient.pk])[cast.patient.pk]


def test_half_degrees_are_no_multiples_of_five(cast: Cast) -> None:
    angle(cast, 0, "KNE_FLEX", 90.5)
    angle(cast, 0, "HIP_FLEX", 95)
    assert readings.coarse_days([cast.patient.pk]) == {}


def test_a_coarse_visit_raises_the_threshold_wherever_a_state_is_worked_out(cast: Cast) -> None:
    for day, visit in ((0, "fine"), (30, "coarse")):
        for motion, degrees in VISITS[visit].items():
            angle(cast, day, motion, degrees)
    found = listed(cast)
    assert {code: one.assessed.change.threshold_value for code, one in found.items()} == {
        "KNE_FLEX": 10, "KNE_EXT": 10, "HIP_FLEX": 10,
    }  # fmt: skip
    assert {code: limit for code, (_state, limit) in in_caseload(cast).items()} == {
        "KNE_FLEX": 10, "KNE_EXT": 10, "HIP_FLEX": 10,
    }  # fmt: skip
    for one in found.values():
        trend = series.trend_of(viewer=cast.therapist, patient_id=cast.patient.pk, key=one.series.key, now=NOW)
        assert trend.state.assessed == one.assessed
    [of_patient] = material.of_patients([cast.patient], now=NOW)
    assert all(row.coarse_on == {START.date() + timedelta(days=30)} for row in of_patient.of("rom"))


def test_coarse_days_cost_one_statement_and_only_where_angles_are(cast: Cast) -> None:
    girth(cast, 0, 36.0)
    readings.of_patients([cast.patient.pk])
    with CaptureQueriesContext(connection) as captured:
        readings.of_patients([cast.patient.pk])
    without = len(captured)
    angle(cast, 0, "KNE_FLEX", 90)
    readings.of_patients([cast.patient.pk])
    with CaptureQueriesContext(connection) as captured:
        readings.of_patients([cast.patient.pk])
    assert len(captured) == without + 1
