"""Analyses over HTTP: what they rest on, why there is none, and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.ids import new_id
from accounts.models import Event, User
from rehab.analytics.series import key_of
from rehab.models import HintDismissal, StrengthTest
from tests.conftest import Cast
from tests.selectors.analyses.recording import NOW, ago, angle, force, grade, grip, log, session

Api = Callable[[User | None], APIClient]
NAMES = ("sides", "distribution", "fatigability", "load", "fes-dose", "hints")


@pytest.fixture(autouse=True)
def now_is_fixed() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def answer(cast: Cast, api: Api, name: str, *, role: str = "therapist", language: str = "en", **query: Any) -> Any:
    sent = {"patient": str(cast.patient.pk), **query}
    found = api(cast.user(role)).get(f"/api/v1/analytics/{name}/", sent, HTTP_ACCEPT_LANGUAGE=language)
    assert found.status_code == 200, found.content
    assert found.json()["patient"] == str(cast.patient.pk)
    return found.json()


def rapid_loss(cast: Cast) -> None:
    for muscle in ("ANK_DF", "HIP_FLEX"):
        grade(cast, muscle, "right", "5", ago(6))
        grade(cast, muscle, "right", "3", ago(2))


def test_nothing_recorded_is_nothing_answered(cast: Cast, api: Api) -> None:
    assert answer(cast, api, "sides") == {"patient": str(cast.patient.pk), "involved_side": None, "results": []}
    assert answer(cast, api, "fatigability")["results"] == answer(cast, api, "hints")["results"] == []
    limbs = answer(cast, api, "distribution")["limbs"]
    assert [(limb["limb"], limb["side"], limb["mrc"]["reason"]) for limb in limbs] == [
        ("upper", "left", "too_few_groups"), ("upper", "right", "too_few_groups"),
        ("lower", "left", "too_few_groups"), ("lower", "right", "too_few_groups"),
    ]  # fmt: skip


def test_sides_carry_values_ids_method_and_why_there_is_no_ratio(cast: Cast, api: Api) -> None:
    ids = [str(grip(cast, side, newtons, ago(1)).pk) for side, newtons in (("left", 300), ("right", 240))]
    [row] = answer(cast, api, "sides")["results"]
    assert (row["measure"], row["code"], row["unit"], row["how"]["protocol"]) == (
        "grip", "HAND_GRIP", "N", "asht_mean_of_3"
    )  # fmt: skip
    assert row["left"] == {"value": 300.0, "on": ago(1).isoformat(), "ids": ids[:1]}
    compared = row["comparison"]
    assert (compared["lsi_pct"], compared["suppressed"], compared["asymmetry_pct"]) == (
        None, "involved_side_unknown", 20.0
    )  # fmt: skip
    assert (compared["n"], compared["ids"], compared["method"]) == (2, ids, "sides/1")
    assert key_of(row["left_series"]) == StrengthTest.objects.get(pk=ids[0]).series_key


def test_fatigability_answers_pairs_and_what_is_missing(cast: Cast, api: Api) -> None:
    for days in (4, 2):
        grip(cast, "right", 360, ago(days), hour=8, hours_since_waking=1)
        grip(cast, "right", 250, ago(days), hour=16)
    [row] = answer(cast, api, "fatigability")["results"]
    assert (row["result"]["state"], row["result"]["reason"], row["result"]["n"]) == (
        "insufficient_data", "too_few_pairs", 2
    )  # fmt: skip
    assert [pair["on"] for pair in row["pairs"]] == [ago(4).isoformat(), ago(2).isoformat()]
    assert (row["pairs_needed"], row["readings_without_waking_time"]) == (5, 2)


def test_load_and_dose_are_open_to_patient_and_caregiver(cast: Cast, api: Api) -> None:
    session(cast, ago(8), minutes=20, rpe=5)
    log(cast, "sessions", "fes", ago(8))
    for role in ("therapist", "patient_user", "caregiver"):
        weeks = answer(cast, api, "load", role=role, weeks=2)["weeks"]
        assert [(week["load"]["weekly"], week["in_progress"]) for week in weeks] == [(160, False), (0, True)]
        [dose] = answer(cast, api, "fes-dose", role=role, weeks=2)["weeks"][0]["doses"]
        assert (dose["muscle"], dose["pulses"], dose["n"]) == ("KNE_EXT", 15960, 1)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Rapid loss in 2 groups over 4 days. Urgent review."),
     ("zh-hans", "4 天内 2 组肌群肌力快速下降，需紧急评估。")],
)  # fmt: skip
def test_hints_say_what_fired_in_the_readers_language(cast: Cast, api: Api, language: str, text: str) -> None:
    rapid_loss(cast)
    [hint] = answer(cast, api, "hints", language=language)["results"]
    assert (hint["key"], hint["code"], hint["text"]) == ("ACUTE_SUBACUTE", "ACUTE_SUBACUTE", text)
    assert (hint["red_flag"], hint["dismissal"], hint["n"], len(hint["ids"])) == ("RAPID_WEAK", None, 2, 4)
    assert hint["evidence"][0] == {
        "what": "ANK_DF", "side": "right", "first_on": ago(6).isoformat(), "last_on": ago(2).isoformat(),
        "ids": hint["evidence"][0]["ids"],
    }  # fmt: skip


def test_a_capsular_pattern_is_a_hint(cast: Cast, api: Api) -> None:
    angle(cast, "KNE_FLEX", "left", 90, ago(1))
    angle(cast, "KNE_EXT", "left", 12, ago(1))
    [hint] = answer(cast, api, "hints")["results"]
    assert (hint["key"], hint["parameters"]["losses_degrees"]) == ("CAPSULAR-knee-left", [45.0, 12.0])
    assert "Knee flexion 45°" in hint["text"]


# --- Setting aside
def dismiss(cast: Cast, api: Api, *, key: str = "ACUTE_SUBACUTE", **body: Any) -> Any:
    sent = {"patient": str(cast.patient.pk), "reason": "Known relapse.", **body}
    return api(cast.therapist).post(f"/api/v1/analytics/hints/{key}/dismissals/", sent, format="json")


def test_a_hint_is_set_aside_and_comes_back_with_new_data(cast: Cast, api: Api) -> None:
    rapid_loss(cast)
    chosen = str(new_id())
    made = dismiss(cast, api, id=chosen)
    assert (made.status_code, made.json()["id"], made.json()["dismissed_by"]["name"]) == (201, chosen, "Therapist")
    assert dismiss(cast, api, id=chosen).status_code == 200
    assert dismiss(cast, api, id=chosen, reason="another").status_code == 409
    assert answer(cast, api, "hints")["results"][0]["dismissal"]["reason"] == "Known relapse."
    for days, value in ((5, "5"), (1, "3")):
        grade(cast, "KNE_EXT", "right", value, ago(days))
    assert answer(cast, api, "hints")["results"][0]["dismissal"] is None
    assert HintDismissal.objects.count() == Event.objects.filter(action="hint.dismissed").count() == 1


def test_what_is_no_hint_of_today_is_not_found(cast: Cast, api: Api) -> None:
    for key in ("ACUTE_SUBACUTE", "PROG_DISTAL", "nothing", "x" * 300):
        assert dismiss(cast, api, key=key).status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"reason": ""}, "/reason"), ({"reason": None}, "/reason"), ({"x": 1}, "/x"), ({"id": "7"}, "/id")],
)
def test_a_body_that_cannot_be_read_names_its_field(cast: Cast, api: Api, body: Any, pointer: str) -> None:
    rapid_loss(cast)
    refused = dismiss(cast, api, **body)
    assert refused.status_code == 400
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    assert not HintDismissal.objects.exists()


# --- What is asked
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("query", "pointer"),
    [({}, "?patient"), ({"patient": "x"}, "?patient"), ({"patient": "\0"}, "?patient"), ({"x": "1"}, "?x"),
     ({"patient": "9" * 5000}, "?patient"), ({"cursor": "a"}, "?cursor")],
)  # fmt: skip
def test_what_cannot_be_asked_names_the_parameter(
    cast: Cast, api: Api, name: str, query: dict[str, str], pointer: str
) -> None:
    sent = query if pointer == "?patient" else {"patient": str(cast.patient.pk), **query}
    refused = api(cast.therapist).get(f"/api/v1/analytics/{name}/", sent)
    assert refused.status_code == 400
    assert pointer in [error["pointer"] for error in refused.json()["errors"]]


@pytest.mark.parametrize("name", ["load", "fes-dose"])
@pytest.mark.parametrize("weeks", ["0", "54", "-1", "1.5", "NaN", "", "９９９", "1e2", "9" * 400])
def test_weeks_are_1_to_53(cast: Cast, api: Api, name: str, weeks: str) -> None:
    sent = {"patient": str(cast.patient.pk), "weeks": weeks}
    refused = api(cast.therapist).get(f"/api/v1/analytics/{name}/", sent)
    assert refused.status_code == 400
    assert [error["pointer"] for error in refused.json()["errors"]] == ["?weeks"]
    assert len(answer(cast, api, name, weeks="53")["weeks"]) == 53


@pytest.mark.parametrize("name", NAMES)
def test_the_statements_do_not_grow_with_the_records(cast: Cast, api: Api, name: str) -> None:
    client, sent = api(cast.therapist), {"patient": str(cast.patient.pk)}

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/api/v1/analytics/{name}/", sent).status_code == 200
        return len(captured)

    rapid_loss(cast)
    force(cast, "KNE_EXT", "left", 200, ago(1))
    session(cast, ago(1))
    log(cast, "sessions", "fes", ago(1))
    cost()  # what a series is, is looked up once in the life of a process
    few = cost()
    for days in range(2, 30):
        force(cast, "KNE_EXT", "left", 200, ago(days))
        session(cast, ago(days))
    assert cost() == few <= 12
