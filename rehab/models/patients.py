"""The patient and the people around them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import JsonField
from accounts.ids import new_id
from accounts.models import Clinic
from accounts.roles import CareRole


class Patient(models.Model):
    """A person whose muscles are followed. ``sex`` uses FHIR's AdministrativeGender codes."""

    class Sex(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        OTHER = "other", _("Other")
        UNKNOWN = "unknown", _("Not stated")

    class Hand(models.TextChoices):
        RIGHT = "right", _("Right")
        LEFT = "left", _("Left")
        BOTH = "both", _("Both alike")
        UNKNOWN = "unknown", _("Not stated")

    class Involved(models.TextChoices):
        LEFT = "left", _("Left")
        RIGHT = "right", _("Right")
        BOTH = "both", _("Both sides")
        NONE = "none", _("Neither side")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="patients")
    name = models.CharField(_("name"), max_length=120)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=8, choices=Sex, default=Sex.UNKNOWN)
    dominant_hand = models.CharField(_("dominant hand"), max_length=8, choices=Hand, default=Hand.UNKNOWN)
    #: Which side the condition is on; null if nobody said. What compares a side with the other needs it.
    involved_side = models.CharField(_("involved side"), max_length=5, choices=Involved, null=True, blank=True)
    conditions = JsonField(_("conditions"), default=list, blank=True)
    #: Codes of ``reference.red_flags.BASELINE_DEFICITS``; null: nobody asked yet. Of the injury level: not known.
    baseline_deficits = JsonField(null=True, blank=True)
    injury_at_or_above_t6 = models.BooleanField(null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64)
    #: The last day of care; null while it goes on. Nothing is hidden by it: summaries and reminders end.
    discharged_on = models.DateField(_("discharged on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="patient_name_not_empty"),
            models.CheckConstraint(
                condition=models.Q(sex__in=["female", "male", "other", "unknown"]), name="patient_sex_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["clinic", "name", "id"], name="patient_clinic_name")]

    def __str__(self) -> str:
        return self.name


class CareTeamMember(models.Model):
    """Who may see a patient, and as what: the patient, a caregiver, a therapist. This table alone decides.

    It ends; it is not deleted. One current row per person and patient, one current patient row per patient and user.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="care_team")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="care_roles")
    role = models.CharField(max_length=16, choices=CareRole)
    permissions = JsonField(default=list, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["patient", "user"],
                condition=models.Q(ended_at__isnull=True),
                name="care_team_one_role_per_person",
            ),
            models.UniqueConstraint(
                fields=["patient"],
                condition=models.Q(ended_at__isnull=True, role="patient"),
                name="care_team_one_account_per_patient",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(ended_at__isnull=True, role="patient"),
                name="care_team_one_patient_per_account",
            ),
            models.CheckConstraint(condition=models.Q(role__in=CareRole.values), name="care_team_role_known"),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="care_team_ended_by_someone",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["user", "patient"],
                condition=models.Q(ended_at__isnull=True),
                name="care_team_current",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.patient}"
