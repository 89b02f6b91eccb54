"""Programmes: what a patient is to do and how often, the days that are excused, and the screening lists."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import JsonField
from accounts.ids import new_id
from accounts.models import Clinic
from rehab.models.patients import Patient


class Program(models.Model):
    """What a therapist and a patient agreed on. It ends; it is not deleted.

    ``end_on`` is its planned last day, ``ended_on`` the first day on which nothing was due any more.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        ENDED = "ended", _("Ended")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="programs", db_index=False)
    title = models.CharField(max_length=120)
    note = models.CharField(max_length=2000, blank=True)
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    change_reason = models.CharField(max_length=500, blank=True)
    created_digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(title=""), name="program_title_not_empty"),
            models.CheckConstraint(
                condition=models.Q(end_on__isnull=True) | models.Q(end_on__gte=models.F("start_on")),
                name="program_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(status="active", ended_on__isnull=True)
                | models.Q(status="ended", ended_on__isnull=False),
                name="program_ended_on_a_day",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["patient", "created_at", "id"], name="program_of_patient")]

    def __str__(self) -> str:
        return self.title


class Prescribed(models.Model):
    """What one version of an item asks for: the document, and beside it in columns what adherence counts with.

    ``weekdays`` is a bit mask (1 Monday … 64 Sunday), 0 where the item is due a number of times a week. The dose is
    in repetitions (sets × reps) or minutes. The version holds from ``valid_from`` on.
    """

    class DoseUnit(models.TextChoices):
        REPETITIONS = "repetitions", _("repetitions")
        MINUTES = "minutes", _("minutes")
        NONE = "", _("none")

    details = JsonField()
    weekdays = models.PositiveSmallIntegerField()
    times_per_week = models.PositiveSmallIntegerField()
    dose = models.FloatField(null=True)
    dose_unit = models.CharField(max_length=11, choices=DoseUnit, blank=True)
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    valid_from = models.DateField()
    version = models.PositiveIntegerField(default=1)
    change_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True

    @staticmethod
    def constraints_of(name: str) -> list[models.BaseConstraint]:
        q = models.Q
        return [
            models.CheckConstraint(
                condition=q(weekdays__gte=1, weekdays__lte=127, times_per_week=0)
                | q(weekdays=0, times_per_week__gte=1, times_per_week__lte=14),
                name=f"{name}_has_one_frequency",
            ),
            models.CheckConstraint(
                condition=q(dose__isnull=True, dose_unit="") | q(dose__gt=0, dose_unit__in=["repetitions", "minutes"]),
                name=f"{name}_dose_has_unit",
            ),
            models.CheckConstraint(
                condition=q(end_on__isnull=True) | q(end_on__gte=models.F("start_on")),
                name=f"{name}_ends_after_start",
            ),
        ]


class ProgramItem(Prescribed):
    """One kind of session in a programme. What it is (its modality) stays; how much and how often is amended.

    ``ended_on`` is the first day on which it was not due any more.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    program = models.ForeignKey(Program, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    modality = models.CharField(max_length=16)
    ended_on = models.DateField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            *Prescribed.constraints_of("program_item"),
            models.UniqueConstraint(fields=["program", "position"], name="program_item_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.modality} {self.pk}"


class ProgramItemVersion(Prescribed):
    """An item as it stood before a change: what was due on the days from ``valid_from`` until before ``replaced_on``.

    Two changes on one day leave a version that held on no day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(ProgramItem, models.PROTECT, related_name="versions", db_index=False)
    replaced_on = models.DateField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            *Prescribed.constraints_of("program_item_version"),
            models.UniqueConstraint(fields=["item", "version"], name="program_item_version_once"),
            models.CheckConstraint(
                condition=models.Q(replaced_on__gte=models.F("valid_from")), name="program_item_version_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} v{self.version}"


class Excusal(models.Model):
    """Days on which nothing was due: illness, the clinic closed. Withdrawn, not deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="excusals", db_index=False)
    first_on = models.DateField()
    last_on = models.DateField()
    reason = models.CharField(max_length=500)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    created_digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(last_on__gte=models.F("first_on")), name="excusal_ends_after_start"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="excusal_has_reason"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="excusal_withdrawn_by_someone",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["patient", "created_at", "id"], name="excusal_of_patient")]

    def __str__(self) -> str:
        return f"{self.first_on} – {self.last_on}"


class ProgramTemplate(models.Model):
    """Items that a clinic's therapists use again; ``items`` holds their documents, without ids and days."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="program_templates", db_index=False)
    title = models.CharField(max_length=120)
    note = models.CharField(max_length=2000, blank=True)
    items = JsonField()
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    change_reason = models.CharField(max_length=500, blank=True)
    created_digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(title=""), name="program_template_title_not_empty"),
        ]
        indexes: ClassVar = [models.Index(fields=["clinic", "created_at", "id"], name="program_template_of_clinic")]

    def __str__(self) -> str:
        return self.title


class ChecklistAnswers(models.Model):
    """A screening list as a clinician answered it at one moment; the next answering takes its place.

    ``answers`` has ``yes``, ``no`` or ``unknown`` by item. One row per patient and list is not superseded.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_index=False)
    checklist = models.CharField(max_length=8)
    list_version = models.CharField(max_length=8)
    answers = JsonField()
    note = models.CharField(max_length=2000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    answered_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    created_digest = models.CharField(max_length=64, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(checklist__in=["fes", "aquatic"]), name="checklist_answers_list_known"
            ),
            models.UniqueConstraint(
                fields=["patient", "checklist"],
                condition=models.Q(superseded_at__isnull=True),
                name="checklist_answers_one_valid",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["patient", "answered_at", "id"], name="checklist_of_patient")]

    def __str__(self) -> str:
        return f"{self.checklist} {self.answered_at:%Y-%m-%d}"
