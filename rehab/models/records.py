"""What every clinical record has in common, and its earlier versions."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import JsonField
from accounts.ids import new_id
from rehab.models.patients import Patient


class Record(models.Model):
    """A clinical record. Nothing is deleted or silently overwritten: it is amended, or marked entered in error.

    ``performed_on`` is the date in the patient's own time zone. ``details`` is the document as it was typed, values
    with their units; the typed columns beside it are canonical and derived from it in one place, ``rehab.services``.
    """

    class Status(models.TextChoices):
        FINAL = "final", _("Final")
        AMENDED = "amended", _("Amended")
        ENTERED_IN_ERROR = "entered_in_error", _("Entered in error")

    class Source(models.TextChoices):
        PORTAL = "portal", _("Pages")
        API = "api", _("API")
        BATCH = "batch", _("Batch")
        DEMO = "demo", _("Demo data")

    class Side(models.TextChoices):
        LEFT = "left", _("Left")
        RIGHT = "right", _("Right")
        BOTH = "both", _("Both sides")
        NONE = "none", _("No side")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_index=False)
    performed_at = models.DateTimeField()
    performed_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=8, choices=Source)
    status = models.CharField(max_length=16, choices=Status, default=Status.FINAL)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    change_reason = models.CharField(max_length=500, blank=True)
    note = models.CharField(max_length=2000, blank=True)
    details = JsonField()
    derived = JsonField(default=dict)
    confirmed = JsonField(default=list)
    created_digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.pk}"

    @staticmethod
    def constraints_of(name: str) -> list[models.BaseConstraint]:
        """The constraints that every table of records has, with the table's name in each."""
        q = models.Q
        return [
            models.CheckConstraint(
                condition=q(status__in=["final", "amended", "entered_in_error"]), name=f"{name}_status_known"
            ),
            models.CheckConstraint(
                condition=q(version=1, status="final") | q(version__gt=1) & ~q(status="final"),
                name=f"{name}_version_fits_status",
            ),
            models.CheckConstraint(
                condition=q(version=1) | ~q(change_reason="") & q(changed_by__isnull=False),
                name=f"{name}_change_has_reason",
            ),
        ]

    @staticmethod
    def indexes_of(name: str) -> list[models.Index]:
        return [
            models.Index(fields=["patient", "performed_at", "id"], name=f"{name}_timeline"),
            models.Index(fields=["patient", "updated_at", "id"], name=f"{name}_updated"),
        ]


class Measurement(Record):
    """A record with a number that may be compared: only readings that share ``series_key`` are comparable.

    ``series_value`` is in the series' canonical unit (N, kg, degrees, cm; rank if ordinal); null if not measured.
    """

    #: The kind of record, with which every ``series_key`` of the table begins.
    kind: ClassVar[str]

    side = models.CharField(max_length=5, choices=Record.Side)
    series_key = models.CharField(max_length=512)
    series_value = models.FloatField(null=True)

    class Meta:
        abstract = True

    @staticmethod
    def constraints_of(name: str) -> list[models.BaseConstraint]:
        return [
            *Record.constraints_of(name),
            models.CheckConstraint(
                condition=models.Q(side__in=["left", "right", "both", "none"]), name=f"{name}_side_known"
            ),
        ]

    @staticmethod
    def indexes_of(name: str) -> list[models.Index]:
        return [
            *Record.indexes_of(name),
            models.Index(fields=["patient", "series_key", "performed_on", "series_value"], name=f"{name}_series"),
        ]


class RecordVersion(models.Model):
    """A record as it stood before a change, written when it is amended; kept whatever becomes of the record."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16)
    record_id = models.UUIDField()
    version = models.PositiveIntegerField()
    document = JsonField()
    status = models.CharField(max_length=16, choices=Record.Status)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    change_reason = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "record_id", "version"], name="record_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id} v{self.version}"
