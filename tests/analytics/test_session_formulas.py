import pytest

from rehab.analytics import sessions
from rehab.reference.bands import force_newtons
from rehab.reference.immersion import percent_carried


def test_session_load():
    assert sessions.session_load(rpe=5, duration_minutes=30) == 150
    assert sessions.session_load(rpe=0, duration_minutes=30) == 0
    for rpe in (-1, 10.5, float("nan")):
        with pytest.raises(ValueError, match="rpe must be between 0 and 10"):
            sessions.session_load(rpe=rpe, duration_minutes=30)
    with pytest.raises(ValueError, match="duration_minutes must be 0 or above"):
        sessions.session_load(rpe=5, duration_minutes=-1)


def test_elongation():
    assert sessions.elongation_pct(rest_length_cm=30, stretched_length_cm=60) == 100
    assert sessions.elongation_pct(rest_length_cm=30, stretched_length_cm=30) == 0
    with pytest.raises(ValueError, match="rest_length_cm must be above 0"):
        sessions.elongation_pct(rest_length_cm=0, stretched_length_cm=60)
    with pytest.raises(ValueError, match="below rest_length_cm"):
        sessions.elongation_pct(rest_length_cm=30, stretched_length_cm=29)


def test_volume_load_of_a_listed_band():
    force = force_newtons(product_code="theraband_red", elongation_pct=150)
    assert sessions.band_volume_load(repetitions_per_set=[10, 10, 8], force_newtons=force) == pytest.approx(574)
    assert sessions.band_volume_load(
        repetitions_per_set=[10, 10, 8], force_newtons=force, bands_in_parallel=2
    ) == pytest.approx(1148)


def test_isometric_impulse():
    assert (
        sessions.isometric_impulse(repetitions_per_set=[5, 3], force_newtons=20, hold_seconds=6, bands_in_parallel=2)
        == 1920
    )


def test_without_a_force_there_is_no_load():
    assert sessions.band_volume_load(repetitions_per_set=[10], force_newtons=None) is None
    assert sessions.isometric_impulse(repetitions_per_set=[10], force_newtons=None, hold_seconds=5) is None


def test_no_sets_are_no_load():
    assert sessions.band_volume_load(repetitions_per_set=[], force_newtons=20) == 0
    assert sessions.time_under_tension(repetitions_per_set=[], tempo="3-1-2-0") == 0


def test_band_work_refusals():
    with pytest.raises(ValueError, match="repetitions of set 2 must be 0 or above"):
        sessions.band_volume_load(repetitions_per_set=[10, -1], force_newtons=20)
    with pytest.raises(ValueError, match="bands_in_parallel must be 1 or more"):
        sessions.band_volume_load(repetitions_per_set=[10], force_newtons=None, bands_in_parallel=0)
    with pytest.raises(ValueError, match="force_newtons must be 0 or above"):
        sessions.band_volume_load(repetitions_per_set=[10], force_newtons=-1)
    with pytest.raises(ValueError, match="hold_seconds must be 0 or above"):
        sessions.isometric_impulse(repetitions_per_set=[10], force_newtons=20, hold_seconds=-1)


def test_tempo():
    assert sessions.parse_tempo(tempo="3-1-2-0") == (3, 1, 2, 0)
    assert sessions.time_under_tension(repetitions_per_set=[8, 8], tempo="2-0.5-1-0") == 56


@pytest.mark.parametrize("tempo", ["", "3-1-2", "3-1-2-0-1", "3-x-2-0", "-3-1-2-0", "3 1 2 0", "3-1-2-0\n", "３-1-2-0"])
def test_what_is_not_a_tempo(tempo):
    with pytest.raises(ValueError, match="tempo must be four numbers"):
        sessions.parse_tempo(tempo=tempo)


def test_carried_load():
    share = percent_carried(level="xiphisternum", sex="male")
    assert sessions.carried_load_kg(body_mass_kg=70, carried_pct=share.mean_pct) == pytest.approx(24.71)
    with pytest.raises(ValueError, match="carried_pct must be between 0 and 100"):
        sessions.carried_load_kg(body_mass_kg=70, carried_pct=101)
    with pytest.raises(ValueError, match="body_mass_kg must be above 0"):
        sessions.carried_load_kg(body_mass_kg=0, carried_pct=50)


def test_percent_body_weight():
    assert sessions.percent_body_weight(load_kg=14, body_mass_kg=70) == pytest.approx(20)
    with pytest.raises(ValueError, match="load_kg must be 0 or above"):
        sessions.percent_body_weight(load_kg=-1, body_mass_kg=70)


def test_gait_speed():
    assert sessions.gait_speed(distance_metres=10, time_seconds=8) == 1.25
    with pytest.raises(ValueError, match="time_seconds must be above 0"):
        sessions.gait_speed(distance_metres=10, time_seconds=0)
