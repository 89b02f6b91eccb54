"""The doubts of a summary are those of the readings that its states compare, no more and no fewer."""

from datetime import date, timedelta
from typing import Any

from accounts.models import User
from rehab.analytics.series import token_of
from rehab.models import Patient
from rehab.services import baselines
from tests.conftest import Cast
from tests.programs import MONDAY, moment
from tests.selectors.test_summary_material import angle, of, record


def day(n: int) -> date:
    return MONDAY + timedelta(days=n)


def grade(patient: Patient, by: User, on: date, said: str, **changes: Any) -> Any:
    return record("strength", "mrc", patient, by, on, scale="MRC8", grade=said, **changes)


def said_of(patient: Patient) -> tuple[str, str | None, list[str]]:
    """Return state and threshold of the only series of the week, and the doubts about it."""
    found = of(patient)
    [one] = found.series
    return one.state, one.threshold_row, [doubt.code for doubt in found.quality]


def test_a_grade_reached_once_is_a_single_reading(cast: Cast) -> None:
    for n, said in ((-40, "3"), (-9, "3"), (0, "4")):
        grade(cast.patient, cast.therapist, day(n), said)
    assert said_of(cast.patient) == ("provisional_improved", "MRC_FULL_GRADE", ["single_reading"])
    grade(cast.patient, cast.therapist, day(3), "4")
    assert said_of(cast.patient) == ("improved", "MRC_FULL_GRADE", [])


def test_a_grade_that_waits_for_one_rater_is_no_single_reading(cast: Cast) -> None:
    for n, who in ((-40, "Anna"), (0, "Ben"), (3, "Ben")):
        grade(cast.patient, cast.therapist, day(n), "3" if n < 0 else "4", tester=who)
    assert said_of(cast.patient) == ("provisional_improved", "MRC_FULL_GRADE", ["changed_rater"])


def test_a_rater_of_readings_that_are_not_compared(cast: Cast) -> None:
    """The second day is more than two weeks after the first, so it is no part of the baseline."""
    for n, who in ((-60, "Anna"), (-40, "Ben"), (-20, "Ben"), (0, "Anna")):
        angle(cast.patient, cast.therapist, day(n), 91, rater=who)
    assert said_of(cast.patient) == ("stable", "ROM_FALLBACK_SAME", [])


def test_the_resolution_is_that_of_the_angles_compared(cast: Cast) -> None:
    for n, degrees in ((-60, 90), (-40, 93), (0, 95)):
        angle(cast.patient, cast.therapist, day(n), degrees, rater="Anna")
    found = of(cast.patient)
    assert [one.threshold_value for one in found.series] == [10]
    assert [one.code for one in found.quality] == ["low_resolution"]


def test_beside_a_baseline_that_was_set(cast: Cast) -> None:
    """What was measured before its day is not compared, whoever measured it."""
    for n, who in ((-60, "Ben"), (-55, "Ben"), (-20, "Anna"), (0, "Anna"), (3, "Anna")):
        key = angle(cast.patient, cast.therapist, day(n), 91, rater=who).series_key
    sent = {"patient": str(cast.patient.pk), "series": token_of(key), "starts_on": day(-20).isoformat(),
            "reason": "surgery"}  # fmt: skip
    baselines.set_baseline(sent, by=cast.therapist, now=moment(cast.patient, day(-19)))
    assert said_of(cast.patient) == ("stable", "ROM_FALLBACK_SAME", [])


def test_beside_a_value_that_was_set_nobody_is_the_rater(cast: Cast) -> None:
    for n in (-20, 0, 3):
        key = grade(cast.patient, cast.therapist, day(n), "3" if n < 0 else "4").series_key
    sent = {"patient": str(cast.patient.pk), "series": token_of(key), "starts_on": day(-10).isoformat(), "value": 4.0,
            "reason": "relapse"}  # fmt: skip
    baselines.set_baseline(sent, by=cast.therapist, now=moment(cast.patient, day(-9)))
    assert said_of(cast.patient) == ("provisional_improved", "MRC_FULL_GRADE", [])
