"""What check-ins say over time: mornings against afternoons, periods in bed, and sites that are new."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rehab.analytics.findings import Period, SymptomDay
from rehab.models import CheckIn
from rehab.selectors import check_ins
from rehab.services import patients, records
from rehab.services.kinds import KINDS
from tests.conftest import Cast

LONG_AGO = date(2026, 1, 1)
DAY = date(2026, 3, 2)
CheckedIn = Callable[..., CheckIn]


@pytest.fixture
def checked_in(cast: Cast, now: datetime) -> CheckedIn:
    """Return a maker of check-ins on days after 2 March 2026, at an hour of the patient's own clock (Shanghai)."""

    def make(day: int, hour: int = 9, **document: Any) -> Any:
        at = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=day, hours=hour - 8)
        sent = {"patient": str(cast.patient.pk), "performed_at": at.isoformat(), **document}
        return records.create(KINDS["check-ins"], sent, by=cast.patient_user, source="api", now=now).record

    return make


def in_error(row: CheckIn, cast: Cast, now: datetime) -> None:
    records.enter_in_error(
        KINDS["check-ins"], row.pk, reason="wrong person", expected_version=1, by=cast.therapist, now=now
    )


def test_the_first_of_the_morning_stands_against_the_last_of_the_afternoon(cast: Cast, checked_in: CheckedIn) -> None:
    first = checked_in(0, 7, myasthenia={"ptosis": 0, "limbs": 1})
    checked_in(0, 11, myasthenia={"ptosis": 1})
    checked_in(0, 12, myasthenia={"ptosis": 3})
    last = checked_in(0, 23, myasthenia={"ptosis": 2, "speech": 1})
    checked_in(1, 8, myasthenia={"ptosis": 1})  # no afternoon
    checked_in(2, 18, fatigue=4)
    ids = (str(first.pk), str(last.pk))
    expected = (SymptomDay(item="ptosis", on=DAY, morning=0, afternoon=2, ids=ids),)
    assert check_ins.symptom_days(cast.patient.pk, since=LONG_AGO) == expected
    assert check_ins.symptom_days(cast.patient.pk, since=DAY + timedelta(days=1)) == ()


def test_what_was_entered_in_error_counts_for_nothing(cast: Cast, checked_in: CheckedIn, now: datetime) -> None:
    row = checked_in(0, symptoms=[{"symptom": "numbness", "severity": "mild"}], proximal_signs=["stairs"])
    assert check_ins.sensory_change(cast.patient.pk, since=LONG_AGO) is True
    in_error(row, cast, now)
    assert check_ins.sensory_change(cast.patient.pk, since=LONG_AGO) is None
    assert check_ins.proximal_signs(cast.patient.pk, since=LONG_AGO) == ()


def test_asked_and_absent_is_told_from_never_asked(cast: Cast, checked_in: CheckedIn) -> None:
    checked_in(0, symptoms=[{"symptom": "cramps", "severity": "severe"}])
    assert check_ins.sensory_change(cast.patient.pk, since=LONG_AGO) is None
    checked_in(1, symptoms=[{"symptom": "paraesthesia", "severity": "none"}])
    assert check_ins.sensory_change(cast.patient.pk, since=LONG_AGO) is False


def numb(severity: str, site: str | None = "foot", side: str | None = "left", symptom: str = "numbness") -> Any:
    return {"symptom": symptom, "severity": severity, "site": site, "side": side}


def enrolled_with(cast: Cast, now: datetime, *deficits: str) -> None:
    patients.amend(
        cast.patient.pk, {"baseline_deficits": list(deficits)}, expected_version=1, by=cast.therapist, now=now
    )


@pytest.mark.parametrize(
    ("deficits", "said", "changed"),
    [
        (["sensation"], [[numb("moderate")], [numb("moderate")], [numb("mild")]], False),
        ([], [[numb("moderate")]], True),
        (["bladder"], [[numb("moderate")]], True),
        (["sensation"], [[numb("moderate")], [numb("severe")]], True),
        (["sensation"], [[numb("moderate")], [numb("moderate", "hand")]], True),
        (["sensation"], [[numb("moderate")], [numb("moderate", "foot", "right")]], True),
        (["sensation"], [[numb("moderate")], [numb("moderate", "foot", "both")]], True),
        (["sensation"], [[numb("moderate", "foot", "both")], [numb("moderate", "foot", "right")]], False),
        (["sensation"], [[numb("moderate")], [numb("moderate", None, None)]], False),
        (["sensation"], [[numb("moderate")], [numb("severe", None, None)]], True),
        (["sensation"], [[numb("moderate", "foot", None)], [numb("mild", "foot", "left")]], False),
        (["sensation"], [[numb("none")], [numb("mild")]], True),  # at first there was none
        (["sensation"], [[numb("moderate"), numb("mild", symptom="paraesthesia")]], True),
        (["sensation"], [[numb("mild", "saddle", None)]], True),
        (["saddle_numbness"], [[numb("mild", "saddle", None)], [numb("mild", "saddle", "midline")]], False),
        (["saddle_numbness"], [[numb("mild", "saddle", None)], [numb("moderate", "saddle", None)]], True),
        (["saddle_numbness"], [[numb("mild")]], True),
        (["saddle_numbness", "sensation"], [[numb("mild", "saddle", None)], [numb("mild")]], False),
    ],
)
def test_what_was_known_at_enrolment_is_no_sensory_change_unless_it_is_new_or_worse(
    cast: Cast, checked_in: CheckedIn, now: datetime, deficits: list[str], said: list[Any], changed: bool
) -> None:
    enrolled_with(cast, now, *deficits)
    for day, symptoms in enumerate(said):
        checked_in(day, symptoms=symptoms)
    assert check_ins.sensory_change(cast.patient.pk, since=LONG_AGO) is changed


