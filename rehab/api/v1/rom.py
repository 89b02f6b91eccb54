"""Range of motion over HTTP."""

from typing import Literal

from rehab.api.queries import RecordQuery
from rehab.api.v1.records import urls_for
from rehab.services.kinds import KINDS


class RomQuery(RecordQuery):
    motion: str | None = None
    side: Literal["left", "right", "both", "none"] | None = None
    rom_type: Literal["AROM", "AAROM", "PROM"] | None = None


urlpatterns = urls_for(KINDS["rom"], RomQuery)
