"""Exercise and treatment sessions: a document, with what is summed in columns beside it."""

from typing import ClassVar

from django.db import models

from rehab.models.programs import ProgramItem
from rehab.models.records import Record


class ExerciseSession(Record):
    """``session_load`` is RPE × minutes; ``volume_load`` N·rep; the two are never added together.

    ``program_item`` is what it was done for, if the person said so; it belongs to the same patient.
    """

    modality = models.CharField(max_length=16)
    session_status = models.CharField(max_length=16)
    duration_minutes = models.FloatField(null=True)
    session_load = models.FloatField(null=True)
    volume_load = models.FloatField(null=True)
    pulses = models.FloatField(null=True)
    charge_millicoulombs = models.FloatField(null=True)
    repetitions = models.PositiveIntegerField(null=True)
    program_item = models.ForeignKey(ProgramItem, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            *Record.constraints_of("session"),
            models.CheckConstraint(
                condition=models.Q(session_status__in=["completed", "partial", "skipped", "stopped_early"]),
                name="session_status_done_known",
            ),
            models.CheckConstraint(
                condition=models.Q(duration_minutes__isnull=True)
                | models.Q(duration_minutes__gte=0, duration_minutes__lte=1440),
                name="session_duration_possible",
            ),
        ]
        indexes: ClassVar = Record.indexes_of("session")
