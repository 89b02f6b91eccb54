"""A batch answers each item for itself, changes nothing when sent again, and costs a bounded number of statements."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.ids import new_id
from accounts.models import Event, User
from rehab.models import RomMeasurement, StrengthTest
from tests.api.test_problems import problem
from tests.conftest import Cast
from tests.documents import DOCUMENTS, document

Api = Callable[[User | None], APIClient]


def item(cast: Cast, kind: str = "strength", variant: str = "mrc", **changes: Any) -> dict[str, Any]:
    return {"kind": kind, **document(kind, variant, cast.patient.pk, id=str(new_id())), **changes}


def send(client: APIClient, items: list[Any]) -> Any:
    answer = client.post("/api/v1/batch/", {"records": items}, format="json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def outcomes(body: Any) -> list[str]:
    return [row["outcome"] for row in body["results"]]


def test_each_item_is_answered_for_itself(cast: Cast, api: Api) -> None:
    good = item(cast)
    odd = item(cast, grade="2", position="against_gravity")
    body = send(
        api(cast.caregiver),
        [
            good,
            {**item(cast), "id": None},
            {**item(cast), "kind": "nothing"},
            "text",
            item(cast, grade="9"),
            item(cast, patient=str(cast.other_patient.pk)),
            odd,
            {**odd, "id": str(new_id()), "confirm": True},
            good,
            {**good, "note": "other"},
            item(cast, performed_at="2999-01-01T00:00:00Z"),
        ],
    )
    assert outcomes(body) == [
        "created", "problem", "problem", "problem", "problem", "problem", "problem", "created", "same", "conflict",
        "problem",
    ]  # fmt: skip
    assert body["counts"] == {"created": 2, "same": 1, "conflict": 1, "problem": 7}
    problems = [row.get("problem", {}) for row in body["results"]]
    assert [found.get("status") for found in problems] == [None, 400, 400, 400, 400, 404, 422, None, None, 409, 400]
    assert problems[1]["errors"][0]["pointer"] == "/id"
    assert problems[2]["errors"][0]["pointer"] == "/kind"
    assert problems[4]["errors"][0]["pointer"] == "/grade"
    assert StrengthTest.objects.count() == 2
    assert Event.objects.filter(action="strength.created").count() == 2


def test_repeating_changes_nothing(cast: Cast, api: Api) -> None:
    items = [item(cast, kind, variant) for kind, variant in DOCUMENTS]
    client = api(cast.therapist)
    assert set(outcomes(send(client, items))) == {"created"}
    before = Event.objects.count()
    assert set(outcomes(send(client, items))) == {"same"}
    assert Event.objects.count() == before


def test_readings_of_one_batch_are_compared_with_one_another(cast: Cast, api: Api) -> None:
    left = item(cast, "rom", "rom", value_deg=110)
    right = item(cast, "rom", "rom", value_deg=60, side="right")
    client = api(cast.patient_user)
    assert outcomes(send(client, [left, right])) == ["created", "problem"]
    assert outcomes(send(client, [right])) == ["problem"]
    assert outcomes(send(client, [{**right, "confirm": True}])) == ["created"]
    assert RomMeasurement.objects.count() == 2


@pytest.mark.parametrize("body", [{}, {"records": []}, {"records": {}}, {"records": [1], "more": 1},
                                  {"records": [{}] * 1001}])  # fmt: skip
def test_a_body_that_is_no_batch(cast: Cast, api: Api, body: Any) -> None:
    found = problem(api(cast.patient_user).post("/api/v1/batch/", body, format="json"), 400, "invalid")
    assert found["errors"][0]["pointer"] == "/records"


def test_a_caregiver_who_may_only_view_writes_nothing(cast: Cast, api: Api) -> None:
    cast.caregiver.care_roles.update(permissions=["view_records"])
    [row] = send(api(cast.caregiver), [item(cast)])["results"]
    assert row["problem"]["status"] == 403
    single = api(cast.caregiver).post("/api/v1/rom/", document("rom", "rom", cast.patient.pk), format="json")
    problem(single, 403, "not-permitted")


def test_statements_are_bounded(cast: Cast, api: Api) -> None:
    client = api(cast.patient_user)
    counts = []
    for size in (10, 1000):
        items = [item(cast, "rom", "rom", value_deg=110) for _ in range(size)]
        with CaptureQueriesContext(connection) as captured:
            assert set(outcomes(send(client, items))) == {"created"}
        writes = sum(query["sql"].startswith("INSERT") for query in captured)
        counts.append(len(captured) - writes)
        assert writes <= 60  # SQLite takes 999 values in a statement
    assert counts[0] >= counts[1] - 40  # savepoints around the parts of one bulk insert
