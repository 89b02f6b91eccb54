"""Who may see, handle and mute alerts: the therapists of the patient. Patients and caregivers never."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from rehab.services import alert_mutes
from tests.alerts import pain, raised
from tests.role_matrix import CHANGE, SIGN_IN, Case, Routes, Target, form_of_patient, of_patient, of_person

_TEAM = {"patient": 403, "caregiver": 403}


def make(target: Target, *, admin: User, now: datetime) -> dict[str, Any]:
    alert = raised(target.patient, now=now)
    mute = alert_mutes.create(mute_document(target, rule="PAIN", now=now), by=target.treating, now=now).mute
    assert pain(target.patient, now=now).rule == mute.rule
    return {"alert_id": alert.pk, "mute_id": mute.pk}


def mute_document(target: Target, *, rule: str, now: datetime) -> dict[str, Any]:
    until_on = (now + timedelta(days=7)).date().isoformat()
    return {"patient": str(target.patient.pk), "rule": rule, "reason": "Known and seen.", "until_on": until_on}


def _of_patient(target: Target) -> dict[str, str]:
    return {"patient": str(target.patient.pk)}


def _new_mute(target: Target) -> dict[str, Any]:
    return mute_document(target, rule="SKIN", now=timezone.now())


def _change(**sent: Any) -> dict[str, list[Case]]:
    return {"POST": [of_patient(**_TEAM, therapist=200, headers=CHANGE, **sent)]}


def _list() -> list[Case]:
    return [of_person(**_TEAM, therapist=200), of_patient(**_TEAM, therapist=200, query=_of_patient)]


API: Routes = {
    "api-alerts-list": {"GET": _list()},
    "api-alerts-detail": {"GET": [of_patient(**_TEAM, therapist=200)]},
    "api-alerts-acknowledge": _change(body=lambda _target: {}),
    "api-alerts-assign": _change(body=lambda target: {"therapist": str(target.treating.pk)}),
    "api-alerts-close": _change(body=lambda _target: {"reason": "Called the patient."}),
    "api-alert-mutes-list": {
        "GET": _list(),
        "POST": [of_patient(**_TEAM, therapist=201, body=_new_mute)],
    },
    "api-alert-mutes-detail": {"GET": [of_patient(**_TEAM, therapist=200)]},
    "api-alert-mutes-end": _change(body=lambda _target: {}),
}

_LISTED = of_person(**_TEAM, therapist=200, anonymous=SIGN_IN)
_SENT = {"POST": [of_patient(**_TEAM, therapist=302, anonymous=SIGN_IN, body=lambda _target: {"version": "1"})]}

PAGES: Routes = {
    "alerts": {"GET": [_LISTED]},
    "alert": {"GET": [of_patient(**_TEAM, therapist=200, anonymous=SIGN_IN)]},
    "alert-acknowledge": _SENT,
    "alert-assign": form_of_patient(**_TEAM, therapist=200),
    "alert-close": form_of_patient(**_TEAM, therapist=200),
    "alert-mute": form_of_patient(**_TEAM, therapist=200),
    "alert-mutes": {"GET": [of_patient(**_TEAM, therapist=200, anonymous=SIGN_IN)]},
    "alert-mute-end": _SENT,
}
