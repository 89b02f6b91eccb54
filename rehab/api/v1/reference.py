"""The clinical tables as data, in the language of the request, each with its source."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from django.urls import path
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from rehab.analytics import questionnaires as scoring
from rehab.api import schema
from rehab.api.views import ApiView
from rehab.errors import NotFound
from rehab.reference import symptoms
from rehab.reference.alert_rules import ALERT_RULES
from rehab.reference.bands import BAND_PRODUCTS
from rehab.reference.conditions import CONDITIONS
from rehab.reference.function_scales import FUNCTION_SCALES
from rehab.reference.girth import GIRTH_SITES
from rehab.reference.immersion import IMMERSION_LEVELS
from rehab.reference.motions import MOTIONS
from rehab.reference.muscles import MUSCLES
from rehab.reference.questionnaires import QUESTIONNAIRES, is_offered, reason_not_offered
from rehab.reference.red_flags import BASELINE_DEFICITS, FLAGS, QUESTIONS
from rehab.reference.scales import MRC_GRADES, mrc_rank
from rehab.reference.units import UNITS


def _named(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{**_plain(asdict(row)), "name": row.name(get_language() or "en")} for row in table.values()]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: sorted(value) if isinstance(value, frozenset) else value for key, value in row.items()}


def _function_scales() -> list[dict[str, Any]]:
    language = get_language() or "en"
    return [{**row, "licence": FUNCTION_SCALES[row["code"]].licence(language)} for row in _named(FUNCTION_SCALES)]


def _scales() -> list[dict[str, Any]]:
    return [
        {
            "code": scale,
            "grades": [{"grade": grade, "rank": mrc_rank(scale=scale, grade=grade)} for grade in grades],
            "source": "Medical Research Council, Memorandum 45, HMSO 1976; Florence 1992, Phys Ther 72:115-122",
        }
        for scale, grades in MRC_GRADES.items()
    ]


def _red_flags() -> list[dict[str, Any]]:
    language = get_language() or "en"
    return [
        {
            "code": question.code,
            "flag": question.flag,
            "context": question.context,
            "audience": question.audience,
            "ask": question.ask(language),
            "source": FLAGS[question.flag].source if question.flag else "",
            "answers": [
                {
                    "code": answer.code,
                    "flags": answer.flags,
                    "level": answer.level,
                    "deficit": answer.deficit,
                    "audience": answer.audience,
                    "name": answer.name(language),
                }
                for answer in question.answers
            ],
        }
        for question in QUESTIONS.values()
    ]


def _symptom_scales() -> list[dict[str, Any]]:
    language = get_language() or "en"
    return [
        {
            "code": scale.code,
            "name": scale.name(language),
            "minimum": scale.minimum,
            "maximum": scale.maximum,
            "anchors": scale.anchors(language),
            "grades": [{"rank": grade.rank, "text": grade.text(language)} for grade in scale.grades],
            "change": scale.change(language),
            "source": scale.source,
        }
        for scale in symptoms.SCALES.values()
    ]


def _baseline_deficits() -> list[dict[str, Any]]:
    language = get_language() or "en"
    return [{"code": code, "name": phrase.text(language)} for code, phrase in BASELINE_DEFICITS.items()]


def _questionnaires() -> list[dict[str, Any]]:
    language = get_language() or "en"
    return [
        {
            **asdict(form),
            "maximum": form.maximum,
            "bands": [{"from": lowest, "band": band} for lowest, band in scoring.bands(questionnaire=form.code)],
            "screen_positive_from": scoring.positive_from(questionnaire=form.code),
            "offered_in_this_language": is_offered(language=language),
            "reason_not_offered": reason_not_offered(language=language),
        }
        for form in QUESTIONNAIRES.values()
    ]


TABLES: Mapping[str, Callable[[], list[dict[str, Any]]]] = {
    "muscles": lambda: _named(MUSCLES),
    "motions": lambda: _named(MOTIONS),
    "girth-sites": lambda: _named(GIRTH_SITES),
    "bands": lambda: [asdict(product) for product in BAND_PRODUCTS.values()],
    "immersion-levels": lambda: _named(IMMERSION_LEVELS),
    "conditions": lambda: _named(CONDITIONS),
    "scales": _scales,
    "questionnaires": _questionnaires,
    "red-flags": _red_flags,
    "symptom-scales": _symptom_scales,
    "body-regions": lambda: _named(symptoms.BODY_REGIONS),
    "baseline-deficits": _baseline_deficits,
    "function-scales": _function_scales,
    "alert-rules": lambda: _named(ALERT_RULES),
    "units": lambda: [{"quantity": quantity, "units": list(units)} for quantity, units in UNITS.items()],
}


class ReferenceIndex(ApiView):
    @extend_schema(
        tags=["reference"],
        operation_id="reference_index",
        responses={200: schema.Addresses, **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        return Response({name: reverse("api-reference-table", [name], request=request) for name in TABLES})


class ReferenceTable(ApiView):
    @extend_schema(
        tags=["reference"],
        operation_id="reference_table",
        responses={200: schema.ReferenceRows, **schema.PROBLEMS},
    )
    def get(self, request: Request, table: str) -> Response:
        if table not in TABLES:
            raise NotFound
        return Response({"results": TABLES[table]()})


urlpatterns = [
    path("", ReferenceIndex.as_view(), name="api-reference-index"),
    path("<slug:table>/", ReferenceTable.as_view(), name="api-reference-table"),
]
