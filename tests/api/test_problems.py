"""What is wrong with a request is told as a problem document (RFC 9457), never as a page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.ids import new_id
from accounts.models import User
from rehab.models import StrengthTest
from tests.conftest import Cast
from tests.documents import document

Api = Callable[[User | None], APIClient]
STRENGTH = "/api/v1/strength/"


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["type"] == f"urn:rehab:problem:{code}"
    assert found["status"] == status
    assert found["title"]
    assert found["detail"]
    return found


@pytest.mark.parametrize("body", ["{", "", "NaN", '{"a": NaN}', '{"a": Infinity}', b"\xff", '{"a": "\\ud800"}'])
def test_a_body_that_is_not_json(cast: Cast, api: Api, body: Any) -> None:
    answer = api(cast.patient_user).generic("POST", STRENGTH, body, content_type="application/json")
    assert problem(answer, 400, "invalid" if body == "" else "parse-error")


@pytest.mark.parametrize("body", ["[]", "1", '"text"', "null", "true"])
def test_a_body_that_is_no_object(cast: Cast, api: Api, body: str) -> None:
    client = api(cast.patient_user)
    for path in (STRENGTH, "/api/v1/rom/", "/api/v1/batch/", "/api/v1/patients/"):
        answer = client.generic("POST", path, body, content_type="application/json")
        [error] = problem(answer, 400, "invalid")["errors"]
        assert error["pointer"] in ("", "/records")
    problem(client.generic("PATCH", "/api/v1/me/", body, content_type="application/json"), 400, "invalid")


def test_preferences_that_say_nothing(cast: Cast, api: Api) -> None:
    answer = api(cast.patient_user).patch("/api/v1/me/", {}, format="json")
    assert problem(answer, 400, "invalid")["errors"][0]["code"] == "nothing_changed"


def test_a_body_nested_without_end(cast: Cast, api: Api) -> None:
    for depth in (300, 5000, 200_000):
        body = '{"details":' * depth + "1" + "}" * depth
        answer = api(cast.patient_user).generic("POST", "/api/v1/rom/", body, content_type="application/json")
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"


def test_eleven_megabytes(cast: Cast, api: Api) -> None:
    body: Any = b'{"note": "' + b"x" * (11 * 1024 * 1024) + b'"}'
    for path in (STRENGTH, "/api/v1/batch/"):
        answer = api(cast.patient_user).generic("POST", path, body, content_type="application/json")
        problem(answer, 413, "too-large")
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == 10 * 1024 * 1024


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded"])
def test_another_content_type(cast: Cast, api: Api, content_type: str) -> None:
    answer = api(cast.patient_user).generic("POST", STRENGTH, "a=1", content_type=content_type)
    problem(answer, 415, "unsupported-media-type")


def test_methods_and_addresses_that_do_not_exist(cast: Cast, api: Api) -> None:
    client = api(cast.patient_user)
    problem(client.delete(STRENGTH), 405, "method-not-allowed")
    problem(client.put(f"{STRENGTH}{new_id()}/", {}, format="json"), 405, "method-not-allowed")
    problem(client.get("/api/v1/nothing/"), 404, "not-found")
    problem(client.get("/api/v1/strength/not-a-uuid/"), 404, "not-found")
    problem(client.get("/api/v1/reference/nothing/"), 404, "not-found")


def test_an_address_that_does_not_exist_is_no_page_without_a_csrf_token_either(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/api/v1/nothing/", b"{}", content_type="application/json")
    problem(answer, 404, "not-found")


def test_nobody_is_told_how_to_sign_in(api: Api, db: None) -> None:
    answer = api(None).get(STRENGTH)
    problem(answer, 401, "not-authenticated")
    assert answer["WWW-Authenticate"] == "Token"
    bad = APIClient()
    bad.credentials(HTTP_AUTHORIZATION="Token nonsense")
    problem(bad.get(STRENGTH), 401, "authentication-failed")


def test_a_session_without_a_csrf_token_writes_nothing(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.patient_user, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(STRENGTH, document("strength", "mrc", cast.patient.pk), content_type="application/json")
    problem(answer, 403, "permission-denied")
    assert not StrengthTest.objects.exists()


def test_each_error_points_into_the_document(cast: Cast, api: Api) -> None:
    sent = document("sessions", "fes", cast.patient.pk, extra=1, duration_min="20")
    sent["details"]["frequency_hz"] = 151
    sent["details"]["channels"][0]["side"] = "both"
    found = problem(api(cast.patient_user).post("/api/v1/sessions/", sent, format="json"), 400, "invalid")
    assert {error["pointer"]: (error["code"], error["message"]) for error in found["errors"]} == {
        "/extra": ("extra_forbidden", "extra: unknown field."),
        "/duration_min": ("float_type", "Duration: 20 has the wrong type or form. Expected: a number."),
        "/details/frequency_hz": ("less_than_equal", "Frequency: 151 Hz is not possible. Allowed: 0.1 – 150 Hz."),
        "/details/channels/0/side": (
            "literal_error",
            "Side: both is not one of the allowed values: 'left' or 'right'.",
        ),
    }


# --- The moment


@pytest.mark.parametrize(
    ("offset", "status"),
    [
        (timedelta(hours=25), 400),
        (timedelta(hours=1), 422),
        (timedelta(minutes=5), 201),
        (timedelta(days=-4 * 366), 201),
        (timedelta(days=-6 * 366), 422),
        (timedelta(days=-80 * 366), 400),
    ],
)
def test_the_moment_of_a_record(cast: Cast, api: Api, offset: timedelta, status: int) -> None:
    moment = (timezone.now() + offset).isoformat()
    sent = document("strength", "mrc", cast.patient.pk, performed_at=moment)
    answer = api(cast.patient_user).post(STRENGTH, sent, format="json")
    assert answer.status_code == status, answer.content
    if status == 400:
        [error] = problem(answer, 400, "invalid")["errors"]
        assert error["pointer"] == "/performed_at"
        assert " is not possible. Allowed: 1970-04-30T00:00+00:00 to " in error["message"]
    if status == 422:
        [error] = problem(answer, 422, "needs-confirmation")["errors"]
        assert (error["pointer"], error["code"]) == ("/performed_at", "unusual")
        assert not StrengthTest.objects.exists()
        confirmed = api(cast.patient_user).post(STRENGTH, {**sent, "confirm": True}, format="json")
        assert confirmed.status_code == 201
        assert confirmed.json()["confirmed"] == [{"pointer": "/performed_at", "code": "unusual"}]


@pytest.mark.parametrize(
    "moment",
    [
        "2026-01-01",
        "2026-01-01T10:00:00",
        "2026-13-01T10:00:00Z",
        "2026-01-01T10:00:00.123456789Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "２026-01-01T10:00:00Z",
        1767261600,
        None,
        "",
    ],
)
def test_a_moment_that_is_no_date_and_time_with_an_offset(cast: Cast, api: Api, moment: Any) -> None:
    sent = document("strength", "mrc", cast.patient.pk, performed_at=moment)
    [error] = problem(api(cast.patient_user).post(STRENGTH, sent, format="json"), 400, "invalid")["errors"]
    assert (error["pointer"], error["code"]) == ("/performed_at", "datetime_format")


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Asia/Shanghai", "2026-01-01T15:59:59Z", "2026-01-01"),
        ("Asia/Shanghai", "2026-01-01T16:00:00Z", "2026-01-02"),
        ("Europe/Berlin", "2026-03-28T22:59:59Z", "2026-03-28"),
        ("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29"),  # winter time until 01:00Z
        ("Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-29"),
        ("Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-30"),  # summer time: midnight an hour earlier
        ("America/New_York", "2025-11-02T03:59:59Z", "2025-11-01"),
        ("America/New_York", "2025-11-03T04:59:59Z", "2025-11-02"),
        ("Pacific/Kiritimati", "2026-01-01T10:00:00Z", "2026-01-02"),
        ("America/New_York", "2026-01-01T10:00:00+14:00", "2025-12-31"),
    ],
)
def test_the_day_is_that_of_the_patients_own_zone(cast: Cast, api: Api, zone: str, moment: str, day: str) -> None:
    type(cast.patient).objects.filter(pk=cast.patient.pk).update(time_zone=zone)
    sent = document("strength", "mrc", cast.patient.pk, performed_at=moment)
    answer = api(cast.patient_user).post(STRENGTH, sent, format="json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["performed_on"] == day


def test_unusual_water_is_kept_with_what_was_confirmed(cast: Cast, api: Api) -> None:
    client = api(cast.patient_user)
    sent = document("sessions", "aquatic", cast.patient.pk, id=str(new_id()))
    sent["details"]["water_temp"] = {"value": 19, "unit": "Cel"}
    [error] = problem(client.post("/api/v1/sessions/", sent, format="json"), 400, "invalid")["errors"]
    assert error["message"] == "Water temperature: 19 °C is not possible. Allowed: 20 to 40 °C."
    sent["details"]["water_temp"]["value"] = 25
    [error] = problem(client.post("/api/v1/sessions/", sent, format="json"), 422, "needs-confirmation")["errors"]
    assert error["message"] == (
        "Water temperature: 25 °C is unusual. Usual: 26 to 36 °C. Please confirm that it is right."
    )
    made = client.post("/api/v1/sessions/", {**sent, "confirm": True}, format="json")
    assert made.status_code == 201
    assert made.json()["confirmed"] == [{"pointer": "/details/water_temp/value", "code": "unusual"}]
    again = client.post("/api/v1/sessions/", sent, format="json")  # without confirm: it is stored already
    assert (again.status_code, again.json()) == (200, made.json())
    other = client.post("/api/v1/sessions/", {**sent, "note": "other"}, format="json")
    problem(other, 409, "id-in-use")


def test_json_may_load_nothing_and_pages_only_their_own(client: Client, db: None) -> None:
    assert client.get("/api/v1/me/").headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    page = client.get("/accounts/login/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in page
