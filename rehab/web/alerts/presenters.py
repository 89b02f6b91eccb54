"""Alerts in words for a therapist: how urgent, why, since when, who has it, what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import Event
from rehab.models import Alert, AlertCause, AlertMute
from rehab.reference import alert_texts
from rehab.reference.alert_rules import ALERT_RULES, LEVEL_MEANINGS, LEVEL_NAMES, LEVELS
from rehab.selectors import alert_messages, alerts
from rehab.services import questionnaires
from rehab.services.kinds import KINDS
from rehab.web.records import words

TONES = {"emergency": "tag--error", "same_day": "tag--amended", "review": ""}
_NOTICES = {"emergency": "notice--error", "same_day": "notice--warning", "review": ""}


def language() -> str:
    return get_language() or "en"


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


def lines(found: Sequence[Alert], *, now: datetime) -> list[Line]:
    """Return alerts as lines, in one statement."""
    causes = alerts.causes_of(found)
    return [line(alert, causes[alert.pk], now=now) for alert in found]


def line(alert: Alert, causes: Sequence[AlertCause], *, now: datetime) -> Line:
    leading = alerts.leading_cause(alert, causes)
    return Line(
        alert=alert,
        url=reverse("alert", args=[alert.pk]),
        rule=rule_name(alert.rule),
        level=level_name(alert.level),
        tone=TONES[alert.level],
        reason=_reason(leading) if leading else "",
        raised_at=words.moment(alert.raised_at, ZoneInfo(alert.patient.time_zone)),
        waiting=how_long(now - alert.waiting_since) if alert.status == Alert.Status.OPEN else "",
        further=max(len(causes) - 1, 0),
    )


def _reason(cause: AlertCause) -> str:
    return alert_texts.reason(rule=cause.rule, evidence=cause.evidence, language=language())


@dataclass(frozen=True)
class CauseLine:
    reason: str
    occurred_at: str
    facts: list[tuple[str, str]]
    source: str
    source_url: str  # empty where the source has no page of its own
    withdrawn: bool
    rule_version: str


def cause_line(cause: AlertCause, zone: ZoneInfo) -> CauseLine:
    source, url = _source_of(cause)
    return CauseLine(
        reason=_reason(cause),
        occurred_at=words.moment(cause.occurred_at, zone),
        facts=alert_texts.facts(evidence=cause.evidence, language=language()),
        source=source,
        source_url=url,
        withdrawn=cause.withdrawn_at is not None,
        rule_version=cause.rule_version,
    )


def _source_of(cause: AlertCause) -> tuple[str, str]:
    """Return the name and the page of what made a rule fire; empty where it has none of its own."""
    if cause.source_kind == questionnaires.NAME:
        return _("Questionnaire"), reverse("questionnaire-response", args=[cause.source_id])
    kind = KINDS.get(cause.source_kind)
    return (str(kind.label), reverse("record", args=[kind.name, cause.source_id])) if kind else ("", "")


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
        "alert.withdrawn": _("Withdrawn: the records it came from were corrected or entered in error"),
    }
    return texts[action]


@dataclass(frozen=True)
class Detail:
    """Everything that the page of one alert shows."""

    line: Line
    meaning: str
    notice: str
    causes: list[CauseLine]
    steps: list[Step]
    watches: str
    source: str
    told_at: str
    acknowledged_at: str
    assigned_at: str
    closed_at: str


def detail(alert: Alert, *, now: datetime) -> Detail:
    zone, rule = ZoneInfo(alert.patient.time_zone), ALERT_RULES[alert.rule]
    causes = alerts.causes_of([alert])[alert.pk]

    def shown(at: datetime | None) -> str:
        return words.moment(at, zone) if at else ""

    return Detail(
        line=line(alert, causes, now=now),
        meaning=next(phrase.text(language()) for code, phrase in LEVEL_MEANINGS.items() if code == alert.level),
        notice=_NOTICES[alert.level],
        causes=[cause_line(cause, zone) for cause in causes],
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


def mute_line(mute: AlertMute, silenced: Sequence[AlertCause], *, in_force: bool) -> MuteLine:
    zone = ZoneInfo(mute.patient.time_zone)
    return MuteLine(
        mute=mute,
        rule=rule_name(mute.rule),
        until=words.day(mute.until_on),
        created_at=words.moment(mute.created_at, zone),
        ended_at=words.moment(mute.ended_at, zone) if mute.ended_at else "",
        in_force=in_force,
        silenced=[cause_line(cause, zone) for cause in silenced],
    )
