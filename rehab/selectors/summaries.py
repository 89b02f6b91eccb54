"""Reading summaries: a page of them, and one as its reader may see it, in any of its versions."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Q, QuerySet
from pydantic import TypeAdapter

from accounts.models import Clinic, User
from accounts.roles import Permission
from content import catalogue
from content.renamed import current
from rehab.analytics.summaries import CLINICIAN_ONLY, CaseloadSummary, ClinicSummary, PatientSummary
from rehab.errors import NotFound
from rehab.models import Summary, SummaryVersion
from rehab.selectors import access, patients
from rehab.selectors.paging import Position
from rehab.selectors.patients import Seen

Payload = PatientSummary | CaseloadSummary | ClinicSummary

#: The shape that a payload was written with, by audience and its ``schema_version``.
_SHAPES: dict[tuple[str, int], TypeAdapter[Any]] = {
    ("patient", 1): TypeAdapter(PatientSummary),
    ("therapist", 1): TypeAdapter(CaseloadSummary),
    ("clinic", 1): TypeAdapter(ClinicSummary),
}
_NOTHING: dict[str, Any] = {"load": None, "alerts": (), "quality": ()}


@dataclass(frozen=True, slots=True)
class SeenSummary:
    """A version of a summary as one person sees it.

    ``payload`` holds only what the reader may see and is None before the first version. ``seen`` is the patient as the
    reader sees them, None for caseloads and clinics. ``left_out``: patients of a caseload whom the reader does not
    treat any more. ``therapists``: who treats the patient now. ``versions`` and ``therapists`` are empty in a list.
    """

    summary: Summary
    seen: Seen | None
    version: int
    computed_at: datetime | None
    payload: Payload | None
    left_out: int = 0
    versions: tuple["VersionLine", ...] = ()
    therapists: tuple[str, ...] = ()

    @property
    def is_latest(self) -> bool:
        return self.version == self.summary.version

    @property
    def for_clinician(self) -> bool:
        return self.seen is None or self.seen.may(Permission.VIEW_ANALYSIS)


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of a summary: when it was computed, and when the next one took its place (None: the latest)."""

    version: int
    computed_at: datetime
    replaced_at: datetime | None


@dataclass(frozen=True, slots=True)
class SummaryFilters:
    """What the list may be narrowed to; None means any, of ``status`` any that is computed. ``starts_from`` to
    ``starts_to``: days, both included."""

    audience: str | None = None
    period: str | None = None
    patient_id: uuid.UUID | None = None
    clinic_id: uuid.UUID | None = None
    starts_from: date | None = None
    starts_to: date | None = None
    status: str | None = None


def visible_to(viewer: User) -> QuerySet[Summary]:
    """Return the summaries that a person may open, those not computed yet among them, latest period first."""
    return access.summaries_visible_to(viewer).order_by("-starts_on", "-id")


def get(viewer: User, summary_id: uuid.UUID, version: int | None = None) -> SeenSummary:
    """Return a summary as the viewer may see it: the latest version, or the one named.

    ``NotFound`` if the viewer may not open it, or if there is no such version.
    """
    summary = visible_to(viewer).filter(pk=summary_id).select_related("patient__clinic", "clinic", "therapist").first()
    if summary is None:
        raise NotFound
    earlier = SummaryVersion.objects.filter(summary=summary).order_by("version", "id")
    lines = [VersionLine(*row) for row in earlier.values_list("version", "computed_at", "replaced_at")]
    if summary.computed_at is not None:
        lines.append(VersionLine(summary.version, summary.computed_at, None))
    document, schema_version, computed_at = summary.payload, summary.schema_version, summary.computed_at
    shown = summary.version if version is None else version
    if shown != summary.version:
        row = earlier.filter(version=shown).first() if any(line.version == shown for line in lines) else None
        if row is None:
            raise NotFound
        document, schema_version, computed_at = row.payload, row.schema_version, row.computed_at
    seen = _seen_by(viewer, [summary])
    payload, left_out = _stripped(summary, document, schema_version, seen)
    one = SeenSummary(
        summary,
        seen.of(summary),
        shown,
        computed_at,
        payload,
        left_out=left_out,
        versions=tuple(reversed(lines)),
        therapists=_therapists_of(summary),
    )
    return _without_gated_articles([one])[0]


def page(
    *, viewer: User, filters: SummaryFilters, after: Position | None, limit: int, with_payload: bool = True
) -> tuple[list[SeenSummary], Position | None]:
    """Return a page of the summaries that the viewer may open, latest period first.

    ``NotFound`` if a patient is named whom the viewer does not see. The statements do not grow with the rows.
    """
    if filters.patient_id is not None:
        patients.get(viewer=viewer, patient_id=filters.patient_id)
    found = visible_to(viewer).filter(_narrowed(filters))
    if after is not None:
        day = after.at.date()
        found = found.filter(Q(starts_on__lt=day) | Q(starts_on=day, id__lt=after.id))
    found = found.select_related("patient", "clinic")
    rows: list[Summary] = list((found if with_payload else found.defer("payload"))[: limit + 1])
    position = None
    if len(rows) > limit:
        rows = rows[:limit]
        position = Position(datetime.combine(rows[-1].starts_on, time(), UTC), rows[-1].pk)
    seen = _seen_by(viewer, rows)
    listed = [_listed(row, seen, with_payload=with_payload) for row in rows]
    return _without_gated_articles(listed), position


