"""Who may do what at each address: the expected status of every route, method and role, for own and others' objects.

``tests/test_role_matrix.py`` walks the URL map and holds it against this table; a route that is not here fails by name.
"""

import os
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Clinic, Invitation, Membership, User
from rehab.models import Patient
from tests.documents import document

ROLES = (
    "anonymous", "patient_user", "caregiver", "therapist", "colleague", "admin", "other_therapist",
    "other_patient_user",
)  # fmt: skip

#: Status of a page that asks to sign in first.
SIGN_IN = 302


@dataclass(frozen=True)
class Target:
    """One of the two patients, with what hangs on them."""

    patient: Patient
    clinic: Clinic
    records: Mapping[str, uuid.UUID]
    treating: User  # the therapist on the team
    membership: Membership  # of somebody who works for the clinic
    invitation: Invitation  # open, to staff
    token_key: str
    invitation_token: str
    #: What the areas of ``tests/matrix`` hang on the patient: the parameters of their addresses.
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """What a method answers: ``expected`` by role, for the patient of the cast and for the other one."""

    expected: Mapping[str, int]
    other: Mapping[str, int]
    body: Callable[[Target], Any] | None = None
    query: Callable[[Target], Mapping[str, str]] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def _roles(default: int, anonymous: int, statuses: Mapping[str, int]) -> dict[str, int]:
    unknown = set(statuses) - set(ROLES)
    assert not unknown, unknown
    return {role: statuses.get(role, anonymous if role == "anonymous" else default) for role in ROLES}


def of_patient(
    *,
    patient: int,
    caregiver: int,
    therapist: int,
    admin: int = 404,
    anonymous: int = 401,
    founder: int | None = None,
    **sent: Any,
) -> Case:
    """What is about one patient: the team may, others do not find it. ``founder``: therapist and administrator."""
    return Case(
        _roles(404, anonymous, {"patient_user": patient, "caregiver": caregiver, "therapist": therapist,
                                "admin": admin}),
        _roles(404, anonymous, {"other_patient_user": patient, "other_therapist": founder or therapist}),
        **sent,
    )  # fmt: skip


def of_person(
    *, patient: int, caregiver: int, therapist: int, admin: int | None = None, anonymous: int = 401, **sent: Any
) -> Case:
    """What depends on what a person is; the founder of a clinic (admin, other_therapist) is a therapist too."""
    founder = therapist if admin is None else admin
    statuses = {
        "patient_user": patient, "other_patient_user": patient, "caregiver": caregiver, "therapist": therapist,
        "colleague": therapist, "admin": founder, "other_therapist": founder,
    }  # fmt: skip
    expected = _roles(0, anonymous, statuses)
    return Case(expected, expected, **sent)


def signed_in(status: int, *, anonymous: int = 401, **sent: Any) -> Case:
    expected = _roles(status, anonymous, {})
    return Case(expected, expected, **sent)


def everybody(status: int, **sent: Any) -> Case:
    return signed_in(status, anonymous=status, **sent)


def of_clinic(status: int, **sent: Any) -> Case:
    """What an administrator of one clinic may."""
    return Case(
        _roles(404, SIGN_IN, {"admin": status}), _roles(404, SIGN_IN, {"other_therapist": status}), **sent
    )  # fmt: skip


def of_treating(status: int) -> Case:
    """What belongs to the therapist on the team alone, such as their keys."""
    return Case(_roles(404, SIGN_IN, {"therapist": status}), _roles(404, SIGN_IN, {"other_therapist": status}))


def page_of_team(**sent: Any) -> Case:
    return of_patient(patient=200, caregiver=200, therapist=200, anonymous=SIGN_IN, **sent)


Routes = dict[str, dict[str, list[Case]]]
CHANGE = {"HTTP_IF_MATCH": '"1"'}
VARIANT = {
    "strength": "mrc", "rom": "rom", "girth": "girth", "sessions": "aerobic", "check-ins": "check-ins",
    "assessments": "mas",
}  # fmt: skip


def _of_patient(target: Target) -> dict[str, str]:
    return {"patient": str(target.patient.pk)}


