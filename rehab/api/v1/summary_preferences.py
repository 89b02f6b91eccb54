"""Which summaries the person behind the token wants by e-mail, and when not."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from pydantic import BaseModel
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from rehab.analytics import sending
from rehab.api import schema
from rehab.api.views import ApiView
from rehab.selectors import summary_deliveries as selectors
from rehab.services import summary_preferences
from rehab.services.summary_preferences import SummaryPreferencesInput


class SummaryPreferencesAnswer(BaseModel):
    """What is sent to you: as you chose, or as is usual for your work. Times of day are in your time zone.

    ``address_verified``: false means that nothing is sent before you verify your e-mail address.
    """

    daily: bool
    weekly: bool
    four_weekly: bool
    caseload_daily: bool
    caseload_weekly: bool
    monthly: bool
    quiet_from: str
    quiet_until: str
    address_verified: bool


def represent(user: User) -> dict[str, Any]:
    preference, roles = selectors.preference_of(user), selectors.roles_of(user)
    quiet = selectors.quiet_hours(preference) or sending.QUIET
    return {
        **{choice: selectors.chosen(preference, choice, roles) for choice in selectors.CHOICES},
        "quiet_from": quiet[0].isoformat("minutes"),
        "quiet_until": quiet[1].isoformat("minutes"),
        "address_verified": selectors.has_verified_address(user),
    }


class MySummaries(ApiView):
    @extend_schema(
        tags=["me"], operation_id="me_summaries_read", responses={200: SummaryPreferencesAnswer, **schema.PROBLEMS}
    )
    def get(self, request: Request) -> Response:
        return Response(represent(self.user()))

    @extend_schema(
        tags=["me"],
        operation_id="me_summaries_update",
        request=SummaryPreferencesInput,
        responses={200: SummaryPreferencesAnswer, **schema.PROBLEMS},
    )
    def patch(self, request: Request) -> Response:
        summary_preferences.change(request.data, by=self.user(), now=self.now())
        return Response(represent(self.user()))


urlpatterns = [path("summaries/", MySummaries.as_view(), name="api-me-summaries")]
