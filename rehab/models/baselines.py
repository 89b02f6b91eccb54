"""Baselines that a clinician set for a series, in place of its first days."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.ids import new_id
from rehab.models.patients import Patient


class SeriesBaseline(models.Model):
    """Since when, and with which value, a series is compared. It ends; it is not deleted.

    Without a ``value`` (canonical unit of the series; a rank if ordinal) the readings from the day on make the
    baseline as the first readings of a series do. One current row per patient and series.
    """

    class Reason(models.TextChoices):
        START = "start", _("Start of treatment")
        SURGERY = "surgery", _("Surgery")
        RELAPSE = "relapse", _("Relapse")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_index=False)
    series_key = models.CharField(max_length=512)
    starts_on = models.DateField()
    value = models.FloatField(null=True)
    reason = models.CharField(max_length=8, choices=Reason)
    note = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_digest = models.CharField(max_length=64, editable=False)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    set_at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["patient", "series_key"],
                condition=models.Q(ended_at__isnull=True),
                name="baseline_one_current_per_series",
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=["start", "surgery", "relapse"]), name="baseline_reason_known"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="baseline_ended_by_someone",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["patient", "set_at", "id"], name="baseline_of_patient")]

    def __str__(self) -> str:
        return f"{self.series_key} {self.starts_on}"