def test_what_was_known_is_as_first_told_even_if_that_was_long_ago(
    cast: Cast, checked_in: CheckedIn, now: datetime
) -> None:
    enrolled_with(cast, now, "sensation")
    checked_in(0, symptoms=[numb("mild")])
    checked_in(40, symptoms=[numb("mild")])
    since = DAY + timedelta(days=30)
    assert check_ins.sensory_change(cast.patient.pk, since=since) is False
    checked_in(41, symptoms=[numb("moderate")])
    assert check_ins.sensory_change(cast.patient.pk, since=since) is True
    assert check_ins.sensory_change(cast.patient.pk, since=DAY + timedelta(days=42)) is None


def test_a_site_that_was_known_at_enrolment_is_not_new(cast: Cast, checked_in: CheckedIn, now: datetime) -> None:
    enrolled_with(cast, now, "sensation")
    checked_in(0, symptoms=[numb("mild"), numb("mild", symptom="cramps")])
    row = checked_in(1, symptoms=[numb("mild"), numb("mild", "hand")])
    found = check_ins.new_sites(cast.patient.pk, today=DAY + timedelta(days=2))
    assert [(new.symptom, new.site, new.side) for new in found] == [
        ("numbness", "hand", "left"),
        ("cramps", "foot", "left"),
    ]
    assert found[0].check_in_id == row.pk


def test_signs_come_in_one_order_once(cast: Cast, checked_in: CheckedIn) -> None:
    checked_in(0, proximal_signs=["arms_overhead", "stairs"])
    checked_in(1, proximal_signs=["stairs"])
    assert check_ins.proximal_signs(cast.patient.pk, since=LONG_AGO) == ("stairs", "arms_overhead")


def test_a_period_ends_with_a_no_or_after_a_fortnight_of_silence(cast: Cast, checked_in: CheckedIn) -> None:
    first = checked_in(0, immobilised=True)
    checked_in(5, fatigue=3)
    checked_in(14, immobilised=True)
    checked_in(16, immobilised=False)
    second = checked_in(18, immobilised=True)
    third = checked_in(33, immobilised=True)
    periods = [(first, 0, 14), (second, 18, 18), (third, 33, 33)]
    assert check_ins.immobilised(cast.patient.pk, since=LONG_AGO) == tuple(
        Period(first_on=DAY + timedelta(days=start), last_on=DAY + timedelta(days=end), id=str(row.pk))
        for row, start, end in periods
    )


def test_only_sites_that_were_never_given_are_new_and_only_for_four_weeks(cast: Cast, checked_in: CheckedIn) -> None:
    cramp = {"symptom": "cramps", "severity": "mild"}
    checked_in(0, symptoms=[{**cramp, "site": "foot", "side": "left"}])
    checked_in(1, symptoms=[{**cramp, "site": "hip", "side": "left"}])
    checked_in(30, symptoms=[{**cramp, "site": "foot", "side": "left"}, {**cramp, "severity": "none"}])
    numb = {"symptom": "numbness", "severity": "mild", "site": "foot", "side": "left"}
    row = checked_in(31, symptoms=[{**cramp, "site": "hand", "side": "right"}, {**cramp, "site": "neck"}, numb])
    found = check_ins.new_sites(cast.patient.pk, today=DAY + timedelta(days=33))
    assert [(new.symptom, new.site, new.side, new.check_in_id) for new in found] == [
        ("numbness", "foot", "left", row.pk),
        ("cramps", "neck", "", row.pk),
        ("cramps", "hand", "right", row.pk),
    ]
    assert check_ins.new_sites(cast.patient.pk, today=DAY + timedelta(days=59)) == []


def test_each_costs_one_statement_however_many_there_are(cast: Cast, checked_in: CheckedIn) -> None:
    for day in range(5):
        checked_in(day, fatigue=1)
    for ask in (check_ins.symptom_days, check_ins.sensory_change, check_ins.proximal_signs, check_ins.immobilised):
        with CaptureQueriesContext(connection) as captured:
            ask(cast.patient.pk, since=LONG_AGO)
        assert len(captured) == 1
    with CaptureQueriesContext(connection) as captured:
        check_ins.new_sites(cast.patient.pk, today=DAY)
    assert len(captured) == 1
