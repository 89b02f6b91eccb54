"""From the material of a period to the payload of a patient's summary: pure, so that it may be built twice or anew.

Contents: ``analytics.md`` §11. Which notes, doses and days are told of is a convention of this project.
"""

import datetime as dt
import itertools
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from rehab.analytics import adherence, change, load, summary_articles, trend
from rehab.analytics.plans import due_in_week
from rehab.analytics.summaries import PatientSummary
from rehab.analytics.summary_material import TWELVE_WEEKS, WEEK, Material, SessionOf, monday_of
from rehab.analytics.summary_series import quality_of, series_of
from rehab.analytics.tally import PhaseRow, Tally, count, streak

METHODS = (change.METHOD, trend.METHOD, adherence.METHOD, load.METHOD)
_date = dt.date.fromordinal
#: Where no library is asked for.
NO_ARTICLES: Mapping[str, frozenset[str]] = MappingProxyType({})


def patient_summary(material: Material, *, articles: Mapping[str, frozenset[str]] = NO_ARTICLES) -> PatientSummary:
    """Return the summary of a day, a week or four weeks.

    ``articles``: by slug, the conditions that an article is never shown to.
    """
    window = material.window
    inside = in_period(material)
    counts = counts_of(material, inside)
    series = series_of(material)
    notes = _notes(material, counts)
    declined = any(one["state"] == "declined" for one in series)
    return PatientSummary.model_validate(
        {
            "period": window.period,
            "starts_on": window.starts_on,
            "ends_on": window.ends_on,
            "time_zone": material.time_zone,
            "notes": notes,
            "counts": counts,
            "adherence": adherence_of(material),
            "doses": _doses(inside),
            "load": _load(material) if window.period == "week" else None,
            "symptoms": _symptoms(material),
            "series": series,
            "weeks": _weeks(material),
            "goals": _goals(material),
            "due_next": _due_next(material),
            "alerts": alerts_of(material),
            "quality": quality_of(material, series),
            "article": summary_articles.choose(
                conditions=material.subject.conditions,
                modalities={session.modality for session in inside},
                declined=declined,
                notes=notes,
                day=window.first,
                known=[slug for slug, not_for in articles.items() if not not_for & material.subject.conditions],
            ),
            "inputs": {"records": counts["records"], "digest": material.digest, "methods": METHODS},
        }
    )


def in_period(material: Material) -> list[SessionOf]:
    """Return the sessions of the period, skipped ones too."""
    window = material.window
    return [session for session in material.sessions if window.first <= session.on <= window.last]


def counts_of(material: Material, inside: Sequence[SessionOf]) -> dict[str, int]:
    window = material.window
    check_ins = [one.on for one in material.check_ins if one.on >= window.first]
    others = [day for days in material.logged.values() for day in days]
    statuses = [session.status for session in inside]
    return {
        "records": len(others) + len(check_ins) + len(inside),
        "measurements": material.measured,
        "check_ins": len(check_ins),
        "sessions": len(statuses) - statuses.count("skipped"),
        "sessions_completed": statuses.count("completed"),
        "sessions_skipped": statuses.count("skipped"),
        "active_days": len({*others, *check_ins, *(session.on for session in inside if session.status != "skipped")}),
    }


def _notes(material: Material, counts: dict[str, int]) -> list[str]:
    window, found = material.window, []
    if counts["records"] == 0:
        found.append("no_records")
    elif counts["records"] == counts["sessions_skipped"]:
        found.append("only_skipped")
    elif counts["records"] == 1:
        found.append("one_record")
    if material.discharged_on is not None and material.discharged_on <= window.last:
        found.append("discharged")
    if material.enrolled_on >= window.first:
        found.append("first_period")
    return found


def adherence_of(material: Material) -> dict[str, Any] | None:
    """Return the adherence of the period; None where nothing was due, not even an excused session.

    Of a day, what is due so many times a week is left out: the Sunday would be told of the whole week.
    """
    if not material.phases:
        return None
    window = material.window
    due = material.filled()
    counted_of = due.on_fixed_days() if window.period == "day" else due
    found = count(counted_of, first=window.first, last=window.last, today=window.today)
    if not (found.due or found.excused):
        return None
    return counted(found) | {"streak": streak(due, until=min(window.today, window.last + 1))[0]}


def counted(found: Tally) -> dict[str, Any]:
    return {name: getattr(found, name) for name in _COUNTED}


_COUNTED = ("due", "completed", "missed", "excused", "extra", "recalled", "session_pct", "dose_pct")


def streak_goes_on(material: Material) -> bool:
    """Return whether the streak may reach back before the first session that was read."""
    if not material.phases or not any(phase[3] < material.sessions_from for phase in material.phases):
        return False
    days, broken = streak(material.filled(), until=min(material.window.today, material.window.last + 1))
    return days > 0 and not broken


def _doses(inside: Iterable[SessionOf]) -> list[dict[str, Any]]:
    by_modality: dict[str, list[SessionOf]] = {}
    for session in inside:
        if session.status != "skipped":
            by_modality.setdefault(session.modality, []).append(session)
    return [
        {
            "modality": modality,
            "sessions": len(done),
            "minutes": _sum(session.minutes for session in done),
            "fes_on_minutes": _stimulated(done) if modality == "fes" else None,
        }
        for modality, done in sorted(by_modality.items())
    ]


def _stimulated(done: Sequence[SessionOf]) -> float | None:
    """Return the minutes with current, which are never added up over muscles (``analytics.md`` §7): None where not all
    sessions were of the same ones."""
    return _whole(session.fes_on_seconds for session in done) if len({one.fes_places for one in done}) == 1 else None


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _whole(seconds: Iterable[float | None]) -> float | None:
    """A session without its figure leaves the sum unknown, not smaller; in minutes."""
    given = list(seconds)
    known = [value for value in given if value is not None]
    return sum(known) / 60 if len(known) == len(given) else None


