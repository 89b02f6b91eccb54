"""Which questionnaires a clinic offers, and who answers item 9 of the PHQ-9 for it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.ids import new_id
from accounts.models import Clinic


class ClinicQuestionnaires(models.Model):
    """What a clinic chose; a clinic without a row offers none. ``with_item_9`` counts only while somebody answers."""

    class Mode(models.TextChoices):
        OFF = "off", _("Not offered")
        WITHOUT_ITEM_9 = "without_item_9", _("On, without item 9 (PHQ-8)")
        WITH_ITEM_9 = "with_item_9", _("On, with item 9 (PHQ-9)")

    clinic = models.OneToOneField(Clinic, models.PROTECT, primary_key=True, related_name="questionnaires")
    mode = models.CharField(max_length=16, choices=Mode)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(mode__in=["off", "without_item_9", "with_item_9"]),
                name="clinic_questionnaires_mode_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clinic_id} · {self.mode}"


class ClinicResponder(models.Model):
    """A therapist whom the clinic named to answer item 9: item-9 answers and their alerts reach these people alone.

    It ends; it is not deleted. It counts only while the person works for the clinic as a therapist
    (``selectors.access.current_responders``).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="responders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="answers_for")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["clinic", "user"],
                condition=models.Q(ended_at__isnull=True),
                name="responder_once_per_clinic",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="responder_ended_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.clinic}"
