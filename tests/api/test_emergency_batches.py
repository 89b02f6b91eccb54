"""Every item of a batch that reports a warning sign says what to do, whatever comes of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework.test import APIClient

from accounts.ids import new_id
from accounts.models import User
from rehab.models import ExerciseSession
from tests.conftest import Cast
from tests.emergencies import CALL, CRISIS, check_in, told, words
from tests.questionnaires import document as answered

Api = Callable[[User | None], APIClient]
BATCH = "/api/v1/batch/"


def test_every_outcome_of_a_batch_tells_it(cast: Cast, api: Api) -> None:
    client = api(cast.patient_user)
    ahead = (timezone.now() + timedelta(hours=1)).isoformat()

    def item(*new: str, **changes: Any) -> dict[str, Any]:
        return {"kind": "check-ins", **check_in(cast, *(new or ("stroke_face",)), id=str(new_id()), **changes)}

    good, stored = item(), item("skin_burn")
    client.post(BATCH, {"records": [stored]}, format="json")
    records = [
        good,
        good,
        {**stored, "red_flags": {"new_or_worse": ["stroke_face"]}},
        item(fatigue=11),
        item(performed_at=ahead),
        item("dvt_leg", performed_at=ahead),
        {**item(), "kind": "check-in"},
        {**item(), "id": None},
        item(patient=str(cast.other_patient.pk)),
        item(patient="nobody"),
        {**item(), "red_flags": {"none_of_these": True}},
    ]
    results = client.post(BATCH, {"records": records}, format="json").json()["results"]
    assert [row["outcome"] for row in results] == [
        "created", "same", "conflict", "problem", "created", "problem", "problem", "problem", "problem", "problem",
        "created",
    ]  # fmt: skip
    now = [("STROKE", "emergency")]
    assert [told(row) for row in results] == [now, now, now, now, now, [("DVT_PE", "same_day")], now, now, now, now, []]
    assert [CALL in words(row) for row in results[:-1]] == [True] * 5 + [False, True, True, False, False]
    assert ExerciseSession.objects.count() == 0


def test_a_batch_refused_as_a_whole_tells_it_too(cast: Cast, api: Api) -> None:
    item = {"kind": "check-ins", **check_in(cast, "stroke_face", id=str(new_id()))}
    for body in ({"records": [item], "more": 1}, {"records": [item] * 1001}, [item]):
        reply = api(cast.patient_user).post(BATCH, body, format="json")
        assert reply.status_code == 400
        assert told(reply.json()) == [("STROKE", "emergency")]


def test_item_9_in_a_batch_is_refused_with_the_crisis_message(cast: Cast, api: Api) -> None:
    sent = answered(cast.patient, "phq9", *[0] * 8, 2, at=timezone.now()) | {"kind": "questionnaire-responses"}
    [row] = api(cast.patient_user).post(BATCH, {"records": [sent]}, format="json").json()["results"]
    assert (row["outcome"], told(row)) == ("problem", [("SELF_HARM", "same_day")])
    assert CRISIS in words(row)
    [row] = api(cast.therapist).post(BATCH, {"records": [sent]}, format="json").json()["results"]
    assert "red_flags" not in row
