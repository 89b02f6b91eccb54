"""Who may do what with goals: the team reads, therapists write and rate."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from rehab.services import goals
from tests.goals import goal_document, review_document
from tests.role_matrix import CHANGE, Routes, Target, form_of_patient, of_patient, page_of_team, signed_in


def make(target: Target, *, admin: User, now: datetime) -> dict[str, Any]:
    today = goals.local_today(target.patient, now=now)
    goal = goals.create(goal_document(target.patient.pk, today=today), by=target.treating, now=now).goal
    return {"goal_id": goal.pk, "goal_day": today}


def _goal(target: Target) -> dict[str, Any]:
    return goal_document(target.patient.pk, today=target.more["goal_day"] + timedelta(days=1))


def _review(target: Target) -> dict[str, Any]:
    return review_document(on=target.more["goal_day"])


def _of_patient(target: Target) -> dict[str, str]:
    return {"patient": str(target.patient.pk)}


_TEAM = of_patient(patient=200, caregiver=200, therapist=200)


def _therapist(status: int, **sent: Any) -> Any:
    return of_patient(patient=403, caregiver=403, therapist=status, **sent)


API: Routes = {
    "api-goals-list": {
        "GET": [signed_in(200), of_patient(patient=200, caregiver=200, therapist=200, query=_of_patient)],
        "POST": [_therapist(201, body=_goal)],
    },
    "api-goals-detail": {
        "GET": [_TEAM],
        "PATCH": [
            _therapist(200, body=lambda _target: {"reason": "said anew", "changes": {"title": "New"}}, headers=CHANGE)
        ],
    },
    "api-goals-close": {
        "POST": [_therapist(200, body=lambda _target: {"status": "stopped", "reason": "moved away"}, headers=CHANGE)]
    },
    "api-goals-versions": {"GET": [_TEAM]},
    "api-goals-reviews": {"GET": [_TEAM], "POST": [_therapist(201, body=_review)]},
    "api-goal-attainment": {"GET": [of_patient(patient=200, caregiver=200, therapist=200, query=_of_patient)]},
}

PAGES: Routes = {
    "goals": {"GET": [page_of_team()]},
    "goal-new": form_of_patient(patient=403, caregiver=403, therapist=200),
    "goal-edit": form_of_patient(patient=403, caregiver=403, therapist=200),
    "goal-review": form_of_patient(patient=403, caregiver=403, therapist=200),
    "goal-close": form_of_patient(patient=403, caregiver=403, therapist=200),
}
