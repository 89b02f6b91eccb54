"""Alerts in words for a therapist: how urgent, why, since when, who has it, what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Event, User
from rehab.models import Alert, AlertCause, AlertMute
from rehab.reference import alert_texts
from rehab.reference.alert_rules import ALERT_RULES, LEVEL_MEANINGS, LEVEL_NAMES, LEVELS
from rehab.selectors import alert_messages, alerts
from rehab.services.alerts import is_in_force
from rehab.web.alerts import causes as causes_in_words
from rehab.web.alerts.causes import CauseLine, Seen, language
from rehab.web.records import words

TONES = {"emergency": "tag--error", "same_day": "tag--amended", "review": ""}
_NOTICES = {"emergency": "notice--error", "same_day": "notice--warning", "review": ""}


def level_name(level: str) -> str:
    return next(phrase.text(language()) for code, phrase in LEVEL_NAMES.items() if code == level)


def levels() -> list[tuple[str, str]]:
    return [(level, level_name(level)) for level in LEVELS]


def rule_name(code: str) -> str:
    return ALERT_RULES[code].name(language())


def how_long(span: timedelta) -> str:
    """Return a span in its largest unit.

    >>> how_long(timedelta(seconds=20)), how_long(timedelta(minutes=61)), how_long(timedelta(days=2, hours=5))
    ('0 minutes', '1 hour', '2 days')
    """
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d day", "%(n)d days", minutes // 1440) % {"n": minutes // 1440}


@dataclass(frozen=True)
class Line:
    """An alert in a list."""

    alert: Alert
    url: str
    rule: str
    level: str
    tone: str
    reason: str
    raised_at: str
    waiting: str  # how long it waits for an answer; empty if it was answered
    further: int  # causes beside the one that the reason tells of
    changed: str  # that nothing it rests on stands any more; empty while something does


def lines(found: Sequence[Alert], *, now: datetime) -> list[Line]:
    """Return alerts as lines, in one statement."""
    causes = alerts.causes_of(found)
    return [line(alert, causes[alert.pk], now=now) for alert in found]


def line(alert: Alert, causes: Sequence[AlertCause], *, now: datetime) -> Line:
    leading, zone = alerts.leading_cause(alert, causes), ZoneInfo(alert.patient.time_zone)
    return Line(
        alert=alert,
        url=reverse("alert", args=[alert.pk]),
        rule=rule_name(alert.rule),
        level=level_name(alert.level),
        tone=TONES[alert.level],
        reason=causes_in_words.reason(leading) if leading else "",
        raised_at=words.moment(alert.raised_at, zone),
        waiting=how_long(now - alert.waiting_since) if alert.status == Alert.Status.OPEN else "",
        further=max(len(causes) - 1, 0),
        changed=causes_in_words.changed(alert, causes, zone),
    )


@dataclass(frozen=True)
class Step:
    text: str
    by: str  # empty: the service itself
    at: str
    before: str  # what the cause said until then; empty where nothing was said before


def history(found: Sequence[tuple[Event, str]], zone: ZoneInfo) -> list[Step]:
    return [
        Step(_step(event.action, event.changes), by, words.moment(event.at, zone), _before(event.changes))
        for event, by in found
    ]


def _before(changes: Mapping[str, Any]) -> str:
    if "before" not in changes:
        return ""
    return alert_texts.reason(rule=changes["rule"], evidence=changes["before"], language=language())


def _step(action: str, changes: Mapping[str, Any]) -> str:
    level = level_name(changes["level"])
    texts = {
        "alert.raised": _("Raised. Level: %(level)s") % {"level": level},
        "alert.cause_added": _("A further cause was added"),
        "alert.sign_added": _("A further sign was reported: it waits for an answer again"),
        "alert.cause_corrected": _("What it rests on was corrected"),
        "alert.level_raised": _("The level rose to: %(level)s") % {"level": level},
        "alert.acknowledged": _("Acknowledged"),
        "alert.assigned": _("Assigned to %(name)s") % {"name": changes.get("to_name", "")},
        "alert.escalated": _("Not answered in time: the care team and the clinic's administrators were told again"),
        "alert.closed": _("Closed: %(reason)s") % {"reason": changes.get("reason", "")},
        "alert.handed_back": _(
            "Whoever had taken note of it is not responsible any more: it waits for an answer again"
        ),
        "alert.causes_withdrawn": _("The records it came from were corrected or entered in error; it stays open"),
        "alert.withdrawn": _("Closed by the service: the data behind it changed, and nobody had taken note of it yet"),
    }
    if changes.get("reason") == "data_changed" and action == "alert.causes_withdrawn":
        return _("The data behind it changed; it stays open because somebody took note of it")
    return texts[action]


@dataclass(frozen=True)
class Detail:
    """Everything that the page of one alert shows."""

    line: Line
    meaning: str
    notice: str
    causes: list[CauseLine]
    concerns: str
    steps: list[Step]
    watches: str
    source: str
    told_at: str
    acknowledged_at: str
    assigned_at: str
    closed_at: str


def detail(alert: Alert, *, viewer: User, now: datetime) -> Detail:
    zone, rule = ZoneInfo(alert.patient.time_zone), ALERT_RULES[alert.rule]
    causes = alerts.causes_of([alert])[alert.pk]

    def shown(at: datetime | None) -> str:
        return words.moment(at, zone) if at else ""

    return Detail(
        line=line(alert, causes, now=now),
        meaning=next(phrase.text(language()) for code, phrase in LEVEL_MEANINGS.items() if code == alert.level),
        notice=_NOTICES[alert.level],
        causes=causes_in_words.cause_lines(causes, zone, seen=Seen.by(viewer, causes)),
        concerns=causes_in_words.concerns(alert),
        steps=history(alerts.history(alert), zone),
        watches=rule.watches(language()),
        source=rule.source,
        told_at=shown(alert_messages.told_at(alert)),
        acknowledged_at=shown(alert.acknowledged_at),
        assigned_at=shown(alert.assigned_at),
        closed_at=shown(alert.closed_at),
    )


@dataclass(frozen=True)
class MuteLine:
    mute: AlertMute
    rule: str
    until: str
    created_at: str
    ended_at: str
    in_force: bool
    silenced: list[CauseLine]


def mute_lines(
    found: Sequence[AlertMute], silenced: Mapping[UUID, Sequence[AlertCause]], *, viewer: User, now: datetime
) -> list[MuteLine]:
    """Return mutes with what they silenced, in a number of statements that does not grow with them."""
    seen = Seen.by(viewer, [cause for causes in silenced.values() for cause in causes])
    return [_mute_line(mute, silenced.get(mute.pk, ()), seen=seen, now=now) for mute in found]


def _mute_line(mute: AlertMute, silenced: Sequence[AlertCause], *, seen: Seen, now: datetime) -> MuteLine:
    zone = ZoneInfo(mute.patient.time_zone)
    return MuteLine(
        mute=mute,
        rule=rule_name(mute.rule),
        until=words.day(mute.until_on),
        created_at=words.moment(mute.created_at, zone),
        ended_at=words.moment(mute.ended_at, zone) if mute.ended_at else "",
        in_force=is_in_force(mute, mute.patient, now=now),
        silenced=causes_in_words.cause_lines(silenced, zone, seen=seen),
    )
