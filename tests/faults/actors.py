"""What a test does to the service under the shared clock: a process that reads commands, a JSON line each."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults.clock import SharedClock

if __name__ == "__main__":
    SharedClock(Path(sys.argv[1])).rule()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.ids import new_id
from accounts.models import Clinic, User
from rehab import celery
from rehab.models import Patient, Summary, SummaryDelivery, SummaryVersion
from rehab.outbound import email
from rehab.selectors import summary_material
from rehab.services import clinics as clinic_services
from rehab.services import patients, people, records, summary_preferences, summary_staleness
from rehab.services.kinds import KINDS
from tests.documents import document


def user(name: str) -> User:
    with transaction.atomic():
        return people.sign_up(
            email=f"{name}-{new_id().hex[:12]}@faults.example", name=name, password="correct horse battery",
            language="en",
        )  # fmt: skip


def seed(zones: list[str], clinics: list[str], each: int) -> dict[str, Any]:
    """Found clinics, the zones shared out among them; enrol patients with an account who want every e-mail."""
    now = timezone.now()
    call_command("migrate", interactive=False, verbosity=0)
    founded = []
    for zone in clinics:
        therapist = user("therapist")
        clinic_services.found(name=f"Clinic in {zone}", time_zone=zone, emergency_number="112", by=therapist, now=now)
        founded.append(therapist)
    for number in range(each * len(zones)):
        zone, therapist = zones[number % len(zones)], founded[number % len(founded)]
        enrolled = patients.enrol({"name": f"P{number} {zone}", "time_zone": zone}, by=therapist, now=now).patient
        patient_user = user(f"p{number}")
        invitation = people.invite_patient(
            patient_id=enrolled.pk, email=patient_user.email, language="en", by=therapist, now=now
        )
        people.accept(invitation, by=patient_user, now=now)
        summary_preferences.change({"daily": True, "weekly": True}, by=patient_user, now=now)
    return {"patients": {str(row.pk): row.time_zone for row in Patient.objects.all()}}


def log() -> int:
    """Log a measurement for every patient, now."""
    now = timezone.now()
    for place in Patient.objects.order_by("id").prefetch_related("care_team__user"):
        by = next(member.user for member in place.care_team.all() if member.role == "therapist")
        sent = document("strength", "pinch", place.pk, performed_at=now.isoformat(), id=str(new_id()), confirm=True)
        records.create(KINDS["strength"], sent, by=by, source="api", now=now)
    return Patient.objects.count()


def follow() -> int:
    """Seal what was logged, and mark what it makes stale."""
    audit.seal(now=timezone.now())
    return summary_staleness.mark(now=timezone.now())


def ask(task: str, times: int) -> int:
    """Put a task on the broker."""
    for _ in range(times):
        celery.app.send_task(f"rehab.tasks.{task}", ignore_result=True)
    return times


def stored() -> dict[str, Any]:
    """Return what is stored, and what the records say now."""
    rows = list(Summary.objects.order_by("id"))
    now = timezone.now()
    computed = [row for row in rows if row.version]
    differ = []
    for audience, period in {(row.audience, row.period) for row in computed}:
        alike = [row for row in computed if (row.audience, row.period) == (audience, period)]
        payloads = summary_material.compute(alike, now=now)
        differ += [str(row.pk) for row in alike if payloads[row.pk].model_dump(mode="json") != row.payload]
    deliveries = SummaryDelivery.objects.select_related("summary").order_by("id")
    return {
        "rows": [
            [row.audience, str(row.patient_id or row.therapist_id or row.clinic_id), row.period,
             row.starts_on.isoformat(), row.version, row.status, (row.computed_at - row.due_at).total_seconds()]
            for row in rows if row.computed_at
        ],
        "not_computed": sum(row.computed_at is None and row.due_at <= now for row in rows),
        "errors": sorted({row.last_error for row in rows} - {""}),
        "differ": differ,
        "versions": SummaryVersion.objects.count(),
        "deliveries": [
            [str(row.summary_id), str(row.recipient_id), email.message_id(row), row.sent_at is not None,
             row.drop_reason, row.summary.period, str(row.summary.patient_id)]
            for row in deliveries
        ],
        "clinics": {str(row.pk): row.time_zone for row in Clinic.objects.all()},
        "verified": _verified(),
    }  # fmt: skip


def _verified() -> bool:
    audit.seal(now=timezone.now())
    audit.verify()
    return True


if __name__ == "__main__":
    actions: dict[str, Callable[..., Any]] = {made.__name__: made for made in (seed, log, follow, ask, stored)}
    for line in sys.stdin:
        name, given = json.loads(line)
        print(json.dumps(actions[name](**given)), flush=True)
