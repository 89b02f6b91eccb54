"""Who may do what with series, trends, baselines and the caseload."""

from datetime import datetime, timedelta
from typing import Any

from accounts.ids import new_id
from accounts.models import User
from rehab.analytics.series import token_of
from rehab.models import StrengthTest
from rehab.services import baselines
from tests.role_matrix import CHANGE, SIGN_IN, Routes, Target, form_of_patient, of_patient, of_person, page_of_team


def _about(target: Target) -> dict[str, str]:
    return {"patient": str(target.patient.pk)}


def _of_series(target: Target) -> dict[str, str]:
    return {**_about(target), "series": target.more["series"]}


def _baseline(target: Target) -> dict[str, Any]:
    day = (datetime.now() - timedelta(days=2)).date()  # noqa: DTZ005  # any day that is past everywhere
    return {**_of_series(target), "starts_on": str(day), "reason": "relapse"}


API: Routes = {
    "api-series": {"GET": [of_patient(patient=200, caregiver=200, therapist=200, query=_about)]},
    "api-trends": {"GET": [of_patient(patient=200, caregiver=200, therapist=200, query=_of_series)]},
    "api-baselines-list": {
        "GET": [of_patient(patient=200, caregiver=200, therapist=200, query=_about)],
        "POST": [of_patient(patient=403, caregiver=403, therapist=201, body=_baseline)],
    },
    "api-baselines-detail": {"GET": [of_patient(patient=200, caregiver=200, therapist=200)]},
    "api-baselines-end": {"POST": [of_patient(patient=403, caregiver=403, therapist=200, headers=CHANGE)]},
    "api-caseload": {"GET": [of_person(patient=403, caregiver=403, therapist=200)]},
}

PAGES: Routes = {
    "series-list": {"GET": [page_of_team()]},
    "series": {"GET": [page_of_team()]},
    "baseline-set": form_of_patient(patient=403, caregiver=403, therapist=200),
    "baseline-end": {
        "GET": [of_patient(patient=403, caregiver=403, therapist=200, anonymous=SIGN_IN)],
        "POST": [of_patient(patient=403, caregiver=403, therapist=422, anonymous=SIGN_IN)],
    },
}


def make(target: Target, *, admin: User, now: datetime) -> dict[str, Any]:
    """Set a baseline for the strength series of the target."""
    row = StrengthTest.objects.get(pk=target.records["strength"])
    token = token_of(row.series_key)
    sent = {
        "id": str(new_id()),
        "patient": str(target.patient.pk),
        "series": token,
        "starts_on": str(row.performed_on - timedelta(days=1)),
        "value": 4.0,
        "reason": "start",
    }
    made = baselines.set_baseline(sent, by=target.treating, now=now).baseline
    return {"series": token, "baseline_id": made.pk}
