"""Verify the audit trail: every event against its digest, every seal against the chain."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import audit
from accounts.errors import AuditBroken


class Command(BaseCommand):
    help = "Verify the audit trail; exit 1 and name the first fault if a row was altered, removed or forged."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seal", action="store_true", help="Seal what is not sealed yet, then verify.")

    def handle(self, *, seal: bool, **options: Any) -> None:
        if seal:
            self.stdout.write(f"Sealed {audit.seal(now=timezone.now())} events.")
        try:
            found = audit.verify()
        except AuditBroken as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"The audit trail is whole: {found.events} events, {found.seals} seals, "
            f"{found.unsealed} events not sealed yet."
        )
