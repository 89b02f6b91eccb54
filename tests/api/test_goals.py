"""Goals over the API: written, rated, corrected, ended; pages and statements stay bounded."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.ids import new_id
from accounts.models import User
from rehab.services import goals
from tests.api.test_problems import problem
from tests.conftest import Cast
from tests.goals import goal_document, review_document

Api = Callable[[User | None], APIClient]
GOALS = "/api/v1/goals/"


@pytest.fixture
def today(cast: Cast, now: datetime) -> date:
    return goals.local_today(cast.patient, now=now)


def write(client: APIClient, cast: Cast, today: date, **changes: Any) -> Any:
    answer = client.post(GOALS, goal_document(cast.patient.pk, today=today, **changes), format="json")
    assert answer.status_code == 201, answer.content
    return answer


def test_a_goal_from_writing_to_its_last_rating(cast: Cast, api: Api, today: date) -> None:
    client = api(cast.therapist)
    sent = goal_document(cast.patient.pk, today=today, id=str(new_id()), importance=2)
    made = client.post(GOALS, sent, format="json")
    assert (made.status_code, made["ETag"], made["Location"]) == (201, '"1"', f"{GOALS}{sent['id']}/")
    assert sent.items() <= made.json().items()
    assert (made.json()["weight"], made.json()["current_level"], made.json()["status"]) == (2, None, "active")
    assert client.post(GOALS, sent, format="json").status_code == 200
    problem(client.post(GOALS, {**sent, "title": "Another"}, format="json"), 409, "id-in-use")
    url = made["Location"]
    rated = client.post(f"{url}reviews/", review_document(on=today, level=1, id=str(new_id())), format="json")
    assert (rated.status_code, rated.json()["rated_by"]["name"]) == (201, "Therapist")
    correction = review_document(on=today, level=2, corrects=rated.json()["id"], reason="read the wrong line")
    assert client.post(f"{url}reviews/", correction, format="json").status_code == 201
    listed = api(cast.patient_user).get(f"{url}reviews/").json()["results"]
    assert [(row["level"], row["is_corrected"]) for row in listed] == [(2, False), (1, True)]
    read = api(cast.patient_user).get(url).json()
    assert (read["current_level"], read["rated_on"]) == (2, today.isoformat())
    attained = client.get("/api/v1/analytics/goal-attainment/", {"patient": str(cast.patient.pk)}).json()
    assert (attained["t_start"], attained["t_end"], attained["change"], attained["n"]) == (40, 70, 30, 1)
    assert (attained["goals"], attained["reviews"], attained["method"]) == (
        [sent["id"]], [listed[0]["id"]], "goals/1",
    )  # fmt: skip
    amended = client.patch(
        url, {"reason": "said anew", "changes": {"title": "The newspaper"}}, format="json", headers={"If-Match": '"1"'}
    )
    assert (amended.status_code, amended["ETag"], amended.json()["change"]["reason"]) == (200, '"2"', "said anew")
    ended = client.post(
        f"{url}close/", {"status": "stopped", "reason": "moved away"}, format="json", headers={"If-Match": '"2"'}
    )
    assert (ended.status_code, ended.json()["status"]) == (200, "stopped")
    versions = client.get(f"{url}versions/").json()
    assert [(row["version"], row["record_status"], row["reason"], row["document"]["title"]) for row in versions] == [
        (1, "active", "", sent["title"]),
        (2, "active", "said anew", "The newspaper"),
        (3, "stopped", "moved away", "The newspaper"),
    ]


def test_without_a_rated_goal_there_is_no_t(cast: Cast, api: Api, today: date) -> None:
    client = api(cast.patient_user)
    query = {"patient": str(cast.patient.pk)}
    empty = client.get("/api/v1/analytics/goal-attainment/", query).json()
    assert [empty[name] for name in ("t_start", "t_end", "change", "n", "first_on")] == [None, None, None, 0, None]
    made = write(api(cast.therapist), cast, today).json()
    found = client.get("/api/v1/analytics/goal-attainment/", {**query, "from": today.isoformat()}).json()
    assert (found["n"], found["left_out"]) == (0, [made["id"]])
    problem(client.get("/api/v1/analytics/goal-attainment/", {**query, "from": "yesterday"}), 400, "invalid")
    problem(client.get("/api/v1/analytics/goal-attainment/"), 400, "invalid")


def test_a_change_needs_the_version_and_wins_once(cast: Cast, api: Api, today: date) -> None:
    client = api(cast.therapist)
    url = write(client, cast, today)["Location"]
    body = {"reason": "said anew", "changes": {"title": "The newspaper"}}
    problem(client.patch(url, body, format="json"), 428, "if-match-required")
    problem(client.post(f"{url}close/", {"status": "stopped", "reason": "moved"}, format="json"), 428,
            "if-match-required")  # fmt: skip
    assert client.patch(url, body, format="json", headers={"If-Match": '"1"'}).status_code == 200
    lost = client.patch(url, body, format="json", headers={"If-Match": '"1"'})
    problem(lost, 412, "version-conflict")
    assert lost["ETag"] == '"2"'
    wrong = {"reason": "easier", "changes": {"levels": {"more": "Less"}}}
    found = problem(client.patch(url, wrong, format="json", headers={"If-Match": '"2"'}), 400, "invalid")
    assert [error["pointer"] for error in found["errors"]] == ["/changes/levels"]
    ended = {"status": "entered_in_error", "reason": "wrong patient"}
    assert client.post(f"{url}close/", ended, format="json", headers={"If-Match": '"2"'}).status_code == 200
    problem(client.patch(url, body, format="json", headers={"If-Match": '"3"'}), 409, "already-closed")
    problem(client.post(f"{url}reviews/", review_document(on=today), format="json"), 409, "entered-in-error")
    problem(client.post(f"{url}close/", {**ended, "status": "active"}, format="json", headers={"If-Match": '"3"'}),
            400, "invalid")  # fmt: skip


def test_lists_are_narrowed_paged_and_cost_the_same(cast: Cast, api: Api, today: date) -> None:
    client, reader = api(cast.therapist), api(cast.patient_user)
    query = {"patient": str(cast.patient.pk), "limit": "200"}

    def add(count: int) -> None:
        for _ in range(count):
            url = write(client, cast, today)["Location"]
            client.post(f"{url}reviews/", review_document(on=today), format="json")

    def cost(path: str, **more: str) -> tuple[int, Any]:
        with CaptureQueriesContext(connection) as captured:
            answer = reader.get(path, {**query, **more} if path == GOALS else {"patient": query["patient"]})
        assert answer.status_code == 200, answer.content
        return len(captured), answer.json()

    attainment = "/api/v1/analytics/goal-attainment/"
    add(5)
    few, few_attained = cost(GOALS)[0], cost(attainment)[0]
    add(25)
    many, body = cost(GOALS)
    assert len(body["results"]) == 30
    assert many == few <= 4
    assert cost(attainment)[0] == few_attained <= 4
    seen, address = [], f"{GOALS}?patient={cast.patient.pk}&limit=7"
    while address:
        page = reader.get(address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert seen == [row["id"] for row in body["results"]]
    assert cost(GOALS, status="stopped")[1]["results"] == []
    assert len(cost(GOALS, status="active")[1]["results"]) == 30
    [first, *_] = seen
    for _ in range(9):
        client.post(f"{GOALS}{first}/reviews/", review_document(on=today), format="json")
    page = reader.get(f"{GOALS}{first}/reviews/", {"limit": "4"}).json()
    assert len(page["results"]) == 4
    assert len(reader.get(page["next"]).json()["results"]) == 4
    problem(reader.get(GOALS, {"status": "lost"}), 400, "invalid")
