"""Summaries over HTTP: the list, one with its versions, its published shape, asking for one, sending it again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import jsonschema
import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts import audit
from accounts.ids import new_id
from accounts.models import Event, User
from rehab.models import Patient, Summary, SummaryDelivery
from rehab.services import summary_staleness
from tests.conftest import Cast
from tests.documents import document
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


def problem(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 400, answer.content
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


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


# --- Asking for one now


@pytest.fixture
def _enrolled_long_ago(cast: Cast, now: datetime) -> None:
    Patient.objects.filter(pk=cast.patient.pk).update(created_at=now - timedelta(days=100))


def ask(client: APIClient, of: Patient, **sent: Any) -> Any:
    return client.post(PATH, {"patient": str(of.pk), "period": "week", **sent}, format="json")


@pytest.mark.usefixtures("_enrolled_long_ago")
def test_asking_twice_makes_one(cast: Cast, api: Api) -> None:
    client = api(cast.therapist)
    answers = [ask(client, cast.patient) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json()["payload"]["notes"] == ["no_records"]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert {answer["Location"] for answer in answers} == {f"http://testserver{PATH}{answers[0].json()['id']}/"}
    row = Summary.objects.get()
    assert row.ends_on - row.starts_on == timedelta(days=6)
    assert Event.objects.filter(action="summary.asked", target_id=row.pk, actor_id=cast.therapist.pk).count() == 1


@pytest.mark.usefixtures("_enrolled_long_ago")
def test_any_day_of_a_period_names_it(cast: Cast, api: Api, now: datetime) -> None:
    client, on = api(cast.patient_user), now.date() - timedelta(days=30)
    monday = on - timedelta(days=on.weekday())
    found = {ask(client, cast.patient, on=str(monday + timedelta(days=day))).json()["id"] for day in range(7)}
    assert len(found) == 1
    assert Summary.objects.get().starts_on == monday


def test_what_is_stored_and_up_to_date_is_answered_as_it_is(cast: Cast, api: Api, now: datetime) -> None:
    Patient.objects.filter(pk=cast.patient.pk).update(created_at=datetime(2026, 1, 1, tzinfo=now.tzinfo))
    summary = of_patient(cast.patient, now=now)
    answer = ask(api(cast.patient_user), cast.patient, on=str(WEEK))
    assert (answer.status_code, answer.json()["id"], answer.json()["version"]) == (200, str(summary.pk), 1)
    assert answer.json()["payload"]["load"] is None


@pytest.mark.usefixtures("_enrolled_long_ago")
@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"on": "2199-12-31"}, [("/on", "out_of_range")]),
        ({"on": "1901-01-01"}, [("/on", "out_of_range")]),
        ({"on": "20260101"}, [("/on", "date_parsing")]),
        ({"period": "month"}, [("/period", "literal_error")]),
        ({"period": "week", "force": True}, [("/force", "extra_forbidden")]),
        ({"patient": 7}, [("/patient", "uuid_type")]),
    ],
)
def test_what_has_no_summary_is_refused_and_leaves_nothing(
    cast: Cast, api: Api, sent: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert problem(ask(api(cast.therapist), cast.patient, **sent)) == expected
    assert not Summary.objects.exists()


@pytest.mark.usefixtures("_enrolled_long_ago")
def test_the_running_period_is_not_over(cast: Cast, api: Api, now: datetime) -> None:
    for period in ("day", "week", "four_weeks"):
        answer = ask(api(cast.therapist), cast.patient, period=period, on=str(now.date() + timedelta(days=1)))
        assert problem(answer) == [("/on", "out_of_range")]


def test_a_patient_of_today_has_no_period_yet(cast: Cast, api: Api) -> None:
    assert problem(ask(api(cast.therapist), cast.patient)) == [("", "out_of_range")]


@pytest.mark.usefixtures("_enrolled_long_ago")
def test_after_the_discharge_there_is_none(cast: Cast, api: Api, now: datetime) -> None:
    gone = now.date() - timedelta(days=40)
    Patient.objects.filter(pk=cast.patient.pk).update(discharged_on=gone)
    client = api(cast.therapist)
    assert problem(ask(client, cast.patient)) == [("", "out_of_range")]
    assert ask(client, cast.patient, on=str(gone)).status_code == 201


@pytest.mark.usefixtures("_enrolled_long_ago")
def test_late_records_are_in_what_is_asked_for(cast: Cast, api: Api, now: datetime) -> None:
    client, on = api(cast.patient_user), now - timedelta(days=10)
    assert ask(client, cast.patient, period="day", on=str(on.date())).json()["payload"]["counts"]["records"] == 0
    sent = document("rom", "rom", cast.patient.pk, performed_at=on.replace(hour=3).isoformat())
    assert client.post("/api/v1/rom/", sent, format="json").status_code == 201
    audit.seal(now=now + timedelta(seconds=1))
    assert summary_staleness.mark(now=now + timedelta(seconds=2))
    answer = ask(client, cast.patient, period="day", on=str(on.date()))
    found = answer.json()
    assert (answer.status_code, found["status"], found["version"]) == (200, "computed", 2)
    assert found["payload"]["counts"]["records"] == 1


@pytest.mark.usefixtures("_enrolled_long_ago")
def test_one_that_a_worker_has_at_hand_is_waited_for_by_nobody(cast: Cast, api: Api, now: datetime) -> None:
    client = api(cast.patient_user)
    found = ask(client, cast.patient).json()
    Summary.objects.update(
        status="due", version=0, payload=None, computed_at=None, claim=new_id(), claimed_until=now + timedelta(hours=1)
    )
    answer = ask(client, cast.patient)
    assert (answer.status_code, answer.json()["id"], answer.json()["payload"]) == (202, found["id"], None)


# --- Sending again


def test_sending_again_answers_what_waits(cast: Cast, api: Api, now: datetime) -> None:
    summary = of_patient(cast.patient, now=now)
    answer = api(cast.patient_user).post(f"{PATH}{summary.pk}/resend/", {}, format="json")
    [row] = answer.json()
    assert answer.status_code == 202
    assert (row["recipient"]["name"], row["sent_at"]) == (cast.patient_user.name, None)
    again = api(cast.patient_user).post(f"{PATH}{summary.pk}/resend/").json()
    assert [line["id"] for line in again] == [row["id"]]
    assert SummaryDelivery.objects.count() == 1


def test_nobody_is_written_to_at_an_address_that_is_not_verified(cast: Cast, api: Api, now: datetime) -> None:
    EmailAddress.objects.filter(user=cast.patient_user).update(verified=False)
    summary = of_patient(cast.patient, now=now)
    answer = api(cast.patient_user).post(f"{PATH}{summary.pk}/resend/", {}, format="json")
    assert problem(answer) == [("", "no_address")]
    assert problem(api(cast.patient_user).post(f"{PATH}{due(cast.patient, now=now).pk}/resend/")) == [
        ("", "not_computed")
    ]


# --- What one wants by e-mail


def test_choices_are_read_and_changed(cast: Cast, api: Api) -> None:
    client, path = api(cast.therapist), "/api/v1/me/summaries/"
    found = client.get(path).json()
    assert found == {
        "daily": False, "weekly": False, "four_weekly": False, "caseload_daily": True, "caseload_weekly": True,
        "monthly": False, "quiet_from": "21:00", "quiet_until": "07:00", "address_verified": True,
    }  # fmt: skip
    sent = {"caseload_daily": False, "quiet_from": "19:00", "quiet_until": "08:00"}
    assert client.patch(path, sent, format="json").json() == {**found, **sent}
    assert problem(client.patch(path, {"quiet_from": None}, format="json")) == [("/quiet_from", "missing")]
    assert problem(client.patch(path, {"hourly": True}, format="json")) == [("/hourly", "extra_forbidden")]


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
