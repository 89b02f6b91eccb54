"""Limb girth: one row per site and side."""

from typing import ClassVar

from django.db import models

from rehab.models.records import Measurement


class GirthMeasurement(Measurement):
    kind: ClassVar = "girth"

    site = models.CharField(max_length=16)
    girth_cm = models.FloatField()

    class Meta:
        constraints: ClassVar = [
            *Measurement.constraints_of("girth"),
            models.CheckConstraint(condition=models.Q(girth_cm__gt=0, girth_cm__lte=150), name="girth_possible"),
        ]
        indexes: ClassVar = Measurement.indexes_of("girth")
