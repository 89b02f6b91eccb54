"""Pattern hints that a clinician set aside, and why. The hints themselves are computed, never stored."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.fields import JsonField
from accounts.ids import new_id
from rehab.models.patients import Patient


class HintDismissal(models.Model):
    """``seen_ids`` are the records that the hint rested on; resting on any other, it is shown again.

    ``hint_key`` is the hint's code, with what tells two hints of one code apart (``MYOTOMAL-L5-left``).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_index=False)
    hint_key = models.CharField(max_length=120)
    reason = models.CharField(max_length=500)
    seen_ids = JsonField()
    method = models.CharField(max_length=32)
    created_digest = models.CharField(max_length=64, editable=False)
    dismissed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    dismissed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(hint_key=""), name="hint_dismissal_names_hint"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="hint_dismissal_has_reason"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["patient", "hint_key", "dismissed_at", "id"], name="hint_dismissal_of_patient")
        ]

    def __str__(self) -> str:
        return f"{self.hint_key} {self.pk}"