def latest_of(seen: Seen, *, period: str) -> SeenSummary | None:
    """Return a patient's latest computed summary of a period, in one statement. Ask ``patients.get`` before."""
    found = Summary.objects.filter(audience=Summary.Audience.PATIENT, patient=seen.patient, period=period)
    row = found.filter(version__gte=1).select_related("clinic").order_by("-starts_on", "-id").first()
    return None if row is None else _listed(row, _Sight({seen.patient.pk: seen}, frozenset()), with_payload=True)


def published_shapes() -> list[tuple[str, int]]:
    """Return the audiences and versions of every shape that a stored payload may have."""
    return list(_SHAPES)


def json_schema_of(audience: str, schema_version: int) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a payload; ``NotFound`` for one that there never was."""
    shape = _SHAPES.get((audience, schema_version))
    if shape is None:
        raise NotFound
    return shape.json_schema(mode="serialization")


def clinics_of(viewer: User) -> list[Clinic]:
    """Return the clinics whose monthly summaries a person may open, by name."""
    return list(access.clinics_summarised_for(viewer).order_by("name", "id"))


def _narrowed(filters: SummaryFilters) -> Q:
    narrowed = Q(version__gte=1) if filters.status is None else Q()
    for name in ("audience", "period", "patient_id", "clinic_id", "status"):
        if (value := getattr(filters, name)) is not None:
            narrowed &= Q(**{name: value})
    if filters.starts_from is not None:
        narrowed &= Q(starts_on__gte=filters.starts_from)
    if filters.starts_to is not None:
        narrowed &= Q(starts_on__lte=filters.starts_to)
    return narrowed


@dataclass(frozen=True, slots=True)
class _Sight:
    """What a viewer sees of the patients of some summaries: their own places, and whom they treat of a caseload."""

    patients: dict[uuid.UUID, Seen]
    treated: frozenset[str]

    def of(self, summary: Summary) -> Seen | None:
        return self.patients[summary.patient_id] if summary.patient_id is not None else None


def _seen_by(viewer: User, rows: Collection[Summary]) -> _Sight:
    ids = {row.patient_id for row in rows if row.patient_id is not None}
    own = patients.get_many(viewer=viewer, patient_ids=ids) if ids else {}
    treated: Iterable[uuid.UUID] = ()
    if any(row.audience == Summary.Audience.THERAPIST for row in rows):
        treated = access.patients_treated_by(viewer).values_list("id", flat=True)
    return _Sight(own, frozenset(str(one) for one in treated))


def _therapists_of(summary: Summary) -> tuple[str, ...]:
    if summary.patient_id is None:
        return ()
    people = access.treating([summary.patient_id]).order_by("user__name", "id")
    return tuple(people.values_list("user__name", flat=True))


def _listed(row: Summary, seen: _Sight, *, with_payload: bool) -> SeenSummary:
    payload, left_out = _stripped(row, row.payload, row.schema_version, seen) if with_payload else (None, 0)
    return SeenSummary(row, seen.of(row), row.version, row.computed_at, payload, left_out=left_out)


def _without_gated_articles(found: list[SeenSummary]) -> list[SeenSummary]:
    """Take out articles that are not for a condition that the patient has now; one statement if any is named."""
    named = [one for one in found if isinstance(one.payload, PatientSummary) and one.payload.article]
    gates = catalogue.gates() if named else {}
    return [
        replace(one, payload=one.payload.model_copy(update={"article": None}))
        if isinstance(one.payload, PatientSummary) and _is_gated(one.payload.article, one.seen, gates)
        else one
        for one in found
    ]


def _is_gated(slug: str | None, seen: Seen | None, gates: Mapping[str, frozenset[str]]) -> bool:
    if slug is None or seen is None:
        return False
    slug = current(slug)
    return slug not in gates or bool(gates[slug] & set(seen.patient.conditions))


def _stripped(summary: Summary, document: Any, schema_version: int, sight: _Sight) -> tuple[Payload | None, int]:
    """Return a stored payload without what the viewer may not see, and how many patients that leaves out."""
    if document is None:
        return None, 0
    payload: Payload = _SHAPES[summary.audience, schema_version].validate_python(document, strict=False)
    if isinstance(payload, CaseloadSummary):
        kept = tuple(one for one in payload.patients if one.patient in sight.treated)
        return payload.model_copy(update={"patients": kept}), len(payload.patients) - len(kept)
    seen = sight.of(summary)
    if isinstance(payload, PatientSummary) and seen is not None and not seen.may(Permission.VIEW_ANALYSIS):
        return payload.model_copy(update={name: _NOTHING[name] for name in CLINICIAN_ONLY}), 0
    return payload, 0
