"""An alert whose data were corrected away: closed by the service if nobody took note of it, else it says so."""

from datetime import timedelta
from typing import Any

import pytest

from accounts import audit
from accounts.models import Event
from rehab.analytics.series import token_of
from rehab.models import Alert, AlertCause, Measurement, Record
from rehab.services import alert_handling, alert_rules, alert_withdrawals, baselines, records
from rehab.services.kinds import KINDS
from tests.alerts import cause as patient_cause
from tests.alerts import raised
from tests.conftest import Cast
from tests.selectors.analyses.recording import NOW, ago, angle, grade

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("no_rule_fails_unnoticed")


def evaluate(now: Any = NOW) -> None:
    audit.seal(now=now)
    alert_rules.evaluate(now=now)


def in_error(cast: Cast, record: Record, now: Any = NOW) -> None:
    kind = next(kind for kind in KINDS.values() if isinstance(record, kind.model))
    records.enter_in_error(
        kind, record.pk, reason="wrong patient", expected_version=record.version, by=cast.therapist, now=now
    )
    evaluate(now)


def amended(cast: Cast, record: Record, now: Any = NOW, **changes: Any) -> None:
    kind = next(kind for kind in KINDS.values() if isinstance(record, kind.model))
    records.amend(kind, record.pk, changes, reason="misread", expected_version=record.version, confirm=True,
                  by=cast.therapist, now=now)  # fmt: skip
    evaluate(now)


def declined(cast: Cast, *days: tuple[int, float], motion: str = "KNE_FLEX") -> list[Record]:
    rows = [angle(cast, motion, "left", value, ago(on)) for on, value in ((100, 100), (93, 100), *days)]
    evaluate()
    return rows


def fallen(cast: Cast, *muscles: str, start: int = 6, end: int = 2) -> list[Record]:
    rows = []
    for muscle in muscles:
        grade(cast, muscle, "right", "5", ago(start))
        rows.append(grade(cast, muscle, "right", "3", ago(end)))
    evaluate()
    return rows


def acknowledge(cast: Cast) -> None:
    alert = Alert.objects.get()
    alert_handling.acknowledge(alert.pk, expected_version=alert.version, by=cast.therapist, now=NOW)


def test_a_decline_whose_reading_was_in_error_is_closed_by_the_service(cast: Cast) -> None:
    *_others, last = declined(cast, (10, 80), (3, 81))
    assert Alert.objects.get().status == "open"
    in_error(cast, last, NOW + DAY)
    alert = Alert.objects.get()
    assert (alert.status, alert.closed_at, alert.closed_by) == ("withdrawn", NOW + DAY, None)
    assert AlertCause.objects.get().withdrawn_at == NOW + DAY
    assert Event.objects.filter(action="alert.withdrawn", target_id=alert.pk).count() == 1


def test_a_reading_amended_away_counts_too(cast: Cast) -> None:
    *_others, last = declined(cast, (10, 80), (3, 81))
    amended(cast, last, value_deg=99.0)
    assert Alert.objects.get().status == "withdrawn"


def test_what_somebody_took_note_of_stays_open(cast: Cast) -> None:
    *_others, last = declined(cast, (10, 80), (3, 81))
    acknowledge(cast)
    in_error(cast, last)
    alert = Alert.objects.get()
    assert (alert.status, alert.closed_at) == ("acknowledged", None)
    assert AlertCause.objects.get().withdrawn_at == NOW
    assert Event.objects.filter(action="alert.causes_withdrawn", target_id=alert.pk).count() == 1


def test_a_decline_that_other_readings_still_show_is_corrected(cast: Cast) -> None:
    *_others, last = declined(cast, (17, 80), (10, 80), (3, 60))
    assert AlertCause.objects.get().evidence["current"] == 70.0
    in_error(cast, last)
    row = AlertCause.objects.get()
    assert (row.withdrawn_at, row.evidence["current"], Alert.objects.get().status) == (None, 80.0, "open")


def test_a_recovery_takes_nothing_back(cast: Cast) -> None:
    """The decline was there; that it is over is seen in the series, and a correction elsewhere says nothing of it."""
    rows = declined(cast, (40, 80), (33, 80))
    angle(cast, "KNE_FLEX", "left", 100, ago(10))
    angle(cast, "KNE_FLEX", "left", 100, ago(3))
    evaluate()
    other = angle(cast, "HIP_FLEX", "left", 100, ago(3))
    in_error(cast, other)
    assert Alert.objects.get().status == "open"
    in_error(cast, rows[-1])
    assert Alert.objects.get().status == "withdrawn"


