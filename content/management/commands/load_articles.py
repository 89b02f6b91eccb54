"""Load the articles of the learning library from their files; safe to run at every start."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.documents import ArticleError
from content.loading import load_library


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_library()
        except ArticleError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"Articles: {loaded.written} texts written, {loaded.unchanged} unchanged, {loaded.withdrawn} withdrawn."
        )
