"""Answered questionnaires over HTTP. What of an answer a reader may see is decided in ``selectors``."""

import uuid
from datetime import date
from typing import Annotated, Any, Literal

from django.urls import path
from drf_spectacular.utils import extend_schema
from pydantic import AwareDatetime, BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from rehab.api import queries, schema
from rehab.api.queries import RecordQuery
from rehab.api.views import ApiView, etag_of, expected_version, is_unchanged, versioned
from rehab.models import Record
from rehab.reference.questionnaires import SELF_HARM_ITEM
from rehab.selectors import questionnaires
from rehab.selectors.questionnaires import Shown
from rehab.services import documents
from rehab.services import questionnaires as questionnaire_services
from rehab.services.inputs.questionnaires import QuestionnaireInput


class QuestionnaireQuery(RecordQuery):
    instrument: Literal["phq2", "phq8", "phq9", "gad2", "gad7"] | None = None


class Item9(BaseModel):
    """Item 9 of the PHQ-9. ``answer`` is null if it was not answered, or if the reader may not see it."""

    shown: bool
    answer: int | None
    visible_to: list[str]


class QuestionnaireScore(BaseModel):
    """``of`` says which form was scored: to a reader who may not see item 9, a PHQ-9 is shown as a PHQ-8.

    ``band`` and ``screen_positive`` are for clinicians; to the patient they are null.
    """

    of: str
    total: int | None
    maximum: int
    prorated: bool
    missing: list[str]
    band: Literal["minimal", "mild", "moderate", "moderately_severe", "severe"] | None
    screen_positive: bool | None
    method_version: str
    source: str


class QuestionnaireRecord(BaseModel):
    """``follow_up`` is the longer form that is open to the patient now; ``crisis`` the message to show them at once."""

    id: uuid.UUID
    kind: Literal["questionnaire-responses"]
    patient: uuid.UUID
    performed_at: AwareDatetime
    performed_on: date
    recorded_by: schema.Person
    source: str
    record_status: Literal["final", "entered_in_error"]
    version: int
    change: schema.Change | None
    created_at: AwareDatetime
    updated_at: AwareDatetime
    instrument: Literal["phq2", "phq8", "phq9", "gad2", "gad7"]
    language: str
    follows: uuid.UUID | None
    answers: Annotated[dict[str, int], Field(description="0-3 by LOINC code.")]
    difficulty: int | None
    item_9: Item9 | None
    score: QuestionnaireScore
    follow_up: Literal["phq8", "phq9", "gad7"] | None
    crisis: list[str] | None


def represent(shown: Shown, *, crisis: tuple[str, ...] = ()) -> dict[str, Any]:
    score = shown.score
    changed_by = shown.changed_by
    return {
        "id": shown.id,
        "kind": questionnaire_services.NAME,
        "patient": shown.patient_id,
        "performed_at": shown.performed_at,
        "performed_on": shown.performed_on,
        "recorded_by": {"id": shown.recorded_by[0], "name": shown.recorded_by[1]},
        "source": shown.source,
        "record_status": shown.status,
        "version": shown.version,
        "change": {"by": changed_by[0], "reason": shown.change_reason} if changed_by else None,
        "created_at": shown.created_at,
        "updated_at": shown.updated_at,
        "instrument": shown.instrument,
        "language": shown.language,
        "follows": shown.follows,
        "answers": shown.answers,
        "difficulty": shown.difficulty,
        "item_9": _item_9(shown),
        "score": {
            "of": score.questionnaire,
            "total": score.total,
            "maximum": shown.scored_form.maximum,
            "prorated": score.prorated,
            "missing": list(score.missing),
            "band": None if shown.is_own else score.band,
            "screen_positive": None if shown.is_own else score.screen_positive,
            "method_version": score.method_version,
            "source": shown.scored_form.source,
        },
        "follow_up": shown.follow_up,
        "crisis": list(crisis) or None,
    }


def _item_9(shown: Shown) -> dict[str, Any] | None:
    if not shown.has_item_9:
        return None
    return {
        "shown": shown.shows_item_9,
        "answer": shown.answers.get(SELF_HARM_ITEM),
        "visible_to": list(shown.responders),
    }


class ResponseView(ApiView):
    def one(self, response_id: uuid.UUID) -> dict[str, Any]:
        shown = questionnaires.get(viewer=self.user(), response_id=response_id)
        crisis = questionnaire_services.crisis_of_shown(shown)
        return represent(shown, crisis=crisis)


