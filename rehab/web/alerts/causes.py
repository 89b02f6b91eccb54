"""What made a rule fire, in words, with the pages of what it came from."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from rehab.analytics.series import token_of
from rehab.models import Alert, AlertCause
from rehab.reference import alert_texts
from rehab.reference.alert_rules import ALERT_RULES, COMPUTED_SOURCES
from rehab.reference.alert_series import place
from rehab.selectors import patients, programs
from rehab.selectors import questionnaires as responses
from rehab.services import adherence_rules, contraindications, decline_alerts, questionnaires, rapid_loss
from rehab.services.inputs.programs import SCREENED
from rehab.services.kinds import KINDS
from rehab.web.records import words
from rehab.web.records.choices import words_for

_DAYS = frozenset({"from", "to"})


def language() -> str:
    return get_language() or "en"


@dataclass(frozen=True)
class Link:
    text: str
    url: str


@dataclass(frozen=True)
class CauseLine:
    reason: str
    occurred_at: str
    facts: list[tuple[str, str]]
    links: list[Link]  # none where the reader may not see what it came from
    withdrawn_at: str  # empty while it stands
    worked_out_by: str  # codes of rules, thresholds and methods; empty where there is none


@dataclass(frozen=True)
class Seen:
    """What a reader may see of what causes came from."""

    patients: frozenset[UUID]
    responses: frozenset[UUID]
    #: Programme and item that a session was done for.
    items: Mapping[UUID, tuple[UUID, UUID]]

    @classmethod
    def by(cls, viewer: User, causes: Collection[AlertCause]) -> "Seen":
        answers = [cause.source_id for cause in causes if cause.source_kind == questionnaires.NAME]
        done = [cause.source_id for cause in causes if cause.source_kind == contraindications.SOURCE]
        return cls(
            frozenset(patients.get_many(viewer=viewer, patient_ids={cause.patient_id for cause in causes})),
            frozenset(responses.visible_among(answers, viewer=viewer) if answers else ()),
            programs.items_of_sessions(done) if done else {},
        )


def reason(cause: AlertCause) -> str:
    return alert_texts.reason(rule=cause.rule, evidence=cause.evidence, language=language())


def cause_lines(causes: Iterable[AlertCause], zone: ZoneInfo, *, seen: Seen) -> list[CauseLine]:
    """Return causes of one time zone in words."""
    return [
        CauseLine(
            reason=reason(cause),
            occurred_at=words.moment(cause.occurred_at, zone),
            facts=_facts(cause.evidence),
            links=_links(cause, seen),
            withdrawn_at=words.moment(cause.withdrawn_at, zone) if cause.withdrawn_at else "",
            worked_out_by=", ".join(alert_texts.provenance(cause.evidence)),
        )
        for cause in causes
    ]


def _facts(evidence: Mapping[str, Any]) -> list[tuple[str, str]]:
    shown: dict[str, Any] = dict(evidence)
    for key in _DAYS & shown.keys():
        shown[key] = words.day(date.fromisoformat(shown[key]))
    if code := shown.get("checklist"):
        shown["checklist"] = words_for("modality", code)
    return alert_texts.facts(evidence=shown, language=language())


def _links(cause: AlertCause, seen: Seen) -> list[Link]:
    if cause.source_kind == questionnaires.NAME:
        if cause.source_id not in seen.responses:
            return []
        return [_record(_("Questionnaire"), reverse("questionnaire-response", args=[cause.source_id]))]
    if cause.patient_id not in seen.patients:
        return []
    links = []
    if kind := KINDS.get(cause.source_kind):
        links.append(_record(str(kind.label), reverse("record", args=[kind.name, cause.source_id])))
    if item := seen.items.get(cause.source_id):
        links.append(Link(_("Open the programme item"), reverse("program-item", args=item)))
    if cause.rule == contraindications.RULE:
        code = cause.evidence.get("checklist", cause.subject)
        if code in SCREENED:
            links.append(Link(_("Open the checklist"), reverse("checklist", args=[cause.patient_id, code])))
    if cause.rule in (contraindications.RULE, adherence_rules.RULE):
        links.append(Link(_("Open the programmes"), reverse("programs", args=[cause.patient_id])))
    if cause.source_kind == decline_alerts.SOURCE_KIND:
        links.append(_series(cause))
    if cause.source_kind == rapid_loss.SOURCE_KIND:
        links.append(Link(_("Open the analysis"), reverse("analysis", args=[cause.patient_id])))
    return links


def _record(source: str, url: str) -> Link:
    return Link(_("Open the record: %(source)s") % {"source": source}, url)


def _series(cause: AlertCause) -> Link:
    """Return the page of the series; the list of all of them where it may not be there any more."""
    key, series = cause.evidence.get("series_key"), cause.evidence.get("series")
    if not key or not series or cause.withdrawn_at is not None:
        return Link(_("Open the measurements"), reverse("series-list", args=[cause.patient_id]))
    where = place(series=series, language=language())
    url = reverse("series", args=[cause.patient_id, token_of(key)])
    return Link(_("Open the series: %(place)s") % {"place": where}, url)


def concerns(alert: Alert) -> str:
    """Return what tells an alert from others of its rule, in words; empty where there is nothing to tell."""
    if not alert.subject:
        return ""
    if alert.rule == contraindications.RULE:
        return words_for("modality", alert.subject)
    if alert.rule == adherence_rules.RULE:
        return _("The four weeks from %(day)s") % {"day": words.day(date.fromisoformat(alert.subject))}
    return alert.subject


def changed(alert: Alert, causes: Collection[AlertCause], zone: ZoneInfo) -> str:
    """Return that nothing an alert rests on stands any more, since when, and what becomes of it; else nothing."""
    moments = [cause.withdrawn_at for cause in causes if cause.withdrawn_at is not None]
    if not moments or len(moments) < len(causes):
        return ""
    is_reported = not ALERT_RULES[alert.rule].derived and any(
        cause.source_kind not in COMPUTED_SOURCES for cause in causes
    )
    text = alert_texts.gone(
        rule="" if is_reported else alert.rule,
        day=words.day(max(moments).astimezone(zone).date()),
        language=language(),
    )
    return text if alert.is_finished else f"{text} {_stays(alert, is_reported=is_reported)}"


def _stays(alert: Alert, *, is_reported: bool) -> str:
    if is_reported:
        return _("What somebody reported stays open until a clinician closes it with a reason.")
    return _("It stays open because somebody took note of it: close it with a reason once it is seen to.")
