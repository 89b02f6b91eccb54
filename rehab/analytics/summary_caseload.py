"""From the material of a therapist's patients to who needs a look, and why. Pure. The order is a convention."""

import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple, get_args

from rehab.analytics.summaries import CaseloadSummary, Reason
from rehab.analytics.summary_build import METHODS, adherence_of, alerts_of, counts_of, in_period
from rehab.analytics.summary_material import ROLLING, Material, Window
from rehab.analytics.summary_series import quality_of, series_of
from rehab.analytics.tally import count, dropped

#: The most pressing first.
REASONS: tuple[str, ...] = get_args(Reason)


class Line(NamedTuple):
    """What one patient adds to the summary; ``looked`` is None for who gives no reason to look."""

    patient_id: str
    name: str
    records: int
    digest: str
    looked: dict[str, Any] | None


def line(material: Material, *, patient_id: str, name: str) -> Line:
    """Return one patient's part. Sessions are needed from 56 days before the end on, for a drop in adherence."""
    window = material.window
    records = counts_of(material, in_period(material))["records"]
    series = series_of(material)
    fresh = [one for one in series if one["in_period"]]
    declined = [one for one in fresh if one["state"] in ("declined", "provisional_declined")]
    improved = [one for one in fresh if one["state"] == "improved" != one["state_before"]]
    alerts = alerts_of(material)
    if window.period == "day":
        alerts = [alert for alert in alerts if alert["raised_on"].toordinal() >= window.first]
    said = {f"alert_{alert['level']}" for alert in alerts} | {one["state"] for one in declined}
    if improved:
        said.add("improved")
    if window.period == "week":
        said |= _over_a_week(material, records)
    looked = {
        "patient": patient_id,
        "name": name,
        "reasons": [reason for reason in REASONS if reason in said],
        "declined": sorted(declined, key=lambda one: (one["state"], one["series"])),
        "improved": improved,
        "adherence": adherence_of(material),
        "alerts": alerts,
        "quality": quality_of(material, series),
        "records": records,
    }
    return Line(patient_id, name, records, material.digest, looked if said else None)


def _over_a_week(material: Material, records: int) -> set[str]:
    window, due, found = material.window, material.filled(), set()
    latest, earlier = (
        count(due, first=last - ROLLING + 1, last=last, today=window.today)
        for last in (window.last, window.last - ROLLING)
    )
    if dropped(now=latest, before=earlier):
        found.add("adherence_drop")
    if not records and (
        count(due, first=window.first, last=window.last, today=window.today).due or _was_active(material)
    ):
        found.add("nothing_logged")
    return found


def _was_active(material: Material) -> bool:
    """Return whether something was logged in the 28 days before the period."""
    since = material.window.first - ROLLING
    return (
        any(session.on >= since for session in material.sessions)
        or any(raw.ons[-1] >= since for raw in material.series if raw.ons)
        or bool(material.check_ins)
    )


def caseload_summary(lines: Iterable[Line], *, window: Window, time_zone: str) -> CaseloadSummary:
    """Put the lines of one therapist's patients together, those who need a look most pressingly first."""
    rows = sorted(lines, key=lambda row: row.patient_id)
    looked = [row.looked for row in rows if row.looked is not None]
    looked.sort(
        key=lambda one: (
            REASONS.index(one["reasons"][0]), -len(one["reasons"]), -len(one["declined"]), one["name"].casefold(),
            one["patient"],
        )
    )  # fmt: skip
    digest = hashlib.sha256("".join(f"{row.patient_id}{row.name}{row.digest}" for row in rows).encode()).hexdigest()
    return CaseloadSummary.model_validate(
        {
            "period": window.period,
            "starts_on": window.starts_on,
            "ends_on": window.ends_on,
            "time_zone": time_zone,
            "patients_treated": len(rows),
            "patients": looked,
            "inputs": {"records": sum(row.records for row in rows), "digest": digest, "methods": METHODS},
        }
    )
