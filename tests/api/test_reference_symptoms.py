"""The codes of check-ins as tables, in the language of the caller."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from rehab.reference import symptoms
from rehab.reference.red_flags import ANSWERS, BASELINE_DEFICITS, QUESTIONS
from rehab.services.inputs.red_flags import CODES
from tests.conftest import Cast

Api = Callable[[User | None], APIClient]


def table(cast: Cast, api: Api, name: str, language: str = "en") -> list[dict]:
    client = api(cast.patient_user)
    rows: list[dict] = client.get(f"/api/v1/reference/{name}/", headers={"Accept-Language": language}).json()["results"]
    return rows


def test_every_code_that_may_be_sent_is_told(cast: Cast, api: Api) -> None:
    rows = table(cast, api, "red-flags")
    assert [row["code"] for row in rows] == list(QUESTIONS)
    answers = {answer["code"] for row in rows for answer in row["answers"]}
    assert answers == set(ANSWERS)
    assert answers | {row["code"] for row in rows if row["flag"]} == CODES
    assert all(row["source"] for row in rows if row["flag"])


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("symptom-scales", symptoms.SCALES),
        ("body-regions", symptoms.BODY_REGIONS),
        ("baseline-deficits", BASELINE_DEFICITS),
    ],
)
def test_the_tables_speak_both_languages(cast: Cast, api: Api, name: str, codes: dict) -> None:
    english, chinese = table(cast, api, name), table(cast, api, name, "zh-hans")
    assert [row["code"] for row in english] == [row["code"] for row in chinese] == list(codes)
    assert all(one["name"] != other["name"] for one, other in zip(english, chinese, strict=True))


def test_a_scale_says_its_ends_its_steps_and_its_source(cast: Cast, api: Api) -> None:
    scales = {row["code"]: row for row in table(cast, api, "symptom-scales")}
    assert scales["pain_nrs"]["anchors"] == ["no pain", "worst pain imaginable"]
    assert [step["rank"] for step in scales["spasm_freq"]["grades"]] == [0, 1, 2, 3, 4]
    assert all(row["source"] for row in scales.values())
