"""Reading alerts: a page of them, one with its causes and history, counts, and what waits too long."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from accounts.models import Event, User
from accounts.roles import Permission
from rehab.errors import NotFound, NotPermitted
from rehab.models import Alert, AlertCause, AlertMute
from rehab.reference.alert_rules import LEVELS, is_reserved, is_worse, rank_of
from rehab.selectors import access, patients
from rehab.selectors.paging import RankedPosition

UNFINISHED = (Alert.Status.OPEN, Alert.Status.ACKNOWLEDGED)
ESCALATED_AT_ONCE = 100


def causes_of_sources(source_ids: Collection[uuid.UUID]) -> dict[tuple[uuid.UUID, str, str, str], AlertCause]:
    """Return the causes that some records raised, by (source id, kind, rule, subject)."""
    rows = AlertCause.objects.filter(source_id__in=source_ids).select_related("alert").order_by("id")
    return {(row.source_id, row.source_kind, row.rule, row.subject): row for row in rows}


def standing_causes(patient_ids: Collection[uuid.UUID], *, of: Mapping[str, str]) -> list[AlertCause]:
    """Return the causes of some rules, by rule the kind of their source, that were neither taken back nor closed."""
    asked = Q(pk__in=[])
    for rule, source_kind in of.items():
        asked |= Q(rule=rule, source_kind=source_kind)
    return list(
        AlertCause.objects.filter(
            asked,
            Q(alert__isnull=True) | Q(alert__status__in=UNFINISHED),
            patient_id__in=patient_ids,
            withdrawn_at__isnull=True,
        ).order_by("id")
    )


def reported_among(alert_ids: Collection[uuid.UUID], *, computed: Collection[str]) -> set[uuid.UUID]:
    """Return those of some alerts of which a cause, even one taken back, is of another kind than some."""
    rows = AlertCause.objects.filter(alert__in=alert_ids).exclude(source_kind__in=computed)
    return {alert_id for alert_id in rows.order_by().values_list("alert_id", flat=True) if alert_id is not None}


def unfinished_for_update(patient_ids: Collection[uuid.UUID]) -> QuerySet[Alert]:
    return (
        Alert.objects.select_for_update(no_key=True)
        .filter(patient_id__in=patient_ids, status__in=UNFINISHED)
        .order_by("id")
    )


def without_causes_for_update(alert_ids: Collection[uuid.UUID]) -> QuerySet[Alert]:
    """Return those of some unfinished alerts whose causes are all withdrawn."""
    left = AlertCause.objects.filter(alert=OuterRef("pk"), withdrawn_at__isnull=True)
    return (
        Alert.objects.select_for_update(no_key=True, of=("self",))
        .filter(~Exists(left), pk__in=alert_ids, status__in=UNFINISHED)
        .select_related("patient")
        .order_by("id")
    )


def mutes_not_ended(patient_ids: Iterable[uuid.UUID]) -> QuerySet[AlertMute]:
    return AlertMute.objects.filter(patient_id__in=list(patient_ids), ended_at__isnull=True).order_by("id")


def waiting_too_long_for_update(since: Mapping[str, datetime]) -> QuerySet[Alert]:
    """Return open alerts that wait since the moment of their level or longer and were not escalated yet, a batch of
    them; those that another worker has at hand are left out."""
    due = Q()
    for level, moment in since.items():
        due |= Q(level=level, waiting_since__lte=moment)
    return (
        Alert.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .filter(due, status=Alert.Status.OPEN, escalated_at__isnull=True)
        .select_related("patient")
        .order_by("waiting_since", "id")[:ESCALATED_AT_ONCE]
    )


def get(*, viewer: User, alert_id: uuid.UUID) -> Alert:
    """Return an alert for a therapist of its patient; ``NotFound`` if the viewer does not see the patient,
    ``NotPermitted`` for the patient and for caregivers. A reserved one is found by those alone whom it reaches."""
    alert = (
        Alert.objects.filter(pk=alert_id)
        .select_related("patient", "acknowledged_by", "assigned_to", "closed_by")
        .first()
    )
    if alert is None:
        raise NotFound
    if is_reserved(rule=alert.rule, subject=alert.subject):
        if not access.clinics_answered_for_by(viewer).filter(pk=alert.patient.clinic_id).exists():
            raise NotFound
    else:
        patients.get(viewer=viewer, patient_id=alert.patient_id, to=Permission.HANDLE_ALERTS)
    return alert


def check_may_handle(viewer: User, patient_id: uuid.UUID | None) -> None:
    """Raise ``NotPermitted`` unless the viewer is a therapist, of the patient if one is named."""
    if patient_id is not None:
        patients.get(viewer=viewer, patient_id=patient_id, to=Permission.HANDLE_ALERTS)
    elif not access.clinics_worked_for_by(viewer).exists():
        raise NotPermitted


@dataclass(frozen=True)
class AlertFilters:
    """What the list may be narrowed to; None means any. ``unfinished`` leaves out what is closed or withdrawn."""

    patient_id: uuid.UUID | None = None
    level: str | None = None
    status: str | None = None
    rule: str | None = None
    unfinished: bool = False
    mine: bool = False


_RANK = Case(*(When(level=level, then=Value(rank)) for rank, level in enumerate(LEVELS)), default=Value(len(LEVELS)))


def page(
    *, viewer: User, filters: AlertFilters, after: RankedPosition | None, limit: int
) -> tuple[list[Alert], RankedPosition | None]:
    """Return a page of the alerts of the viewer's patients, the worst level first, within it the longest waiting.

    ``NotPermitted`` for everybody who is no therapist.
    """
    check_may_handle(viewer, filters.patient_id)
    found = (
        Alert.objects.filter(_narrowed(filters, viewer))
        .annotate(rank=_RANK)
        .select_related("patient", "acknowledged_by", "assigned_to", "closed_by")
    )
    if after is not None:
        later = Q(raised_at__gt=after.at) | Q(raised_at=after.at, id__gt=after.id)
        found = found.filter(Q(rank__gt=after.rank) | Q(later, rank=after.rank))
    rows: list[Alert] = list(found.order_by("rank", "raised_at", "id")[: limit + 1])
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], RankedPosition(at=last.raised_at, id=last.pk, rank=rank_of(last.level))


def _narrowed(filters: AlertFilters, viewer: User) -> Q:
    narrowed = access.alerts_handled_by(viewer)
    if filters.patient_id is not None:
        narrowed &= Q(patient_id=filters.patient_id)
    for name in ("level", "status", "rule"):
        if (value := getattr(filters, name)) is not None:
            narrowed &= Q(**{name: value})
    if filters.unfinished:
        narrowed &= Q(status__in=UNFINISHED)
    return narrowed & Q(assigned_to=viewer) if filters.mine else narrowed


def unfinished_count(viewer: User) -> int:
    """Return how many alerts of a therapist's patients are not closed yet."""
    return Alert.objects.filter(access.alerts_handled_by(viewer), status__in=UNFINISHED).count()


