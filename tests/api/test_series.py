"""Series, trends and baselines over HTTP."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.ids import new_id
from accounts.models import Event, User
from rehab.analytics.series import token_of
from rehab.models import Patient, SeriesBaseline
from rehab.services import records
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document

Api = Callable[[User | None], APIClient]
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
NOW = START + timedelta(days=112)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def measured(kind: str, variant: str, patient: Patient, by: User, day: int, **fields: Any) -> Any:
    at = (START + timedelta(days=day)).isoformat()
    sent = document(kind, variant, patient.pk, performed_at=at, confirm=True, **fields)
    return records.create(KINDS[kind], sent, by=by, source="api", now=NOW).record


def forces(cast: Cast, values: Mapping[int, float]) -> str:
    """Record knee extension in N by day, by one therapist; return the token of the series."""
    for day, value in values.items():
        row = measured(
            "strength", "hhd", cast.patient, cast.therapist, day, trials=[{"value": value, "unit": "N"}], lever_arm=None
        )
    return token_of(row.series_key)


def trend(client: APIClient, cast: Cast, series: str) -> dict[str, Any]:
    answer = client.get("/api/v1/trends/", {"patient": str(cast.patient.pk), "series": series})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def set_baseline(client: APIClient, cast: Cast, series: str, **fields: Any) -> Any:
    sent = {"patient": str(cast.patient.pk), "series": series, "starts_on": "2026-04-01", "reason": "surgery", **fields}
    return client.post("/api/v1/baselines/", sent, format="json")


def test_a_list_says_what_each_series_is_and_how_it_stands(cast: Cast, api: Api) -> None:
    series = forces(cast, {0: 100, 7: 100, 70: 140, 77: 142})
    measured("rom", "rom", cast.patient, cast.therapist, 80, motion="KNE_EXT", value_deg=10)
    answer = api(cast.patient_user).get("/api/v1/series/", {"patient": str(cast.patient.pk)}).json()
    knee, force = answer["results"]
    assert (knee["better"], knee["unit"], knee["state"]["state"]) == ("lower", "deg", "insufficient_data")
    assert knee["state"]["reason"] == "too_few_days"
    assert (force["series"], force["name"], force["measure"], force["side"]) == (
        series, "Knee extensors (quadriceps)", "hhd", "left",
    )  # fmt: skip
    assert force["how"] == {"test_type": "make"}
    assert (force["unit"], force["n"], force["first_on"], force["last_on"]) == ("N", 4, "2026-03-02", "2026-05-18")
    assert force["latest"]["value"] == 142
    state = force["state"]
    assert (state["state"], state["baseline"], state["current"], state["delta"]) == ("improved", 100, 141, 41)
    assert (state["threshold_value"], state["threshold"]["row_id"]) == (25, "HHD_FALLBACK_SAME")
    assert "Lee 2020" in state["threshold"]["source"]
    assert (len(state["ids"]), state["method"]) == (4, "change/1")


def test_a_trend_has_days_slope_and_interval(cast: Cast, api: Api) -> None:
    series = forces(cast, {day: 100 + day for day in range(28, 112, 7)} | {0: 90})
    found = trend(api(cast.therapist), cast, series)
    assert [day["on"] for day in found["days"]][:2] == ["2026-03-02", "2026-03-30"]
    window, ever = found["twelve_weeks"], found["all_time"]
    assert (window["n"], window["first_on"]) == (11, "2026-04-06")
    assert window["slope_per_week"] == pytest.approx(7)
    assert window["direction"] == "up"
    assert window["ci95_low_per_week"] == pytest.approx(7)
    assert (ever["n"], ever["method"]) == (13, "trend/1")
    assert ever["mann_kendall_sign"] == 1


def test_ordinals_have_steps_and_no_slope(cast: Cast, api: Api) -> None:
    for day, grade in ((0, "3"), (7, "3"), (60, "4"), (67, "4")):
        row = measured("strength", "mrc", cast.patient, cast.therapist, day, grade=grade)
    found = trend(api(cast.therapist), cast, token_of(row.series_key))
    assert found["twelve_weeks"]["slope_per_week"] is None
    assert found["all_time"]["steps"] == [{"on": "2026-05-01", "before": 4.0, "after": 7.0}]
    assert (found["unit"], found["state"]["unit"], found["state"]["state"]) == ("mrc_rank", "grade", "improved")
    assert found["state"]["threshold"]["row_id"] == "MRC_FULL_GRADE"


def test_the_language_is_that_of_the_request(cast: Cast, api: Api) -> None:
    forces(cast, {0: 100, 70: 140})
    answer = api(cast.therapist).get(
        "/api/v1/series/", {"patient": str(cast.patient.pk)}, headers={"accept-language": "zh-hans"}
    )
    [found] = answer.json()["results"]
    assert found["name"] == "伸膝肌群（股四头肌）"
    assert found["state"]["threshold"]["population"] == "无对应人群，同一测量者"


@pytest.mark.parametrize("series", ["a", "%00", "é", token_of("strength|nothing"), token_of("x\0y")])
def test_no_such_series_is_not_found(cast: Cast, api: Api, series: str) -> None:
    forces(cast, {0: 100})
    for patient in (cast.patient.pk, cast.other_patient.pk, new_id()):
        answer = api(cast.therapist).get("/api/v1/trends/", {"patient": str(patient), "series": series})
        assert answer.status_code == 404
        assert answer.json()["type"] == "urn:rehab:problem:not-found"


def test_a_series_of_another_patient_is_not_found(cast: Cast, api: Api) -> None:
    series = forces(cast, {0: 100})
    client = api(cast.other_therapist)
    assert client.get("/api/v1/trends/", {"patient": str(cast.other_patient.pk), "series": series}).status_code == 404
    assert client.get("/api/v1/trends/", {"patient": str(cast.patient.pk), "series": series}).status_code == 404


@pytest.mark.parametrize("query", [{}, {"patient": "x"}, {"series": "a"}, {"more": "1"}])
def test_queries_are_checked(cast: Cast, api: Api, query: dict[str, str]) -> None:
    assert api(cast.therapist).get("/api/v1/trends/", query).status_code == 400
    assert api(cast.therapist).get("/api/v1/series/", {**query, "limit": "1"}).status_code == 400


def test_a_set_baseline_decides_the_state_and_is_kept_when_another_follows(cast: Cast, api: Api) -> None:
    series = forces(cast, {0: 100, 7: 100, 40: 60, 47: 62, 100: 99, 107: 100})
    client = api(cast.therapist)
    assert trend(client, cast, series)["state"]["state"] == "stable"
    first = set_baseline(client, cast, series, starts_on="2026-04-05", note="after the operation")
    assert (first.status_code, first["ETag"]) == (201, '"1"')
    found = trend(client, cast, series)
    assert (found["state"]["state"], found["state"]["baseline"], found["state"]["n"]) == ("improved", 61, 4)
    assert found["baseline"]["set_by"] == {"id": str(cast.therapist.pk), "name": cast.therapist.name}
    second = set_baseline(client, cast, series, value=150, reason="relapse")
    found = trend(client, cast, series)
    assert (found["state"]["state"], found["state"]["baseline"]) == ("declined", 150)
    assert found["state"]["threshold"]["row_id"] == "HHD_FALLBACK_DIFFERENT"
    rows = client.get("/api/v1/baselines/", {"patient": str(cast.patient.pk), "series": series}).json()["results"]
    assert {row["id"]: row["ended_at"] is None for row in rows} == {
        first.json()["id"]: False, second.json()["id"]: True,
    }  # fmt: skip
    ended = client.post(second["Location"] + "end/", headers={"If-Match": '"1"'})
    assert (ended.status_code, ended.json()["ended_by"]["name"]) == (200, cast.therapist.name)
    assert trend(client, cast, series)["state"]["state"] == "stable"
    actions = Event.objects.filter(target_kind="baselines").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["baselines.set", "baselines.ended", "baselines.set", "baselines.ended"]


def test_a_baseline_is_ended_once(cast: Cast, api: Api) -> None:
    series = forces(cast, {0: 100})
    client = api(cast.therapist)
    made = set_baseline(client, cast, series)
    path = made["Location"] + "end/"
    assert client.post(path).status_code == 428
    assert client.post(path, headers={"If-Match": '"2"'}).status_code == 412
    assert client.post(path, headers={"If-Match": made["ETag"]}).status_code == 200
    again = client.post(path, headers={"If-Match": made["ETag"]})
    assert again.status_code == 412
    assert client.get(made["Location"]).json()["version"] == 2


def test_the_same_id_with_the_same_content_is_one_baseline(cast: Cast, api: Api) -> None:
    series = forces(cast, {0: 100})
    client, chosen = api(cast.therapist), str(new_id())
    assert [set_baseline(client, cast, series, id=chosen).status_code for _ in range(2)] == [201, 200]
    assert set_baseline(client, cast, series, id=chosen, value=90).status_code == 409
    assert SeriesBaseline.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "pointer", "text"),
    [
        ({"value": -1}, "/value", "0 to 1500 N"),
        ({"value": 1501}, "/value", "0 to 1500 N"),
        ({"value": "12"}, "/value", "a number"),
        ({"starts_on": "2026-06-24"}, "/starts_on", "1970-05-01 to 2026-06-22"),
        ({"starts_on": "1969-01-01"}, "/starts_on", "1970-05-01"),
        ({"reason": "whim"}, "/reason", "surgery"),
        ({"series": token_of("rom||nothing")}, "/series", "no such series"),
        ({"series": "%%"}, "/series", "no such series"),
        ({"more": 1}, "/more", "unknown field"),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, api: Api, fields: dict[str, Any], pointer: str, text: str) -> None:
    series = forces(cast, {0: 100})
    answer = set_baseline(api(cast.therapist), cast, **{"series": series, **fields})
    assert answer.status_code == 400
    [problem] = answer.json()["errors"]
    assert problem["pointer"] == pointer
    assert text in problem["message"]


@pytest.mark.parametrize("value", [3.5, 11, -1])
def test_a_baseline_of_an_ordinal_series_is_a_rank(cast: Cast, api: Api, value: float) -> None:
    row = measured("strength", "mrc", cast.patient, cast.therapist, 0, grade="4")
    answer = set_baseline(api(cast.therapist), cast, token_of(row.series_key), value=value)
    assert answer.status_code == 400
    assert "a whole rank from 0 to 10" in answer.json()["errors"][0]["message"]


def test_an_angle_may_be_negative_within_the_limits_of_its_motion(cast: Cast, api: Api) -> None:
    row = measured("rom", "rom", cast.patient, cast.therapist, 0, motion="KNE_EXT", value_deg=5)
    series = token_of(row.series_key)
    assert set_baseline(api(cast.therapist), cast, series, value=-5).status_code == 201
    assert set_baseline(api(cast.therapist), cast, series, value=-95).status_code == 400


def test_many_series_cost_as_many_statements_as_one(cast: Cast, api: Api) -> None:
    client = api(cast.therapist)
    costs = []
    for motion in ("KNE_FLEX", "HIP_FLEX"):
        for side in ("left", "right"):
            for rom_type in ("AROM", "PROM", "AAROM"):
                for day in range(3):
                    measured("rom", "rom", cast.patient, cast.therapist, day, motion=motion, side=side,
                             rom_type=rom_type, value_deg=100)  # fmt: skip
        path = {"patient": str(cast.patient.pk)}
        client.get("/api/v1/series/", path)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get("/api/v1/series/", path)
        costs.append((len(captured), len(answer.json()["results"])))
    assert costs == [(5, 6), (5, 12)]
    with CaptureQueriesContext(connection) as captured:
        trend(client, cast, answer.json()["results"][0]["series"])
    assert len(captured) == 3  # token; patient with the baseline and the readings; visits, of a series of angles


def test_days_are_those_of_the_patient(cast: Cast, api: Api) -> None:
    """22:00 UTC is the next day in Shanghai."""
    row = measured("rom", "rom", cast.patient, cast.therapist, 0, value_deg=100)
    late = document("rom", "rom", cast.patient.pk, performed_at="2026-03-02T22:00:00Z", value_deg=104, confirm=True)
    records.create(KINDS["rom"], late, by=cast.therapist, source="api", now=NOW)
    found = trend(api(cast.therapist), cast, token_of(row.series_key))
    assert [day["on"] for day in found["days"]] == [str(date(2026, 3, 2)), str(date(2026, 3, 3))]