def test_an_old_decline_is_looked_at_with_the_readings_of_its_time(cast: Cast) -> None:
    *_others, last = declined(cast, (10, 80), (3, 81))
    later = NOW + timedelta(days=90)
    amended(cast, last, later, note="left knee")
    assert Alert.objects.get().status == "open"
    in_error(cast, type(last)._default_manager.get(pk=last.pk), later)
    assert Alert.objects.get().status == "withdrawn"


def test_a_baseline_that_a_clinician_sets_later_takes_nothing_back(cast: Cast) -> None:
    first, *_others = declined(cast, (10, 80), (3, 81))
    assert isinstance(first, Measurement)
    sent = {"patient": str(cast.patient.pk), "series": token_of(first.series_key), "starts_on": ago(1).isoformat()}
    baselines.set_baseline({**sent, "value": 80.0, "reason": "surgery"}, by=cast.therapist, now=NOW)
    in_error(cast, angle(cast, "HIP_FLEX", "left", 100, ago(3)))
    assert Alert.objects.get().status == "open"


def test_one_series_of_two_is_taken_back_and_the_alert_stays(cast: Cast) -> None:
    *_others, last = declined(cast, (10, 80), (3, 81))
    declined(cast, (10, 80), (3, 81), motion="HIP_FLEX")
    in_error(cast, last)
    assert Alert.objects.get().status == "open"
    assert sorted(row.withdrawn_at is None for row in AlertCause.objects.all()) == [False, True]


def test_a_rapid_loss_whose_reading_was_in_error_is_closed_by_the_service(cast: Cast) -> None:
    _one, two = fallen(cast, "ANK_DF", "HIP_FLEX")
    assert Alert.objects.get().rule == "RAPID_WEAK"
    in_error(cast, two)
    assert Alert.objects.get().status == "withdrawn"


def test_a_rapid_loss_of_fewer_groups_is_corrected(cast: Cast) -> None:
    *_others, three = fallen(cast, "ANK_DF", "HIP_FLEX", "KNE_EXT")
    in_error(cast, three, NOW + timedelta(days=40))
    row = AlertCause.objects.get()
    assert (row.withdrawn_at, sorted(row.evidence["losses"])) == (None, ["ANK_DF/right", "HIP_FLEX/right"])
    assert Alert.objects.get().status == "open"


def test_a_rapid_loss_that_was_made_good_next_day_is_not_taken_back(cast: Cast) -> None:
    fallen(cast, "ANK_DF", "HIP_FLEX")
    for muscle in ("ANK_DF", "HIP_FLEX"):
        grade(cast, muscle, "right", "5", ago(1))
    in_error(cast, angle(cast, "HIP_FLEX", "left", 100, ago(3)))
    assert (Alert.objects.get().status, AlertCause.objects.get().withdrawn_at) == ("open", None)


def test_what_the_patient_reported_of_the_same_rule_stays_for_a_clinician(cast: Cast) -> None:
    reported = raised(cast.patient, now=NOW, rule="RAPID_WEAK", evidence={"answers": ["rapid_weak_fast"]})
    _one, two = fallen(cast, "ANK_DF", "HIP_FLEX")
    [row] = AlertCause.objects.filter(source_kind="check-ins")
    alert_withdrawals.withdraw(source_kind="check-ins", source_id=row.source_id, now=NOW)
    in_error(cast, two)
    assert AlertCause.objects.filter(withdrawn_at=None).count() == 0
    assert Alert.objects.get(pk=reported.pk).status == "open"


def test_a_cause_that_does_not_say_what_it_rests_on_is_not_taken_back(cast: Cast) -> None:
    raised(cast.patient, now=NOW, rule="DECLINE", level="review", source_kind="series", evidence={"baseline": 2.0})
    assert patient_cause(cast.patient, now=NOW).rule == "CES"
    in_error(cast, angle(cast, "HIP_FLEX", "left", 100, ago(3)))
    assert Alert.objects.get().status == "open"