def _records(kind: str, *, clinicians_only: bool = False) -> Routes:
    made, changed = (403, 403) if clinicians_only else (201, 200)
    team = of_patient(patient=200, caregiver=200, therapist=200)
    amend = {"reason": "typing error", "changes": {"note": "changed"}}
    return {
        f"api-{kind}-list": {
            "GET": [signed_in(200), of_patient(patient=200, caregiver=200, therapist=200, query=_of_patient)],
            "POST": [
                of_patient(
                    patient=made,
                    caregiver=made,
                    therapist=201,
                    body=lambda target: document(kind, VARIANT[kind], target.patient.pk),
                )
            ],
        },
        f"api-{kind}-detail": {
            "GET": [team],
            "PATCH": [
                of_patient(patient=changed, caregiver=403, therapist=200, body=lambda _target: amend, headers=CHANGE)
            ],
        },
        f"api-{kind}-in-error": {
            "POST": [
                of_patient(
                    patient=changed,
                    caregiver=403,
                    therapist=200,
                    body=lambda _target: {"reason": "wrong patient"},
                    headers=CHANGE,
                )
            ]
        },
        f"api-{kind}-versions": {"GET": [team]},
    }


API: Routes = {
    **_records("strength"),
    **_records("rom"),
    **_records("girth"),
    **_records("sessions"),
    **_records("assessments", clinicians_only=True),
    **_records("check-ins"),
    "api-patients-list": {
        "GET": [signed_in(200)],
        "POST": [of_person(patient=403, caregiver=403, therapist=201, body=lambda _target: {"name": "New"})],
    },
    "api-patients-detail": {
        "GET": [of_patient(patient=200, caregiver=200, therapist=200)],
        "PATCH": [
            of_patient(
                patient=403,
                caregiver=403,
                therapist=200,
                body=lambda _target: {"changes": {"sex": "female"}},
                headers=CHANGE,
            )
        ],
    },
    "api-timeline": {"GET": [of_patient(patient=200, caregiver=200, therapist=200, query=_of_patient)]},
    "api-batch": {
        "POST": [
            signed_in(
                200,
                body=lambda target: {"records": [{**document("rom", "rom", target.patient.pk), "kind": "rom"}]},
            )
        ]
    },
    "api-reference-index": {"GET": [signed_in(200)]},
    "api-reference-table": {"GET": [signed_in(200)]},
    "api-me": {"GET": [signed_in(200)], "PATCH": [signed_in(200, body=lambda _target: {"force_unit": "kgf"})]},
    "api-schema": {"GET": [everybody(200)]},
    "api-docs": {"GET": [everybody(200)]},
    "api-not-found": {method: [everybody(404)] for method in ("GET", "POST", "PUT", "PATCH", "DELETE")},
}

#: A form sent empty is answered 422 to whoever may send it.
EMPTY = 422


def form_of_patient(*, patient: int, caregiver: int, therapist: int, admin: int = 404) -> dict[str, list[Case]]:
    """A page with a form about a patient: 200 stands for may; the same people may send it."""
    may = {"patient": patient, "caregiver": caregiver, "therapist": therapist, "admin": admin}
    sent = {role: EMPTY if status == 200 else status for role, status in may.items()}
    return {
        "GET": [of_patient(**may, anonymous=SIGN_IN)],
        "POST": [of_patient(**sent, anonymous=SIGN_IN)],
    }


