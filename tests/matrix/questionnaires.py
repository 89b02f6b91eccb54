"""Who may do what with questionnaires; the clinic's colleague answers item 9, whoever treats the patient does not."""

from datetime import datetime
from typing import Any

from accounts.models import Membership, User
from rehab.services import people
from tests.conftest import make_user
from tests.questionnaires import answer, document, switch_on
from tests.role_matrix import (
    CHANGE,
    EMPTY,
    SIGN_IN,
    Case,
    Routes,
    Target,
    form_of_patient,
    of_clinic,
    of_patient,
    signed_in,
)


def _of_clinic(status: int, **sent: Any) -> Case:
    """What an administrator of one clinic may, over the API."""
    return of_patient(patient=404, caregiver=404, therapist=404, admin=status, founder=status, **sent)


#: The colleague is not on the team, and sees the answers whose item 9 is 1 or more.
def _seen(*, patient: int, therapist: int, responder: int, **sent: Any) -> Case:
    found = of_patient(patient=patient, caregiver=404, therapist=therapist, **sent)
    return Case(
        {**found.expected, "colleague": responder}, found.other, body=found.body, query=found.query,
        headers=found.headers,
    )  # fmt: skip


def _of_patient(target: Target) -> dict[str, str]:
    return {"patient": str(target.patient.pk)}


_list_of_patient = of_patient(patient=200, caregiver=403, therapist=200, query=_of_patient)

API: Routes = {
    "api-questionnaire-responses-list": {
        "GET": [
            signed_in(200),
            Case({**_list_of_patient.expected, "colleague": 200}, _list_of_patient.other, query=_of_patient),
        ],
        "POST": [
            of_patient(
                patient=201,
                caregiver=403,
                therapist=403,
                body=lambda target: document(target.patient, "phq2", 1, 1, at=target.more["answered_at"]),
            )
        ],
    },
    "api-questionnaire-responses-detail": {"GET": [_seen(patient=200, therapist=200, responder=200)]},
    "api-questionnaire-responses-versions": {"GET": [_seen(patient=200, therapist=200, responder=200)]},
    "api-questionnaire-responses-in-error": {
        "POST": [
            _seen(patient=200, therapist=200, responder=403, body=lambda _target: {"reason": "not me"}, headers=CHANGE)
        ]
    },
    "api-responders-list": {
        "GET": [_of_clinic(200)],
        "POST": [_of_clinic(201, body=lambda target: {"user": str(target.treating.pk)})],
        "PATCH": [_of_clinic(200, body=lambda _target: {"questionnaires": "off"})],
    },
    "api-responders-detail": {"DELETE": [_of_clinic(204)]},
}

_overview = of_patient(patient=200, caregiver=403, therapist=200, anonymous=SIGN_IN)

PAGES: Routes = {
    "questionnaires": {"GET": [Case({**_overview.expected, "colleague": 200}, _overview.other)]},
    "questionnaire-answer": form_of_patient(patient=200, caregiver=403, therapist=403),
    "questionnaire-response": {"GET": [_seen(patient=200, therapist=200, responder=200, anonymous=SIGN_IN)]},
    "questionnaire-in-error": {
        "GET": [_seen(patient=200, therapist=200, responder=403, anonymous=SIGN_IN)],
        "POST": [_seen(patient=EMPTY, therapist=EMPTY, responder=403, anonymous=SIGN_IN)],
    },
    "clinic-questionnaires": {"GET": [of_clinic(200)], "POST": [of_clinic(EMPTY)]},
    "responder-add": {"GET": [of_clinic(200)], "POST": [of_clinic(EMPTY)]},
    "responder-end": {"GET": [of_clinic(200)], "POST": [of_clinic(302)]},
}


def make(target: Target, *, admin: User, now: datetime) -> dict[str, Any]:
    """Return a fired response of the patient, and who answers it: a colleague of whoever treats the patient."""
    member = Membership.objects.filter(clinic=target.clinic, role="therapist", ended_at=None)
    colleague = member.exclude(user__in=[target.treating, admin]).order_by("joined_at", "id").first()
    if colleague is None:
        user = make_user("responder@other.example", "Responder")
        invitation = people.invite_staff(
            clinic_id=target.clinic.pk, email=user.email, role="therapist", language="en", by=admin, now=now
        )
        people.accept(invitation, by=user, now=now)
    else:
        user = colleague.user
    switch_on(target.clinic, admin=admin, responder=user, now=now)
    own = target.patient.care_team.get(role="patient").user
    fired = answer(target.patient, "phq9", 3, 3, 0, 0, 0, 0, 0, 0, 1, by=own, now=now)
    return {"response_id": fired, "responder_user_id": user.pk, "instrument": "phq2", "answered_at": now}
