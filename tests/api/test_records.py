"""The main job over the API: record, read back, repeat, amend, mark in error, see each version."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from accounts.ids import new_id
from accounts.models import User
from tests.conftest import Cast
from tests.documents import DOCUMENTS, document, recorder_of

Api = Callable[[User | None], APIClient]


@pytest.mark.parametrize(("kind", "variant"), DOCUMENTS)
def test_every_variant_is_recorded_and_read_back_as_it_was_sent(cast: Cast, api: Api, kind: str, variant: str) -> None:
    sent = document(kind, variant, cast.patient.pk, id=str(new_id()), note="左膝 – after the pool")
    client = api(cast.user(recorder_of(kind)))
    made = client.post(f"/api/v1/{kind}/", sent, format="json")
    assert made.status_code == 201, made.content
    read = client.get(f"/api/v1/{kind}/{sent['id']}/")
    assert read.status_code == 200
    assert read.json() == made.json()
    assert read["ETag"] == '"1"'
    for name, value in sent.items():
        assert _covers(read.json()[name], value), name
    again = client.post(f"/api/v1/{kind}/", sent, format="json")
    assert (again.status_code, again.json()) == (200, made.json())
    other = client.post(f"/api/v1/{kind}/", {**sent, "note": "other"}, format="json")
    assert other.status_code == 409
    timeline = client.get("/api/v1/timeline/", {"patient": str(cast.patient.pk)}).json()["results"]
    assert [row["id"] for row in timeline] == [sent["id"]]


def _covers(answer: object, sent: object) -> bool:
    """Everything that was sent stands in the answer; what the service adds beside it is allowed."""
    if isinstance(sent, dict) and isinstance(answer, dict):
        return all(_covers(answer.get(key), value) for key, value in sent.items())
    if isinstance(sent, list) and isinstance(answer, list):
        return len(sent) == len(answer) and all(map(_covers, answer, sent))
    return answer == sent
