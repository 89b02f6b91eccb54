"""Up to 1,000 records of any kinds in one request; each is answered for itself, and repeating changes nothing."""

from typing import Any

from django.urls import path
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from rehab.api import errors, representation, schema
from rehab.api.views import ApiView
from rehab.errors import Invalid, Problem
from rehab.models import Record
from rehab.services import batch
from rehab.services.batch import Outcome


class Batch(ApiView):
    @extend_schema(
        tags=["batch"],
        operation_id="batch_create",
        request=schema.BatchDocument,
        responses={200: schema.BatchAnswer, **schema.PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        items = _items(request.data)
        outcomes = batch.record_all(items, by=self.user(), source=Record.Source.BATCH, now=self.now())
        counts = dict.fromkeys(("created", "same", "conflict", "problem"), 0)
        for outcome in outcomes:
            counts[outcome.outcome] += 1
        return Response({"counts": counts, "results": [_answer(outcome) for outcome in outcomes]})


def _items(body: Any) -> list[Any]:
    items = body.get("records") if isinstance(body, dict) and set(body) == {"records"} else None
    if not isinstance(items, list):
        raise Invalid([Problem("/records", "missing", _("The body is an object with one field, records: a list."))])
    if not 1 <= len(items) <= batch.MAX_ITEMS:
        message = format_lazy(
            _("records: {value} items. Allowed: 1 to {high}."), value=len(items), high=batch.MAX_ITEMS
        )
        raise Invalid([Problem("/records", "out_of_range", message)])
    return items


def _answer(outcome: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = {
        "index": outcome.index,
        "kind": outcome.kind,
        "id": outcome.id,
        "outcome": outcome.outcome,
    }
    if outcome.reported is not None and outcome.reported.flags:
        found["red_flags"] = representation.reported(outcome.reported)
    if outcome.code:
        found["problem"] = errors.of_code(outcome.code, outcome.problems)
    return found


urlpatterns = [path("", Batch.as_view(), name="api-batch")]
