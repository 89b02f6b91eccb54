import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import fes, fes_weekly
from rehab.analytics.fes_weekly import ChannelSession

MONDAY = dt.date(2026, 3, 2)
WORKED = {
    "waveform": "symmetric_biphasic",
    "amplitude_milliamps": 40,
    "phase_duration_microseconds": 300,
    "frequency_hertz": 35,
    "on_seconds": 12,
    "off_seconds": 20,
    "ramp_up_seconds": 2,
    "ramp_down_seconds": 2,
    "duration_minutes": 20,
}


def session(day, muscle="ANK_DF", side="left", channel="1", **changes):
    dose = fes.compute(**{**WORKED, **changes})
    on = MONDAY + dt.timedelta(days=day)
    return ChannelSession(
        id=f"{day}-{channel}-{muscle}-{side}", on=on, channel=channel, muscle=muscle, side=side, dose=dose
    )


def week(*sessions):
    return fes_weekly.week(sessions=sessions, monday=MONDAY)


def test_sums_of_one_channel_and_muscle():
    (found,) = week(session(4), session(0), session(2), session(7), session(-1))
    assert (found.channel, found.muscle, found.side, found.n) == ("1", "ANK_DF", "left", 3)
    assert (found.pulses, found.on_time_minutes) == pytest.approx((3 * 15960, 3 * 7.6))
    assert found.delivered_phase_charge_millicoulombs == pytest.approx(3 * 159.6)
    assert (found.first_on, found.last_on) == (MONDAY, MONDAY + dt.timedelta(days=4))
    assert (len(found.ids), found.method) == (3, "fes_weekly/1")


def test_muscles_sides_and_channels_are_never_added():
    found = week(session(0), session(0, muscle="KNE_EXT"), session(0, side="right"), session(0, channel="2"))
    assert [(row.channel, row.muscle, row.side) for row in found] == [
        ("1", "ANK_DF", "left"),
        ("1", "ANK_DF", "right"),
        ("1", "KNE_EXT", "left"),
        ("2", "ANK_DF", "left"),
    ]


@pytest.mark.parametrize(
    ("absent", "pulses", "minutes"),
    [
        ("ramp_up_seconds", True, True),
        ("amplitude_milliamps", True, True),
        ("frequency_hertz", False, True),
        ("off_seconds", False, False),
    ],
)
def test_unknown_is_not_zero(absent, pulses, minutes):
    (found,) = week(session(0), session(2, **{absent: None}))
    assert found.delivered_phase_charge_millicoulombs is None
    assert (found.pulses is not None, found.on_time_minutes is not None) == (pulses, minutes)


def test_nothing_and_no_monday():
    assert week() == ()
    with pytest.raises(ValueError, match="is no Monday"):
        fes_weekly.week(sessions=[], monday=MONDAY + dt.timedelta(days=3))


@given(data=st.data())
def test_the_order_changes_nothing(data):
    rows = [session(0), session(1), session(0, muscle="KNE_EXT"), session(3, off_seconds=None)]
    assert week(*data.draw(st.permutations(rows))) == week(*rows)
