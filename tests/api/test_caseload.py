"""The caseload in one request: what it says of each patient, how it is sorted and narrowed, what it costs."""

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from rehab.models import Patient
from rehab.services import alerts, patients, records
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document
from tests.programs import ITEM, WEEKLY, session, written

Api = Callable[[User | None], APIClient]
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
NOW = START + timedelta(days=112)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def angles(patient: Patient, by: User, values: Mapping[int, float], **fields: Any) -> None:
    for day, value in values.items():
        at = (START + timedelta(days=day)).isoformat()
        sent = document("rom", "rom", patient.pk, performed_at=at, value_deg=value, confirm=True, **fields)
        records.create(KINDS["rom"], sent, by=by, source="api", now=NOW)


def enrol(cast: Cast, name: str) -> Patient:
    return patients.enrol({"name": name}, by=cast.therapist, now=NOW).patient


def alert(patient: Patient, level: str, rule: str = "STROKE") -> None:
    cause = alerts.Cause(
        patient=patient, rule=rule, level=level, source_kind="check-ins", source_id=uuid.uuid4(), occurred_at=NOW,
        evidence={},
    )  # fmt: skip
    alerts.raise_all([cause], now=NOW)


def caseload(client: APIClient, **query: str) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/caseload/", query)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def names(client: APIClient, **query: str) -> list[str]:
    return [row["patient"]["name"] for row in caseload(client, **query)]


DECLINE = {0: 100.0, 7: 100.0, 90: 80.0, 97: 81.0}
GAIN = {0: 80.0, 7: 81.0, 90: 100.0, 97: 100.0}


def test_adherence_is_that_of_the_patients_own_page(cast: Cast, api: Api) -> None:
    first = NOW.date() - timedelta(days=21)  # a Monday, as today
    written(cast.patient, {**WEEKLY, "times_per_week": 4}, {**ITEM, "weekdays": ["mon"]}, by=cast.therapist, on=first)
    for days in (0, 1, 14, 15):
        session(cast.patient, first + timedelta(days=days), by=cast.patient_user, variant="aerobic")
    session(cast.patient, NOW.date(), by=cast.patient_user, hour=2)
    client = api(cast.therapist)
    [row] = caseload(client)
    found = client.get("/api/v1/analytics/adherence/", {"patient": str(cast.patient.pk)}).json()
    told = row["adherence"]
    for name, expected in (("last_week", found["last_week"]), ("week", found["week"])):
        assert told[name].items() <= expected.items()
    assert {name: told[name] for name in told if name in found["rolling"]}.items() <= found["rolling"].items()
    assert [told["last_week"][name] for name in ("due", "completed", "missed", "session_pct")] == [5, 2, 3, 40]
    assert [told["week"][name] for name in ("planned", "completed", "missed", "left")] == [5, 1, 0, 4]
    assert "session_pct" not in told["week"]


def test_a_row_says_what_changed_and_since_when(cast: Cast, api: Api) -> None:
    angles(cast.patient, cast.therapist, DECLINE)
    angles(cast.patient, cast.patient_user, {0: 100, 110: 101}, side="right")
    alert(cast.patient, "emergency")
    [row] = caseload(api(cast.therapist))
    assert row["patient"]["id"] == str(cast.patient.pk)
    assert (row["inactive_days"], row["contact_days"]) == (2, 15)
    assert row["alerts"] == {"open": 1, "worst_level": "emergency"}
    assert row["states"] == {
        "improved": 0, "declined": 1, "stable": 1, "provisional_improved": 0, "provisional_declined": 0,
        "insufficient_data": 0,
    }  # fmt: skip
    [changed] = row["changed"]
    assert (changed["state"], changed["name"], changed["side"], changed["unit"]) == (
        "declined", "Knee flexion", "left", "deg",
    )  # fmt: skip
    assert (changed["n"], changed["baseline"], changed["current"], changed["delta"]) == (4, 100, 80.5, -19.5)
    assert (changed["first_on"], changed["last_on"], changed["method"]) == ("2026-03-02", "2026-06-07", "change/1")
    trend = api(cast.therapist).get(
        "/api/v1/trends/", {"patient": str(cast.patient.pk), "series": changed["series"]}
    )  # fmt: skip
    state = trend.json()["state"]
    for name in ("state", "n", "baseline", "current", "delta", "threshold_value"):
        assert changed[name] == state[name]
    assert changed["threshold_row_id"] == state["threshold"]["row_id"]


