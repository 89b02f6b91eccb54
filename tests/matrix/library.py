"""Who may do what in the library: who is signed in reads; patients and caregivers act; therapists give, answer."""

from datetime import datetime
from typing import Any

from accounts.ids import new_id
from accounts.models import User
from rehab.services import library
from tests.role_matrix import (
    EMPTY,
    SIGN_IN,
    Case,
    Routes,
    Target,
    form_of_patient,
    of_clinic,
    of_patient,
    of_person,
    page_of_team,
    signed_in,
)

SLUG = "strength-training"


def make(target: Target, *, admin: User, now: datetime) -> dict[str, Any]:
    """Return an article given to the patient and a question that the patient asked about it."""
    own = target.patient.care_team.get(role="patient").user
    given = library.assign(
        {"patient": str(target.patient.pk), "article": SLUG}, language="en", by=target.treating, now=now
    )
    asked = library.ask(
        {"patient": str(target.patient.pk), "article": SLUG, "text": "Is this for me?"}, language="en", by=own, now=now
    )
    return {
        "slug": SLUG,
        "name": "effort-rest-growth",
        "language": "en",
        "category": "what-helps",
        "topic": "bands",
        "assignment_id": given.pk,
        "question_id": asked.pk,
    }


def _acting(body: dict[str, Any], *, status: int = 302) -> Case:
    """What a patient or caregiver does with an article; therapists do not read for patients."""
    return of_patient(
        patient=status,
        caregiver=status,
        therapist=403,
        anonymous=SIGN_IN,
        body=lambda target: {**body, "patient": str(target.patient.pk)},
    )


_READS = {"GET": [signed_in(200, anonymous=SIGN_IN)]}
_GIVES = of_person(patient=403, caregiver=403, therapist=200, anonymous=SIGN_IN)
_LIST = {"GET": [signed_in(200), of_patient(patient=200, caregiver=200, therapist=200,
                                            query=lambda target: {"patient": str(target.patient.pk)})]}  # fmt: skip
_ONE_CHECKED = {f"check-answers_{i}": "0" for i in range(3)}

API: Routes = {
    "api-articles-list": _LIST,
    "api-articles-detail": _LIST,
    "api-topics": {"GET": [signed_in(200)]},
}

PAGES: Routes = {
    "learn": _READS,
    "learn-category": _READS,
    "learn-topic": _READS,
    "learn-article": _READS,
    "learn-drawing": _READS,
    "learn-read": {"POST": [_acting({})]},
    "learn-helped": {"POST": [_acting({"helped": "yes"}), _acting({})]},
    "learn-check": {"POST": [_acting(_ONE_CHECKED), _acting({}, status=EMPTY)]},
    "learn-ask": {"POST": [_acting({"ask-id": str(new_id()), "ask-text": "Why?"}), _acting({}, status=EMPTY)]},
    "learn-give": {
        "GET": [_GIVES],
        "POST": [of_person(patient=403, caregiver=403, therapist=EMPTY, anonymous=SIGN_IN)],
    },
    "reading": {"GET": [page_of_team()]},
    "reading-give": form_of_patient(patient=403, caregiver=403, therapist=200),
    "assignment-end": {
        "GET": [of_patient(patient=403, caregiver=403, therapist=200, anonymous=SIGN_IN)],
        "POST": [of_patient(patient=403, caregiver=403, therapist=302, anonymous=SIGN_IN)],
    },
    "questions": {"GET": [of_person(patient=403, caregiver=403, therapist=200, anonymous=SIGN_IN)]},
    # A caregiver finds only what they asked themselves.
    "question": {
        "GET": [of_patient(patient=200, caregiver=404, therapist=200, anonymous=SIGN_IN)],
        "POST": [of_patient(patient=403, caregiver=404, therapist=EMPTY, anonymous=SIGN_IN)],
    },
    "clinic-library": {"GET": [of_clinic(200)], "POST": [of_clinic(302)]},
    "clinic-article": {"GET": [of_clinic(200)], "POST": [of_clinic(EMPTY)]},
}
