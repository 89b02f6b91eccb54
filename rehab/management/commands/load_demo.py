"""Load the demo clinic: its patients, their records and what came of them. Safe to repeat."""

import json
import os
import secrets
import tempfile
import time
from argparse import ArgumentParser
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from rehab.management.demo import loader, people
from rehab.management.demo.stories import EVERYBODY
from rehab.selectors import people as people_selectors
from rehab.services import tokens

#: Without letters and digits that are taken for one another.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class Command(BaseCommand):
    help = "Load the demo clinic (once; repeating changes nothing) and write its sign-ins to DATA_DIR/demo.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="Another seed gives other scatter (default: 1).")
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            help="The day after the last records, YYYY-MM-DD (default: today where each patient lives).",
        )

    def handle(self, *, seed: int, today: date | None, **options: Any) -> None:
        began, now = time.monotonic(), timezone.now()
        target = Path(settings.DATA_DIR) / "demo.json"
        if today is not None and today > now.date():
            raise CommandError(f"{today} is in the future.")
        with transaction.atomic():
            therapist = people_selectors.by_email(people.THERAPIST[0])
            if therapist is not None:
                self.stdout.write("Demo data is there already.")
                if target.exists():
                    return
                password = _password()
                _set_passwords(password)
                self.stdout.write(f"{target} was gone: new password and token.")
            else:
                password = _password()
                self.stdout.write(f"{people.CLINIC}: {len(EVERYBODY)} patients")
                therapist = self._load(seed, today, password, now, began)
            sign_ins = _sign_ins(therapist, password)
        _write(target, sign_ins)
        self.stdout.write(f"Sign-ins: {target}")

    def _load(self, seed: int, today: date | None, password: str, now: datetime, began: float) -> User:
        loaded = loader.load(seed=seed, today=today, password=password, now=now, say=self.stdout.write)
        self.stdout.write(
            f"Loaded {loaded.records} records of {len(EVERYBODY)} patients, {loaded.corrections} of them corrected, "
            f"and {loaded.summaries} summaries, in {time.monotonic() - began:.1f} s."
        )
        therapist = people_selectors.by_email(people.THERAPIST[0])
        if therapist is None:
            raise RuntimeError("The therapist of the demo was not made.")
        return therapist


def _emails() -> list[str]:
    staff = [person[0] for person in (people.FOUNDER, people.THERAPIST, people.ADMIN)]
    own = [story.email for story in EVERYBODY if story.account]
    return [*staff, *own, *(story.caregiver_email for story in EVERYBODY if story.caregiver)]


def _set_passwords(password: str) -> None:
    for email in _emails():
        if user := people_selectors.by_email(email):
            user.set_password(password)
            user.save(update_fields=["password"])


def _password() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(3))


def _sign_ins(therapist: User, password: str) -> dict[str, str]:
    shown = EVERYBODY[0]
    return {
        "password": password,
        "token": tokens.create(by=therapist, now=timezone.now()),
        "patient_id": str(shown.id),
        "therapist": therapist.email,
        "patient": shown.email,
        "caregiver": shown.caregiver_email,
        "admin": people.ADMIN[0],
    }


def _write(target: Path, sign_ins: dict[str, str]) -> None:
    # mkstemp makes the file 0600, and replacing it in one step leaves no half-written one behind.
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix="demo.json.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(sign_ins, file, indent=2)
        file.write("\n")
    os.replace(name, target)
