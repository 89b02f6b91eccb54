"""Limb girth over HTTP."""

from typing import Literal

from rehab.api.queries import RecordQuery
from rehab.api.v1.records import urls_for
from rehab.services.kinds import KINDS


class GirthQuery(RecordQuery):
    site: str | None = None
    side: Literal["left", "right"] | None = None


urlpatterns = urls_for(KINDS["girth"], GirthQuery)
