"""The learning library over HTTP: articles in the caller's language, search, topics.

What is gated for a patient's conditions is not there for the patient, for caregivers, and for who names the patient.
Answers carry an ETag of what they say; the address of an article stays.
"""

import hashlib
import uuid
from collections.abc import Collection
from typing import Annotated, Any

import orjson
from annotated_types import MaxLen
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.urls import path
from django.utils.http import parse_etags
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from content import library as shelves
from content.library import Listed, Text
from content.rendering import shown
from content.topics import CATEGORIES, PLACES, TOPICS
from rehab.api import queries, schema
from rehab.api.queries import Query
from rehab.api.v1.article_shapes import ArticleAnswer, ArticlePage, CategoryList, Language
from rehab.api.views import ApiView
from rehab.reference.conditions import CONDITIONS
from rehab.selectors import library, patients
from rehab.selectors.library import Desk
from rehab.services.inputs.sessions import VARIANTS

NOT_MODIFIED = 304


def _one_of(codes: Collection[str]) -> AfterValidator:
    def check(value: str) -> str:
        if value not in codes:
            raise PydanticCustomError("unknown_code", "unknown code")
        return value

    return AfterValidator(check)


class LanguageQuery(Query):
    """``language``: that of the answer; without it Accept-Language is followed."""

    language: Annotated[Language | None, Field(description="Language of the answer, before Accept-Language.")] = None


class ArticleQuery(LanguageQuery):
    patient: Annotated[
        uuid.UUID | None,
        Field(description="Leave out what is not for this patient's conditions or not released to them."),
    ] = None


class ArticlesQuery(ArticleQuery):
    """What the list may be narrowed to; ``q`` searches and puts the best first."""

    q: Annotated[str, MaxLen(200), Field(description="Words to search for, in the language of the answer.")] = ""
    category: Annotated[str, _one_of(CATEGORIES)] | None = None
    topic: Annotated[str, _one_of(TOPICS)] | None = None
    condition: Annotated[str, _one_of(CONDITIONS)] | None = None
    session_type: Annotated[str, _one_of(VARIANTS)] | None = None
    place: Annotated[str, _one_of(PLACES)] | None = None


def represent(one: Listed, request: Request, *, desk: Desk) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "language": one.language,
        "title": one.title,
        "answer": one.answer,
        "kind": one.kind,
        "category": one.category,
        "topics": one.covers,
        "conditions": sorted(one.conditions),
        "not_for": sorted(one.not_for) if desk.reader.is_clinician else [],
        "muscles": sorted(one.muscles),
        "session_types": sorted(one.session_types),
        "places": sorted(one.places),
        "version": one.version,
        "updated_on": one.updated_on,
        "is_translation_old": one.is_translation_old,
        "review": {"state": one.review_state, "by": one.reviewed_by, "on": one.reviewed_on},
        "url": reverse("api-articles-detail", [one.slug], request=request),
        "page": reverse("learn-article", [one.slug], request=request),
    }


def represent_text(text: Text, request: Request, *, desk: Desk) -> dict[str, Any]:
    slug, is_clinician = text.listed.slug, desk.reader.is_clinician
    number = desk.number_in(text.listed.language)
    whole = [piece for piece in text.pieces if not (is_clinician and piece.not_for)]
    address = reverse("api-articles-detail", [slug], request=request)
    return {
        **represent(text.listed, request, desk=desk),
        "languages": {code: f"{address}?language={code}" for code in text.languages},
        "html": shown(whole, conditions=(), emergency_number=number),
        "segments": [
            {
                "not_for": list(piece.not_for) if is_clinician else [],
                "html": shown([piece], conditions=(), emergency_number=number),
            }
            for piece in text.pieces
        ],
        "drawings": [
            {"name": name, "url": reverse("learn-drawing", [slug, name.removesuffix(".svg")], request=request)}
            for name in sorted(text.drawings)
            if text.shows(name)
        ],
        "sources": text.sources,
        "check": text.check,
        "changes": text.changes,
        "review_due_on": text.review_due_on,
    }


