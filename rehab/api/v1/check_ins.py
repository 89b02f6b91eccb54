"""Check-ins over HTTP."""

from rehab.api.queries import RecordQuery
from rehab.api.v1.records import urls_for
from rehab.services.kinds import KINDS

urlpatterns = urls_for(KINDS["check-ins"], RecordQuery)
