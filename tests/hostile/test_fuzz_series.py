"""Whatever is asked of series, trends, baselines and the caseload: an answer, or a problem that names the parameter."""

import json
from typing import Any
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics.series import token_of
from tests.documents import document
from tests.hostile.answers import check_problem, check_query_refused
from tests.hostile.conftest import Service, Undone, examples
from tests.hostile.test_fuzz_queries import VALUES

LISTS = ["series", "trends", "baselines", "caseload"]
PARAMETERS = [
    "patient", "series", "limit", "page", "cursor", "sort", "level", "declined", "inactive_days", "search", "x", "",
]  # fmt: skip


def series_of(service: Service) -> str:
    sent = document("rom", "rom", service.cast.patient.pk, confirm=True)
    answer = service.therapist.post("/api/v1/rom/", sent, format="json")
    assert answer.status_code == 201
    return token_of(answer.json()["series_key"])


def test_whatever_a_query_asks_it_gets_an_answer_or_a_problem(service: Service) -> None:
    own = [str(service.cast.patient.pk), series_of(service)]

    @examples(150)
    @given(
        name=st.sampled_from(LISTS),
        pairs=st.lists(
            st.tuples(st.sampled_from(PARAMETERS), st.sampled_from([*VALUES, *own]) | st.text(max_size=20)), max_size=4
        ),
        whole=st.booleans(),
    )
    def check(name: str, pairs: list[tuple[str, str]], whole: bool) -> None:
        known = [("patient", own[0]), ("series", own[1])] if whole and name == "trends" else []
        query = "&".join(
            f"{quote(key)}={quote(value.encode('utf-8', 'surrogatepass'))}" for key, value in known + pairs
        )
        response = service.therapist.get(f"/api/v1/{name}/?{query}")
        if response.status_code != 200:
            check_query_refused(response)

    check()


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def test_whatever_stands_in_a_baseline_it_is_set_or_refused(service: Service) -> None:
    valid = {
        "patient": str(service.cast.patient.pk), "series": series_of(service), "starts_on": "2026-01-01",
        "reason": "relapse", "value": 90.0, "note": "n",
    }  # fmt: skip

    @examples(120)
    @given(changes=st.dictionaries(st.sampled_from([*valid, "id", "more"]), JSON | st.sampled_from(VALUES), max_size=3))
    def check(changes: dict[str, Any]) -> None:
        sent = {**valid, **changes}
        with Undone():
            response = service.therapist.post("/api/v1/baselines/", json.dumps(sent), content_type="application/json")
        if response.status_code != 201:
            check_problem(response, sent, {400, 404})

    check()
