"""Summaries and payloads for tests: what the service computes, written by hand."""

from datetime import date, datetime, timedelta
from typing import Any

from accounts.ids import new_id
from accounts.models import Clinic, User
from rehab.analytics.series import token_of
from rehab.analytics.summaries import (
    AdherenceOf,
    AlertOf,
    Bucket,
    CaseloadSummary,
    ClinicSummary,
    Counts,
    Dose,
    DueNext,
    GoalOf,
    Inputs,
    Load,
    Looked,
    Outcome,
    PatientSummary,
    Point,
    Quality,
    SeriesOf,
    Symptom,
    TrendOf,
    Week,
)
from rehab.models import Patient, Summary, SummaryVersion

#: A Monday.
WEEK = date(2026, 3, 2)
INPUTS = Inputs(records=9, digest="0" * 64, methods=("change/1",))
NO_COUNTS = Counts(
    records=0, measurements=0, check_ins=0, sessions=0, sessions_completed=0, sessions_skipped=0, active_days=0
)
GRIP_KEY = "strength|grip|HAND_GRIP|left||"


def series_of(**changes: Any) -> SeriesOf:
    """Return a grip that has improved beyond measurement error: 180 N to 240 N over ten weeks."""
    end = WEEK + timedelta(days=6)
    fields: dict[str, Any] = {
        "series": token_of(GRIP_KEY),
        "kind": "strength",
        "measure": "grip",
        "code": "HAND_GRIP",
        "side": "left",
        "how": (("position", "sitting"),),
        "fields": (("method", "grip"), ("muscle", "HAND_GRIP"), ("side", "left")),
        "quantity": "force",
        "unit": "N",
        "better": "higher",
        "ordinal": False,
        "state": "improved",
        "reason": None,
        "baseline": 180.0,
        "current": 240.0,
        "delta": 60.0,
        "threshold_value": 49.0,
        "threshold_row": "grip_general",
        "n": 10,
        "last_on": end,
        "in_period": True,
        "state_before": "stable",
        "points": tuple(
            Point(on=end - timedelta(weeks=9 - i), value=value)
            for i, value in enumerate((178, 182, 190, 199, 205, 211, 220, 228, 236, 244))
        ),
        "trend": TrendOf(direction="up", n=10, slope_per_week=7.3, ci95_low_per_week=6.1, ci95_high_per_week=8.6),
    }
    return SeriesOf.model_validate({**fields, **changes})


def alert_of(**changes: Any) -> AlertOf:
    fields = {"id": str(new_id()), "rule": "PAIN", "level": "review", "status": "open", "raised_on": WEEK}
    return AlertOf.model_validate({**fields, **changes})


def adherence_of(**changes: Any) -> AdherenceOf:
    fields = {
        "due": 4, "completed": 3, "missed": 1, "excused": 0, "extra": 1, "recalled": 1, "session_pct": 75.0,
        "dose_pct": 70.0, "streak": 2,
    }  # fmt: skip
    return AdherenceOf.model_validate({**fields, **changes})


