"""What a test of many processes runs in a process of its own: ``python -m tests.hostile.actors <what>``, JSON out."""

import json
import os
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from knox.models import AuthToken

from accounts import audit
from accounts.errors import InvitationUnusable
from accounts.ids import new_id
from accounts.models import Event, EventSeal, Invitation, User
from rehab.models import CareTeamMember, RecordVersion
from rehab.services import clinics, patients, people
from rehab.services.kinds import KINDS


def in_threads(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Run ``act`` in threads that start at once, each with a connection of its own; return results or errors."""
    found: list[Any] = [None] * count
    start = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            start.wait()
            found[number] = act(number)
        except Exception as error:
            found[number] = f"{type(error).__name__}: {error}"
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def user(name: str) -> User:
    with transaction.atomic():
        return people.sign_up(
            email=f"{name}-{new_id().hex}@hostile.example", name=name, password="correct horse battery", language="en"
        )


def seed() -> dict[str, str]:
    """Prepare the database and return a patient with the tokens of the patient and the therapist."""
    call_command("migrate", interactive=False, verbosity=0)
    now = timezone.now()
    therapist, patient_user = user("therapist"), user("patient")
    clinics.found(name="Hostile Clinic", time_zone="Asia/Shanghai", emergency_number="120", by=therapist, now=now)
    enrolled = patients.enrol({"name": "Pat", "birth_date": "1970-05-01"}, by=therapist, now=now).patient
    invitation = people.invite_patient(
        patient_id=enrolled.pk, email=patient_user.email, language="en", by=therapist, now=now
    )
    people.accept(invitation, by=patient_user, now=now)
    return {
        "patient": str(enrolled.pk),
        "patient_token": AuthToken.objects.create(patient_user)[1],
        "therapist_token": AuthToken.objects.create(therapist)[1],
        "therapist": str(therapist.pk),
    }


def accept(therapist_id: str, count: str) -> dict[str, Any]:
    """Follow one invitation link with many people at once."""
    now, therapist = timezone.now(), User.objects.get(pk=therapist_id)
    enrolled = patients.enrol({"name": "Link", "birth_date": "1980-05-01"}, by=therapist, now=now).patient
    made = people.invite_patient(
        patient_id=enrolled.pk, email="link@hostile.example", language="en", by=therapist, now=now
    )
    crowd = [user("crowd") for _ in range(int(count))]

    def follow(number: int) -> str:
        try:
            people.accept(Invitation.objects.get(pk=made.pk), by=crowd[number], now=now + timedelta(seconds=1))
        except InvitationUnusable as error:
            return error.reason
        return "in"

    found = in_threads(len(crowd), follow)
    places = CareTeamMember.objects.filter(patient=enrolled, role="patient").count()
    joined = Event.objects.filter(action="care_team.joined", patient_id=enrolled.pk).count()
    return {"answers": found, "places": places, "joined": joined}


def seal(rounds: str) -> dict[str, Any]:
    """Seal again and again, and verify between, while others write."""
    sealed = 0
    for _ in range(int(rounds)):
        sealed += audit.seal(now=timezone.now())
        audit.verify()
    return {"sealed": sealed}


def write(count: str) -> dict[str, Any]:
    """Write events, as every write does, one transaction each."""

    def one(_thread: int) -> int:
        for _ in range(int(count)):
            with transaction.atomic():
                made = audit.event(
                    action="hostile.write", target_kind="hostile", target_id=new_id(), by=None, at=timezone.now()
                )
                audit.write(made)
        return int(count)

    return {"written": in_threads(4, one)}


def state() -> dict[str, Any]:
    """Seal, verify and return what is stored: ids with their events, versions, seals."""
    audit.seal(now=timezone.now())
    verified = audit.verify()
    return {
        "ids": {
            name: [str(pk) for pk in kind.model._default_manager.values_list("pk", flat=True)]
            for name, kind in KINDS.items()
        },
        "created": [
            str(pk) for pk in Event.objects.filter(action__endswith=".created").values_list("target_id", flat=True)
        ],
        "amended": [
            str(pk) for pk in Event.objects.filter(action__endswith=".amended").values_list("target_id", flat=True)
        ],
        "versions": [str(pk) for pk in RecordVersion.objects.values_list("record_id", flat=True)],
        "seals": EventSeal.objects.count(),
        "events": verified.events,
        "unsealed": verified.unsealed,
    }


if __name__ == "__main__":
    actions: dict[str, Callable[..., Any]] = {
        "seed": seed,
        "accept": accept,
        "seal": seal,
        "write": write,
        "state": state,
    }
    print(json.dumps(actions[sys.argv[1]](*sys.argv[2:])))