def _load(material: Material) -> dict[str, Any]:
    monday = material.window.first
    done = [session for session in material.sessions if session.status != "skipped"]
    this = load.of_days(_daily(done, monday))
    before = load.of_days(_daily(done, monday - WEEK))
    return {
        "weekly": this.weekly,
        "monotony": this.monotony,
        "strain": this.strain,
        "change_pct": load.change_pct(this_week=this.weekly, last_week=before.weekly),
    }


def _daily(done: Iterable[SessionOf], monday: int) -> list[float | None]:
    days: list[float | None] = [0.0] * WEEK
    for session in done:
        if 0 <= session.on - monday < WEEK:
            so_far = days[session.on - monday]
            days[session.on - monday] = None if so_far is None or session.load is None else so_far + session.load
    return days


def _symptoms(material: Material) -> list[dict[str, Any]]:
    first, found = material.window.first, []
    for code, values in (
        ("pain_nrs", [(one.on, one.pain) for one in material.check_ins if one.pain is not None]),
        ("fatigue_nrs", [(one.on, one.fatigue) for one in material.check_ins if one.fatigue is not None]),
    ):
        now = [value for on, value in values if on >= first]
        before = [value for on, value in values if on < first]
        if now:
            found.append(
                {
                    "code": code,
                    "n": len(now),
                    "median": statistics.median(now),
                    "maximum": max(now),
                    "previous_median": statistics.median(before) if before else None,
                }
            )
    return found


def _weeks(material: Material) -> list[dict[str, Any]]:
    """Return the twelve weeks that end with the period's, from the day of enrolment or the first totals on."""
    last = monday_of(material.window.last)
    weeks = {row.monday: (row.sessions, row.minutes) for row in material.totals if row.monday < material.sessions_from}
    done = [session for session in material.sessions if session.status != "skipped"]
    done.sort(key=lambda session: (session.on, session.minutes or 0.0))  # not by all: what was not given has no order
    for monday, each in itertools.groupby(done, key=lambda session: monday_of(session.on)):
        same = list(each)
        weeks[monday] = len(same), _sum(session.minutes for session in same)
    begin = max(last - TWELVE_WEEKS + WEEK, min([*weeks, monday_of(material.enrolled_on), last]))
    return [
        {"starts_on": _date(monday), "sessions": sessions, "minutes": minutes}
        for monday in range(begin, last + 1, WEEK)
        for sessions, minutes in (weeks.get(monday, (0, None)),)
    ]


def _goals(material: Material) -> list[dict[str, Any]]:
    after = _date(material.window.last).isoformat()
    return [
        {
            "id": goal.id,
            "title": goal.title,
            "review_on": min((day for day in (*goal.review_dates, goal.period_end) if day > after), default=None),
            "level": goal.level,
            "rated_on": goal.rated_on,
        }
        for goal in material.goals
    ]


def _due_next(material: Material) -> list[dict[str, Any]]:
    """Return what is due on the next day, or in the seven days after a longer period; nothing after the discharge."""
    first = material.window.last + 1
    last = first if material.window.period == "day" else first + WEEK - 1
    on_days = [
        (day, phase)
        for phase in material.phases
        for day in _days_of(material, phase, first, last)
        if phase[5] >> (day - 1) % WEEK & 1
    ]
    ordered = sorted(on_days, key=lambda one: (one[0], one[1][1]))
    return [_due(material, phase, day, None) for day, phase in ordered] + [
        _due(material, phase, None, times) for phase, times in _times_next(material, first, last)
    ]


def _times_next(material: Material, first: int, last: int) -> Iterator[tuple[PhaseRow, int]]:
    """Yield what is due so many times in the ISO week of the days that come next, and how often: as ``tally.fill``
    counts it, less often where days of that week are excused, or where the item or the care begins or ends in it."""
    monday = monday_of(first)
    by_item: dict[str, list[PhaseRow]] = {}
    for phase in material.phases:
        if not phase[5]:
            by_item.setdefault(phase[0], []).append(phase)
    for same in by_item.values():
        if any(_days_of(material, phase, first, last) for phase in same):
            held = [(phase, _days_of(material, phase, monday, monday + WEEK - 1)) for phase in same]
            latest = next(phase for phase, days in reversed(held) if days)
            times = due_in_week(times_per_week=latest[6], days=sum(len(days) for _phase, days in held))
            if times:
                yield latest, times


def _days_of(material: Material, phase: PhaseRow, first: int, last: int) -> list[int]:
    """Return the days on which a phase holds, without those that are excused and those after the discharge."""
    if material.discharged_on is not None:
        last = min(last, material.discharged_on)
    return [
        day
        for day in range(max(phase[3], first), min(phase[4], last) + 1)
        if not any(low <= day <= high for low, high in material.excused)
    ]


def _due(material: Material, phase: PhaseRow, day: int | None, times: int | None) -> dict[str, Any]:
    item, modality = phase[0], phase[2]
    on = None if day is None else _date(day)
    return {"item": item, "name": material.names.get(item, ""), "modality": modality, "on": on, "times": times}


def alerts_of(material: Material) -> list[dict[str, Any]]:
    """Return the alerts open at the end of the period, the worst first."""
    return [
        {"id": row.id, "rule": row.rule, "level": row.level, "status": row.status, "raised_on": row.raised_on}
        for row in material.alerts
        if row.is_open
    ]
