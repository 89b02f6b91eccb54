"""Answers to the PHQ and GAD questionnaires. No kind of ``services.kinds``: see docs/adr on questionnaires."""

from typing import ClassVar

from django.db import models

from rehab.models.records import Record


class QuestionnaireResponse(Record):
    """One questionnaire, answered by the patient. It is not amended: it is marked entered in error and answered anew.

    ``details`` holds the answers 0-3 by LOINC code, without item 9 of the PHQ-9: that one stands in a column of its
    own, so that nothing which shows ``details`` can show it. Scores are computed when read, from what the reader may
    see. ``follows`` is the short form whose answers a long one took over.
    """

    instrument = models.CharField(max_length=8)
    self_harm_answer = models.PositiveSmallIntegerField(null=True)
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            *Record.constraints_of("questionnaire"),
            models.CheckConstraint(
                condition=models.Q(instrument__in=["phq2", "phq8", "phq9", "gad2", "gad7"]),
                name="questionnaire_instrument_known",
            ),
            models.CheckConstraint(
                condition=models.Q(self_harm_answer__isnull=True)
                | models.Q(instrument="phq9", self_harm_answer__gte=0, self_harm_answer__lte=3),
                name="questionnaire_item_9_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(instrument__in=["phq2", "gad2"], follows__isnull=True)
                | models.Q(instrument__in=["phq8", "phq9", "gad7"], follows__isnull=False),
                name="questionnaire_long_follows_short",
            ),
            models.CheckConstraint(condition=~models.Q(status="amended"), name="questionnaire_not_amended"),
        ]
        indexes: ClassVar = [
            *Record.indexes_of("questionnaire"),
            models.Index(
                fields=["patient", "performed_at", "id"],
                condition=models.Q(self_harm_answer__gte=1),
                name="questionnaire_item_9_fired",
            ),
        ]
