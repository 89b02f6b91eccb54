"""Summaries over HTTP: asking for one now, having it sent again, choosing what comes by e-mail."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from rest_framework.test import APIClient

from accounts import audit
from accounts.ids import new_id
from accounts.models import Event, User
from rehab.models import Patient, Summary, SummaryDelivery
from rehab.services import summary_staleness
from tests.conftest import Cast
from tests.documents import document
from tests.summaries import WEEK, due, of_patient

Api = Callable[[User | None], APIClient]
PATH = "/api/v1/summaries/"


def problem(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 400, answer.content
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


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
        ({"on": "9999-12-31"}, [("/on", "out_of_range")]),
        ({"on": "0001-01-01", "period": "four_weeks"}, [("/on", "out_of_range")]),
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
