"""Readings that are kept but say nothing of a change: girth over swelling; and angles of a visit read to 5°."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import losses, trend
from rehab.analytics.declines import decline_of
from rehab.analytics.quick import QuickState, state_of
from rehab.analytics.readings import Reading
from rehab.analytics.series import SetBaseline, Subject, assessed
from rehab.analytics.series_descriptions import describe

START = dt.date(2026, 3, 2)
CALF = describe(kind="girth", details={"site": "CALF_MAX", "side": "left"})
KNEE = describe(kind="rom", details={"motion": "KNE_FLEX", "side": "left", "rom_type": "AROM"})
NOBODY = Subject()


def girth(day, value, *, swelling=False):
    return Reading(f"{day}", START + dt.timedelta(days=day), value, "r", swelling=swelling)


def angle(day, value, *, coarse=False):
    return Reading(f"{day}", START + dt.timedelta(days=day), value, "r", coarse_visit=coarse)


def change_of(readings, description=CALF, baseline=None):
    return assessed(description=description, readings=readings, subject=NOBODY, set_baseline=baseline).change


class TestSwelling:
    def test_a_swollen_limb_has_not_improved(self):
        found = change_of(
            [girth(0, 36.0), girth(7, 36.0), girth(30, 40.0, swelling=True), girth(37, 40.0, swelling=True)]
        )
        assert (found.state, found.current, found.excluded_ids) == ("stable", 36.0, ("30", "37"))

    def test_nor_is_swelling_that_went_down_a_loss(self):
        readings = [girth(0, 40.0, swelling=True), girth(7, 40.0, swelling=True), girth(30, 36.0), girth(37, 36.0)]
        assert change_of(readings).baseline == 36.0
        assert decline_of(description=CALF, readings=readings, subject=NOBODY) is None
        assert losses.courses(description=CALF, readings=readings, subject=NOBODY) == ((), ())

    def test_nothing_else_says_why(self):
        found = change_of([girth(0, 36.0, swelling=True), girth(30, 40.0, swelling=True)])
        assert (found.state, found.reason, found.n) == ("insufficient_data", "only_swelling", 0)

    def test_a_baseline_of_a_clinician_is_compared_with_what_is_not_swollen(self):
        readings = [girth(7, 40.0, swelling=True), girth(14, 36.2)]
        found = change_of(readings, baseline=SetBaseline(START, 36.0))
        assert (found.state, found.current) == ("stable", 36.2)

    def test_a_decline_goes_on_over_a_swollen_day(self):
        thin = [girth(0, 40.0), girth(7, 40.0), girth(30, 36.0), girth(37, 36.0)]
        found = decline_of(description=CALF, readings=[*thin, girth(40, 41.0, swelling=True)], subject=NOBODY)
        before = decline_of(description=CALF, readings=thin, subject=NOBODY)
        assert (found.days, found.confirmed_on) == (before.days, before.confirmed_on)
        assert found.change.excluded_ids == ("40",)

    def test_a_trend_leaves_it_out(self):
        readings = [girth(7 * n, 36.0 + n, swelling=n > 4) for n in range(8)]
        assert trend.theil_sen(readings=readings, until=START + dt.timedelta(days=60)).n == 5


class TestCoarseVisits:
    def test_one_coarse_visit_among_the_days_compared_raises_the_threshold(self):
        fine = [angle(0, 93), angle(30, 100)]
        assert change_of(fine, KNEE).threshold_value == 7
        for coarse in ([angle(0, 93), angle(30, 100, coarse=True)], [angle(0, 90, coarse=True), angle(30, 101)]):
            found = change_of(coarse, KNEE)
            assert found.threshold_value == 10

    def test_a_coarse_visit_that_is_not_compared_changes_nothing(self):
        readings = [angle(0, 93), angle(7, 93), angle(30, 95, coarse=True), angle(60, 101), angle(67, 101)]
        assert change_of(readings, KNEE).threshold_value == 7

    def test_angles_alone_at_their_visits_are_judged_together(self):
        assert change_of([angle(0, 90), angle(30, 100)], KNEE).threshold_value == 10
        assert change_of([angle(0, 90), angle(30, 101)], KNEE).threshold_value == 7

    @given(st.lists(st.tuples(st.integers(0, 20), st.integers(80, 120), st.booleans()), max_size=8))
    def test_the_caseload_agrees(self, drawn):
        coarse = {START + dt.timedelta(days=7 * day) for day, _value, flag in drawn if flag}
        readings = [
            Reading(f"{i}", on := START + dt.timedelta(days=7 * day), float(value), "r", coarse_visit=on in coarse)
            for i, (day, value, _flag) in enumerate(drawn)
        ]
        days = sorted({reading.on for reading in readings})
        rows = [(one.on, one.value, "r") for one in readings if one.on in {*days[:2], *days[-2:]}]
        quick = state_of(rows=rows, days=len(days), description=KNEE, subject=NOBODY, coarse_on=coarse)
        assert quick == QuickState.of(change_of(readings, KNEE))
