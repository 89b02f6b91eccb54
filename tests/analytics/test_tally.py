"""The counts for a caseload agree with the plain way of counting, whatever the plan."""

import datetime as dt
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rehab.analytics import adherence, plans
from rehab.analytics.plans import DoneSession, Phase
from rehab.analytics.tally import count, fill, streak, week_so_far

MONDAY = dt.date(2026, 3, 2)
DAY = st.integers(-10, 45).map(lambda n: MONDAY + dt.timedelta(days=n))
MODALITIES = ("fes", "weights")


@st.composite
def items(draw):
    """One item's phases: consecutive versions that share modality and order."""
    name, order = draw(st.sampled_from([("a", 0), ("b", 1), ("c", 2), ("d", 2)]))
    modality = draw(st.sampled_from(MODALITIES))
    cuts = sorted({draw(DAY) for _ in range(draw(st.integers(2, 4)))})
    found = []
    for first, following in itertools.pairwise(cuts):
        weekdays = draw(st.integers(0, 127))
        unit = draw(st.sampled_from(["repetitions", "minutes"]))
        dose = draw(st.sampled_from([None, 20.0, 30.0]))
        found.append(
            Phase(name, order, modality, first, following - dt.timedelta(days=1), weekdays,
                  0 if weekdays else draw(st.integers(1, 14)), dose, unit if dose else "")
        )  # fmt: skip
    return found


PLAN = st.lists(items(), max_size=4, unique_by=lambda phases: phases[0].item if phases else "")
SESSIONS = st.lists(
    st.tuples(
        DAY,
        st.sampled_from([None, None, "a", "b", "c"]),
        st.sampled_from(MODALITIES),
        st.booleans(),
        st.sampled_from([None, 10, 30, 50]),
        st.sampled_from([None, 5.0, 20.0]),
        st.booleans(),
    ),
    max_size=40,
)
EXCUSED = st.lists(st.tuples(DAY, DAY).map(sorted).map(tuple), max_size=3)


COUNTS = ("due", "completed", "partial", "missed", "excused", "extra", "recalled")
WEEK_COUNTS = ("planned", "completed", "partial", "missed", "left", "excused", "extra")


def slowly(phases, excused, sessions, *, first, today, last):
    due = plans.slots(phases=phases, excused=excused, first_on=first, last_on=last)
    done = [
        DoneSession(f"{n:03}", on, modality, completed, item, repetitions, minutes, recalled)
        for n, (on, item, modality, completed, repetitions, minutes, recalled) in enumerate(sessions)
    ]
    matched, extra = plans.match(due=due, sessions=done)
    added = plans.added(extra=extra)
    settled = plans.settled(due=plans.planned(matched=matched, until=today), today=today)
    whole = plans.planned(matched=matched, until=plans.monday_of(today) + dt.timedelta(days=6))
    return (
        adherence.compute(planned=settled, extra=added, first_on=first, last_on=last),
        adherence.week_so_far(planned=whole, extra=added, today=today),
    )


def numbers(phases, excused, sessions):
    rows = [
        (p.item, p.order, p.modality, p.first_on.toordinal(), p.last_on.toordinal(), p.weekdays, p.times_per_week,
         p.dose, p.dose_unit == "repetitions")
        for p in phases
    ]  # fmt: skip
    return {
        "phases": rows,
        "excused": [(low.toordinal(), high.toordinal()) for low, high in excused],
        "sessions": [(row[0].toordinal(), *row[1:]) for row in sessions],
    }


def quickly(phases, excused, sessions, *, first, today, last):
    filled = fill(**numbers(phases, excused, sessions), first=first.toordinal(), last=last.toordinal())
    window = {"first": first.toordinal(), "last": last.toordinal(), "today": today.toordinal()}
    return count(filled, **window), week_so_far(filled, today=today.toordinal())


@settings(max_examples=300)
@given(plan=PLAN, excused=EXCUSED, sessions=SESSIONS, begins=DAY, days=st.integers(0, 27), ago=st.sampled_from([0, 28]))
def test_both_ways_agree(plan, excused, sessions, begins, days, ago):
    phases = [phase for item in plan for phase in item]
    last = begins + dt.timedelta(days=days)
    today = last + dt.timedelta(days=ago)
    ordered = sorted((s for s in sessions if plans.monday_of(begins) <= s[0] <= today), key=lambda s: s[0])
    window = {"first": begins, "today": today, "last": last}
    (slow, slow_week), (fast, fast_week) = (ways(phases, excused, ordered, **window) for ways in (slowly, quickly))
    for name in COUNTS:
        assert getattr(fast, name) == getattr(slow, name), name
    assert fast.session_pct == pytest.approx(slow.session_pct)
    assert fast.dose_pct == pytest.approx(slow.dose_pct)
    for name in WEEK_COUNTS:
        assert getattr(fast_week, name) == getattr(slow_week, name), name
    assert slow_week.planned == sum(getattr(slow_week, name) for name in ("completed", "partial", "missed", "left"))


@given(plan=PLAN, excused=EXCUSED, sessions=SESSIONS)
def test_what_a_week_planned_is_what_was_due_of_it_when_it_is_over(plan, excused, sessions):
    phases = [phase for item in plan for phase in item]
    sunday = MONDAY + dt.timedelta(days=6)
    ordered = sorted((s for s in sessions if MONDAY <= s[0] <= sunday), key=lambda s: s[0])
    _window, running = slowly(phases, excused, ordered, first=MONDAY, today=sunday, last=sunday)
    after = sunday + dt.timedelta(days=1)
    over, _week = slowly(phases, excused, ordered, first=MONDAY, today=after, last=sunday)
    assert (running.planned, running.completed, running.excused) == (over.due, over.completed, over.excused)
    assert running.missed + running.partial + running.left == over.missed + over.partial
    assert running.extra == over.extra


@settings(max_examples=200)
@given(plan=PLAN, excused=EXCUSED, sessions=SESSIONS, begins=DAY, days=st.integers(0, 27))
def test_any_window_of_the_weeks_that_were_filled_can_be_counted(plan, excused, sessions, begins, days):
    phases = [phase for item in plan for phase in item]
    last = begins + dt.timedelta(days=days)
    today = last + dt.timedelta(days=1)
    begin, end = plans.monday_of(begins) - dt.timedelta(days=14), plans.monday_of(last) + dt.timedelta(days=6)
    ordered = sorted((s for s in sessions if begin <= s[0] <= last), key=lambda s: s[0])
    known = numbers(phases, excused, ordered)
    filled = fill(**known, first=begin.toordinal(), last=end.toordinal())
    window = {"first": begins.toordinal(), "last": last.toordinal(), "today": today.toordinal()}
    inside = [row for row in known["sessions"] if row[0] >= plans.monday_of(begins).toordinal()]
    alone = fill(**{**known, "sessions": inside}, first=window["first"], last=window["last"])
    assert count(filled, **window) == count(alone, **window)
    due = plans.slots(phases=phases, excused=excused, first_on=begin, last_on=end)
    done = [
        DoneSession(f"{n:03}", on, modality, completed, item, repetitions, minutes, recalled)
        for n, (on, item, modality, completed, repetitions, minutes, recalled) in enumerate(ordered)
    ]
    matched, _extra = plans.match(due=due, sessions=done)
    for until in (last, today):
        slow = adherence.streak(planned=plans.planned(matched=matched, until=until), until=until)
        assert streak(filled, until=until.toordinal())[0] == slow.n
    assert count(filled, **window).missed == sum(
        slot.session is None and not slot.excused and begins <= slot.on <= last for slot in matched
    )
