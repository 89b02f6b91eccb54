"""What only a clinician assesses: muscle tone, key muscles, sum scores, function scales, breathing."""

from typing import ClassVar

from django.db import models

from rehab.models.records import Measurement

_MEASURES = ("vital_capacity_ml", "vital_capacity_ml_per_kg", "mip_cmh2o", "mep_cmh2o", "systolic_mmhg")


class Assessment(Measurement):
    """``muscle`` stands where one muscle was assessed, ``scale`` where a function scale was; else they are empty.

    The measures of breathing and blood pressure have columns because each is compared with the patient's own baseline:
    the latest earlier record with ``is_baseline``, or else the first.
    """

    kind: ClassVar = "assessments"

    assessment = models.CharField(max_length=16)
    muscle = models.CharField(max_length=24, blank=True)
    scale = models.CharField(max_length=24, blank=True)
    vital_capacity_ml = models.FloatField(null=True)
    vital_capacity_ml_per_kg = models.FloatField(null=True)
    mip_cmh2o = models.FloatField(null=True)
    mep_cmh2o = models.FloatField(null=True)
    single_breath_count = models.PositiveSmallIntegerField(null=True)
    systolic_mmhg = models.FloatField(null=True)
    is_baseline = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            *Measurement.constraints_of("assessment"),
            models.CheckConstraint(
                condition=models.Q(assessment__in=["mas", "isncsci_motor", "mrc_sum", "function_scale", "respiratory"]),
                name="assessment_kind_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(assessment="mas")
                | models.Q(series_value__isnull=False, series_value__gte=0, series_value__lte=5),
                name="assessment_tone_has_rank",
            ),
            models.CheckConstraint(
                condition=~models.Q(assessment="mrc_sum")
                | models.Q(series_value__isnull=True)
                | models.Q(series_value__gte=0, series_value__lte=60),
                name="assessment_mrc_sum_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(assessment="function_scale", series_value__isnull=False) & ~models.Q(scale="")
                | ~models.Q(assessment="function_scale") & models.Q(scale=""),
                name="assessment_scale_has_value",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    *(models.Q(**{f"{name}__isnull": True}) | models.Q(**{f"{name}__gte": 0}) for name in _MEASURES)
                ),
                name="assessment_measures_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(is_baseline=False) | models.Q(assessment="respiratory"),
                name="assessment_baseline_is_measured",
            ),
        ]
        indexes: ClassVar = Measurement.indexes_of("assessment")
