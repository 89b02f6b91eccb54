"""Setting and ending the baseline of a series: by a clinician, after surgery or a relapse, or at the start."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import orjson
from annotated_types import MaxLen
from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.ids import new_id
from accounts.models import User
from accounts.roles import Permission
from rehab.analytics.series import key_of
from rehab.analytics.series_descriptions import SeriesDescription
from rehab.errors import IdInUse, Invalid, Problem, VersionConflict
from rehab.models import Patient, SeriesBaseline
from rehab.reference.motions import MOTIONS
from rehab.reference.scales import MRC_GRADES
from rehab.selectors import baselines, patients, readings
from rehab.services import documents, events
from rehab.services.inputs.base import Day, Document, RecordId, Text, Ui
from rehab.services.inputs.checks import number, outside

EARLIEST = date(1900, 1, 1)
#: Input limits, not norms, by canonical unit.
LIMITS = {
    "N": (0.0, 1500.0), "kg": (0.0, 1000.0), "cm": (0.0, 150.0), "points": (0.0, 200.0), "m": (0.0, 2000.0),
    "s": (0.0, 3600.0), "mL": (0.0, 10_000.0),
}  # fmt: skip
SYMBOLS = {"deg": "°"}
RANKS = {"mrc_rank": len(MRC_GRADES["MRC11"]) - 1, "mas_rank": 5, "category": 10}


class BaselineInput(Document):
    """A baseline for the series with this id (see ``series``). ``value`` is in the canonical unit of the series.

    Without a value the first readings from ``starts_on`` on are the baseline.
    """

    id: RecordId | None = None
    patient: uuid.UUID
    series: Annotated[Text, MaxLen(3000), Ui(_("Series"))]
    starts_on: Annotated[Day, Ui(_("From this day"))]
    value: Annotated[float | None, Ui(_("Baseline value"))] = None
    reason: Annotated[Literal["start", "surgery", "relapse"], Ui(_("Reason"))]
    note: Annotated[Text, MaxLen(500), Ui(_("Note"))] = ""


@dataclass(frozen=True)
class Created:
    baseline: SeriesBaseline
    created: bool


def set_baseline(document: Any, *, by: User, now: datetime) -> Created:
    """Set the baseline of a series; the one before it ends in the same transaction and is kept.

    The same id with the same content again answers what is stored; other content raises ``IdInUse``.
    """
    parsed = documents.read(BaselineInput, document)
    patient = patients.get(viewer=by, patient_id=parsed.patient, to=Permission.PLAN).patient
    content = parsed.model_dump(mode="json", exclude={"id"})
    digest = hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
    if parsed.id is not None and (stored := baselines.by_id(parsed.id)) is not None:
        return _replayed(stored, digest)
    key, description = _series_of(parsed, patient)
    _check(parsed, description, patient, now=now)
    row = SeriesBaseline(
        id=parsed.id or new_id(),
        patient=patient,
        series_key=key,
        starts_on=parsed.starts_on,
        value=parsed.value,
        reason=parsed.reason,
        note=parsed.note,
        created_digest=digest,
        set_by=by,
        set_at=now,
    )
    try:
        with transaction.atomic():
            before = baselines.current_id(patient_id=patient.pk, key=key)
            if before is not None and baselines.end_if_current(before, version=None, by=by, now=now):
                events.tell_of_patient(
                    "baselines.ended",
                    patient,
                    ("baselines", before),
                    by=by,
                    now=now,
                    changes={"replaced_by": str(row.pk)},
                )
            row.save(force_insert=True)
            changes = {"series_key": key, "starts_on": str(row.starts_on), "value": row.value, "reason": row.reason}
            events.tell_of_patient("baselines.set", patient, ("baselines", row.pk), by=by, now=now, changes=changes)
    except IntegrityError:
        stored = baselines.by_id(row.pk)
        if stored is not None:
            return _replayed(stored, digest)
        # Somebody set another baseline of this series at the same moment: theirs has not been seen here yet.
        raise VersionConflict(1) from None
    return Created(row, created=True)


def end(baseline_id: uuid.UUID, *, expected_version: int, by: User, now: datetime) -> SeriesBaseline:
    """End a baseline: the series is compared with its first readings again. ``VersionConflict`` if it ended before."""
    row, seen = baselines.get(viewer=by, baseline_id=baseline_id)
    patient = patients.get(viewer=by, patient_id=seen.patient.pk, to=Permission.PLAN).patient
    with transaction.atomic():
        if row.version != expected_version or not baselines.end_if_current(
            row.pk, version=expected_version, by=by, now=now
        ):
            latest = baselines.by_id(row.pk)
            raise VersionConflict(latest.version if latest else row.version)
        events.tell_of_patient("baselines.ended", patient, ("baselines", row.pk), by=by, now=now)
    row.ended_at, row.ended_by, row.version = now, by, 2
    return row


def _replayed(stored: SeriesBaseline, digest: str) -> Created:
    if stored.created_digest != digest:
        raise IdInUse
    return Created(stored, created=False)


def _series_of(parsed: BaselineInput, patient: Patient) -> tuple[str, SeriesDescription]:
    try:
        found = readings.of_patients([patient.pk], keys=[key_of(parsed.series)]).get(patient.pk)
    except ValueError:
        found = None
    if not found:
        message = _("Series: this patient has no such series. Take its id from the list of series.")
        raise Invalid([Problem("/series", "unknown_code", message)])
    return found[0].key, found[0].description


def _check(parsed: BaselineInput, description: SeriesDescription, patient: Patient, *, now: datetime) -> None:
    today = now.astimezone(ZoneInfo(patient.time_zone)).date()
    earliest = patient.birth_date or EARLIEST
    problems = []
    if not earliest <= parsed.starts_on <= today:
        message = format_lazy(
            _("From this day: {value} is not possible. Allowed: {low} to {high}."),
            value=parsed.starts_on.isoformat(), low=earliest.isoformat(), high=today.isoformat(),
        )  # fmt: skip
        problems.append(Problem("/starts_on", "out_of_range", message))
    low, high = limits_of(description)
    value, unit = parsed.value, SYMBOLS.get(description.unit, description.unit)
    if value is not None and description.ordinal and (value % 1 or not low <= value <= high):
        message = format_lazy(
            _("Baseline value: {value} is not possible. Allowed: a whole rank from {low} to {high}."),
            value=number(value), low=number(low), high=number(high),
        )  # fmt: skip
        problems.append(Problem("/value", "out_of_range", message))
    elif problem := outside("/value", _("Baseline value"), value, low, high, unit):
        problems.append(problem)
    if problems:
        raise Invalid(problems)


def limits_of(description: SeriesDescription) -> tuple[float, float]:
    """Return the lowest and highest value that a baseline of a series may have, in its canonical unit."""
    if description.unit == "deg":
        motion = MOTIONS[description.code]
        return motion.hard_min, motion.hard_max
    return LIMITS.get(description.unit) or (0.0, float(RANKS[description.unit]))
