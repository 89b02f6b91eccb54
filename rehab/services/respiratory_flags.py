"""Red flags of breathing and blood pressure, from what a clinician measured and the patient's own baseline.

The baseline of a measure is the latest earlier record marked as baseline that has it, or else the first that has it.
"""

from collections.abc import Sequence
from typing import Any

from rehab.analytics.red_flags import Measures, RaisedFlag, evaluate
from rehab.models import Assessment, Patient, Record
from rehab.selectors import assessments
from rehab.services.alerts import Cause

SOURCE_KIND = "assessments"
#: Measure → the field of ``Measures`` that holds its baseline.
BASELINES = {
    "vital_capacity_ml": "vital_capacity_baseline_ml",
    "mip_cmh2o": "mip_baseline_cmh2o",
    "mep_cmh2o": "mep_baseline_cmh2o",
    "systolic_mmhg": "systolic_baseline_mmhg",
}
_WITHOUT_BASELINE = ("vital_capacity_ml_per_kg", "single_breath_count")


def causes_of(record: Record, patient: Patient) -> list[Cause]:
    """Return what a record that is stored raises now: it and, if that is another, the latest one.

    A record that is amended, comes late or was entered in error (then it counts for nothing itself) may be the
    baseline of the latest, so that is looked at again.
    """
    if not isinstance(record, Assessment) or record.assessment != "respiratory":
        return []
    readings = assessments.breathing(patient.pk)
    looked_at = {at for at, reading in enumerate(readings) if reading.pk == record.pk or at == len(readings) - 1}
    return [cause for at in sorted(looked_at) for cause in _causes(readings[at], readings[:at], patient)]


def _causes(reading: Assessment, earlier: Sequence[Assessment], patient: Patient) -> list[Cause]:
    baselines = {name: value for name in BASELINES if (value := _baseline(name, earlier)) is not None}
    values: dict[str, Any] = {name: getattr(reading, name) for name in (*BASELINES, *_WITHOUT_BASELINE)}
    compared: dict[str, Any] = {BASELINES[name]: value for name, value in baselines.items()}
    raised = evaluate(
        measures=Measures(**values, **compared),
        conditions=patient.conditions,
        injury_at_or_above_t6=patient.injury_at_or_above_t6,
    )
    return [
        Cause(
            patient=patient,
            rule=flag.flag,
            level=flag.level,
            rule_version=flag.rule_version,
            source_kind=SOURCE_KIND,
            source_id=reading.pk,
            occurred_at=reading.performed_at,
            evidence=_evidence(flag, values, baselines),
        )
        for flag in raised
    ]


def _baseline(name: str, earlier: Sequence[Assessment]) -> float | None:
    # A zero cannot be fallen from.
    known = [(reading.is_baseline, value) for reading in earlier if (value := getattr(reading, name))]
    marked = [value for is_baseline, value in known if is_baseline]
    return marked[-1] if marked else known[0][1] if known else None


def _evidence(flag: RaisedFlag, values: dict[str, Any], baselines: dict[str, float]) -> dict[str, Any]:
    return {
        "rule": flag.rule,
        "measures": {name: values[name] for name in flag.measures},
        "baseline": {name: baselines[name] for name in flag.measures if name in baselines},
    }
