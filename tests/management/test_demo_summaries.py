"""The demo as a clinic sees it after months: past summaries, articles given and read, old alerts answered."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts import audit
from content.models import ArticleReview
from rehab.analytics import periods
from rehab.management.demo import alerts, short
from rehab.management.demo.shapes import Story
from rehab.management.demo.stories import EVERYBODY
from rehab.models import (
    Alert,
    ArticleAssignment,
    ArticleQuestion,
    ArticleReading,
    Patient,
    Program,
    Summary,
    SummaryDelivery,
    SummaryVersion,
)
from rehab.services import summary_schedule, summary_staleness
from tests.management.test_load_demo import Demo, demo, rows

__all__ = ["demo"]


def last(patient: Patient, period: periods.PeriodName) -> Summary:
    return Summary.objects.filter(patient=patient, period=period).latest("starts_on")


def notes(story: Story) -> list[list[str]]:
    """Return the notes of a patient's weeks, the latest first."""
    found = Summary.objects.filter(patient=story.id, period="week").order_by("-starts_on")
    return [summary.payload["notes"] for summary in found]


def test_everything_that_is_over_is_computed_and_nobody_is_told(db: None, demo: Demo) -> None:
    assert (
        not Summary.objects.exclude(status="computed").filter(due_at__lt=timezone.now() - timedelta(hours=1)).exists()
    )
    assert not SummaryDelivery.objects.exists()
    now, going_on = timezone.now(), Patient.objects.exclude(pk=short.DISCHARGED.id)
    for patient in going_on:
        today = periods.today_in(patient.time_zone, now=now)
        assert last(patient, "week").ends_on >= today - timedelta(days=8)
        assert Summary.objects.filter(patient=patient, period="day").count() == 3
    for patient in going_on.exclude(pk__in=[short.SILENT.id, short.SKIPPING.id]):
        assert Summary.objects.filter(patient=patient, period="week").count() == 5
        assert Summary.objects.filter(patient=patient, period="four_weeks").count() == 2
    assert Summary.objects.filter(audience="therapist", period="week").count() == 2 * 5
    assert Summary.objects.filter(audience="clinic", period="month").count() == 2


def test_each_was_computed_when_it_was_due(db: None, demo: Demo) -> None:
    for summary in Summary.objects.filter(status="computed"):
        assert summary.computed_at == summary.due_at
        assert summary.computed_at.astimezone(ZoneInfo(summary.time_zone)).hour == 4


def test_nothing_of_the_demo_comes_late(db: None, demo: Demo) -> None:
    assert all(row.created_at - row.performed_at < timedelta(hours=48) for row in rows())
    weeks = Summary.objects.filter(audience="patient", period="week")
    assert sum((week.payload["adherence"] or {}).get("recalled", 0) for week in weeks) == 0
    assert any(week.payload["adherence"] for week in weeks)
    before = Summary.objects.count()
    audit.seal(now=timezone.now())
    summary_staleness.mark(now=timezone.now())
    assert not Summary.objects.filter(status="stale").exists()
    assert not SummaryVersion.objects.exists()
    summary_schedule.dispatch(now=timezone.now())
    assert Summary.objects.count() - before < len(EVERYBODY)  # a day may have ended meanwhile


def test_of_who_was_discharged_the_last_summary_says_so(db: None, demo: Demo) -> None:
    patient = Patient.objects.get(pk=short.DISCHARGED.id)
    found = list(Summary.objects.filter(patient=patient, period="week").order_by("-starts_on"))
    assert "discharged" in found[0].payload["notes"]
    assert patient.discharged_on is not None
    assert found[0].starts_on <= patient.discharged_on <= found[0].ends_on
    assert all("discharged" not in summary.payload["notes"] for summary in found[1:])
    assert found[0].payload["due_next"] == []
    assert [program.status for program in Program.objects.filter(patient=patient)] == ["ended"]


def test_one_has_logged_nothing_and_one_skips_everything(db: None, demo: Demo) -> None:
    assert notes(short.SILENT)[0] == ["no_records"]
    assert notes(short.SKIPPING)[0] == ["only_skipped"]
    for story in (short.SILENT, short.SKIPPING):
        week = last(Patient.objects.get(pk=story.id), "week").payload
        assert (week["adherence"]["due"] > 0, week["adherence"]["completed"]) == (True, 0)


def test_what_was_raised_long_ago_is_answered(db: None, demo: Demo) -> None:
    now = timezone.now()
    for alert in Alert.objects.filter(raised_at__lt=now - timedelta(days=1)):
        assert alert.status in ("acknowledged", "closed"), alert.rule
        if alert.raised_at < now - alerts.CLOSED_WITHIN:
            assert alert.status == "closed", alert.rule
    assert Alert.objects.filter(raised_at__lt=now - timedelta(weeks=8)).exists()


def test_articles_are_given_read_and_asked_about(db: None, demo: Demo) -> None:
    assert ArticleAssignment.objects.exclude(note="").count() == ArticleAssignment.objects.count() == 5
    assert ArticleReading.objects.filter(read_at__isnull=False, check_right=3).exists()
    assert ArticleQuestion.objects.filter(answered_at__isnull=True).count() == 1
    assert ArticleQuestion.objects.exclude(answer="").count() == 1
    latest = dict(ArticleReview.objects.order_by("reviewed_at").values_list("article", "state"))
    assert latest == {"resistance-bands": "approved", "electrical-stimulation": "in_review"}
