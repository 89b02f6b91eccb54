import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import adherence
from rehab.analytics.adherence import ExtraSession, PlannedSession

MONDAY = dt.date(2026, 3, 2)
SUNDAY = dt.date(2026, 3, 8)


def planned(day, completed=False, **options):
    on = MONDAY + dt.timedelta(days=day)
    return PlannedSession(id=f"p{day:02}{options.pop('suffix', '')}", on=on, completed=completed, **options)


def compute(*rows, extra=(), first_on=MONDAY, last_on=SUNDAY):
    return adherence.compute(planned=rows, extra=extra, first_on=first_on, last_on=last_on)


def test_sessions_and_dose():
    rows = [
        planned(0, True, prescribed=30, done=45),
        planned(1, prescribed=30, done=15, recalled=True),
        planned(2, prescribed=30),
        planned(3, True, prescribed=20, done=20),
        planned(4, excused=True, prescribed=30),
        planned(7, True, prescribed=30, done=30),
    ]
    extra = [ExtraSession("x", MONDAY, recalled=True), ExtraSession("y", MONDAY + dt.timedelta(days=9))]
    found = compute(*rows, extra=extra)
    assert (found.due, found.n, found.completed, found.excused, found.extra, found.recalled) == (4, 4, 2, 1, 1, 2)
    assert (found.session_pct, found.dose_pct) == (50, 62.5)
    assert (found.first_on, found.last_on) == (MONDAY, SUNDAY)
    assert found.ids == ("p00", "p01", "p02", "p03", "p04", "x")
    assert found.method == "adherence/2"


def test_below_three_due_only_counts():
    found = compute(
        planned(0, True, prescribed=1, done=1), planned(1, True, prescribed=1, done=1), planned(2, excused=True)
    )
    assert (found.due, found.completed, found.session_pct, found.dose_pct) == (2, 2, None, None)


def test_a_due_session_without_a_prescribed_dose_leaves_the_dose_unknown():
    found = compute(*(planned(day, True, prescribed=1, done=1) for day in (0, 1)), planned(2, True))
    assert (found.session_pct, found.dose_pct) == (100, None)


def test_windows():
    assert adherence.iso_week(day=MONDAY) == adherence.iso_week(day=SUNDAY) == (MONDAY, SUNDAY)
    first, last = adherence.rolling_window(until=SUNDAY)
    assert ((last - first).days, last) == (27, SUNDAY)


@pytest.mark.parametrize(("hours", "recalled"), [(0, False), (48, False), (48.1, True)])
def test_recalled_after_48_hours(hours, recalled):
    performed = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    logged = performed + dt.timedelta(hours=hours)
    assert adherence.is_recalled(performed_at=performed, logged_at=logged) is recalled


class TestStreak:
    def count(self, *rows, until=SUNDAY):
        return adherence.streak(planned=rows, until=until)

    def test_from_the_last_due_day_back(self):
        found = self.count(planned(0), planned(1, True), planned(3, True), planned(5, True))
        assert (found.n, found.ids) == (3, ("p01", "p03", "p05"))
        assert (found.first_on, found.last_on) == (MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=5))

    def test_excused_days_neither_count_nor_break(self):
        assert self.count(planned(0, True), planned(1, excused=True), planned(2, True)).n == 2

    def test_every_session_of_a_day(self):
        assert self.count(planned(1, True), planned(2, True, suffix="a"), planned(2, suffix="b")).n == 0
        both = self.count(planned(1, True), planned(2, True, suffix="b"), planned(2, True, suffix="a"))
        assert (both.n, both.ids) == (2, ("p01", "p02a", "p02b"))

    def test_today_does_not_break_it_yet(self):
        rows = [planned(4, True), planned(5, True), planned(6)]
        assert self.count(*rows).n == 2
        assert self.count(*rows, until=SUNDAY + dt.timedelta(days=1)).n == 0

    def test_none_and_later_days(self):
        found = self.count(planned(9, True))
        assert (found.n, found.first_on, found.last_on, found.ids) == (0, None, None, ())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: compute(planned(0, prescribed=0)), "dose prescribed of p00 must be above 0"),
        (lambda: compute(planned(0, done=-1)), "dose done of p00 must be 0 or above"),
        (lambda: compute(first_on=SUNDAY, last_on=MONDAY), "before it starts"),
    ],
)
def test_what_cannot_be_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


ROWS = st.lists(
    st.builds(
        planned,
        st.integers(0, 6),
        st.booleans(),
        excused=st.booleans(),
        prescribed=st.just(10),
        done=st.integers(0, 20),
    ),
    unique_by=lambda row: row.id,
)


@given(rows=ROWS, data=st.data())
def test_order_changes_nothing_and_no_percentage_exceeds_100(rows, data):
    found = compute(*rows)
    shuffled = data.draw(st.permutations(rows))
    assert compute(*shuffled) == found
    assert adherence.streak(planned=shuffled, until=SUNDAY) == adherence.streak(planned=rows, until=SUNDAY)
    assert found.session_pct is None or 0 <= found.session_pct <= 100
    assert found.dose_pct is None or 0 <= found.dose_pct <= 100
