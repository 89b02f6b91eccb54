"""Assessments by clinicians over HTTP."""

from typing import Literal

from rehab.api.queries import RecordQuery
from rehab.api.v1.records import urls_for
from rehab.services.inputs.assessment import Variant
from rehab.services.kinds import KINDS


class AssessmentQuery(RecordQuery):
    assessment: Variant | None = None
    muscle: str | None = None
    side: Literal["left", "right", "none"] | None = None
    scale: str | None = None


urlpatterns = urls_for(KINDS["assessments"], AssessmentQuery)
