"""Write examples/sixteen-weeks.json anew. A test checks that the committed file equals what this writes."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from rehab.management.demo import example


class Command(BaseCommand):
    help = "Write examples/sixteen-weeks.json, a body for POST /api/v1/batch/."

    def handle(self, **options: Any) -> None:
        target = settings.BASE_DIR / "examples" / "sixteen-weeks.json"
        target.parent.mkdir(exist_ok=True)
        target.write_text(example.text(), encoding="utf-8")
        self.stdout.write(f"{len(example.records())} records in {target}")
