"""Who may see which analysis: sums are open to the care team, what reads a meaning into them to clinicians."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from rehab.services import records
from rehab.services.kinds import KINDS
from tests.documents import document
from tests.role_matrix import SIGN_IN, Case, Routes, Target, form_of_patient, of_patient


def _patient(target: Target) -> dict[str, str]:
    return {"patient": str(target.patient.pk)}


def _sums() -> dict[str, list[Case]]:
    return {"GET": [of_patient(patient=200, caregiver=200, therapist=200, query=_patient)]}


def _clinicians() -> dict[str, list[Case]]:
    return {"GET": [of_patient(patient=403, caregiver=403, therapist=200, query=_patient)]}


def _body(target: Target) -> dict[str, str]:
    return {"patient": str(target.patient.pk), "reason": "known since spring"}


API: Routes = {
    "api-analytics-load": _sums(),
    "api-analytics-fes-dose": _sums(),
    "api-analytics-sides": _clinicians(),
    "api-analytics-distribution": _clinicians(),
    "api-analytics-fatigability": _clinicians(),
    "api-analytics-hints": _clinicians(),
    "api-analytics-hint-dismissals": {"POST": [of_patient(patient=403, caregiver=403, therapist=201, body=_body)]},
}
PAGES: Routes = {
    "analysis": {"GET": [of_patient(patient=403, caregiver=403, therapist=200, anonymous=SIGN_IN)]},
    "hint-dismiss": form_of_patient(patient=403, caregiver=403, therapist=200),
}


def make(target: Target, *, admin: User, now: datetime) -> dict[str, Any]:
    """Let two groups of the patient fall by a full grade within four days, so that there is a hint."""
    for muscle in ("ANK_DF", "HIP_FLEX"):
        for days, grade in ((6, "5"), (2, "3")):
            at = (now - timedelta(days=days)).isoformat()
            made = document(
                "strength", "mrc", target.patient.pk, performed_at=at, muscle=muscle, side="right", grade=grade
            )
            records.create(KINDS["strength"], made, by=target.treating, source="api", now=now)
    return {"hint_key": "ACUTE_SUBACUTE"}