class ResponseList(ResponseView):
    @extend_schema(
        tags=["questionnaire-responses"],
        operation_id="questionnaire_responses_list",
        parameters=schema.parameters_of(QuestionnaireQuery),
        responses={200: schema.page_of("QuestionnaireResponses", QuestionnaireRecord), **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(QuestionnaireQuery, request)
        found, position = questionnaires.page(
            viewer=self.user(),
            patient_id=query.patient,
            filters=query.filters(),
            after=query.position(),
            limit=query.limit,
        )
        return Response(queries.page_body(request, [represent(shown) for shown in found], position))

    @extend_schema(
        tags=["questionnaire-responses"],
        operation_id="questionnaire_responses_create",
        description=(
            "Answered by the patient about themself. If item 9 of the PHQ-9 is 1 or more, show `crisis` at once; a "
            "refusal carries the same words in `red_flags` of its problem document. A long form is taken whatever the "
            "clinic offers by then, and however late: after 24 hours the answers of the short form are not taken over."
        ),
        request=QuestionnaireInput,
        responses={201: QuestionnaireRecord, **schema.WRITE_PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        made = questionnaire_services.create(request.data, by=self.user(), source=Record.Source.API, now=self.now())
        return versioned(
            self.one(made.response_id),
            made.version,
            status_code=201 if made.created else 200,
            location=f"{request.path}{made.response_id}/",
        )


class ResponseDetail(ResponseView):
    @extend_schema(
        tags=["questionnaire-responses"],
        operation_id="questionnaire_responses_read",
        responses={200: QuestionnaireRecord, **schema.PROBLEMS},
    )
    def get(self, request: Request, response_id: uuid.UUID) -> Response:
        found = self.one(response_id)
        if is_unchanged(request, found["version"]):
            return Response(status=304, headers={"ETag": etag_of(found["version"])})
        return versioned(found, found["version"])


class ResponseInError(ResponseView):
    @extend_schema(
        tags=["questionnaire-responses"],
        operation_id="questionnaire_responses_enter_in_error",
        description="Answers are not amended: mark them, and answer anew. An alert of item 9 stays open.",
        request=schema.ErrorMark,
        parameters=[schema.IF_MATCH],
        responses={200: QuestionnaireRecord, **schema.CHANGE_PROBLEMS},
    )
    def post(self, request: Request, response_id: uuid.UUID) -> Response:
        questionnaires.get(viewer=self.user(), response_id=response_id)
        version = expected_version(request)
        mark = documents.read(schema.ErrorMark, request.data)
        questionnaire_services.enter_in_error(
            response_id, reason=mark.reason, expected_version=version, by=self.user(), now=self.now()
        )
        found = self.one(response_id)
        return versioned(found, found["version"])


class ResponseVersions(ResponseView):
    """The answers of all versions are the same: only the status can change, once."""

    @extend_schema(
        tags=["questionnaire-responses"],
        operation_id="questionnaire_responses_versions",
        responses={200: schema.list_of(schema.Version), **schema.PROBLEMS},
    )
    def get(self, request: Request, response_id: uuid.UUID) -> Response:
        shown = questionnaires.get(viewer=self.user(), response_id=response_id)
        document = {key: represent(shown)[key] for key in ("patient", "performed_at", *_ANSWERED)}
        authors = [shown.recorded_by, *([shown.changed_by] if shown.changed_by else [])]
        return Response(
            [
                {
                    "version": number,
                    "record_status": Record.Status.FINAL if number == 1 else shown.status,
                    "changed_by": {"id": author[0], "name": author[1]},
                    "reason": "" if number == 1 else shown.change_reason,
                    "at": shown.created_at if number == 1 else shown.updated_at,
                    "document": document,
                }
                for number, author in enumerate(authors, start=1)
            ]
        )


_ANSWERED = ("instrument", "language", "follows", "answers", "difficulty", "item_9")

urlpatterns = [
    path("", ResponseList.as_view(), name="api-questionnaire-responses-list"),
    path("<uuid:response_id>/", ResponseDetail.as_view(), name="api-questionnaire-responses-detail"),
    path(
        "<uuid:response_id>/enter-in-error/",
        ResponseInError.as_view(),
        name="api-questionnaire-responses-in-error",
    ),
    path("<uuid:response_id>/versions/", ResponseVersions.as_view(), name="api-questionnaire-responses-versions"),
]
