"""A drop in adherence is told; a low but steady one, or a small one, is not."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rehab.analytics.tally import Tally, dropped
from rehab.models import Patient
from rehab.services import alerts
from rehab.services.adherence_rules import adherence_drop
from tests.conftest import Cast
from tests.programs import ITEM, MONDAY, moment, session, written


def tally(pct: float | None) -> Tally:
    return Tally(due=10, completed=0, partial=0, excused=0, extra=0, recalled=0, session_pct=pct, dose_pct=None)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (100, 79.9, True),
        (100, 80, False),
        (79, 59, True),
        (79, 59.1, False),
        (60, 60, False),
        (50, 90, False),
        (None, 10, False),
        (100, None, False),
    ],
)
def test_the_rule(before: float | None, now: float | None, expected: bool) -> None:
    assert dropped(before=tally(before), now=tally(now)) is expected


def logged(cast: Cast, *, first_weeks: int, then: int) -> None:
    """Log all of ``first_weeks`` weeks, then ``then`` sessions of each week."""
    written(cast.patient, by=cast.therapist)
    for week in range(8):
        for n, weekday in enumerate((0, 2, 4)):
            if week < first_weeks or n < then:
                session(cast.patient, MONDAY + timedelta(weeks=week, days=weekday), by=cast.patient_user)


def test_a_drop_is_told_once_in_four_weeks(cast: Cast) -> None:
    logged(cast, first_weeks=4, then=1)
    evening = moment(cast.patient, MONDAY + timedelta(days=55), 22)
    [cause] = adherence_drop([cast.patient.pk, cast.other_patient.pk], now=evening)
    assert (cause.rule, cause.level, cause.subject) == ("ADHERENCE_DROP", "review", "2026-03-30")
    assert (cause.evidence["planned"], cause.evidence["done"]) == (12, 4)
    assert (round(cause.evidence["adherence_percent"]), cause.evidence["earlier_percent"]) == (33, 100)
    assert len(alerts.raise_all([cause], now=evening)) == 1
    assert alerts.raise_all(adherence_drop([cast.patient.pk], now=evening), now=evening) == []


@pytest.mark.parametrize(("first_weeks", "then"), [(8, 3), (0, 1), (4, 3)])
def test_a_steady_one_is_not_told(cast: Cast, first_weeks: int, then: int) -> None:
    logged(cast, first_weeks=first_weeks, then=then)
    assert adherence_drop([cast.patient.pk], now=moment(cast.patient, MONDAY + timedelta(days=55), 22)) == []


def test_of_who_left_nothing_is_told(cast: Cast) -> None:
    logged(cast, first_weeks=4, then=1)
    last = MONDAY + timedelta(days=55)
    evening = moment(cast.patient, last, 22)
    for left, told in ((last, 1), (last - timedelta(days=1), 0)):
        Patient.objects.filter(pk=cast.patient.pk).update(discharged_on=left)
        assert len(adherence_drop([cast.patient.pk], now=evening)) == told


def test_its_cost_does_not_grow_with_the_patients(cast: Cast) -> None:
    written(cast.patient, by=cast.therapist)
    written(cast.other_patient, {**ITEM, "weekdays": ["sun"]}, by=cast.other_therapist)
    now = moment(cast.patient, MONDAY + timedelta(days=55))
    counts = []
    for ids in ([], [cast.patient.pk], [cast.patient.pk, cast.other_patient.pk]):
        with CaptureQueriesContext(connection) as captured:
            adherence_drop(ids, now=now)
        counts.append(len(captured))
    assert counts == [0, 9, 9]