def test_a_patient_of_whom_nothing_is_known_is_there_too(cast: Cast, api: Api) -> None:
    [row] = caseload(api(cast.therapist))
    assert (row["last_activity_at"], row["inactive_days"], row["contact_days"]) == (None, None, None)
    assert row["alerts"] == {"open": 0, "worst_level": None}
    assert row["changed"] == []


def test_others_patients_are_not_there(cast: Cast, api: Api) -> None:
    angles(cast.other_patient, cast.other_therapist, DECLINE)
    assert names(api(cast.therapist)) == ["Pat Ient"]
    assert names(api(cast.colleague)) == []


def test_orders(cast: Cast, api: Api) -> None:
    angles(enrol(cast, "Bo Decline"), cast.therapist, DECLINE)
    angles(enrol(cast, "Cy Gain"), cast.therapist, GAIN)
    angles(worst := enrol(cast, "Di Alert"), cast.therapist, {20: 90})
    angles(lesser := enrol(cast, "Ed Alert"), cast.therapist, {110: 90})
    alert(worst, "emergency")
    alert(lesser, "review", "CONTRA")
    client = api(cast.therapist)
    assert names(client) == ["Di Alert", "Ed Alert", "Bo Decline", "Cy Gain", "Pat Ient"]
    assert names(client, sort="name") == ["Bo Decline", "Cy Gain", "Di Alert", "Ed Alert", "Pat Ient"]
    assert names(client, sort="declined")[0] == "Bo Decline"
    assert names(client, sort="inactive") == ["Pat Ient", "Di Alert", "Bo Decline", "Cy Gain", "Ed Alert"]
    assert names(client, sort="contact") == ["Pat Ient", "Di Alert", "Bo Decline", "Cy Gain", "Ed Alert"]
    assert names(client, level="review", sort="name") == ["Di Alert", "Ed Alert"]
    assert names(client, level="emergency") == ["Di Alert"]
    assert names(client, declined="true") == ["Bo Decline"]
    assert "Bo Decline" not in names(client, declined="false")
    assert names(client, inactive_days="30", sort="name") == ["Di Alert", "Pat Ient"]
    assert names(client, search="alert", sort="name") == ["Di Alert", "Ed Alert"]


def test_pages_follow_one_another(cast: Cast, api: Api) -> None:
    for number in range(4):
        enrol(cast, f"New {number}")
    client = api(cast.therapist)
    seen, address = [], "/api/v1/caseload/?sort=name&limit=2"
    while address:
        answer = client.get(address).json()
        assert answer["count"] == 5
        seen += [row["patient"]["name"] for row in answer["results"]]
        address = answer["next"]
    assert seen == ["New 0", "New 1", "New 2", "New 3", "Pat Ient"]


@pytest.mark.parametrize(
    "query", [{"sort": "age"}, {"level": "x"}, {"limit": "0"}, {"page": "0"}, {"inactive_days": "-1"}, {"more": "1"},
              {"search": "a\0"}, {"page": "99999999999999999999"}],
)  # fmt: skip
def test_queries_are_checked(cast: Cast, api: Api, query: dict[str, str]) -> None:
    assert api(cast.therapist).get("/api/v1/caseload/", query).status_code == 400


def test_a_page_beyond_the_last_is_empty(cast: Cast, api: Api) -> None:
    assert caseload(api(cast.therapist), page="7") == []


def test_two_hundred_patients_cost_as_many_statements_as_twenty(cast: Cast, api: Api) -> None:
    client = api(cast.therapist)
    costs = []
    for count in (19, 180):
        for number in range(count):
            patient = enrol(cast, f"P {count}-{number}")
            if number % 20 == 0:
                angles(patient, cast.therapist, DECLINE)
        caseload(client)
        with CaptureQueriesContext(connection) as captured:
            found = caseload(client)
        costs.append(len(captured))
    assert len(found) == 200
    assert costs[0] == costs[1]
    # token, clinic, patients, readings, baselines, visits, alerts; plans, phases, excusals, sessions
    assert costs[0] <= 11