def patient_payload(**changes: Any) -> PatientSummary:
    """Return a full week: sessions, symptoms, four series, a goal, what is due, and what is for clinicians."""
    knee = {
        "kind": "rom", "measure": "rom", "code": "KNE_FLEX", "side": "right",
        "how": (("instrument", "smartphone_app"),),
        "fields": (("motion", "KNE_FLEX"), ("rom_type", "AROM"), ("side", "right")), "quantity": "", "unit": "deg",
        "series": token_of("rom|AROM|KNE_FLEX|right||"), "baseline": 100.0, "current": 96.0, "delta": -4.0,
        "threshold_value": 9.6, "state": "stable", "state_before": "stable", "trend": None,
        "points": tuple(Point(on=WEEK + timedelta(days=i - 20), value=100.0 - i / 5) for i in range(0, 24, 4)),
    }  # fmt: skip
    girth = {
        "kind": "girth", "measure": "girth", "code": "CALF_MAX", "side": "left", "how": (), "quantity": "length",
        "fields": (("site", "CALF_MAX"), ("side", "left")), "unit": "cm", "series": token_of("girth||CALF_MAX|left|||"),
        "baseline": 36.0, "current": 33.5, "delta": -2.5, "threshold_value": 1.0, "state": "provisional_declined",
        "state_before": "stable", "trend": None, "n": 2,
        "points": (Point(on=WEEK - timedelta(days=21), value=36.0), Point(on=WEEK + timedelta(days=2), value=33.5)),
    }  # fmt: skip
    muscle = {
        "measure": "mrc", "code": "ANK_DF", "side": "left", "how": (("scale", "MRC11"),), "unit": "grade",
        "fields": (("method", "mrc"), ("muscle", "ANK_DF"), ("side", "left")), "quantity": "", "ordinal": True,
        "series": token_of("strength|mrc|ANK_DF|left||"), "baseline": 4.0, "current": 3.0, "delta": -1.0,
        "threshold_value": 1.0, "state": "declined", "state_before": "provisional_declined", "trend": None, "n": 3,
        "points": (Point(on=WEEK - timedelta(days=14), value=4.0), Point(on=WEEK, value=3.0)),
    }  # fmt: skip
    fields: dict[str, Any] = {
        "period": "week",
        "starts_on": WEEK,
        "ends_on": WEEK + timedelta(days=6),
        "time_zone": "Asia/Shanghai",
        "notes": (),
        "counts": Counts(
            records=9, measurements=4, check_ins=2, sessions=4, sessions_completed=3, sessions_skipped=1, active_days=4
        ),
        "adherence": adherence_of(),
        "doses": (
            Dose(modality="resistance_band", sessions=2, minutes=None),
            Dose(modality="aquatic", sessions=1, minutes=35.0),
            Dose(modality="fes", sessions=1, minutes=20.0, fes_on_minutes=8.0),
        ),
        "load": Load(weekly=450.0, monotony=0.754, strain=339.5, change_pct=12.5),
        "symptoms": (
            Symptom(code="pain_nrs", n=2, median=3.0, maximum=5.0, previous_median=4.0),
            Symptom(code="fatigue_nrs", n=2, median=6.0, maximum=7.0, previous_median=None),
        ),
        "series": (series_of(**muscle), series_of(), series_of(**girth), series_of(**knee)),
        "weeks": tuple(
            Week(starts_on=WEEK - timedelta(weeks=7 - i), sessions=count, minutes=count * 25.0 or None)
            for i, count in enumerate((2, 3, 0, 4, 3, 3, 2, 3))
        ),
        "goals": (
            GoalOf(
                id=str(new_id()),
                title="I want to fetch my own newspaper",
                review_on=WEEK + timedelta(days=9),
                level=0,
                rated_on=WEEK - timedelta(days=10),
            ),
        ),
        "due_next": (
            DueNext(item=str(new_id()), name="Elbow bends with the red band", modality="resistance_band",
                    on=WEEK + timedelta(days=7), times=None),
            DueNext(item=str(new_id()), name="", modality="aquatic", on=None, times=2),
        ),
        "alerts": (alert_of(),),
        "quality": (
            Quality(code="single_reading", series=token_of("girth||CALF_MAX|left|||"), on=WEEK + timedelta(days=2)),
            Quality(code="recalled", series=None, on=WEEK + timedelta(days=3)),
        ),
        "article": None,
        "inputs": INPUTS,
    }  # fmt: skip
    return PatientSummary.model_validate({**fields, **changes})


def empty_payload(**changes: Any) -> PatientSummary:
    """Return a week in which nothing was logged, of a patient with no programme."""
    fields: dict[str, Any] = {
        "notes": ("no_records", "first_period"), "counts": NO_COUNTS, "adherence": None, "doses": (), "load": None,
        "symptoms": (), "series": (), "weeks": (), "goals": (), "due_next": (), "alerts": (), "quality": (),
        "article": None, "inputs": Inputs(records=0, digest="", methods=()),
    }  # fmt: skip
    return patient_payload(**{**fields, **changes})


