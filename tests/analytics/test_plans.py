import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import adherence, plans
from rehab.analytics.plans import DoneSession, Phase

MONDAY = dt.date(2026, 3, 2)
SUNDAY = dt.date(2026, 3, 8)
FOREVER = dt.date(2026, 12, 31)
DAILY, MWF = 127, 0b10101


def day(n):
    return MONDAY + dt.timedelta(days=n)


def phase(item="a", *, order=0, modality="fes", first=0, last=None, weekdays=0, times=0, dose=None, unit="minutes"):
    return Phase(item, order, modality, day(first), FOREVER if last is None else day(last), weekdays, times, dose,
                 unit if dose else "")  # fmt: skip


def done(n, item=None, *, name=None, modality="fes", completed=True, **more):
    return DoneSession(name or f"{n:02}", day(n), modality, completed, item, **more)


def counted(phases, sessions=(), *, excused=(), today=6, first=0):
    due = plans.slots(phases=phases, excused=excused, first_on=day(first), last_on=day(today))
    matched, extra = plans.match(due=due, sessions=sessions)
    planned = plans.settled(due=plans.planned(matched=matched, until=day(today)), today=day(today))
    return adherence.compute(planned=planned, extra=plans.added(extra=extra), first_on=day(first), last_on=day(today))


def so_far(phases, sessions=(), *, excused=(), today):
    due = plans.slots(phases=phases, excused=excused, first_on=MONDAY, last_on=day(today))
    matched, extra = plans.match(due=due, sessions=sessions)
    planned = plans.planned(matched=matched, until=day(13))
    found = adherence.week_so_far(planned=planned, extra=plans.added(extra=extra), today=day(today))
    return found.planned, found.completed, found.partial, found.missed, found.left


def test_weekdays_are_due_on_their_days():
    found = plans.slots(phases=[phase(weekdays=MWF)], excused=[], first_on=MONDAY, last_on=MONDAY)
    assert [slot.on for slot in found] == [day(0), day(2), day(4)]
    assert found[0].id == "a/2026-03-02/0"
    result = counted([phase(weekdays=MWF)], [done(0), done(4)])
    assert (result.due, result.completed, result.session_pct) == (3, 2, pytest.approx(200 / 3))


def test_times_a_week_fall_due_together_at_the_end_of_the_week():
    rows = [done(0), done(1)]
    assert counted([phase(times=3)], rows, today=5).due == 0
    result = counted([phase(times=3)], rows, today=7)
    assert (result.due, result.completed, result.extra) == (3, 2, 0)
    assert counted([phase(times=2)], [*rows, done(2)], today=7).extra == 1


def test_the_running_week_says_what_is_done_and_what_is_left():
    rows = [done(0), done(1, completed=False)]
    assert so_far([phase(times=3)], rows, today=2) == (3, 1, 0, 0, 2)
    assert so_far([phase(times=3)], rows, today=6) == (3, 1, 0, 0, 2)  # Sunday is not over
    result = counted([phase(times=3)], rows, today=7)
    assert (result.due, result.completed, result.partial, result.missed) == (3, 1, 1, 1)
    # Monday done, Tuesday in part, Wednesday not; Thursday is today.
    assert so_far([phase(weekdays=DAILY)], rows, today=3) == (7, 1, 1, 1, 4)
    assert so_far([phase(weekdays=DAILY)], rows, today=1) == (7, 1, 0, 0, 6)
    assert so_far([phase(weekdays=DAILY)], rows, excused=[(day(2), day(5))], today=3) == (3, 1, 1, 0, 1)
    assert so_far([phase(times=3)], [done(n) for n in range(4)], today=4) == (3, 3, 0, 0, 0)
    assert so_far([phase(times=3, last=3)], rows, today=4) == (2, 1, 1, 0, 0)  # it ended on Thursday
    assert so_far([], rows, today=2) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("first", "last", "due"),
    [(0, 6, 3), (1, 6, 3), (2, 6, 2), (4, 6, 1), (5, 6, 1), (6, 6, 0), (0, 2, 1)],
)
def test_a_week_cut_short_asks_for_the_whole_number_nearest_to_the_share(first, last, due):
    assert counted([phase(times=3, first=first, last=last)], today=13).due == due


def test_excused_days_leave_the_denominator():
    excused = [(day(2), day(3)), (day(3), day(3))]
    result = counted([phase(weekdays=DAILY)], excused=excused, today=7)
    assert (result.due, result.excused) == (5, 2)
    result = counted([phase(times=3)], excused=excused, today=7)
    assert (result.due, result.excused) == (2, 1)  # 3 × 5/7 = 2.14
    done_anyway = counted([phase(weekdays=DAILY)], [done(2)], excused=excused, today=7)
    assert (done_anyway.due, done_anyway.completed, done_anyway.extra) == (5, 0, 1)


