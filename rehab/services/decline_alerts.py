"""The decline rule: a confirmed decline beyond measurement error in any series, one alert per patient."""

import uuid
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from rehab.analytics.change import STATED_IN
from rehab.analytics.declines import Decline, decline_of
from rehab.analytics.series import SetBaseline, Subject
from rehab.models import AlertCause, Patient
from rehab.reference.alert_rules import VERSION
from rehab.selectors import alert_sources, alerts, baselines, readings, states
from rehab.selectors.readings import Series
from rehab.selectors.series import subject_of
from rehab.services.alerts import Cause

RULE = "DECLINE"
SOURCE_KIND = "series"
#: A decline whose last reading is older is history, not news. A convention of this project.
NEWS = timedelta(days=60)


def causes(patient_ids: Collection[uuid.UUID], *, now: datetime) -> list[Cause]:
    """Return a cause for each series of the patients that is declined, in a handful of statements.

    The cause of a decline keeps its id while the decline goes on, whatever is added to the series meanwhile: a
    further cause means a further series, or a decline after the series had recovered.
    """
    patients = alert_sources.patients_by_id(patient_ids)
    subjects = {patient_id: subject_of(patient) for patient_id, patient in patients.items()}
    declined = {
        (patient_id, one.key)
        for patient_id, found in states.of_patients(subjects).items()
        for one in found.known
        if one.state.state == "declined" and one.state.last_on >= (now - NEWS).date()
    }
    if not declined:
        return []
    series_of = readings.of_patients({patient_id for patient_id, _key in declined}, keys={key for _, key in declined})
    current = baselines.current(series_of)
    found: list[tuple[Series, Decline]] = []
    for patient_id, every in series_of.items():
        for series in every:
            if (patient_id, series.key) not in declined:
                continue
            set_one = baselines.as_set(current.get((patient_id, series.key)))
            if decline := _decline(series, subjects[patient_id], set_one):
                found.append((series, decline))
    ids = {source_id(series, day) for series, decline in found for day in decline.days}
    raised = {cause_id for cause_id, _kind, rule, _subject in alerts.causes_of_sources(ids) if rule == RULE}
    return [
        _cause(patients[series.patient_id], series, decline, id_=_id_of(series, decline, raised))
        for series, decline in found
    ]


def _decline(series: Series, subject: Subject, set_baseline: SetBaseline | None) -> Decline | None:
    if not series.measured:
        return None
    return decline_of(
        description=series.description, readings=series.readings(), subject=subject, set_baseline=set_baseline
    )


def _cause(patient: Patient, series: Series, decline: Decline, *, id_: uuid.UUID) -> Cause:
    return Cause(
        patient=patient,
        rule=RULE,
        level="review",
        source_kind=SOURCE_KIND,
        source_id=id_,
        occurred_at=_moment(series, decline),
        rule_version=VERSION,
        evidence=evidence_of(series, decline),
    )


def rechecked(
    standing: Collection[AlertCause], *, found: Collection[Cause], now: datetime
) -> dict[uuid.UUID, Cause | None]:
    """Return those of some causes that still hold, by their row, as they are now; None for as it was.

    Each is looked at with the readings up to the day it was raised on: a series that recovered since was declined all
    the same. One that does not say its series and day cannot be looked at, and holds.
    """
    patients = alert_sources.patients_by_id({row.patient_id for row in standing})
    keys = {str(row.evidence["series_key"]) for row in standing if row.evidence.get("series_key")}
    series = {
        (patient_id, one.key): one
        for patient_id, every in (readings.of_patients(patients, keys=keys) if keys else {}).items()
        for one in every
    }
    current = baselines.current(patients)
    holds: dict[uuid.UUID, Cause | None] = {}
    for row in standing:
        key, until = row.evidence.get("series_key"), row.evidence.get("to")
        if not key or not until:
            holds[row.pk] = None
        elif one := series.get((row.patient_id, key)):
            then = one.until(date.fromisoformat(until))
            set_then = baselines.as_set(current.get((row.patient_id, key)))
            if set_then is not None and set_then.on > date.fromisoformat(until):
                set_then = None
            patient = patients[row.patient_id]
            if decline := _decline(then, subject_of(patient), set_then):
                holds[row.pk] = _cause(patient, then, decline, id_=row.source_id)
    return holds


def source_id(series: Series, on: date) -> uuid.UUID:
    """Return the id of a decline that was first confirmed on a day: the same wherever and whenever it is computed."""
    return uuid.uuid5(series.patient_id, f"{series.key}|{on.isoformat()}")


def _id_of(series: Series, decline: Decline, raised: Collection[uuid.UUID]) -> uuid.UUID:
    """Return the id under which this decline was raised before, though a late reading moved its first day."""
    known = (source_id(series, day) for day in decline.days)
    return next((one for one in known if one in raised), source_id(series, decline.confirmed_on))


def _moment(series: Series, decline: Decline) -> datetime:
    return max(one.at for one in series.measured if one.on == decline.confirmed_on)


def evidence_of(series: Series, decline: Decline) -> dict[str, Any]:
    """Return what the therapist is shown: where and how it was measured, from what to what, against which row."""
    description, change = series.description, decline.change
    return {
        "series_key": series.key,
        "series": {"measure": description.measure, "code": description.code, "side": description.side},
        "baseline": change.baseline,
        "current": change.current,
        "change": None if change.baseline is None or change.current is None else change.current - change.baseline,
        "unit": STATED_IN.get(description.unit, description.unit),
        "threshold": change.threshold_value,
        "threshold_id": change.threshold_row_id,
        "n": change.n,
        "from": decline.confirmed_on.isoformat(),
        "to": None if change.last_on is None else change.last_on.isoformat(),
        "method": f"{change.method}, {decline.method}",
    }
