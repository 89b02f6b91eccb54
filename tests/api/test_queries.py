"""Query parameters: unknown, malformed and impossible ones are refused in the words that bodies are refused in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.ids import new_id
from accounts.models import User
from rehab.selectors.paging import Position
from tests.api.test_problems import problem
from tests.conftest import Cast
from tests.documents import document

Api = Callable[[User | None], APIClient]
ID = "0192a000-0000-7000-8000-000000000009"
BAD_TIME = "0001-01-01T00:00:00+14:00"


@pytest.mark.parametrize(
    ("query", "pointer", "code", "message"),
    [
        ("nope=1", "?nope", "extra_forbidden", "nope: unknown field."),
        ("performed_from=2026-01-01T00:00:00Z", "?performed_from", "extra_forbidden", "performed_from: unknown field."),
        ("limit=0", "?limit", "greater_than_equal", "limit: 0 is not possible. Allowed: 1 – 200."),
        ("limit=201", "?limit", "less_than_equal", "limit: 201 is not possible. Allowed: 1 – 200."),
        (
            "limit=many",
            "?limit",
            "int_parsing",
            "limit: many has the wrong type or form. Expected: a whole number.",
        ),
        ("patient=me", "?patient", "uuid_parsing", "patient: me is not a UUID."),
        (
            "side=up",
            "?side",
            "literal_error",
            "side: up is not one of the allowed values: 'left', 'right', 'both' or 'none'.",
        ),
        (
            "record_status=gone",
            "?record_status",
            "literal_error",
            "record_status: gone is not one of the allowed values: 'final', 'amended' or 'entered_in_error'.",
        ),
        (
            "from=yesterday",
            "?from",
            "datetime_format",
            "from: yesterday is not an ISO 8601 date and time with an offset from UTC.",
        ),
        (
            f"to={quote(BAD_TIME)}",
            "?to",
            "datetime_format",
            f"to: {BAD_TIME} is not an ISO 8601 date and time with an offset from UTC.",
        ),
        (
            "updated_since=1767261600",
            "?updated_since",
            "datetime_format",
            "updated_since: 1767261600 is not an ISO 8601 date and time with an offset from UTC.",
        ),
        ("muscle=%00", "?muscle", "null_character", "Give it once, as text."),
        ("limit=1&limit=2", "?limit", "repeated", "Give it once, as text."),
        ("cursor=x", "?cursor", "invalid", "cursor: take it from `next` of the page before."),
    ],
)
def test_what_is_refused(cast: Cast, api: Api, query: str, pointer: str, code: str, message: str) -> None:
    answer = api(cast.patient_user).get(f"/api/v1/strength/?{query}")
    assert problem(answer, 400, "invalid")["errors"] == [{"pointer": pointer, "code": code, "message": message}]


@pytest.mark.parametrize("text", ["2026-01-01T00:00:00|x", f"2026-01-01T00:00:00|{ID}", f"{BAD_TIME}|{ID}",
                                  "|", "", "9999-12-31T23:59:59-14:00|" + ID])  # fmt: skip
def test_a_cursor_that_was_never_ours(cast: Cast, api: Api, text: str) -> None:
    import base64

    cursor = base64.urlsafe_b64encode(text.encode()).decode() or "e30"
    client = api(cast.patient_user)
    for path in ("strength/", "patients/", f"timeline/?patient={cast.patient.pk}&"):
        joint = "" if "?" in path else "?"
        problem(client.get(f"/api/v1/{path}{joint}cursor={quote(cursor)}"), 400, "invalid")


def test_a_cursor_is_read_back() -> None:
    position = Position(timezone.now(), new_id())
    assert Position.decode(position.encode()) == position


def test_the_timeline_needs_a_patient_and_known_kinds(cast: Cast, api: Api) -> None:
    client = api(cast.patient_user)
    [error] = problem(client.get("/api/v1/timeline/"), 400, "invalid")["errors"]
    assert error == {"pointer": "?patient", "code": "missing", "message": "patient: missing. It is required."}
    found = problem(
        client.get("/api/v1/timeline/", {"patient": str(cast.patient.pk), "kind": "rom,nope"}), 400, "invalid"
    )
    [error] = found["errors"]
    assert (error["pointer"], error["code"]) == ("?kind", "unknown_code")
    assert "nope" in error["message"]
    problem(client.get("/api/v1/patients/", {"search": "x" * 121}), 400, "invalid")


def made(client: APIClient, patient: Any, *, days: int = 0, **changes: Any) -> str:
    moment = (timezone.now() - timedelta(days=days, hours=1)).isoformat()
    sent = document("strength", "mrc", patient, id=str(new_id()), performed_at=moment, **changes)
    assert client.post("/api/v1/strength/", sent, format="json").status_code == 201
    return str(sent["id"])


def test_a_list_is_narrowed(cast: Cast, api: Api) -> None:
    client = api(cast.patient_user)
    old = made(client, cast.patient.pk, days=10)
    new = made(client, cast.patient.pk, muscle="KNE_EXT", side="right")
    headers = {"If-Match": '"1"'}
    body = {"reason": "typing error", "changes": {"grade": "4"}}
    assert client.patch(f"/api/v1/strength/{old}/", body, format="json", headers=headers).status_code == 200
    moment = (timezone.now() - timedelta(days=5)).isoformat()

    def ids(path: str = "strength/", **query: Any) -> list[str]:
        answer = client.get(f"/api/v1/{path}", query)
        assert answer.status_code == 200, answer.content
        return [row["id"] for row in answer.json()["results"]]

    assert ids() == [new, old]
    assert ids(**{"from": moment}) == [new]
    assert ids(to=moment) == [old]
    assert ids(muscle="KNE_EXT") == [new]
    assert ids(side="left", method="mrc") == [old]
    assert ids(record_status="amended") == [old]
    assert ids(updated_since=timezone.now().isoformat()) == []
    assert ids(patient=str(cast.patient.pk)) == [new, old]
    timeline = {"path": "timeline/", "patient": str(cast.patient.pk)}
    assert ids(**timeline) == [new, old]
    assert ids(**timeline, kind="strength") == [new, old]
    assert ids(**timeline, kind="rom,girth") == []
    assert ids(**timeline, **{"from": moment}) == [new]


def test_patients_are_found_by_part_of_their_name(cast: Cast, api: Api) -> None:
    client = api(cast.therapist)
    assert [row["name"] for row in client.get("/api/v1/patients/", {"search": "IENT"}).json()["results"]] == [
        "Pat Ient"
    ]
    assert client.get("/api/v1/patients/", {"search": "Otto"}).json() == {"next": None, "results": []}
