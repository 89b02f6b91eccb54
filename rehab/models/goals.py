"""Goals with goal attainment scaling, and the ratings of how far they are reached."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.fields import JsonField
from accounts.ids import new_id
from rehab.models.patients import Patient

LEVELS = (-2, -1, 0, 1, 2)


class Goal(models.Model):
    """What a patient wants to reach in a period, with a text for each of five levels from −2 to +2.

    ``levels`` holds the texts by name, from ``much_less`` (−2) to ``much_more`` (+2). They are written before the
    period and stand still in it, as do baseline and weight (``importance`` × ``difficulty``): a goal that has to change
    is another goal.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("a goal", "Active")
        STOPPED = "stopped", _("Stopped")
        ENTERED_IN_ERROR = "entered_in_error", _("Entered in error")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=200)
    levels = JsonField()
    baseline_level = models.SmallIntegerField(default=-1)
    importance = models.PositiveSmallIntegerField(default=1)
    difficulty = models.PositiveSmallIntegerField(default=1)
    levels_written_on = models.DateField()
    period_start = models.DateField()
    period_end = models.DateField()
    review_dates = JsonField(default=list)
    status = models.CharField(max_length=16, choices=Status, default=Status.ACTIVE)
    version = models.PositiveIntegerField(default=1)
    change_reason = models.CharField(max_length=500, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    created_digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="goal_title_not_empty"),
            models.CheckConstraint(condition=Q(baseline_level__in=[-2, -1, 0]), name="goal_baseline_known"),
            models.CheckConstraint(
                condition=Q(importance__gte=1, importance__lte=3, difficulty__gte=1, difficulty__lte=3),
                name="goal_weight_known",
            ),
            models.CheckConstraint(
                condition=Q(levels_written_on__lte=F("period_start")), name="goal_levels_before_period"
            ),
            models.CheckConstraint(condition=Q(period_end__gt=F("period_start")), name="goal_period_has_length"),
            models.CheckConstraint(
                condition=Q(status__in=["active", "stopped", "entered_in_error"]), name="goal_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="active") | ~Q(change_reason="") & Q(changed_by__isnull=False),
                name="goal_end_has_reason",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["patient", "created_at", "id"], name="goal_list")]

    def __str__(self) -> str:
        return self.title

    @property
    def weight(self) -> int:
        """Importance × difficulty, 1 to 9."""
        return self.importance * self.difficulty


class GoalReview(models.Model):
    """How far a goal was reached on a day, as a therapist rated it. It is kept; a later one may correct it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="reviews", db_index=False)
    level = models.SmallIntegerField()
    rated_on = models.DateField()
    note = models.CharField(max_length=2000, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=500, blank=True)
    rated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    created_digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(level__in=list(LEVELS)), name="goal_review_level_known"),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="goal_review_corrected_once"
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, reason="") | Q(corrects__isnull=False) & ~Q(reason=""),
                name="goal_review_correction_has_reason",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["goal", "rated_on", "id"], name="goal_review_list")]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.level:+d} {self.rated_on}"
