"""Which version of the emergency texts and rules a clinic's clinicians have signed off."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.ids import new_id
from accounts.models import Clinic


class WordingSignOff(models.Model):
    """One clinician's signature under one version, for one clinic. It is neither changed nor deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+", db_index=False)
    version = models.CharField(max_length=64)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    signed_name = models.CharField(max_length=150)  # as they were called then
    signed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clinic", "version"], name="wording_sign_off_once_per_version"),
            models.CheckConstraint(
                condition=~models.Q(version="") & ~models.Q(signed_name=""), name="wording_sign_off_says_what_and_who"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.clinic_id}"
