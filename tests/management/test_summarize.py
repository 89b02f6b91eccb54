"""``summarize``: the summaries of one period, by hand, with how far it is."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Clinic
from rehab.models import CareTeamMember, Patient, Summary, SummaryDelivery, SummaryRun
from rehab.services import summaries
from tests.conftest import Cast

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def summarize(**options: Any) -> str:
    out = StringIO()
    call_command("summarize", stdout=out, **{"period": "week", "date": date(2026, 3, 11), **options})
    return out.getvalue()


@pytest.fixture
def settled(cast: Cast) -> Cast:
    Patient.objects.update(created_at=LONG_AGO)
    Clinic.objects.update(created_at=LONG_AGO)
    CareTeamMember.objects.update(added_at=LONG_AGO)
    return cast


def test_a_period_of_long_ago_is_computed_and_its_run_kept(settled: Cast) -> None:
    said = summarize()
    assert "week, 2026-03-09 to 2026-03-15: 4 summaries to compute." in said
    assert "4 computed, 0 failed" in said
    run = SummaryRun.objects.get()
    assert (run.period, run.starts_on, run.total, run.done, run.failed) == ("week", date(2026, 3, 9), 4, 4, 0)
    assert run.finished_at is not None
    assert set(Summary.objects.values_list("status", "version")) == {("computed", 1)}
    assert not SummaryDelivery.objects.filter(dropped_at__isnull=True).exists()  # nobody wants an old week by e-mail
    assert "0 summaries to compute" in summarize()


def test_computing_again_makes_no_version_of_what_says_the_same(settled: Cast) -> None:
    summarize()
    assert "4 computed" in summarize(again=True)
    assert set(Summary.objects.values_list("status", "version")) == {("computed", 1)}


def test_of_one_clinic_alone(settled: Cast) -> None:
    assert "2 computed" in summarize(clinic=settled.clinic.pk)
    assert set(Summary.objects.values_list("clinic", flat=True)) == {settled.clinic.pk}


def test_what_fails_is_counted_and_said(settled: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    real = summaries.compute_some

    def fails(rows: Sequence[Summary], *, now: datetime) -> Any:
        raise ValueError("bad record")

    def compute_some(**given: Any) -> Any:
        return real(**given, compute=fails)

    monkeypatch.setattr(summaries, "compute_some", compute_some)
    with pytest.raises(CommandError, match="4 summaries could not be computed"):
        summarize()
    run = SummaryRun.objects.get()
    assert (run.total, run.done, run.failed) == (4, 0, 4)
    assert set(Summary.objects.values_list("status", "last_error")) == {("due", "ValueError: bad record")}


def test_a_period_that_reaches_out_of_the_calendar_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="out of the calendar"):
        summarize(date=date(9999, 12, 31))
    assert not SummaryRun.objects.exists()


def test_a_period_that_is_not_over_has_nothing_and_says_why(settled: Cast) -> None:
    said = summarize(date=date(2127, 3, 11))
    assert "0 summaries to compute" in said
    assert "The period is not over yet" in said
    assert "not over" not in summarize()
    assert "Everything of it is computed" in summarize()


@pytest.mark.parametrize("typed", ["2026-13-01", "yesterday", "20260301"])
def test_a_date_that_is_none_is_refused_in_words(db: None, typed: str) -> None:
    with pytest.raises(CommandError, match=f"{typed} is no date, write YYYY-MM-DD"):
        call_command("summarize", "--period", "week", "--date", typed)


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_where_somebody_watches_there_is_a_bar_and_it_looks_like_no_error(settled: Cast) -> None:
    watched = Terminal()
    call_command(
        "summarize", period="week", date=date(2026, 3, 11), stdout=StringIO(), stderr=watched, force_color=True
    )
    assert f"[{'#' * 30}] 4 of 4 (100%), 0 failed" in watched.getvalue()
    assert "\N{ESCAPE}" not in watched.getvalue()
