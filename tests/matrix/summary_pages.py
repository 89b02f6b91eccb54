"""Who may open which page of summaries."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from tests.role_matrix import ROLES, SIGN_IN, Case, Routes, Target, of_person, page_of_team
from tests.summaries import WEEK, of_patient


def _of_staff() -> Case:
    """Everybody who works for the clinic, whatever they do there."""
    nobody = dict.fromkeys(ROLES, 404) | {"anonymous": SIGN_IN}
    return Case(
        nobody | dict.fromkeys(("therapist", "colleague", "admin"), 200),
        nobody | {"other_therapist": 200},
    )


API: Routes = {}

PAGES: Routes = {
    "patient-summaries": {"GET": [page_of_team()]},
    "caseload-summaries": {"GET": [of_person(patient=403, caregiver=403, therapist=200, anonymous=SIGN_IN)]},
    "clinic-summaries": {"GET": [_of_staff()]},
    "summary": {"GET": [page_of_team()]},
    "summary-version": {"GET": [page_of_team()]},
    "summary-pdf": {"GET": [page_of_team()]},
}


def make(target: Target, *, admin: User, now: datetime) -> dict[str, Any]:
    """Give the patient four weeks that were computed twice."""
    ends_on = WEEK + timedelta(days=27)
    summary = of_patient(target.patient, now=now, version=2, period="four_weeks", ends_on=ends_on)
    return {"summary_id": summary.pk, "version": 1}
