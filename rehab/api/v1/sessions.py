"""Exercise sessions over HTTP."""

from typing import Literal

from rehab.api.queries import RecordQuery
from rehab.api.v1.records import urls_for
from rehab.services.kinds import KINDS


class SessionQuery(RecordQuery):
    modality: str | None = None
    session_status: Literal["completed", "partial", "skipped", "stopped_early"] | None = None


urlpatterns = urls_for(KINDS["sessions"], SessionQuery)
