"""What was logged in the running week: minutes by kind, load, stimulation."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rehab.selectors.analyses import week
from rehab.selectors.analyses.week import Kind, Week
from tests.conftest import Cast
from tests.documents import FES_VECTOR
from tests.selectors.analyses.recording import TODAY, log

MONDAY, TUESDAY, SUNDAY_BEFORE = date(2026, 6, 8), date(2026, 6, 9), date(2026, 6, 7)


def logged(cast: Cast, variant: str, on: date, **fields: Any) -> None:
    log(cast, "sessions", variant, on, **fields)


def found(cast: Cast) -> Week:
    with CaptureQueriesContext(connection) as captured:
        result = week.of_patient(cast.patient.pk, today=TODAY)
    assert len(captured) == 1
    return result


def test_minutes_are_added_up_by_kind(cast: Cast) -> None:
    logged(cast, "aerobic", SUNDAY_BEFORE)
    logged(cast, "aerobic", MONDAY)
    logged(cast, "aerobic", TODAY, duration_min=15, session_rpe=2)
    logged(cast, "breathing", TUESDAY, duration_min=None)
    result = found(cast)
    assert result.kinds == (Kind("aerobic", 2, 40, 0), Kind("breathing", 1, None, 1))
    assert (result.first_on, result.rated, result.load, result.doses) == (MONDAY, 2, None, ())


def test_load_is_known_only_if_every_session_has_effort_and_minutes(cast: Cast) -> None:
    logged(cast, "aerobic", MONDAY)
    logged(cast, "aerobic", TODAY, duration_min=15, session_rpe=2)
    assert found(cast).load == 25 * 3 + 15 * 2
    logged(cast, "aerobic", TUESDAY, session_rpe=None)
    assert (found(cast).load, found(cast).rated) == (None, 2)


def test_stimulation_stands_by_muscle(cast: Cast) -> None:
    two = [{"muscle": "KNE_EXT", "side": "left"}, {"muscle": "ANK_DF", "side": "left"}]
    logged(cast, "fes", MONDAY, details={**FES_VECTOR, "channels": two})
    logged(cast, "fes", TUESDAY, details={**FES_VECTOR, "off_s": None})
    knee, ankle = found(cast).doses
    assert (knee.muscle, knee.n, knee.on_time_minutes) == ("KNE_EXT", 2, None)
    assert (ankle.muscle, ankle.n) == ("ANK_DF", 1)
    assert ankle.on_time_minutes == pytest.approx(456 / 60)


def test_a_week_without_sessions_is_empty(cast: Cast) -> None:
    logged(cast, "aerobic", SUNDAY_BEFORE)
    result = found(cast)
    assert (result.kinds, result.rated, result.load, result.doses) == ((), 0, 0, ())
