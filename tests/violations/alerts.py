"""What the database refuses about alerts."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from accounts.ids import new_id
from rehab.models import Alert, AlertCause, AlertMessage, AlertMute, AlertWatermark
from tests.conftest import Cast


def alert(cast: Cast, **changes: Any) -> Any:
    now = timezone.now()
    fields: dict[str, Any] = {
        "patient": cast.patient,
        "rule": "PAIN",
        "rule_version": "1",
        "level": "review",
        "raised_at": now,
        "waiting_since": now,
        "updated_at": now,
        **changes,
    }
    return Alert.objects.create(**fields)


def cause(cast: Cast, **changes: Any) -> Any:
    now = timezone.now()
    fields: dict[str, Any] = {
        "patient": cast.patient,
        "rule": "PAIN",
        "rule_version": "1",
        "level": "review",
        "source_kind": "sessions",
        "source_id": new_id(),
        "occurred_at": now,
        "raised_at": now,
        **changes,
    }
    return AlertCause.objects.create(**fields)


def message(cast: Cast, **changes: Any) -> Any:
    now = timezone.now()
    fields: dict[str, Any] = {
        "alert_version": 1,
        "level": "review",
        "step": "raised",
        "audience": "care_team",
        "recipient": cast.therapist,
        "created_at": now,
        "send_after": now,
        **changes,
    }
    return AlertMessage.objects.create(**{"alert": fields.pop("alert", None) or alert(cast), **fields})


def mute(cast: Cast, **changes: Any) -> Any:
    now = timezone.now()
    fields: dict[str, Any] = {
        "patient": cast.patient,
        "rule": "PAIN",
        "reason": "Known pain of the shoulder.",
        "until_on": now.date(),
        "created_by": cast.therapist,
        "created_at": now,
        "created_digest": "d",
        **changes,
    }
    return AlertMute.objects.create(**fields)


def twice(make: Callable[..., Any], cast: Cast, **fields: Any) -> None:
    make(cast, **fields)
    make(cast, **fields)


VIOLATIONS: dict[str, Callable[[Cast], Any]] = {
    "alert_one_open_per_subject": lambda cast: twice(alert, cast),
    "alert_level_known": lambda cast: alert(cast, level="urgent"),
    "alert_open_is_unanswered": lambda cast: alert(
        cast, acknowledged_at=timezone.now(), acknowledged_by=cast.therapist
    ),
    "alert_acknowledged_by_someone": lambda cast: alert(cast, status="acknowledged"),
    "alert_closed_with_reason": lambda cast: alert(
        cast, status="closed", closed_at=timezone.now(), closed_by=cast.therapist
    ),
    "alert_assigned_at_a_time": lambda cast: alert(cast, assigned_to=cast.therapist),
    "alert_cause_once_for_ever": lambda cast: twice(cause, cast, alert=alert(cast), source_id=new_id()),
    "alert_cause_level_known": lambda cast: cause(cast, alert=alert(cast), level="urgent"),
    "alert_cause_raised_or_muted": cause,
    "alert_message_once_per_step": lambda cast: twice(message, cast, alert=alert(cast)),
    "alert_message_step_known": lambda cast: message(cast, step="shouted"),
    "alert_message_audience_known": lambda cast: message(cast, audience="world"),
    "alert_message_dropped_for_a_reason": lambda cast: message(cast, dropped_at=timezone.now()),
    "alert_mute_one_in_force": lambda cast: twice(mute, cast),
    "alert_mute_has_reason": lambda cast: mute(cast, reason=""),
    "alert_mute_ended_at_a_time": lambda cast: mute(cast, ended_by=cast.therapist),
    "alert_watermark_name_known": lambda cast: AlertWatermark.objects.create(name="tide", updated_at=timezone.now()),
}