PAGES: Routes = {
    "livez": {"GET": [everybody(200)]},
    # Without a Redis of their own the tests have no broker, and it says so.
    "readyz": {"GET": [everybody(200 if os.environ.get("REDIS_URL") else 503)]},
    "clinic-new": {"GET": [everybody(200)], "POST": [everybody(200)]},
    "set_language_preference": {"POST": [everybody(400)]},
    "invitation": {"GET": [everybody(200)], "POST": [everybody(EMPTY)]},
    "preferences": {"GET": [signed_in(200, anonymous=SIGN_IN)], "POST": [signed_in(EMPTY, anonymous=SIGN_IN)]},
    "token-create": {"POST": [signed_in(201, anonymous=SIGN_IN)]},
    "caseload": {"GET": [of_person(patient=403, caregiver=403, therapist=200, anonymous=SIGN_IN)]},
    "patient-enrol": {
        "GET": [of_person(patient=403, caregiver=403, therapist=200, anonymous=SIGN_IN)],
        "POST": [of_person(patient=403, caregiver=403, therapist=EMPTY, anonymous=SIGN_IN)],
    },
    "patient-edit": form_of_patient(patient=403, caregiver=403, therapist=200),
    "care-team": {
        "GET": [of_patient(patient=200, caregiver=200, therapist=200, admin=200, anonymous=SIGN_IN)],
    },
    "therapist-add": form_of_patient(patient=403, caregiver=403, therapist=200, admin=200),
    "patient-invite": form_of_patient(patient=403, caregiver=403, therapist=200, admin=403),
    "caregiver-invite": form_of_patient(patient=200, caregiver=403, therapist=403, admin=403),
    "home": {"GET": [everybody(302)]},
    "portal": {"GET": [signed_in(200, anonymous=SIGN_IN)]},
    "patient": {"GET": [page_of_team()]},
    "log": {"GET": [page_of_team()]},
    "log-record": form_of_patient(patient=200, caregiver=200, therapist=200),
    "record": {"GET": [page_of_team()]},
    "record-versions": {"GET": [page_of_team()]},
    "record-amend": form_of_patient(patient=200, caregiver=403, therapist=200),
    "record-in-error": form_of_patient(patient=200, caregiver=403, therapist=200),
    "clinic": {
        "GET": [
            of_person(patient=403, caregiver=403, therapist=403, admin=200, anonymous=SIGN_IN),
            Case(
                _roles(403, SIGN_IN, {"admin": 200, "other_therapist": 404}),
                _roles(403, SIGN_IN, {"admin": 404, "other_therapist": 200}),
                query=lambda target: {"clinic": str(target.clinic.pk)},
            ),
        ]
    },
    "clinic-edit": {"GET": [of_clinic(200)], "POST": [of_clinic(EMPTY)]},
    "staff-invite": {"GET": [of_clinic(200)], "POST": [of_clinic(EMPTY)]},
    "membership-end": {"GET": [of_clinic(200)], "POST": [of_clinic(302)]},
    # The only therapist of a team stays: whoever may end a place is told so after sending the form.
    "care-role-end": {
        "GET": [of_patient(patient=403, caregiver=403, therapist=403, admin=403, anonymous=SIGN_IN)],
        "POST": [of_patient(patient=403, caregiver=403, therapist=302, admin=302, anonymous=SIGN_IN)],
    },
    "invitation-withdraw": {"POST": [of_clinic(302)]},
    "token-revoke": {"GET": [of_treating(200)], "POST": [of_treating(302)]},
}

#: Addresses of allauth: what nobody and somebody signed in are answered to a GET. Its own tests hold the rest.
THIRD_PARTY: dict[str, tuple[int, int]] = {
    "account_login": (200, 302),
    "account_logout": (302, 200),
    "account_inactive": (200, 200),
    "account_signup": (200, 302),
    "account_reauthenticate": (302, 200),
    "account_email": (302, 200),
    "account_email_verification_sent": (200, 200),
    "account_change_password": (302, 200),
    "account_set_password": (302, 302),
    "account_reset_password": (200, 200),
    "account_confirm_login_code": (302, 302),
    "account_confirm_email": (200, 200),
    "account_reset_password_from_key_done": (200, 200),
    "account_reset_password_from_key": (200, 200),
    "account_reset_password_done": (200, 200),
    "mfa_index": (302, 200),
    "mfa_authenticate": (302, 302),
    "mfa_reauthenticate": (302, 302),
    "mfa_activate_totp": (302, 302),
    "mfa_deactivate_totp": (302, 404),
    "mfa_view_recovery_codes": (302, 404),
    "mfa_generate_recovery_codes": (302, 302),
    "mfa_download_recovery_codes": (302, 404),
}
