"""Write docs/articles.md, which topics of the content brief which articles serve; --check only compares it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from content.coverage import table, unserved
from content.documents import load_all


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Change nothing; fail if it is out of date.")

    def handle(self, *args: Any, **options: Any) -> None:
        articles = load_all()
        if missing := unserved(articles):
            raise CommandError(f"No article covers {', '.join(sorted(missing))}.")
        page = Path(settings.BASE_DIR) / "docs" / "articles.md"
        if not options["check"]:
            page.write_text(table(articles), encoding="utf-8")
        elif not page.is_file() or page.read_text(encoding="utf-8") != table(articles):
            raise CommandError("docs/articles.md is out of date: run `manage.py article_table`.")
