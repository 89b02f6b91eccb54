"""Strength tests over HTTP."""

from typing import Literal

from rehab.api.queries import RecordQuery
from rehab.api.v1.records import urls_for
from rehab.services.kinds import KINDS


class StrengthQuery(RecordQuery):
    muscle: str | None = None
    side: Literal["left", "right", "both", "none"] | None = None
    method: Literal["mrc", "hhd", "grip", "pinch", "rm"] | None = None


urlpatterns = urls_for(KINDS["strength"], StrengthQuery)
