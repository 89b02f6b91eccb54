"""Weekly stimulation dose per channel and muscle from what was logged."""

from datetime import date
from typing import Any

import pytest

from rehab.analytics.fes_weekly import WeeklyDose
from rehab.selectors.analyses import fes_dose
from tests.conftest import Cast
from tests.documents import FES_VECTOR
from tests.selectors.analyses.recording import NOW, log

TUESDAY, FRIDAY = date(2026, 6, 2), date(2026, 6, 5)
TWO = [{"muscle": "KNE_EXT", "side": "left"}, {"muscle": "ANK_DF", "side": "left"}]


def fes(cast: Cast, on: date, **details: Any) -> str:
    return str(log(cast, "sessions", "fes", on, details={**FES_VECTOR, **details}).pk)


def doses(cast: Cast) -> tuple[WeeklyDose, ...]:
    found = fes_dose.of_patient(viewer=cast.therapist, patient_id=cast.patient.pk, weeks=2, now=NOW).weeks
    assert [(week.monday, week.in_progress) for week in found] == [
        (date(2026, 6, 1), False),
        (date(2026, 6, 8), True),
    ]
    assert found[1].doses == ()
    return found[0].doses


def test_the_test_vector_twice(cast: Cast) -> None:
    ids = (fes(cast, TUESDAY), fes(cast, FRIDAY))
    [dose] = doses(cast)
    assert (dose.channel, dose.muscle, dose.side) == ("1", "KNE_EXT", "left")
    assert dose.pulses == 2 * 15_960
    assert dose.on_time_minutes == pytest.approx(2 * 456 / 60)
    assert dose.delivered_phase_charge_millicoulombs == pytest.approx(2 * 12 * 15_960 * (10 / 12) / 1000)
    assert (dose.n, dose.first_on, dose.last_on, dose.ids) == (2, TUESDAY, FRIDAY, ids)
    assert dose.method == "fes_weekly/1"


def test_muscles_are_never_added_together(cast: Cast) -> None:
    fes(cast, TUESDAY, channels=TWO)
    assert [(dose.channel, dose.muscle, dose.pulses) for dose in doses(cast)] == [
        ("1", "KNE_EXT", 15_960),
        ("2", "ANK_DF", 15_960),
    ]


def test_what_is_missing_is_unknown_not_nothing(cast: Cast) -> None:
    fes(cast, TUESDAY)
    fes(cast, FRIDAY, ramp_up_s=None)
    [dose] = doses(cast)
    assert dose.pulses == 2 * 15_960
    assert dose.delivered_phase_charge_millicoulombs is None


def test_other_sessions_are_no_stimulation(cast: Cast) -> None:
    log(cast, "sessions", "aerobic", TUESDAY)
    assert doses(cast) == ()
