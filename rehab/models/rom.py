"""Range of motion: one row per motion, side and type."""

from typing import ClassVar

from django.db import models

from rehab.models.records import Measurement


class RomMeasurement(Measurement):
    """``angle_degrees`` is on the motion's own scale: ``direction`` or ``deficit`` (positive = extension deficit)."""

    kind: ClassVar = "rom"

    motion = models.CharField(max_length=16)
    rom_type = models.CharField(max_length=5)
    digit = models.CharField(max_length=8, blank=True)
    rom_status = models.CharField(max_length=10)
    angle_degrees = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar = [
            *Measurement.constraints_of("rom"),
            models.CheckConstraint(condition=models.Q(rom_type__in=["AROM", "AAROM", "PROM"]), name="rom_type_known"),
            models.CheckConstraint(
                condition=models.Q(rom_status="measured", angle_degrees__isnull=False)
                | ~models.Q(rom_status="measured") & models.Q(angle_degrees__isnull=True),
                name="rom_angle_fits_status",
            ),
            models.CheckConstraint(
                condition=models.Q(angle_degrees__isnull=True)
                | models.Q(angle_degrees__gte=-100, angle_degrees__lte=200),
                name="rom_angle_possible",
            ),
        ]
        indexes: ClassVar = Measurement.indexes_of("rom")