def looked(patient: Patient, **changes: Any) -> Looked:
    fields: dict[str, Any] = {
        "patient": str(patient.pk),
        "name": patient.name,
        "reasons": ("alert_same_day", "declined", "adherence_drop"),
        "declined": tuple(one for one in patient_payload().series if one.state == "declined"),
        "improved": (series_of(),),
        "adherence": adherence_of(due=4, completed=1, missed=3, session_pct=25.0, dose_pct=20.0),
        "alerts": (alert_of(level="same_day", rule="SKIN"),),
        "quality": patient_payload().quality,
        "records": 5,
    }
    return Looked.model_validate({**fields, **changes})


def caseload_payload(*patients: Looked, **changes: Any) -> CaseloadSummary:
    fields: dict[str, Any] = {
        "period": "week",
        "starts_on": WEEK,
        "ends_on": WEEK + timedelta(days=6),
        "time_zone": "Asia/Shanghai",
        "patients_treated": len(patients),
        "patients": patients,
        "inputs": INPUTS,
    }
    return CaseloadSummary.model_validate({**fields, **changes})


def clinic_payload(**changes: Any) -> ClinicSummary:
    """Return a month of a clinic with 42 patients; one bucket and one condition have fewer than 5."""
    fields: dict[str, Any] = {
        "period": "month",
        "starts_on": date(2026, 3, 1),
        "ends_on": date(2026, 3, 31),
        "time_zone": "Asia/Shanghai",
        "patients": 42,
        "patients_active": 37,
        "records": 1204,
        "sessions": 388,
        "alerts_raised": 11,
        "adherence": tuple(
            Bucket(low_pct=low, high_pct=low + 20, patients=count)
            for low, count in zip(range(0, 100, 20), (None, 6, 7, 9, 12), strict=True)
        ),
        "outcomes": (
            Outcome(condition="stroke", patients=19, with_improved=8, with_declined=5, stable=6),
            Outcome(
                condition="motor_neuron_disease", patients=None, with_improved=None, with_declined=None, stable=None
            ),
        ),
        "inputs": INPUTS,
    }
    return ClinicSummary.model_validate({**fields, **changes})


Payload = PatientSummary | CaseloadSummary | ClinicSummary


def stored(
    payload: Payload,
    *,
    clinic: Clinic,
    now: datetime,
    patient: Patient | None = None,
    therapist: User | None = None,
    version: int = 1,
) -> Summary:
    """Store a computed summary, with versions before it if ``version`` is above 1."""
    document = payload.model_dump(mode="json")
    summary = Summary.objects.create(
        audience=payload.audience,
        clinic=clinic,
        patient=patient,
        therapist=therapist,
        period=payload.period,
        starts_on=payload.starts_on,
        ends_on=payload.ends_on,
        time_zone=payload.time_zone,
        status=Summary.Status.COMPUTED,
        version=version,
        schema_version=payload.schema_version,
        payload=document,
        due_at=now,
        computed_at=now,
    )
    for number in range(1, version):
        earlier = {**document, "counts": {**document["counts"], "records": 1}} if "counts" in document else document
        SummaryVersion.objects.create(
            summary=summary,
            version=number,
            schema_version=payload.schema_version,
            payload=earlier,
            computed_at=now - timedelta(days=version - number),
            replaced_at=now - timedelta(days=version - number - 1),
        )
    return summary


def of_patient(patient: Patient, *, now: datetime, version: int = 1, **changes: Any) -> Summary:
    """Store a patient's full week."""
    return stored(patient_payload(**changes), clinic=patient.clinic, patient=patient, now=now, version=version)


def due(patient: Patient, *, now: datetime) -> Summary:
    """Store a week that is not computed yet."""
    return Summary.objects.create(
        audience="patient",
        clinic=patient.clinic,
        patient=patient,
        period="week",
        starts_on=WEEK + timedelta(weeks=1),
        ends_on=WEEK + timedelta(days=13),
        time_zone=patient.time_zone,
        due_at=now,
    )