def _answered(request: Request, body: Any, *, language: str) -> HttpResponse:
    """Answer with an ETag of what is said; 304 if the caller has just that."""
    etag = f'"{hashlib.sha256(orjson.dumps(body)).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Content-Language": language, "Cache-Control": "private, no-cache"}
    named = {each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))}
    if "*" in named or etag in named:
        return HttpResponse(status=NOT_MODIFIED, headers=headers)
    return Response(body, headers=headers)


def _spoken(query: LanguageQuery) -> str:
    return query.language or get_language() or "en"


class _LibraryView(ApiView):
    def desk(self, query: ArticleQuery) -> Desk:
        """Return how the caller reads: as a patient if one is named whom they see."""
        language, user, now = _spoken(query), self.user(), self.now()
        if query.patient is None:
            return library.desk_of(user, language=language, now=now)
        seen = patients.get(viewer=user, patient_id=query.patient)
        return library.desk_about(seen, viewer=user, language=language, now=now)


IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="ETag of what you have: 304 if it still holds."
)
ACCEPT_LANGUAGE = OpenApiParameter(
    "Accept-Language", str, OpenApiParameter.HEADER, description="`en` or `zh-Hans`; `language` goes before it."
)
_UNCHANGED = {304: None}


class ArticleList(_LibraryView):
    @extend_schema(
        tags=["articles"],
        operation_id="articles_list",
        parameters=[*schema.parameters_of(ArticlesQuery), ACCEPT_LANGUAGE, IF_NONE_MATCH],
        responses={200: ArticlePage, **_UNCHANGED, **schema.PROBLEMS},
    )
    def get(self, request: Request) -> HttpResponse:
        query = queries.read(ArticlesQuery, request)
        desk = self.desk(query)
        if query.q.strip():
            found: list[tuple[Listed, float | None]] = [
                (one.listed, one.score) for one in shelves.find(query.q, desk.reader, limit=len(TOPICS))
            ]
        else:
            found = [(one, None) for one in shelves.articles(desk.reader)]
        results = [{**represent(one, request, desk=desk), "score": score} for one, score in found if _fits(one, query)]
        return _answered(request, {"next": None, "results": results}, language=desk.reader.language)


def _fits(one: Listed, query: ArticlesQuery) -> bool:
    wanted: list[tuple[str | None, Collection[str]]] = [
        (query.category, {topic.partition("/")[0] for topic in one.covers}),
        (query.topic, one.covers),
        (query.condition, one.conditions),
        (query.session_type, one.session_types),
        (query.place, one.places),
    ]
    return all(code is None or code in codes for code, codes in wanted)


class ArticleDetail(_LibraryView):
    @extend_schema(
        tags=["articles"],
        operation_id="articles_read",
        description="301: the article was renamed; its earlier address leads to the present one.",
        parameters=[*schema.parameters_of(ArticleQuery), ACCEPT_LANGUAGE, IF_NONE_MATCH],
        responses={200: ArticleAnswer, 301: None, **_UNCHANGED, **schema.PROBLEMS},
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        desk = self.desk(queries.read(ArticleQuery, request))
        text = library.text(slug, desk)
        if text.listed.slug != slug:
            query = request.META["QUERY_STRING"]
            address = reverse("api-articles-detail", [text.listed.slug], request=request)
            return HttpResponsePermanentRedirect(f"{address}{'?' if query else ''}{query}")
        body = represent_text(text, request, desk=desk)
        return _answered(request, body, language=desk.reader.language)


class TopicList(ApiView):
    @extend_schema(
        tags=["articles"],
        operation_id="topics_list",
        parameters=[*schema.parameters_of(LanguageQuery), ACCEPT_LANGUAGE, IF_NONE_MATCH],
        responses={200: CategoryList, **_UNCHANGED, **schema.PROBLEMS},
    )
    def get(self, request: Request) -> HttpResponse:
        language = _spoken(queries.read(LanguageQuery, request))
        results = [
            {
                "code": category.code,
                "name": category.name(language),
                "topics": [{"code": topic.code, "name": topic.name(language)} for topic in category.topics],
            }
            for category in CATEGORIES.values()
        ]
        return _answered(request, {"results": results}, language=language)


urlpatterns = [
    path("", ArticleList.as_view(), name="api-articles-list"),
    path("<slug:slug>/", ArticleDetail.as_view(), name="api-articles-detail"),
]
topic_urlpatterns = [path("", TopicList.as_view(), name="api-topics")]
