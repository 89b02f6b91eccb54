"""Reading assessments: what is compared with a patient's own baseline."""

import uuid

from rehab.models import Assessment, Record


def breathing(patient_id: uuid.UUID) -> list[Assessment]:
    """Return the measures of breathing and blood pressure of a patient that count, the earliest first."""
    return list(
        Assessment.objects.filter(patient_id=patient_id, assessment="respiratory")
        .exclude(status=Record.Status.ENTERED_IN_ERROR)
        .order_by("performed_at", "id")
    )
