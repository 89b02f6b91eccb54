"""``manage.py summarize``: compute the summaries of one period now, and show how far it is."""

import re
import time
import uuid
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import suppress
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from rehab.analytics import periods
from rehab.models import SummaryRun
from rehab.services import summary_runs

_WIDTH = 30
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_PAUSE = 1.0  # until rows that another worker holds are done or given back
_SAID_EVERY = 10.0


class Command(BaseCommand):
    help = (
        "Write and compute the summaries of the period that holds a date, for everybody: those missing, due or stale. "
        "It works together with running workers and may be stopped and started again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--period", required=True, choices=["day", "week", "four_weeks", "month"])
        parser.add_argument("--date", required=True, type=_day, help="A day of the period, YYYY-MM-DD.")
        parser.add_argument("--clinic", type=uuid.UUID, help="Only this clinic (its id).")
        parser.add_argument("--again", action="store_true", help="Compute those anew that are computed already.")

    def handle(
        self, *, period: periods.PeriodName, date: date, clinic: uuid.UUID | None, again: bool, **options: Any
    ) -> None:
        try:
            span = periods.span_of(period, date)
        except OverflowError:
            raise CommandError(f"--date: the {period} of {date} reaches out of the calendar.") from None
        began = time.monotonic()
        run = summary_runs.begin(span, again=again, clinic_id=clinic, now=timezone.now())
        self.stdout.write(f"{span.period}, {span.starts_on} to {span.ends_on}: {run.total} summaries to compute.")
        if not run.total:
            is_over = timezone.now().date() > span.ends_on
            self.stdout.write("Everything of it is computed." if is_over else "The period is not over yet.")
        self._said = began
        while run.finished_at is None:
            chunk = summary_runs.go_on(run, span, clinic_id=clinic, now=timezone.now())
            self._show(run, began)
            if not chunk.claimed and run.finished_at is None:
                time.sleep(_PAUSE)
        took = time.monotonic() - began
        self.stdout.write(f"{run.done} computed, {run.failed} failed, in {took:.1f} s (run {run.pk}).")
        if run.failed:
            raise CommandError(f"{run.failed} summaries could not be computed; they are tried again. See the log.")

    def _show(self, run: SummaryRun, began: float) -> None:
        """Show a bar where somebody watches, and a line now and then where it goes into a file."""
        share = (run.done + run.failed) / run.total if run.total else 1.0
        rate = run.done / max(time.monotonic() - began, 0.001)
        text = f"{run.done} of {run.total} ({share:.0%}), {run.failed} failed, {rate:.0f} a second"
        if self.stderr.isatty():
            full = round(share * _WIDTH)
            # Not in the red of errors, in which commands write there.
            bar = f"\r[{'#' * full}{'.' * (_WIDTH - full)}] {text}  "
            self.stderr.write(bar, style_func=str, ending="" if run.finished_at is None else "\n")
        elif time.monotonic() - self._said > _SAID_EVERY:
            self._said = time.monotonic()
            self.stdout.write(text)


def _day(text: str) -> date:
    if _DATE.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    raise ArgumentTypeError(f"{text} is no date, write YYYY-MM-DD")
