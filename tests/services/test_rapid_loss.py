"""Rapid loss of strength raises an alert, once for an event, whoever set the hint aside."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import audit
from rehab.models import Alert, AlertCause
from rehab.reference import alert_texts
from rehab.services import alert_handling, alert_rules, hints, rapid_loss
from tests.conftest import Cast
from tests.selectors.analyses.recording import NOW, ago, force, grade


def fall(cast: Cast, *muscles: str, start: int = 6, end: int = 2, side: str = "right") -> None:
    for muscle in muscles:
        grade(cast, muscle, side, "5", ago(start))
        grade(cast, muscle, side, "3", ago(end))


def evaluate() -> None:
    audit.seal(now=NOW)
    alert_rules.evaluate(now=NOW)


def test_within_seven_days_it_is_an_emergency(cast: Cast) -> None:
    fall(cast, "ANK_DF", "HIP_FLEX")
    evaluate()
    alert = Alert.objects.get()
    assert (alert.rule, alert.level, alert.patient) == ("RAPID_WEAK", "emergency", cast.patient)
    cause = AlertCause.objects.get()
    assert cause.evidence["losses"]["ANK_DF/right"] == {"from": ago(6).isoformat(), "to": ago(2).isoformat()}
    assert (cause.source_kind, cause.rule_version) == ("analytics/hints", "hints/1")
    assert cause.occurred_at.date() == ago(2)


def test_within_28_days_it_is_for_the_same_day(cast: Cast) -> None:
    fall(cast, "ANK_DF", "HIP_FLEX", start=20)
    evaluate()
    assert Alert.objects.get().level == "same_day"


def test_one_group_or_a_slow_loss_raises_nothing(cast: Cast) -> None:
    fall(cast, "ANK_DF")
    fall(cast, "HIP_FLEX", "KNE_EXT", start=40, side="left")
    evaluate()
    assert not Alert.objects.exists()


def test_one_event_is_one_alert_however_often_it_is_measured_again(cast: Cast) -> None:
    fall(cast, "ANK_DF", "HIP_FLEX")
    evaluate()
    grade(cast, "ANK_DF", "right", "3", ago(1))
    evaluate()
    assert Alert.objects.count() == AlertCause.objects.count() == 1
    alert = Alert.objects.get()
    alert_handling.close(alert.pk, reason="Seen in clinic.", expected_version=alert.version, by=cast.therapist, now=NOW)
    grade(cast, "HIP_FLEX", "right", "3", ago(0))
    evaluate()
    assert Alert.objects.count() == 1, "what was closed stays closed"
    fall(cast, "KNE_EXT", start=3, end=1)
    evaluate()
    assert Alert.objects.count() == 2, "one more group that falls is news"


def test_it_gets_worse_with_the_same_event(cast: Cast) -> None:
    fall(cast, "ANK_DF", "HIP_FLEX", start=20)
    evaluate()
    fall(cast, "KNE_EXT", "HIP_ABD")
    evaluate()
    alert = Alert.objects.get()
    assert (alert.level, AlertCause.objects.count()) == ("emergency", 1)


def test_setting_the_hint_aside_lowers_nothing(cast: Cast) -> None:
    fall(cast, "ANK_DF", "HIP_FLEX")
    document = {"patient": str(cast.patient.pk), "reason": "Known relapse."}
    hints.dismiss("ACUTE_SUBACUTE", document, by=cast.therapist, now=NOW)
    evaluate()
    assert Alert.objects.get().level == "emergency"


def test_what_lies_long_back_is_no_news(cast: Cast) -> None:
    fall(cast, "ANK_DF", "HIP_FLEX", start=40, end=35)
    evaluate()
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Rapid loss of strength: Ankle dorsiflexors (tibialis anterior), right, 2026-06-04 "),
        ("zh-hans", "肌力快速下降：踝背屈肌"),
    ],
)
def test_the_reason_names_muscles_and_days(cast: Cast, language: str, text: str) -> None:
    fall(cast, "ANK_DF", "HIP_FLEX")
    [cause] = rapid_loss.causes([cast.patient.pk], now=NOW)
    reason = alert_texts.reason(rule=cause.rule, evidence=cause.evidence, language=language)
    assert reason.startswith(text)
    assert ago(6).isoformat() in reason


def test_the_statements_do_not_grow_with_patients_or_readings(cast: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            rapid_loss.causes([cast.patient.pk, cast.other_patient.pk], now=NOW + timedelta(hours=1))
        return len(captured)

    fall(cast, "ANK_DF", "HIP_FLEX")
    cost()  # what a series is, is looked up once in the life of a process
    few = cost()
    for day in range(20):
        force(cast, "KNE_EXT", "left", 200 + day, ago(day))
    cost()
    assert cost() == few <= 4
