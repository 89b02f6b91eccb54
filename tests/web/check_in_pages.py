"""Check-ins with warning signs, as forms and as records."""

from datetime import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from rehab.models import Record
from rehab.services import records
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document
from tests.web.pages import inputs_of

CALL = "Call 120 or go to an emergency department now."
NEW, UNCHANGED = "red_flags-new_or_worse", "red_flags-unchanged"


def url_of(cast: Cast, path: str = "check-ins/check-ins") -> str:
    return f"/patients/{cast.patient.pk}/log/{path}/"


def filled(browser: Client, url: str, **values: Any) -> dict[str, Any]:
    return {**inputs_of(browser.get(url).content.decode()), **values}


def check_in(cast: Cast, *new: str, by: User | None = None, now: datetime | None = None, **changes: Any) -> Record:
    sent = document("check-ins", "check-ins", cast.patient.pk, red_flags={"new_or_worse": list(new)}, **changes)
    return records.create(
        KINDS["check-ins"], sent, by=by or cast.patient_user, source="portal", now=now or timezone.now()
    ).record