def unfinished_of(patient_id: uuid.UUID, *, viewer: User | None = None) -> list[Alert]:
    """Return the unfinished alerts of one patient, the worst first. Whoever asks checked who may handle them; without
    a viewer what is reserved is left out."""
    return list(
        Alert.objects.filter(_seen_by(viewer), patient_id=patient_id, status__in=UNFINISHED)
        .annotate(rank=_RANK)
        .select_related("patient", "assigned_to", "acknowledged_by", "closed_by")
        .order_by("rank", "raised_at", "id")
    )


def unanswered_reserved_of(clinic_id: uuid.UUID) -> list[Alert]:
    """Return the alerts about item 9 that nobody has acknowledged, of all patients of a clinic."""
    found = Alert.objects.filter(access.reserved_alerts(), patient__clinic_id=clinic_id, status=Alert.Status.OPEN)
    return list(found.order_by("raised_at", "id"))


def _seen_by(viewer: User | None) -> Q:
    return ~access.reserved_alerts() if viewer is None else access.alerts_handled_by(viewer)


def causes_of(found: Collection[Alert]) -> dict[uuid.UUID, list[AlertCause]]:
    """Return the causes of some alerts, latest first, in one statement."""
    causes: dict[uuid.UUID, list[AlertCause]] = {alert.pk: [] for alert in found}
    for cause in AlertCause.objects.filter(alert__in=list(causes)).order_by("-occurred_at", "-id"):
        if cause.alert_id is not None:
            causes[cause.alert_id].append(cause)
    return causes


def leading_cause(alert: Alert, causes: Sequence[AlertCause]) -> AlertCause | None:
    """Return the cause that says most: the latest at the alert's level, of those that still hold if any does."""
    order = sorted(causes, key=lambda cause: (cause.withdrawn_at is not None, cause.level != alert.level))
    return order[0] if order else None


def history(alert: Alert) -> list[tuple[Event, str]]:
    """Return what happened to an alert, oldest first, with the name of who did it; empty for the service."""
    events = list(
        Event.objects.filter(
            patient_id=alert.patient_id, at__gte=alert.raised_at, target_kind="alert", target_id=alert.pk
        ).order_by("at", "id")
    )
    people = [event.actor_id for event in events] + [_uuid(event.changes.get("to")) for event in events]
    names = dict(User.objects.filter(pk__in={pk for pk in people if pk is not None}).values_list("pk", "name"))
    for event in events:
        if (to := _uuid(event.changes.get("to"))) is not None:
            event.changes["to_name"] = names.get(to, "")
    return [(event, names.get(event.actor_id, "") if event.actor_id else "") for event in events]


def _uuid(text: str | None) -> uuid.UUID | None:
    return None if text is None else uuid.UUID(text)


@dataclass(frozen=True)
class OpenAlerts:
    """The unfinished alerts of one patient: how many, and the worst level among them."""

    count: int
    worst: str


def acknowledged_by(user_id: uuid.UUID, *, clinic_id: uuid.UUID) -> QuerySet[Alert]:
    """Return the alerts of a clinic's patients that one person took note of and nobody closed."""
    return (
        Alert.objects.filter(acknowledged_by=user_id, status=Alert.Status.ACKNOWLEDGED, patient__clinic_id=clinic_id)
        .select_related("patient")
        .order_by("id")
    )


def open_by_patient(patient_ids: Collection[uuid.UUID], *, viewer: User | None = None) -> dict[uuid.UUID, OpenAlerts]:
    """Return the unfinished alerts of patients, in one statement; a patient without any is left out, and so is, without
    a viewer, what is reserved."""
    found: dict[uuid.UUID, OpenAlerts] = {}
    rows = Alert.objects.filter(_seen_by(viewer), patient_id__in=patient_ids, status__in=UNFINISHED)
    for patient_id, level in rows.order_by("id").values_list("patient_id", "level"):
        before = found.get(patient_id)
        worst = level if before is None or is_worse(level=level, than=before.worst) else before.worst
        found[patient_id] = OpenAlerts((before.count if before else 0) + 1, worst)
    return found
