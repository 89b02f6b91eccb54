"""Weekly load, monotony and strain from what was logged."""

from datetime import date, timedelta
from random import Random

import pytest

from rehab.errors import NotFound
from rehab.selectors.analyses import load
from rehab.selectors.analyses.load import LoadWeek
from rehab.services import records
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.selectors.analyses.recording import NOW, TODAY, log, session

MONDAY = date(2026, 6, 1)  # the week before the running one


def weeks(cast: Cast, count: int = 2) -> tuple[LoadWeek, ...]:
    return load.of_patient(viewer=cast.therapist, patient_id=cast.patient.pk, weeks=count, now=NOW).weeks


def on(day: int) -> date:
    return MONDAY + timedelta(days=day)


def test_the_worked_week(cast: Cast) -> None:
    made = [session(cast, on(day), minutes=minutes) for day, minutes in ((0, 20), (2, 30), (4, 40))]
    last, running = weeks(cast)
    found = last.load
    assert found.daily == (100, 0, 150, 0, 200, 0, 0)
    assert found.weekly == 450
    assert found.mean == pytest.approx(64.29, abs=0.005)
    assert found.sd == pytest.approx(85.22, abs=0.005)
    assert found.monotony == pytest.approx(0.754, abs=0.0005)
    assert found.strain == pytest.approx(339.5, abs=0.05)
    assert (found.n, found.first_on, found.last_on) == (3, MONDAY, on(6))
    assert found.ids == tuple(str(row.pk) for row in made)
    assert found.method == "load/1"
    assert (last.in_progress, last.reason) == (False, None)
    assert (last.change_pct, last.change_reason) == (None, "no_load_the_week_before")
    assert running.load.first_on == on(7)


def test_the_running_week_is_counted_so_far_and_compared_with_nothing(cast: Cast) -> None:
    session(cast, on(0))
    session(cast, TODAY, minutes=10)
    running = weeks(cast, 1)[0]
    assert running.load.daily == (0, 0, 50, None, None, None, None)
    assert (running.load.weekly, running.load.monotony, running.load.strain) == (50, None, None)
    assert (running.in_progress, running.reason) == (True, "week_in_progress")
    assert (running.change_pct, running.change_reason) == (None, "week_in_progress")


@pytest.mark.parametrize(("minutes", "rpe"), [(20, None), (None, 5)])
def test_one_unknown_day_makes_the_week_unknown(cast: Cast, minutes: float | None, rpe: int | None) -> None:
    session(cast, on(-7))
    session(cast, on(0))
    session(cast, on(3), minutes=minutes, rpe=rpe)
    last = weeks(cast)[0]
    assert last.load.daily[3] is None
    assert {last.load.weekly, last.load.mean, last.load.monotony, last.load.strain} == {None}
    assert (last.reason, last.change_reason) == ("effort_or_duration_missing", "load_unknown")


def test_a_week_without_a_session_is_rest(cast: Cast) -> None:
    last = weeks(cast)[0]
    assert (last.load.weekly, last.load.monotony, last.reason) == (0, None, "every_day_alike")


def test_change_from_week_to_week(cast: Cast) -> None:
    session(cast, on(-7), minutes=20, rpe=4)
    session(cast, on(0), minutes=20, rpe=5)
    assert weeks(cast)[0].change_pct == 25
    session(cast, on(2), status="skipped", reason="time", minutes=None, rpe=None, details=None)
    assert weeks(cast)[0].change_pct == 25, "what was skipped is no load"


def test_what_was_entered_in_error_counts_for_nothing(cast: Cast) -> None:
    wrong = session(cast, on(0))
    session(cast, on(1))
    records.enter_in_error(
        KINDS["sessions"], wrong.pk, reason="wrong patient", expected_version=1, by=cast.therapist, now=NOW
    )
    assert weeks(cast)[0].load.daily[:2] == (0, 100)


def test_days_are_those_of_the_patients_own_zone(cast: Cast) -> None:
    session(cast, on(6), hour=23.9)  # still Sunday in Shanghai
    assert weeks(cast)[0].load.daily[6] == 100


def test_the_order_in_which_it_was_logged_changes_nothing(cast: Cast) -> None:
    plan = [(day, 10.0 + day, 1 + day) for day in range(7)]
    Random(1).shuffle(plan)
    for day, minutes, rpe in plan:
        session(cast, on(day), minutes=minutes, rpe=rpe)
    assert weeks(cast)[0].load.daily == tuple((10 + day) * (1 + day) for day in range(7))


def test_every_modality_counts(cast: Cast) -> None:
    log(cast, "sessions", "fes", on(0))
    assert weeks(cast)[0].load.weekly == 60


def test_a_stranger_finds_nothing(cast: Cast) -> None:
    with pytest.raises(NotFound):
        load.of_patient(viewer=cast.colleague, patient_id=cast.patient.pk, weeks=1, now=NOW)
