"""What generated payloads once found, kept as it was found."""

import json
from typing import Any

import pytest

from tests.documents import document
from tests.hostile.answers import JSON, PATIENT, check_problem
from tests.hostile.conftest import Service
from tests.hostile.values import body_of


def test_one_key_with_two_values_is_refused(service: Service) -> None:
    text = json.dumps(document("rom", "rom", service.cast.patient.pk))
    body = text[:-1] + ', "value_deg": 90}'
    check_problem(service.patient.generic("POST", "/api/v1/rom/", body, content_type=JSON), {}, {400})


def test_a_walk_faster_than_anybody_is_refused_not_a_500(service: Service) -> None:
    sent = document("sessions", "balance_gait", service.cast.patient.pk)
    sent["details"] = {"task": "walk", "distance_m": 50_000, "time_s": 5e-324}
    check_problem(service.patient.post("/api/v1/sessions/", sent, format="json"), sent, {400})


@pytest.mark.parametrize("reason", ["why" + " " * 600, " " * 600 + "why"])
def test_a_reason_is_counted_with_its_spaces(service: Service, reason: str) -> None:
    made = service.patient.post("/api/v1/rom/", document("rom", "rom", service.cast.patient.pk), format="json").json()
    url = f"/api/v1/rom/{made['id']}/"
    for method, address, body in (
        ("PATCH", url, {"reason": reason, "changes": {"value_deg": 90}}),
        ("POST", f"{url}enter-in-error/", {"reason": reason}),
    ):
        response = service.therapist.generic(method, address, body_of(body), content_type=JSON, HTTP_IF_MATCH='"1"')
        check_problem(response, body, {400})


def test_a_series_key_fits_its_column_whatever_the_free_text(service: Service) -> None:
    """``ΐ`` becomes three letters when its case is folded; PostgreSQL keeps to the column's length, SQLite does not."""
    keys = set()
    for ending in ("a", "b"):
        sent = document(
            "strength",
            "hhd",
            service.cast.patient.pk,
            pad_site="ΐ" * 80,
            device="ΐ" * 79 + ending,
            joint_angle_degrees=12.345678901234567,
        )
        response = service.patient.post("/api/v1/strength/", sent, format="json")
        assert response.status_code == 201
        keys.add(response.json()["series_key"])
    assert len(keys) == 2
    assert max(map(len, keys)) <= 512


@pytest.mark.parametrize(
    "birth_date",
    [
        "0",
        "86400",
        86400,
        "1970-01-01T00:00:00",
        "1970-01-01T00:00:00Z",
        "１９７０-01-01",
    ],
)
def test_a_birth_date_is_a_date_only(service: Service, birth_date: Any) -> None:
    sent = {"name": "Li Wei", "birth_date": birth_date}
    check_problem(service.therapist.post("/api/v1/patients/", sent, format="json"), sent, {400})


def test_problems_of_an_amended_patient_point_into_changes(service: Service) -> None:
    made = service.therapist.post("/api/v1/patients/", PATIENT, format="json").json()
    sent = {"changes": {"sex": "x"}}
    response = service.therapist.patch(f"/api/v1/patients/{made['id']}/", sent, format="json", HTTP_IF_MATCH='"1"')
    check_problem(response, sent, {400})
    assert response.json()["errors"][0]["pointer"] == "/changes/sex"


def test_a_time_zone_is_not_taken_away_without_a_word(service: Service) -> None:
    made = service.therapist.post("/api/v1/patients/", PATIENT, format="json").json()
    sent = {"changes": {"time_zone": None}}
    response = service.therapist.patch(f"/api/v1/patients/{made['id']}/", sent, format="json", HTTP_IF_MATCH='"1"')
    check_problem(response, sent, {400})
