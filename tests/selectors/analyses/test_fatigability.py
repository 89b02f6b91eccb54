"""Mornings against afternoons, from records."""

from typing import Any

import pytest

from rehab.errors import NotPermitted
from rehab.selectors.analyses import fatigability
from rehab.selectors.analyses.fatigability import MeasuredFatigability
from tests.conftest import Cast
from tests.selectors.analyses.recording import NOW, ago, force, grade, grip, session


def rows(cast: Cast) -> tuple[MeasuredFatigability, ...]:
    return fatigability.of_patient(viewer=cast.therapist, patient_id=cast.patient.pk, now=NOW).rows


def pair(cast: Cast, days: int, *, am: float = 200, pm: float = 140, **afternoon: Any) -> list[str]:
    morning = force(cast, "SHO_ABD", "right", am, ago(days), hour=8, hours_since_waking=1,
                    hours_since_anticholinesterase=0.5)  # fmt: skip
    later = {"hours_since_waking": 9, "hours_since_anticholinesterase": 4, **afternoon}
    return [str(row.pk) for row in (morning, force(cast, "SHO_ABD", "right", pm, ago(days), hour=16, **later))]


def test_five_pairs_that_all_fall(cast: Cast) -> None:
    ids = [id_ for days in (10, 8, 6, 4, 2) for id_ in pair(cast, days)]
    [row] = rows(cast)
    assert (row.measure, row.code, row.side, row.unit) == ("hhd", "SHO_ABD", "right", "N")
    assert (row.result.state, row.result.reason) == ("consistent_decrease", None)
    assert (row.result.n, row.result.positive, row.result.median_decrement_pct) == (5, 5, 30)
    assert (row.result.first_on, row.result.last_on, row.result.ids) == (ago(10), ago(2), tuple(ids))
    assert (row.mdc_pct, row.threshold_row_id) == (25, "HHD_FALLBACK_SAME")
    assert (row.pairs_needed, row.readings, row.readings_without_waking_time) == (5, 10, 0)
    assert row.pairs[0].morning_hours_since_anticholinesterase == 0.5
    assert row.pairs[0].afternoon_hours_since_anticholinesterase == 4


def test_four_pairs_are_not_enough(cast: Cast) -> None:
    for days in (8, 6, 4, 2):
        pair(cast, days)
    [row] = rows(cast)
    assert (row.result.state, row.result.reason, row.result.n) == ("insufficient_data", "too_few_pairs", 4)


def test_within_the_error_of_the_method_nothing_is_consistent(cast: Cast) -> None:
    for days in (10, 8, 6, 4, 2):
        pair(cast, days, pm=160)
    assert rows(cast)[0].result.state == "no_consistent_decrease"


def test_another_rater_takes_the_larger_error(cast: Cast) -> None:
    for days in (10, 8, 6, 4, 2):
        pair(cast, days, pm=144, by=cast.patient_user)
    [row] = rows(cast)
    assert (row.mdc_pct, row.threshold_row_id) == (30, "HHD_FALLBACK_DIFFERENT")
    assert row.result.state == "no_consistent_decrease"


def test_a_threshold_in_newtons_is_taken_in_percent_of_the_morning(cast: Cast) -> None:
    for days in (10, 8, 6, 4, 2):
        grip(cast, "right", 360, ago(days), hour=8, hours_since_waking=1)
        grip(cast, "right", 250, ago(days), hour=16)
    [row] = rows(cast)
    assert row.mdc_pct == pytest.approx(63.743 / 360 * 100, abs=0.01)
    assert row.result.state == "consistent_decrease"


@pytest.mark.parametrize(
    ("morning", "afternoon"),
    [
        ({}, {}),  # when they woke is not known
        ({"hours_since_waking": 3}, {}),
        ({"hours_since_waking": 1}, {"hour": 13}),  # five hours later
        ({"hours_since_waking": 1}, {"hours_since_exercise": 1.5}),
    ],
)
def test_what_makes_no_pair(cast: Cast, morning: dict[str, Any], afternoon: dict[str, Any]) -> None:
    grip(cast, "right", 360, ago(2), **{"hour": 8, **morning})
    grip(cast, "right", 250, ago(2), **{"hour": 16, **afternoon})
    [row] = rows(cast)
    assert (row.pairs, row.result.n) == ((), 0)
    assert row.readings_without_waking_time == 2 - len(morning)


def test_a_logged_session_counts_as_exercise(cast: Cast) -> None:
    pair(cast, 2)
    pair(cast, 4)
    session(cast, ago(2), hour=14, minutes=30)
    assert [one.on for one in rows(cast)[0].pairs] == [ago(4)]
    session(cast, ago(4), hour=17)
    assert [one.on for one in rows(cast)[0].pairs] == [ago(4)], "what came after the test is no exercise before it"


def test_a_morning_of_nought_is_no_valid_pair_and_ordinals_have_none(cast: Cast) -> None:
    grade(cast, "SHO_ABD", "right", "5", ago(1), hour=8, hours_since_waking=1)
    grade(cast, "SHO_ABD", "right", "4", ago(1), hour=16)
    assert rows(cast) == ()


def test_the_window_is_21_days_of_the_patients_own(cast: Cast) -> None:
    pair(cast, 21)
    assert rows(cast) == ()
    pair(cast, 20)
    assert [one.on for one in rows(cast)[0].pairs] == [ago(20)]


def test_the_context_tells_no_two_series_apart(cast: Cast) -> None:
    pair(cast, 1)
    force(cast, "SHO_ABD", "right", 190, ago(3))
    assert len(rows(cast)) == 1


@pytest.mark.parametrize("role", ["patient_user", "caregiver"])
def test_it_is_for_clinicians(cast: Cast, role: str) -> None:
    with pytest.raises(NotPermitted):
        fatigability.of_patient(viewer=cast.user(role), patient_id=cast.patient.pk, now=NOW)
