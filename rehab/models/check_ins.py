"""Check-ins: a document, with what is read across people and time in columns beside it."""

from typing import ClassVar

from django.db import models

from rehab.models.records import Record


class CheckIn(Record):
    """``pain_max`` is the worst of the pains given, 0-10; ``fatigue`` 0-10 over ``fatigue_period``."""

    pain_max = models.PositiveSmallIntegerField(null=True)
    fatigue = models.PositiveSmallIntegerField(null=True)
    fatigue_period = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar = [
            *Record.constraints_of("check_in"),
            models.CheckConstraint(
                condition=models.Q(pain_max__isnull=True) | models.Q(pain_max__gte=0, pain_max__lte=10),
                name="check_in_pain_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(fatigue__isnull=True) | models.Q(fatigue__gte=0, fatigue__lte=10),
                name="check_in_fatigue_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(fatigue__isnull=True, fatigue_period="")
                | models.Q(fatigue__isnull=False, fatigue_period__in=["last_24_h", "now"]),
                name="check_in_fatigue_has_period",
            ),
        ]
        indexes: ClassVar = Record.indexes_of("check_in")
