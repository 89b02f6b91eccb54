"""Alerts of the demo: too much pain in three patients' last sessions, and what their therapists did about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import User
from rehab.management.demo import disuse, nerve, neuron
from rehab.management.demo.shapes import Story
from rehab.management.demo.stories import EVERYBODY
from rehab.models import Alert, ExerciseSession
from rehab.reference.alert_rules import is_reserved
from rehab.selectors import alerts as alert_selectors
from rehab.selectors import records as record_selectors
from rehab.services import alert_handling, alert_mutes, alert_rules, records
from rehab.services.kinds import KINDS


@dataclass(frozen=True)
class Pain:
    """What is added to a patient's last session, and why."""

    story: Story
    changes: Mapping[str, int]
    reason: str


WAITING = Pain(
    nerve.BRACHIAL_PLEXUS,
    {"pain_before": 2, "pain_during_max": 5, "pain_next_morning": 4},
    "The pain of the next morning was asked by telephone.",
)
ACKNOWLEDGED = Pain(disuse.FRACTURE, {"pain_during_max": 7}, "The worst pain was left out.")
CLOSED = Pain(neuron.POLIO, {"pain_during_max": 6}, "The worst pain was left out.")
PAINS = (WAITING, ACKNOWLEDGED, CLOSED)
MUTED_FOR = timedelta(days=21)
#: What was raised before is acknowledged soon, and what is older than some days was closed on the next.
ANSWERED_AFTER = timedelta(minutes=40)
CLOSED_WITHIN = timedelta(days=7)
#: With what reason, by rule, and for every other.
ANSWERS: Mapping[str, str] = {"DVT_PE": "Seen in hospital the same evening: no clot, a sore calf after a long walk."}
ANSWER = "Spoke by telephone, and looked at it again at the next visit."


def load(teams: Mapping[str, Mapping[str, User]], *, responder: User, now: datetime) -> None:
    """Answer what was raised some time ago; add the pains, evaluate every rule as the workers do, and answer two.

    ``teams`` by story key; ``responder`` answers item 9.
    """
    for story in (one for one in EVERYBODY if one.key in teams):
        _answer_old(teams[story.key]["therapist"], story.id, responder=responder, now=now)
    pains = [pain for pain in PAINS if pain.story.key in teams]
    for pain in pains:
        _add(pain, by=teams[pain.story.key]["therapist"], now=now)
    alert_rules.sweep(now=now)
    for pain, answer in ((ACKNOWLEDGED, _acknowledge), (CLOSED, _close_and_mute)):
        # Demo data of months ago are no news: nothing is raised of them, and there is nothing to answer.
        if pain in pains and (alert := _alert_of(pain.story)) is not None:
            answer(pain.story, alert, by=teams[pain.story.key]["therapist"], now=now)


def _add(pain: Pain, *, by: User, now: datetime) -> None:
    found = record_selectors.visible(ExerciseSession, viewer=by, patient_id=pain.story.id)
    session = found.filter(session_status="completed", status="final").order_by("performed_at", "id").last()
    if session is None:
        raise RuntimeError(f"{pain.story.name} has no session to add to.")
    records.amend(
        KINDS["sessions"],
        session.pk,
        dict(pain.changes),
        reason=pain.reason,
        expected_version=session.version,
        confirm=True,
        by=by,
        now=now,
    )


def _answer_old(therapist: User, patient_id: UUID, *, responder: User, now: datetime) -> None:
    """Answer what was raised some time ago, as it was answered then: what is old does not wait any more."""
    reserved = (
        alert
        for alert in alert_selectors.unfinished_of(patient_id, viewer=responder)
        if is_reserved(rule=alert.rule, subject=alert.subject)
    )
    waiting = [(alert, therapist) for alert in alert_selectors.unfinished_of(patient_id)]
    for alert, by in (*waiting, *((alert, responder) for alert in reserved)):
        at = alert.raised_at + ANSWERED_AFTER
        if at > now:
            continue
        alert = alert_handling.acknowledge(alert.pk, expected_version=alert.version, by=by, now=at)
        if alert.raised_at <= now - CLOSED_WITHIN:
            reason, later = ANSWERS.get(alert.rule, ANSWER), at + timedelta(days=1)
            alert_handling.close(alert.pk, reason=reason, expected_version=alert.version, by=by, now=later)


def _alert_of(story: Story) -> Alert | None:
    return next((alert for alert in alert_selectors.unfinished_of(story.id) if alert.rule == "PAIN"), None)


def _acknowledge(_story: Story, alert: Alert, *, by: User, now: datetime) -> None:
    alert = alert_handling.acknowledge(alert.pk, expected_version=alert.version, by=by, now=now)
    alert_handling.assign(alert.pk, therapist_id=by.pk, expected_version=alert.version, by=by, now=now)


def _close_and_mute(story: Story, alert: Alert, *, by: User, now: datetime) -> None:
    alert_handling.close(
        alert.pk,
        reason="Spoke by telephone: the old ache of the shoulder, as always in wet weather. Seen again on Thursday.",
        expected_version=alert.version,
        by=by,
        now=now,
    )
    until_on = (now.astimezone(ZoneInfo(story.time_zone)) + MUTED_FOR).date()
    mute: dict[str, Any] = {
        "patient": str(story.id),
        "rule": "PAIN",
        "reason": "Long-standing shoulder ache, assessed and known; asked about at every visit.",
        "until_on": until_on.isoformat(),
    }
    alert_mutes.create(mute, by=by, now=now)
