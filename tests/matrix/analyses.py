"""Who may see which analysis: sums are open to the care team, what reads a meaning into them to clinicians."""

from datetime import datetime
from typing import Any

from accounts.models import User
from tests.role_matrix import Case, Routes, Target, of_patient


def _patient(target: Target) -> dict[str, str]:
    return {"patient": str(target.patient.pk)}


def _sums() -> dict[str, list[Case]]:
    return {"GET": [of_patient(patient=200, caregiver=200, therapist=200, query=_patient)]}


API: Routes = {"api-analytics-load": _sums(), "api-analytics-fes-dose": _sums()}
PAGES: Routes = {}


def make(target: Target, *, admin: User, now: datetime) -> dict[str, Any]:
    return {}
