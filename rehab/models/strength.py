"""Strength: one row per muscle, side and test."""

from typing import ClassVar

from django.db import models

from rehab.models.records import Measurement


class StrengthTest(Measurement):
    kind: ClassVar = "strength"

    muscle = models.CharField(max_length=24)
    method = models.CharField(max_length=8)
    test_status = models.CharField(max_length=12)
    grade = models.CharField(max_length=2, blank=True)
    force_newtons = models.FloatField(null=True)
    torque_newton_metres = models.FloatField(null=True)
    one_rm_kg = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar = [
            *Measurement.constraints_of("strength"),
            models.CheckConstraint(
                condition=models.Q(method__in=["mrc", "hhd", "grip", "pinch", "rm"]),
                name="strength_method_known",
            ),
            models.CheckConstraint(
                condition=models.Q(test_status="not_testable", series_value__isnull=True)
                | models.Q(test_status="measured", series_value__isnull=False),
                name="strength_value_fits_status",
            ),
            models.CheckConstraint(
                condition=models.Q(force_newtons__isnull=True) | models.Q(force_newtons__gt=0, force_newtons__lte=1500),
                name="strength_force_possible",
            ),
        ]
        indexes: ClassVar = Measurement.indexes_of("strength")
