"""The payloads of summaries: for a chunk of any audience, in a number of statements that does not grow with the rows.

``compute`` writes nothing and looks at no clock: the same records give the same payload, however the rows are cut into
chunks and ordered. Of a caseload or a clinic the statements grow with the blocks of patients it has.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from rehab.analytics.summaries import CaseloadSummary, ClinicSummary, PatientSummary
from rehab.analytics.summary_build import NO_ARTICLES, patient_summary
from rehab.models import Summary
from rehab.selectors import summary_clinic, summary_patients, summary_therapist

Payload: TypeAlias = PatientSummary | CaseloadSummary | ClinicSummary


def compute(
    rows: Sequence[Summary], *, now: datetime, articles: Mapping[str, frozenset[str]] = NO_ARTICLES
) -> dict[uuid.UUID, Payload]:
    """Return the payload of each summary, by the summary's id; ``articles`` as ``patient_summary`` takes them.

    ``now`` matters to a period that is not over yet: what is due from today on is not counted as missed.
    """
    answer: dict[uuid.UUID, Payload] = {}
    by_audience: dict[str, list[Summary]] = defaultdict(list)
    for row in rows:
        by_audience[row.audience].append(row)
    of_patients = [(row, row.patient_id) for row in by_audience[Summary.Audience.PATIENT] if row.patient_id]
    asked = [summary_patients.ask(patient_id, row, now=now) for row, patient_id in of_patients]
    for (row, _patient_id), material in zip(of_patients, summary_patients.materials(asked), strict=True):
        answer[row.pk] = patient_summary(material, articles=articles)
    answer |= summary_therapist.compute(by_audience[Summary.Audience.THERAPIST], now=now)
    return answer | summary_clinic.compute(by_audience[Summary.Audience.CLINIC], now=now)
