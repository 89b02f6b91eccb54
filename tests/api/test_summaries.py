"""Summaries over HTTP: the list, one with its versions and as PDF, its published shape."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import jsonschema
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from rehab.models import Summary
from tests.conftest import Cast
from tests.summaries import (
    WEEK,
    caseload_payload,
    clinic_payload,
    due,
    empty_payload,
    looked,
    of_patient,
    stored,
)

Api = Callable[[User | None], APIClient]
PATH = "/api/v1/summaries/"


def week_of(cast: Cast, weeks_ago: int, *, now: datetime, **changes: Any) -> Summary:
    starts_on = WEEK - timedelta(weeks=weeks_ago)
    return of_patient(cast.patient, now=now, starts_on=starts_on, ends_on=starts_on + timedelta(days=6), **changes)


def listed(client: APIClient, **query: Any) -> list[str]:
    answer = client.get(PATH, query)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def test_the_list_is_narrowed_by_every_filter(cast: Cast, api: Api, now: datetime) -> None:
    weeks = [week_of(cast, ago, now=now) for ago in range(3)]
    Summary.objects.filter(pk=weeks[2].pk).update(status="stale", stale_since=now)
    day = stored(
        empty_payload(period="day", starts_on=WEEK, ends_on=WEEK), clinic=cast.clinic, patient=cast.patient, now=now
    )
    caseload = stored(caseload_payload(looked(cast.patient)), clinic=cast.clinic, therapist=cast.therapist, now=now)
    month = stored(clinic_payload(), clinic=cast.clinic, now=now)
    waiting = due(cast.patient, now=now)
    client = api(cast.therapist)
    everything = {str(row.pk) for row in (*weeks, day, caseload, month)}
    ids = [str(row.pk) for row in weeks]
    assert set(listed(client)) == everything
    assert set(listed(client, patient=cast.patient.pk)) == {*ids, str(day.pk)}
    assert listed(client, patient=cast.patient.pk, period="week") == ids
    assert listed(client, audience="therapist") == [str(caseload.pk)]
    assert listed(client, audience="clinic", clinic=cast.clinic.pk) == [str(month.pk)]
    assert listed(client, period="week", audience="patient", since=WEEK - timedelta(weeks=1)) == ids[:2]
    assert listed(client, period="week", until=WEEK - timedelta(weeks=1)) == ids[1:]
    assert listed(client, status="stale") == ids[2:]
    assert listed(client, status="due") == [str(waiting.pk)]
    assert set(listed(client, status="computed")) == everything - {ids[2]}
    assert set(listed(api(cast.admin))) == {str(month.pk)}
    assert listed(api(cast.other_therapist)) == []


def test_a_list_leaves_payloads_out_unless_asked(cast: Cast, api: Api, now: datetime) -> None:
    of_patient(cast.patient, now=now)
    client = api(cast.therapist)
    [row] = client.get(PATH).json()["results"]
    assert "payload" not in row
    [row] = client.get(PATH, {"payload": "true"}).json()["results"]
    assert row["payload"]["counts"]["records"] == 9


def test_one_is_read_with_payload_etag_and_the_address_of_its_shape(cast: Cast, api: Api, now: datetime) -> None:
    summary = of_patient(cast.patient, now=now)
    answer = api(cast.therapist).get(f"{PATH}{summary.pk}/")
    found = answer.json()
    assert (answer["ETag"], found["version"], found["status"]) == ('"1"', 1, "computed")
    assert (found["patient"], found["starts_on"], found["ends_on"]) == (
        str(cast.patient.pk),
        "2026-03-02",
        "2026-03-08",
    )
    assert found["payload"]["load"]["weekly"] == 450.0
    assert found["payload_schema"] == "http://testserver/api/v1/summaries/schemas/patient/1/"


@pytest.mark.parametrize("role", ["patient_user", "caregiver"])
def test_what_is_for_clinicians_is_left_out(cast: Cast, api: Api, now: datetime, role: str) -> None:
    summary = of_patient(cast.patient, now=now, version=2)
    client = api(cast.user(role))
    [listed_row] = client.get(PATH, {"payload": "true"}).json()["results"]
    answers = [client.get(f"{PATH}{summary.pk}/", query).json() for query in ({}, {"version": "1"})]
    for found in (listed_row, *answers):
        assert (found["payload"]["load"], found["payload"]["alerts"], found["payload"]["quality"]) == (None, [], [])


def test_every_version_is_listed_and_read_as_it_was(cast: Cast, api: Api, now: datetime) -> None:
    summary = of_patient(cast.patient, now=now, version=3)
    client = api(cast.patient_user)
    versions = client.get(f"{PATH}{summary.pk}/versions/").json()
    assert [line["version"] for line in versions] == [3, 2, 1]
    assert [line["replaced_at"] is None for line in versions] == [True, False, False]
    first = client.get(versions[-1]["address"]).json()
    assert (first["version"], first["latest_version"], first["payload"]["counts"]["records"]) == (1, 3, 1)
    for wrong in ("4", "2147483647"):
        assert client.get(f"{PATH}{summary.pk}/", {"version": wrong}).status_code == 404
    for wrong in ("0", "-1", "x", "9" * 30):
        assert client.get(f"{PATH}{summary.pk}/", {"version": wrong}).status_code == 400


def test_one_that_waits_is_read_without_payload(cast: Cast, api: Api, now: datetime) -> None:
    summary = due(cast.patient, now=now)
    found = api(cast.patient_user).get(f"{PATH}{summary.pk}/").json()
    assert (found["status"], found["version"], found["payload"], found["payload_schema"]) == ("due", 0, None, None)
    assert api(cast.patient_user).get(f"{PATH}{summary.pk}/versions/").json() == []


def test_any_version_is_read_as_pdf(cast: Cast, api: Api, now: datetime) -> None:
    summary = of_patient(cast.patient, now=now, version=2)
    client = api(cast.patient_user)
    for version in ("1", "2"):
        address = client.get(f"{PATH}{summary.pk}/", {"version": version}).json()["pdf"]
        answer = client.get(address)
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == 'attachment; filename="summary-week-2026-03-02.pdf"'
        assert answer.content.startswith(b"%PDF-")
        for accepted in ("application/pdf", "application/json", "*/*"):
            assert client.get(address, headers={"Accept": accepted}).content.startswith(b"%PDF-")
    waiting = due(cast.patient, now=now)
    assert client.get(f"{PATH}{waiting.pk}/").json()["pdf"] is None
    for accepted in ("application/pdf", "*/*"):
        answer = client.get(f"{PATH}{waiting.pk}/pdf/", headers={"Accept": accepted})
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
        assert answer.json()["status"] == 404


# --- The published shape


def test_every_payload_follows_its_published_schema(cast: Cast, api: Api, now: datetime) -> None:
    client = api(cast.therapist)
    of_patient(cast.patient, now=now)
    stored(caseload_payload(looked(cast.patient)), clinic=cast.clinic, therapist=cast.therapist, now=now)
    stored(clinic_payload(), clinic=cast.clinic, now=now)
    silent = empty_payload(period="day", starts_on=WEEK, ends_on=WEEK)
    stored(silent, clinic=cast.clinic, patient=cast.patient, now=now)
    rows = client.get(PATH, {"payload": "true"}).json()["results"]
    rows += api(cast.patient_user).get(PATH, {"payload": "true"}).json()["results"]
    assert len(rows) == 6
    for row in rows:
        schema = api(None).get(row["payload_schema"]).json()
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(row["payload"], schema, cls=jsonschema.Draft202012Validator)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**row["payload"], "more": 1}, schema, cls=jsonschema.Draft202012Validator)


def test_schemas_are_listed_and_open_to_everybody(api: Api) -> None:
    client = api(None)
    found = client.get(f"{PATH}schemas/").json()
    assert [(row["audience"], row["schema_version"]) for row in found] == [
        ("patient", 1), ("therapist", 1), ("clinic", 1),
    ]  # fmt: skip
    for row in found:
        assert client.get(row["address"]).json()["$id"] == row["address"]
    for wrong in ("patient/2", "nobody/1", f"patient/{10**30}"):
        assert client.get(f"{PATH}schemas/{wrong}/").status_code == 404


# --- Cost and pages


def stored_weeks(cast: Cast, first: int, last: int, *, now: datetime) -> None:
    for ago in range(first, last):
        week_of(cast, ago, now=now)


def test_a_list_costs_the_same_for_more_rows(cast: Cast, api: Api, now: datetime) -> None:
    client = api(cast.therapist)
    costs = []
    for first, last in ((0, 3), (3, 60)):
        stored_weeks(cast, first, last, now=now)
        stored(
            caseload_payload(looked(cast.patient), starts_on=WEEK - timedelta(weeks=last)),
            clinic=cast.clinic, therapist=cast.therapist, now=now,
        )  # fmt: skip
        for query in ({"limit": "200"}, {"limit": "200", "payload": "true"}):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(PATH, query).status_code == 200
            costs.append(len(captured))
    assert costs[:2] == costs[2:]
    assert max(costs) <= 6


def test_pages_show_each_once_while_rows_are_added(cast: Cast, api: Api, now: datetime) -> None:
    stored_weeks(cast, 0, 20, now=now)
    day = empty_payload(period="day", starts_on=WEEK, ends_on=WEEK)
    stored(day, clinic=cast.clinic, patient=cast.patient, now=now)
    client = api(cast.patient_user)
    expected = [str(pk) for pk in Summary.objects.order_by("-starts_on", "-id").values_list("pk", flat=True)]
    seen: list[str] = []
    address, newer = f"{PATH}?limit=7", 0
    while address:
        answer = client.get(address).json()
        seen += [row["id"] for row in answer["results"]]
        address, newer = answer["next"], newer + 1
        week_of(cast, -newer, now=now)
    assert seen == expected


def test_versions_cost_the_same_for_more(cast: Cast, api: Api, now: datetime) -> None:
    client = api(cast.patient_user)
    costs = []
    for version, ago in ((2, 0), (30, 1)):
        summary = week_of(cast, ago, now=now, version=version)
        with CaptureQueriesContext(connection) as captured:
            assert len(client.get(f"{PATH}{summary.pk}/versions/").json()) == version
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 7