@pytest.mark.parametrize(
    ("times", "excused_days", "due"),
    [
        *((1, n, 1) for n in (0, 1, 2, 3)), *((1, n, 0) for n in (4, 5, 6, 7)),
        (2, 1, 2), (2, 5, 1), (2, 6, 0), (3, 1, 3), (3, 2, 2), (3, 5, 1), (5, 1, 4), (7, 1, 6), (7, 6, 1), (14, 3, 8),
    ],
)  # fmt: skip
def test_excused_days_lower_times_a_week_by_their_share_only(times, excused_days, due):
    excused = [(day(0), day(excused_days - 1))] if excused_days else []
    result = counted([phase(times=times)], excused=excused, today=7)
    assert (result.due, result.excused) == (due, times - due)


@given(times=st.integers(1, 14), days=st.integers(0, 7))
def test_what_is_due_of_a_week_can_be_done_in_it(times, days):
    due = plans.due_in_week(times_per_week=times, days=days)
    assert due <= min(times, days * -(-times // 7))
    assert due >= 1 or days < 4
    assert abs(due - times * days / 7) < 0.5


def test_past_days_keep_the_dose_that_was_due_then():
    phases = [phase(weekdays=DAILY, last=1, dose=10.0), phase(weekdays=DAILY, first=2, last=3, dose=20.0)]
    rows = [done(n, minutes=10.0) for n in range(4)]
    result = counted(phases, rows)
    assert (result.due, result.completed, result.dose_pct) == (4, 4, 75)


def test_a_change_from_days_to_times_within_a_week():
    phases = [phase(weekdays=DAILY, last=1), phase(times=7, first=2)]
    result = counted(phases, [done(n) for n in range(7)], today=7)
    assert (result.due, result.completed, result.extra) == (7, 7, 0)


def test_a_named_item_counts_for_itself_and_others_for_the_first_of_their_kind():
    phases = [phase("a", weekdays=DAILY), phase("b", order=1, weekdays=DAILY)]
    due = plans.slots(phases=phases, excused=[], first_on=MONDAY, last_on=MONDAY)
    matched, extra = plans.match(
        due=due, sessions=[done(0, name="x"), done(0, "a", name="y"), done(0, name="z"), done(0, "gone", name="w")]
    )
    by_item = {slot.item: slot.session.id for slot in matched if slot.on == MONDAY}
    assert by_item == {"a": "y", "b": "x"}
    assert [session.id for session in extra] == ["w", "z"]


def test_another_kind_or_another_day_is_extra():
    result = counted([phase(weekdays=MWF)], [done(1), done(0, modality="weights"), done(3, "a")], today=7)
    assert (result.completed, result.extra) == (0, 3)


def test_the_day_comes_before_the_week_and_completed_before_partial():
    phases = [phase("a", times=7), phase("b", order=1, weekdays=1)]
    due = plans.slots(phases=phases, excused=[], first_on=MONDAY, last_on=MONDAY)
    partial, whole = done(0, name="x", completed=False), done(0, name="y")
    matched, _extra = plans.match(due=due, sessions=[partial, whole])
    taken = {slot.session.id: slot.item for slot in matched if slot.session}
    assert taken == {"y": "b", "x": "a"}


def test_a_partial_session_counts_by_its_dose():
    phases = [phase(weekdays=0b111, dose=30.0, unit="repetitions")]
    rows = [done(0, repetitions=45), done(1, completed=False, repetitions=15), done(2, completed=False)]
    result = counted(phases, rows)
    assert (result.completed, result.dose_pct) == (1, 50)


def test_a_dose_that_was_not_recorded_is_whole_if_the_session_was_completed():
    result = counted([phase(weekdays=0b111, dose=30.0, unit="repetitions")], [done(n, minutes=5.0) for n in range(3)])
    assert result.dose_pct == 100


def test_what_is_due_today_is_not_missed_before_the_day_is_over():
    phases = [phase(weekdays=DAILY)]
    assert counted(phases, [done(0)], today=1).due == 1
    assert counted(phases, [done(0), done(1)], today=1).due == 2
    assert counted(phases, [done(1, completed=False)], today=1).extra == 0
    assert counted([phase(times=2)], [done(0)], today=6).due == 1


def test_recalled_sessions_are_counted():
    assert counted([phase(weekdays=DAILY)], [done(0, recalled=True), done(0, recalled=True)]).recalled == 2
