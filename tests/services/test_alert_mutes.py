"""Muting a rule for a patient: by whom, for how long, and what becomes of what it silences."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.ids import new_id
from accounts.models import Event
from rehab.errors import AlreadyClosed, IdInUse, Invalid, NotFound, NotPermitted, VersionConflict
from rehab.models import Alert, AlertCause, AlertMessage, AlertMute, Patient
from rehab.selectors import alert_mutes as mute_selectors
from rehab.services import alert_mutes, alert_withdrawals, alerts
from tests.alerts import cause, pain, raised
from tests.conftest import Cast


def today(patient: Patient, now: datetime) -> date:
    return now.astimezone(ZoneInfo(patient.time_zone)).date()


def mute(cast: Cast, now: datetime, *, days: int = 7, **changes: Any) -> AlertMute:
    return alert_mutes.create(document(cast, now, days=days, **changes), by=cast.therapist, now=now).mute


def document(cast: Cast, now: datetime, *, days: int = 7, **changes: Any) -> dict[str, Any]:
    return {
        "patient": str(cast.patient.pk),
        "rule": "PAIN",
        "reason": "Known pain of the shoulder, seen last week.",
        "until_on": (today(cast.patient, now) + timedelta(days=days)).isoformat(),
        **changes,
    }


@pytest.mark.parametrize("rule", ["PAIN", "CES"])
def test_a_mute_silences_its_rule_and_keeps_what_it_silenced(cast: Cast, now: datetime, rule: str) -> None:
    made = mute(cast, now, rule=rule)
    assert alerts.raise_all([cause(cast.patient, now=now, rule=rule)], now=now) == []
    assert not Alert.objects.exists()
    assert not AlertMessage.objects.exists()
    [silenced] = mute_selectors.silenced_by([made])[made.pk]
    assert (silenced.rule, silenced.level, silenced.alert) == (rule, "emergency", None)
    actions = list(Event.objects.filter(target_id=made.pk).order_by("id").values_list("action", flat=True))
    assert actions == ["alert_mute.created", "alert_mute.silenced"]


def test_other_rules_and_other_patients_are_heard(cast: Cast, now: datetime) -> None:
    mute(cast, now)
    found = alerts.raise_all(
        [pain(cast.patient, now=now), pain(cast.other_patient, now=now), cause(cast.patient, now=now)], now=now
    )
    assert {(alert.patient, alert.rule) for alert in found} == {(cast.other_patient, "PAIN"), (cast.patient, "CES")}


def test_a_mute_lasts_to_the_end_of_its_day_in_the_patients_time_zone(cast: Cast, now: datetime) -> None:
    made = mute(cast, now, days=1)
    midnight = datetime.combine(
        made.until_on + timedelta(days=1), datetime.min.time(), tzinfo=ZoneInfo(cast.patient.time_zone)
    )
    assert alerts.raise_all([pain(cast.patient, now=now)], now=midnight - timedelta(seconds=1)) == []
    assert len(alerts.raise_all([pain(cast.patient, now=now)], now=midnight)) == 1


def test_what_was_silenced_does_not_come_back_and_what_follows_does(cast: Cast, now: datetime) -> None:
    made = mute(cast, now)
    silenced = pain(cast.patient, now=now)
    alerts.raise_all([silenced], now=now)
    ended = alert_mutes.end(made.pk, expected_version=1, by=cast.therapist, now=now)
    assert (ended.ended_by, ended.version) == (cast.therapist, 2)
    assert alerts.raise_all([silenced], now=now) == []
    assert len(alerts.raise_all([pain(cast.patient, now=now)], now=now)) == 1


def test_what_is_open_when_a_rule_is_muted_stays_open(cast: Cast, now: datetime) -> None:
    alert = raised(cast.patient, now=now, rule="PAIN")
    mute(cast, now)
    alerts.raise_all([pain(cast.patient, now=now)], now=now)
    stored = Alert.objects.get()
    assert (stored.pk, stored.status, stored.version) == (alert.pk, "open", 1)


def test_withdrawing_what_was_silenced_marks_it(cast: Cast, now: datetime) -> None:
    mute(cast, now)
    silenced = pain(cast.patient, now=now)
    alerts.raise_all([silenced], now=now)
    alert_withdrawals.withdraw(source_kind="sessions", source_id=silenced.source_id, now=now)
    assert AlertCause.objects.get().withdrawn_at == now


@pytest.mark.parametrize(
    ("who", "error"),
    [("patient_user", NotPermitted), ("caregiver", NotPermitted), ("colleague", NotFound), ("admin", NotFound),
     ("other_therapist", NotFound)],
)  # fmt: skip
def test_no_patient_and_no_stranger_mutes_or_ends(cast: Cast, now: datetime, who: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        alert_mutes.create(document(cast, now), by=cast.user(who), now=now)
    made = mute(cast, now)
    with pytest.raises(error):
        alert_mutes.end(made.pk, expected_version=1, by=cast.user(who), now=now)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"days": -1}, "/until_on"),
        ({"days": 91}, "/until_on"),
        ({"until_on": "soon"}, "/until_on"),
        ({"reason": "x"}, "/reason"),
        ({"reason": "x" * 501}, "/reason"),
        ({"rule": "NONE"}, "/rule"),
        ({"level": "review"}, "/level"),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, now: datetime, changes: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as wrong:
        mute(cast, now, **changes)
    assert [problem.pointer for problem in wrong.value.problems] == [pointer]


@pytest.mark.parametrize("days", [0, 90])
def test_the_first_and_the_last_day_that_are_allowed(cast: Cast, now: datetime, days: int) -> None:
    assert mute(cast, now, days=days).until_on == today(cast.patient, now) + timedelta(days=days)


def test_one_mute_at_a_time_and_a_new_one_after_it_lapsed(cast: Cast, now: datetime) -> None:
    first = mute(cast, now, days=1)
    with pytest.raises(Invalid) as again:
        mute(cast, now)
    assert again.value.problems[0].code == "already_muted"
    later = now + timedelta(days=3)
    mute(cast, later)
    first.refresh_from_db()
    assert (first.ended_at, first.ended_by) == (later, None)


def test_the_same_mute_again_is_the_one_that_is_stored(cast: Cast, now: datetime) -> None:
    sent = document(cast, now, id=str(new_id()))
    made = alert_mutes.create(sent, by=cast.therapist, now=now)
    again = alert_mutes.create(sent, by=cast.therapist, now=now + timedelta(minutes=1))
    assert (made.created, again.created, again.mute.pk) == (True, False, made.mute.pk)
    with pytest.raises(IdInUse):
        alert_mutes.create({**sent, "reason": "another"}, by=cast.therapist, now=now)


def test_what_ended_stays_ended(cast: Cast, now: datetime) -> None:
    made = mute(cast, now, days=1)
    with pytest.raises(VersionConflict):
        alert_mutes.end(made.pk, expected_version=2, by=cast.therapist, now=now)
    with pytest.raises(AlreadyClosed):
        alert_mutes.end(made.pk, expected_version=1, by=cast.therapist, now=now + timedelta(days=5))
    alert_mutes.end(made.pk, expected_version=1, by=cast.therapist, now=now)
    with pytest.raises(AlreadyClosed):
        alert_mutes.end(made.pk, expected_version=2, by=cast.therapist, now=now)
