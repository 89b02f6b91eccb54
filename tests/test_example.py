"""examples/sixteen-weeks.json does over the API what its readers are told: two problems, and nothing twice."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from accounts.models import User
from rehab.management.demo import central, diary, example, generator
from rehab.management.demo.diary import Entry
from rehab.management.demo.shapes import DEMO_PATIENT_ID
from rehab.management.demo.stories import STORIES
from rehab.services import patients
from rehab.services.inputs import sessions, strength
from tests.conftest import Cast

FILE = Path(settings.BASE_DIR) / "examples" / "sixteen-weeks.json"


@pytest.fixture
def body() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def test_the_committed_file_is_what_make_example_writes() -> None:
    assert FILE.read_text(encoding="utf-8") == example.text()


def test_it_holds_every_method_modality_scale_and_type(body: dict[str, Any]) -> None:
    records = body["records"]
    assert len(records) <= 1000
    assert {one["patient"] for one in records} == {str(DEMO_PATIENT_ID)}
    assert {one["method"] for one in records if one["kind"] == "strength"} == set(strength.VARIANTS)
    assert {one["modality"] for one in records if one["kind"] == "sessions"} == set(sessions.VARIANTS)
    assert {one["rom_type"] for one in records if one["kind"] == "rom"} == {"AROM", "PROM"}
    assert {"KNE_EXT", "FOR_SUP"} <= {one["motion"] for one in records if one["kind"] == "rom"}
    notes = " ".join(one.get("note", "") for one in records)
    assert "累" in notes
    assert "stick" in notes
    days = sorted(one["performed_at"] for one in records)
    assert days[0].startswith("2026-03-0")
    assert days[-1].startswith("2026-06-2")


def test_the_demo_load_has_none_of_its_ids(body: dict[str, Any]) -> None:
    ids = {one["id"] for one in body["records"]}
    assert len(ids) == len(body["records"])
    for story in STORIES:
        plan = generator.plan(story, seed=1, first=example.FIRST_DAY)
        assert not ids & {one.document["id"] for one in plan.records}


@pytest.mark.parametrize("beside_the_demo", [False, True])
def test_posting_it_reports_two_problems_and_posting_it_again_changes_nothing(
    cast: Cast,
    api: Callable[[User | None], APIClient],
    now: datetime,
    body: dict[str, Any],
    beside_the_demo: bool,
) -> None:
    document = {"id": str(DEMO_PATIENT_ID), "name": "Lin Wei", "time_zone": "Europe/London"}
    patients.enrol(document, by=cast.therapist, now=now)
    if beside_the_demo:
        plan = generator.plan(central.STROKE, seed=1, first=example.FIRST_DAY)
        diary.record((Entry(one, cast.therapist) for one in plan.records), now=now)
    client, right = api(cast.therapist), len(body["records"]) - 2
    first = client.post("/api/v1/batch/", body, format="json").json()
    assert first["counts"] == {"created": right, "same": 0, "conflict": 0, "problem": 2}
    impossible, odd = (one for one in first["results"] if one["outcome"] == "problem")
    assert body["records"][impossible["index"]]["value_deg"] == 310
    assert [one["pointer"] for one in impossible["problem"]["errors"]] == ["/value_deg"]
    assert body["records"][odd["index"]]["value_deg"] == 140
    assert "confirm" in odd["problem"]["type"]
    again = client.post("/api/v1/batch/", body, format="json").json()
    assert again["counts"] == {"created": 0, "same": right, "conflict": 0, "problem": 2}
