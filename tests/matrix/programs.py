"""Who may do what with programmes, excused days, templates and screening lists."""

from datetime import datetime
from typing import Any

from accounts.models import User
from rehab.services import excusals, program_templates
from tests.programs import ITEM, cleared, items_of, written
from tests.role_matrix import (
    CHANGE,
    EMPTY,
    SIGN_IN,
    Case,
    Routes,
    Target,
    form_of_patient,
    of_patient,
    of_person,
    page_of_team,
    signed_in,
)


def _of_patient(target: Target) -> dict[str, str]:
    return {"patient": str(target.patient.pk)}


def _of_clinic(status: int, *, anonymous: int = 401, **sent: Any) -> Case:
    """What the therapists of the clinic may, on the care team or not."""
    own = {"therapist": status, "colleague": status, "admin": status}
    other = {"other_therapist": status}
    roles = ("patient_user", "caregiver", "therapist", "colleague", "admin", "other_therapist", "other_patient_user")
    return Case(
        {"anonymous": anonymous, **{role: own.get(role, 404) for role in roles}},
        {"anonymous": anonymous, **{role: other.get(role, 404) for role in roles}},
        **sent,
    )


_TEAM = of_patient(patient=200, caregiver=200, therapist=200)
_END = {"reason": "goal reached"}


def _changed(**sent: Any) -> Case:
    return of_patient(patient=403, caregiver=403, therapist=200, headers=CHANGE, **sent)


API: Routes = {
    "api-programs-list": {
        "GET": [signed_in(200), of_patient(patient=200, caregiver=200, therapist=200, query=_of_patient)],
        "POST": [
            of_patient(
                patient=403, caregiver=403, therapist=201,
                body=lambda target: {**_of_patient(target), "title": "New", "items": [ITEM]},
            )
        ],
    },
    "api-programs-detail": {
        "GET": [_TEAM],
        "PATCH": [_changed(body=lambda _target: {**_END, "changes": {"title": "Other"}})],
    },
    "api-programs-end": {"POST": [_changed(body=lambda _target: _END)]},
    "api-programs-versions": {"GET": [_TEAM]},
    "api-program-items-list": {
        "POST": [of_patient(patient=403, caregiver=403, therapist=201, body=lambda _target: ITEM)]
    },
    "api-program-items-detail": {
        "GET": [_TEAM],
        "PATCH": [_changed(body=lambda _target: {**_END, "changes": {"reps": 12}})],
    },
    "api-program-items-end": {"POST": [_changed(body=lambda _target: _END)]},
    "api-program-items-versions": {"GET": [_TEAM]},
    "api-programs-today": {"GET": [of_patient(patient=200, caregiver=200, therapist=200, query=_of_patient)]},
    "api-analytics-adherence": {"GET": [of_patient(patient=200, caregiver=200, therapist=200, query=_of_patient)]},
    "api-program-templates-list": {
        "GET": [signed_in(200)],
        "POST": [of_person(patient=403, caregiver=403, therapist=201,
                           body=lambda _target: {"title": "T", "items": [ITEM]})],
    },
    "api-program-templates-detail": {
        "GET": [_of_clinic(200)],
        "PATCH": [_of_clinic(200, body=lambda _target: {**_END, "changes": {"title": "Other"}}, headers=CHANGE)],
    },
    "api-program-templates-retire": {"POST": [_of_clinic(200, body=lambda _target: _END, headers=CHANGE)]},
    "api-excusals-list": {
        "GET": [signed_in(200), of_patient(patient=200, caregiver=200, therapist=200, query=_of_patient)],
        "POST": [
            of_patient(
                patient=403, caregiver=403, therapist=201,
                body=lambda target: {**_of_patient(target), "first_on": "2026-03-02", "last_on": "2026-03-03",
                                     "reason": "unwell"},
            )
        ],
    },
    "api-excusals-detail": {"GET": [_TEAM]},
    "api-excusals-withdraw": {"POST": [_changed()]},
    "api-checklists-list": {
        "GET": [signed_in(200), of_patient(patient=403, caregiver=403, therapist=200, query=_of_patient)],
        "POST": [
            of_patient(
                patient=403, caregiver=403, therapist=201,
                body=lambda target: {**_of_patient(target), "checklist": "fes", "answers": {"fes_skin": "no"}},
            )
        ],
    },
    "api-checklists-detail": {"GET": [of_patient(patient=403, caregiver=403, therapist=200)]},
}  # fmt: skip


def _form() -> dict[str, list[Case]]:
    return form_of_patient(patient=403, caregiver=403, therapist=200)


PAGES: Routes = {
    "programs": {"GET": [page_of_team()]},
    "program-item": {"GET": [page_of_team()]},
    "program-new": _form(),
    "program-edit": _form(),
    "program-end": _form(),
    "program-item-new": _form(),
    "program-item-edit": _form(),
    "program-item-end": _form(),
    "program-template-save": _form(),
    "excusal-new": _form(),
    "checklist": _form(),
    "excusal-withdraw": {
        "GET": [of_patient(patient=403, caregiver=403, therapist=200, anonymous=SIGN_IN)],
        "POST": [of_patient(patient=403, caregiver=403, therapist=302, anonymous=SIGN_IN)],
    },
    "program-templates": {"GET": [of_person(patient=403, caregiver=403, therapist=200, anonymous=SIGN_IN)]},
    "program-template-edit": {"GET": [_of_clinic(200, anonymous=SIGN_IN)],
                              "POST": [_of_clinic(EMPTY, anonymous=SIGN_IN)]},
    **{
        f"program-template-item-{what}": {"GET": [_of_clinic(200, anonymous=SIGN_IN)],
                                          "POST": [_of_clinic(EMPTY, anonymous=SIGN_IN)]}
        for what in ("new", "edit", "remove")
    },
    "program-template-retire": {"GET": [_of_clinic(200, anonymous=SIGN_IN)],
                                "POST": [_of_clinic(EMPTY, anonymous=SIGN_IN)]},
}  # fmt: skip


def make(target: Target, *, admin: User, now: datetime) -> dict[str, Any]:
    by = target.treating
    program = written(target.patient, by=by, on=now.date())
    days = {**_of_patient(target), "first_on": "2026-01-01", "last_on": "2026-01-02", "reason": "unwell"}
    template = {"title": "T", "items": [ITEM], "clinic": str(target.clinic.pk)}
    return {
        "program_id": program.pk,
        "item_id": items_of(program)[0].pk,
        "excusal_id": excusals.excuse(days, by=by, now=now).excusal.pk,
        "template_id": program_templates.create(template, by=by, now=now).template.pk,
        "number": 1,
        "checklist": "fes",
        "answers_id": cleared(target.patient, "fes", by=by, now=now).pk,
    }
