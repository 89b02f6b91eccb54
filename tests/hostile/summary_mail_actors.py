"""What the races over e-mails run in a process of their own: ``python -m tests.hostile.summary_mail_actors <what>``."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.hostile.actors import in_threads

from allauth.account.models import EmailAddress  # isort: skip  # tests.hostile.actors sets Django up
from django.conf import settings  # isort: skip
from django.db import transaction  # isort: skip

from accounts.models import User
from rehab.models import CareTeamMember, Patient, Summary, SummaryDelivery, SummaryPreference
from rehab.outbound import email
from rehab.outbound.email import Letter
from rehab.services import summary_deliveries
from tests.summaries import of_patient

THREADS = 4
NIGHT = datetime(2026, 3, 8, 20, tzinfo=UTC)
MORNING = NIGHT + timedelta(hours=6)


def write(*_reader: Any) -> Letter:
    time.sleep(0.01)
    return Letter(subject="Your week", text="It went well.", html="<p>It went well.</p>")


def prepare(patient_id: str, therapist_id: str, count: str) -> dict[str, Any]:
    """Write e-mails to many people, from many workers at once, each twice."""
    clinic = Patient.objects.select_related("clinic").get(pk=patient_id).clinic
    therapist = User.objects.get(pk=therapist_id)
    rows = []
    for number in range(int(count)):
        patient = Patient.objects.create(
            clinic=clinic, name=f"P {number}", time_zone="Asia/Shanghai", created_digest=""
        )
        user = User.objects.create_user(f"p.{patient.pk}@x.example", name=f"P {number}")
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        CareTeamMember.objects.create(patient=patient, user=user, role="patient", added_by=therapist)
        SummaryPreference.objects.create(user=user, weekly=True, updated_at=NIGHT)
        rows.append(of_patient(patient, now=NIGHT).pk)

    def enqueue(_number: int) -> int:
        found = list(Summary.objects.filter(pk__in=rows))
        with transaction.atomic():
            return summary_deliveries.enqueue(found, now=NIGHT)

    return {"answers": in_threads(THREADS, enqueue), "deliveries": SummaryDelivery.objects.count()}


def _send(folder: str, seconds: str) -> int:
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", folder
    started = time.monotonic()

    def clock() -> datetime:
        return MORNING + timedelta(seconds=int(seconds) + time.monotonic() - started)

    return summary_deliveries.send_due(clock=clock, write=write)


def send(folder: str, seconds: str) -> dict[str, Any]:
    """Send from many workers at once, so many seconds after the e-mails were due."""
    found = in_threads(THREADS, lambda _number: _send(folder, seconds))
    rows = list(SummaryDelivery.objects.select_related("recipient"))
    state = [(row.drop_reason, row.sent_at is None) for row in rows]
    return {
        "errors": [error for error in found if not isinstance(error, int)],
        "sent": sum(one for one in found if isinstance(one, int)),
        "state": [[*row, count] for row, count in Counter(state).items()],
        "ids": {
            row.recipient.email: email.message_id(row) for row in SummaryDelivery.objects.select_related("recipient")
        },
    }


def send_alone(folder: str, seconds: str) -> dict[str, Any]:
    return {"sent": _send(folder, seconds)}


def ask_again(patient_id: str, _therapist_id: str) -> dict[str, Any]:
    """Many requests of one person to send one summary again, at once."""
    row = Summary.objects.exclude(patient_id=patient_id).order_by("id")[0]
    user = CareTeamMember.objects.get(patient=row.patient, role="patient").user
    before = SummaryDelivery.objects.filter(summary=row).count()
    found = in_threads(12, lambda _number: len(summary_deliveries.resend(row.pk, by=user, now=MORNING)))
    return {"answers": found, "made": SummaryDelivery.objects.filter(summary=row).count() - before}


if __name__ == "__main__":
    actions: dict[str, Callable[..., Any]] = {made.__name__: made for made in (prepare, send, send_alone, ask_again)}
    print(json.dumps(actions[sys.argv[1]](*sys.argv[2:])))
