"""Alerts and mutes over HTTP."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.ids import new_id
from accounts.models import User
from rehab.models import Alert
from rehab.reference.alert_rules import ALERT_RULES
from rehab.services import alert_messages, alert_mutes, alerts, people
from tests.alerts import acknowledged, cause, closed, pain, raised
from tests.conftest import Cast

Api = Callable[[User | None], APIClient]
PATH = "/api/v1/alerts/"
MUTES = "/api/v1/alert-mutes/"
FIRST: dict[str, Any] = {"HTTP_IF_MATCH": '"1"'}


def test_an_alert_says_why_with_the_data_that_fired(cast: Cast, api: Api, now: datetime) -> None:
    source = cause(cast.patient, now=now)
    [alert] = alerts.raise_all([source], now=now)
    answer = api(cast.therapist).get(f"{PATH}{alert.pk}/")
    assert answer["ETag"] == '"1"'
    body = answer.json()
    assert body["rule_name"] == "Cauda equina warning signs"
    assert body["reason"].startswith(
        "Reported: back or leg pain or a spine problem; new numbness around the saddle area"
    )
    assert (body["level"], body["status"], body["told_at"]) == ("emergency", "open", None)
    assert (body["acknowledged"], body["assigned"], body["closed"]) == (None, None, None)
    [found] = body["causes"]
    assert (found["source_kind"], found["source_id"]) == ("check-ins", str(source.source_id))
    assert found["evidence"] == source.evidence
    alert_messages.send_due(now=timezone.now())
    assert api(cast.therapist).get(f"{PATH}{alert.pk}/").json()["told_at"] is not None


def test_in_chinese_for_who_reads_chinese(cast: Cast, api: Api, now: datetime) -> None:
    alert = raised(cast.patient, now=now)
    body = api(cast.therapist).get(f"{PATH}{alert.pk}/", HTTP_ACCEPT_LANGUAGE="zh-hans").json()
    assert body["rule_name"] == "马尾神经受压警示症状"
    assert body["reason"].startswith("患者报告：")


def test_acknowledge_assign_and_close(cast: Cast, api: Api, now: datetime) -> None:
    people.add_therapist(patient_id=cast.patient.pk, therapist_id=cast.colleague.pk, by=cast.therapist, now=now)
    client, path = api(cast.therapist), f"{PATH}{raised(cast.patient, now=now).pk}/"
    answer = client.post(f"{path}acknowledge/", **FIRST)
    assert (answer.status_code, answer["ETag"]) == (200, '"2"')
    assert answer.json()["acknowledged"]["by"] == {"id": str(cast.therapist.pk), "name": "Therapist"}
    sent = {"therapist": str(cast.colleague.pk)}
    answer = client.post(f"{path}assign/", sent, format="json", HTTP_IF_MATCH='"2"')
    assert answer.json()["assigned"]["by"]["name"] == "Colleague"
    answer = client.post(f"{path}close/", {"reason": "Seen in clinic."}, format="json", HTTP_IF_MATCH='"3"')
    body = answer.json()
    assert (body["status"], body["closed"]["reason"], body["closed"]["by"]["name"]) == (
        "closed", "Seen in clinic.", "Therapist",
    )  # fmt: skip
    again = client.post(f"{path}close/", {"reason": "Once more."}, format="json", HTTP_IF_MATCH='"4"')
    assert (again.status_code, again.json()["type"]) == (409, "urn:rehab:problem:already-closed")


@pytest.mark.parametrize("step", ["acknowledge", "assign", "close"])
def test_a_step_names_the_version_that_was_read(cast: Cast, api: Api, now: datetime, step: str) -> None:
    client, alert = api(cast.therapist), raised(cast.patient, now=now)
    sent = {"acknowledge": {}, "assign": {"therapist": str(cast.therapist.pk)}, "close": {"reason": "Called."}}[step]
    path = f"{PATH}{alert.pk}/{step}/"
    assert client.post(path, sent, format="json").status_code == 428
    raised(cast.patient, now=now)
    late = client.post(path, sent, format="json", **FIRST)
    assert (late.status_code, late["ETag"]) == (412, '"2"')
    assert client.post(path, {**sent, "more": 1}, format="json", HTTP_IF_MATCH='"2"').status_code == 400


@pytest.mark.parametrize("sent", [{}, {"reason": ""}, {"reason": "ab"}, {"reason": "x" * 501}, {"reason": None}])
def test_closing_needs_a_reason(cast: Cast, api: Api, now: datetime, sent: dict[str, Any]) -> None:
    alert = raised(cast.patient, now=now)
    answer = api(cast.therapist).post(f"{PATH}{alert.pk}/close/", sent, format="json", **FIRST)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/reason"


def listed(client: APIClient, **query: str) -> list[str]:
    answer = client.get(PATH, query)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def test_the_worst_come_first_and_of_these_the_oldest(cast: Cast, api: Api, now: datetime) -> None:
    made = [
        raised(cast.patient, now=now + timedelta(minutes=minute), subject=str(minute), level=level)
        for minute, level in enumerate(["review", "emergency", "same_day", "emergency", "review", "same_day"])
    ]
    expected = [str(made[i].pk) for i in (1, 3, 2, 5, 0, 4)]
    client = api(cast.therapist)
    assert listed(client) == expected
    seen, address = [], f"{PATH}?limit=2"
    while address:
        answer = client.get(address).json()
        seen += [row["id"] for row in answer["results"]]
        address = answer["next"]
    assert seen == expected


def test_filters(cast: Cast, api: Api, now: datetime) -> None:
    client = api(cast.therapist)
    open_ = raised(cast.patient, now=now)
    noted = acknowledged(cast.patient, by=cast.therapist, now=now, rule="SKIN", level="review")
    done = closed(cast.patient, by=cast.therapist, now=now, rule="CARDIAC")
    raised(cast.other_patient, now=now)
    assert set(listed(client)) == {str(open_.pk), str(noted.pk), str(done.pk)}
    assert listed(client, status="open") == [str(open_.pk)]
    assert listed(client, status="closed") == [str(done.pk)]
    assert listed(client, status="unfinished") == [str(open_.pk), str(noted.pk)]
    assert listed(client, level="review") == [str(noted.pk)]
    assert listed(client, rule="CARDIAC", patient=str(cast.patient.pk)) == [str(done.pk)]
    assert listed(client, assigned_to="me") == []
    path = f"{PATH}{open_.pk}/assign/"
    assert client.post(path, {"therapist": str(cast.therapist.pk)}, format="json", **FIRST).status_code == 200
    assert listed(client, assigned_to="me") == [str(open_.pk)]


@pytest.mark.parametrize(
    "query", ["level=urgent", "status=new", "rule=NONE", "assigned_to=you", "x=1", "cursor=bm8=", "limit=201",
              "cursor=OTk5OTl8MjAyNi0wMS0wMVQwMDowMDowMCswMDowMHwx"]
)  # fmt: skip
def test_what_a_filter_cannot_be(cast: Cast, api: Api, query: str) -> None:
    assert api(cast.therapist).get(f"{PATH}?{query}").status_code == 400


def test_a_therapist_who_left_the_team_sees_the_alerts_no_more(cast: Cast, api: Api, now: datetime) -> None:
    people.add_therapist(patient_id=cast.patient.pk, therapist_id=cast.colleague.pk, by=cast.therapist, now=now)
    alert = raised(cast.patient, now=now)
    people.end_care_role(patient_id=cast.patient.pk, user_id=cast.therapist.pk, by=cast.colleague, now=now)
    client = api(cast.therapist)
    assert listed(client) == []
    assert client.get(f"{PATH}{alert.pk}/").status_code == 404


def test_lists_cost_the_same_for_many_rows(cast: Cast, api: Api, now: datetime) -> None:
    client = api(cast.therapist)

    def fill(count: int) -> None:
        subjects = [f"{count} {i}" for i in range(count)]
        alerts.raise_all([pain(cast.patient, now=now, subject=subject) for subject in subjects], now=now)
        alerts.raise_all([pain(cast.patient, now=now, subject=subject) for subject in subjects], now=now)

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path, {"limit": "200"}).status_code == 200
        return len(captured)

    fill(5)
    few = cost(PATH)
    fill(195)
    assert cost(PATH) == few <= 5  # token, whether a therapist, page, causes, messages
    made = mute(cast, client, rule="DECLINE").json()
    few = cost(MUTES)
    silenced = [pain(cast.patient, now=now, rule="DECLINE", subject=str(i)) for i in range(50)]
    alerts.raise_all(silenced, now=timezone.now())
    client.post(f"{MUTES}{made['id']}/end/", **FIRST)
    for rule in ("SKIN", "CES", "AD", "STROKE"):
        assert mute(cast, client, rule=rule).status_code == 201
    assert cost(MUTES) == few <= 4


# --- Mutes


def mute(cast: Cast, client: APIClient, **changes: Any) -> Any:
    sent = {
        "patient": str(cast.patient.pk),
        "rule": "PAIN",
        "reason": "Known pain of the shoulder.",
        "until_on": (timezone.now() + timedelta(days=7)).date().isoformat(),
        **changes,
    }
    return client.post(MUTES, sent, format="json")


def test_a_mute_from_its_making_to_its_end(cast: Cast, api: Api, now: datetime) -> None:
    client = api(cast.therapist)
    made = mute(cast, client)
    body = made.json()
    assert (made.status_code, made["ETag"], made["Location"]) == (201, '"1"', f"{MUTES}{body['id']}/")
    assert (body["rule_name"], body["in_force"], body["silenced"]) == ("Pain during exercise", True, [])
    alerts.raise_all([pain(cast.patient, now=now)], now=timezone.now())
    [listed_] = client.get(MUTES).json()["results"]
    assert [silenced["evidence"]["worst_during"] for silenced in listed_["silenced"]] == [7]
    path = f"{MUTES}{body['id']}/"
    assert client.post(f"{path}end/").status_code == 428
    assert client.post(f"{path}end/", HTTP_IF_MATCH='"7"').status_code == 412
    ended = client.post(f"{path}end/", **FIRST).json()
    assert (ended["in_force"], ended["ended_by"]["name"], ended["version"]) == (False, "Therapist", 2)
    assert client.get(path).json() == ended
    assert client.post(f"{path}end/", HTTP_IF_MATCH='"2"').status_code == 409


def test_a_mute_is_made_once_per_id(cast: Cast, api: Api) -> None:
    client, mute_id = api(cast.therapist), str(new_id())
    assert [mute(cast, client, id=mute_id).status_code for _ in range(2)] == [201, 200]
    assert mute(cast, client, id=mute_id, reason="Something else.").status_code == 409
    assert mute(cast, client).json()["errors"][0]["code"] == "already_muted"


def test_mutes_page_by_page(cast: Cast, api: Api, now: datetime) -> None:
    client = api(cast.therapist)
    rules = ["SKIN", "CES", "AD", "STROKE", "PAIN"]
    made = [mute(cast, client, rule=rule).json()["id"] for rule in rules]
    seen, address = [], f"{MUTES}?limit=2&patient={cast.patient.pk}"
    while address:
        answer = client.get(address).json()
        seen += [row["id"] for row in answer["results"]]
        address = answer["next"]
    assert seen == made[::-1]
    assert api(cast.other_therapist).get(MUTES).json()["results"] == []


def test_the_rules_are_listed_with_levels_and_sources(cast: Cast, api: Api) -> None:
    rows = api(cast.patient_user).get("/api/v1/reference/alert-rules/").json()["results"]
    assert [row["code"] for row in rows] == list(ALERT_RULES)
    for row in rows:
        assert row["levels"]
        assert row["source"]
        assert row["name_en"]
        assert row["name_zh"]


def test_nobody_deletes_an_alert(cast: Cast, api: Api, now: datetime) -> None:
    alert = raised(cast.patient, now=now)
    assert api(cast.therapist).delete(f"{PATH}{alert.pk}/").status_code == 405
    assert Alert.objects.count() == 1
    assert alert_mutes.LONGEST.days == 90
