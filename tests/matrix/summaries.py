"""Who may open which summary, ask for one, and have one sent: the care team, and who works in the clinic."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from rehab.models import Patient
from rehab.services import summary_preferences
from tests.role_matrix import SIGN_IN, Routes, Target, everybody, of_patient, signed_in
from tests.summaries import of_patient as stored_summary


def make(target: Target, *, admin: User, now: datetime) -> dict[str, Any]:
    Patient.objects.filter(pk=target.patient.pk).update(created_at=now - timedelta(days=90))
    summary = stored_summary(target.patient, now=now)
    key = summary_preferences.of(target.treating, now=now).unsubscribe_key
    return {
        "summary_id": summary.pk,
        "audience": "patient",
        "schema_version": 1,
        "key": key,
        "choice": "caseload_daily",
    }


def _of_patient(target: Target) -> dict[str, str]:
    return {"patient": str(target.patient.pk)}


def _request(target: Target) -> dict[str, str]:
    return {**_of_patient(target), "period": "day"}


_TEAM = of_patient(patient=200, caregiver=200, therapist=200)

API: Routes = {
    "api-summaries-list": {
        "GET": [signed_in(200), of_patient(patient=200, caregiver=200, therapist=200, query=_of_patient)],
        "POST": [of_patient(patient=201, caregiver=201, therapist=201, body=_request)],
    },
    "api-summaries-detail": {"GET": [_TEAM]},
    "api-summaries-versions": {"GET": [_TEAM]},
    "api-summaries-pdf": {"GET": [_TEAM]},
    # A therapist sends it to who wants it by e-mail: here nobody does, and they are told so.
    "api-summaries-resend": {
        "POST": [of_patient(patient=202, caregiver=202, therapist=400, body=lambda _target: {})],
    },
    "api-summaries-schemas": {"GET": [everybody(200)]},
    "api-summaries-schema": {"GET": [everybody(200)]},
    "api-me-summaries": {"GET": [signed_in(200)], "PATCH": [signed_in(200, body=lambda _target: {"weekly": True})]},
}

PAGES: Routes = {
    # An empty form says: none of them. It is saved.
    "preferences-summaries": {"POST": [signed_in(302, anonymous=SIGN_IN)]},
    # Refused or not, it is said on the summary's page.
    "summary-send": {"POST": [of_patient(patient=302, caregiver=302, therapist=302, anonymous=SIGN_IN)]},
    "unsubscribe": {"GET": [everybody(200)], "POST": [everybody(200)]},
}
