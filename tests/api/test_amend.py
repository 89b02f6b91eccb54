"""Amending and marking in error: one version wins, every version is kept with who, when and why."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.ids import new_id
from accounts.models import Event, User
from rehab.models import RecordVersion
from tests.api.test_problems import problem
from tests.conftest import Cast
from tests.documents import document

Api = Callable[[User | None], APIClient]
STRENGTH = "/api/v1/strength/"
CHANGE = {"reason": "typing error", "changes": {"grade": "4"}}


@pytest.fixture
def stored(cast: Cast, api: Api) -> dict[str, Any]:
    sent = document("strength", "mrc", cast.patient.pk, id=str(new_id()))
    assert api(cast.patient_user).post(STRENGTH, sent, format="json").status_code == 201
    return sent


def change(client: APIClient, stored: dict[str, Any], etag: str | None = '"1"', body: Any = None) -> Any:
    headers = {} if etag is None else {"If-Match": etag}
    return client.patch(f"{STRENGTH}{stored['id']}/", CHANGE if body is None else body, format="json", headers=headers)


def test_each_version_says_who_when_and_why(cast: Cast, api: Api, stored: dict[str, Any]) -> None:
    therapist = api(cast.therapist)
    amended = change(therapist, stored)
    assert amended.status_code == 200
    assert amended["ETag"] == '"2"'
    assert amended.json()["record_status"] == "amended"
    assert amended.json()["change"] == {"by": str(cast.therapist.pk), "reason": "typing error"}
    assert amended.json()["series_value"] == 7
    wrong = therapist.post(
        f"{STRENGTH}{stored['id']}/enter-in-error/",
        {"reason": "wrong patient"},
        format="json",
        headers={"If-Match": '"2"'},
    )
    assert wrong.status_code == 200
    assert wrong.json()["record_status"] == "entered_in_error"
    versions = therapist.get(f"{STRENGTH}{stored['id']}/versions/").json()
    assert [
        (row["version"], row["record_status"], row["changed_by"]["name"], row["reason"], row["document"]["grade"])
        for row in versions
    ] == [
        (1, "final", "Pat Ient", "", "4-"),
        (2, "amended", "Therapist", "typing error", "4"),
        (3, "entered_in_error", "Therapist", "wrong patient", "4"),
    ]
    assert versions[0]["at"] < versions[1]["at"] < versions[2]["at"]
    assert all(row["document"]["patient"] == str(cast.patient.pk) for row in versions)
    actions = Event.objects.filter(target_id=stored["id"]).order_by("id").values_list("action", "actor_id")
    assert list(actions) == [
        ("strength.created", cast.patient_user.pk),
        ("strength.amended", cast.therapist.pk),
        ("strength.entered_in_error", cast.therapist.pk),
    ]
    problem(change(therapist, stored, '"3"'), 409, "entered-in-error")


def test_if_match_is_required_and_must_be_current(cast: Cast, api: Api, stored: dict[str, Any]) -> None:
    client = api(cast.patient_user)
    problem(change(client, stored, None), 428, "if-match-required")
    for etag in ('"2"', "1", "*", "", '"x"', '"9999999999"', '"１"'):
        answer = change(client, stored, etag.encode().decode("latin-1"))
        problem(answer, 412, "version-conflict")
        assert answer["ETag"] == '"1"'
    assert change(client, stored, 'W/"1"').status_code == 200
    stale = change(client, stored, '"1"')
    problem(stale, 412, "version-conflict")
    assert stale["ETag"] == '"2"'
    assert RecordVersion.objects.count() == 1
    path = f"{STRENGTH}{stored['id']}/enter-in-error/"
    problem(client.post(path, {"reason": "wrong"}, format="json"), 428, "if-match-required")
    headers = {"If-Match": '"1"'}
    problem(client.post(path, {"reason": "wrong"}, format="json", headers=headers), 412, "version-conflict")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"reason": "same again", "changes": {"grade": "4-"}}, "/changes"),
        ({"reason": "nothing", "changes": {}}, "/changes"),
        ({"reason": "text", "changes": "grade"}, "/changes"),
        ({"reason": "another", "changes": {"patient": str(new_id())}}, "/changes/patient"),
        ({"reason": "another", "changes": {"id": str(new_id())}}, "/changes/id"),
        ({"reason": "another", "changes": {"method": "hhd"}}, "/changes/method"),
        ({"reason": "another", "changes": {"confirm": True}}, "/changes/confirm"),
        ({"reason": "no", "changes": {"grade": "4"}}, "/reason"),
        ({"reason": "  x  ", "changes": {"grade": "4"}}, "/reason"),
        ({"reason": "x" * 501, "changes": {"grade": "4"}}, "/reason"),
        ({"reason": "null \u0000", "changes": {"grade": "4"}}, "/reason"),
        ({"changes": {"grade": "4"}}, "/reason"),
        ({"reason": "typing error"}, "/changes"),
        ({"reason": "typing error", "changes": {"grade": "4"}, "more": 1}, "/more"),
    ],
)
def test_an_amendment_that_is_refused(
    cast: Cast, api: Api, stored: dict[str, Any], body: dict[str, Any], pointer: str
) -> None:
    [error] = problem(change(api(cast.patient_user), stored, body=body), 400, "invalid")["errors"]
    assert error["pointer"] == pointer
    assert not RecordVersion.objects.exists()


def test_an_amendment_is_checked_like_a_new_record(cast: Cast, api: Api, stored: dict[str, Any]) -> None:
    client = api(cast.patient_user)
    assert change(client, stored, body={"reason": "plus", "changes": {"grade": "3+"}}).status_code == 400
    odd = {"reason": "position", "changes": {"grade": "2", "position": "against_gravity"}}
    problem(change(client, stored, body=odd), 422, "needs-confirmation")
    amended = change(client, stored, body={**odd, "confirm": True})
    assert amended.status_code == 200
    assert amended.json()["confirmed"] == [{"pointer": "/position", "code": "unusual"}]
    cleared = change(client, stored, '"2"', body={"reason": "not known", "changes": {"position": None}})
    assert cleared.json()["position"] is None
    future = {"reason": "time", "changes": {"performed_at": "2999-01-01T00:00:00Z"}}
    problem(change(client, stored, '"3"', body=future), 400, "invalid")


def test_nested_fields_are_merged_and_lists_replaced_whole(cast: Cast, api: Api) -> None:
    client = api(cast.patient_user)
    sent = document("sessions", "fes", cast.patient.pk, id=str(new_id()))
    assert client.post("/api/v1/sessions/", sent, format="json").status_code == 201
    body = {
        "reason": "amplitude",
        "changes": {"details": {"amplitude": {"value": 20}, "channels": [{"muscle": "ANK_DF", "side": "right"}]}},
    }
    path = f"/api/v1/sessions/{sent['id']}/"
    amended = client.patch(path, body, format="json", headers={"If-Match": '"1"'})
    assert amended.status_code == 200, amended.content
    details = amended.json()["details"]
    assert details["amplitude"] == {"value": 20, "unit": "mA"}
    assert [channel["muscle"] for channel in details["channels"]] == ["ANK_DF"]
    assert details["frequency_hz"] == 35
    assert amended.json()["derived"]["phase_charge_microcoulombs"] == pytest.approx(6)


def test_a_rom_reading_is_not_compared_with_itself(cast: Cast, api: Api) -> None:
    client = api(cast.patient_user)
    sent = document("rom", "rom", cast.patient.pk, id=str(new_id()))
    assert client.post("/api/v1/rom/", sent, format="json").status_code == 201
    path, headers = f"/api/v1/rom/{sent['id']}/", {"If-Match": '"1"'}
    body = {"reason": "other side", "changes": {"side": "right", "value_deg": 60}}
    assert client.patch(path, body, format="json", headers=headers).status_code == 200


def test_a_caregiver_who_may_log_may_not_amend(cast: Cast, api: Api) -> None:
    client = api(cast.caregiver)
    sent = document("strength", "mrc", cast.patient.pk, id=str(new_id()))
    assert client.post(STRENGTH, sent, format="json").status_code == 201
    problem(change(client, sent), 403, "not-permitted")
    path = f"{STRENGTH}{sent['id']}/enter-in-error/"
    answer = client.post(path, {"reason": "wrong"}, format="json", headers={"If-Match": '"1"'})
    problem(answer, 403, "not-permitted")
    assert not RecordVersion.objects.exists()


def test_a_record_that_was_not_changed_is_not_sent_again(cast: Cast, api: Api, stored: dict[str, Any]) -> None:
    client = api(cast.patient_user)
    path = f"{STRENGTH}{stored['id']}/"
    answer = client.get(path, headers={"If-None-Match": '"1"'})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", '"1"')
    for named, status in (('W/"1"', 304), ('"7", "1"', 304), ("*", 304), ('"2"', 200), ("1", 200), ("", 200)):
        assert client.get(path, headers={"If-None-Match": named}).status_code == status, named
    patient = f"/api/v1/patients/{cast.patient.pk}/"
    assert client.get(patient, headers={"If-None-Match": '"1"'}).status_code == 304


# --- Idempotency


def test_the_original_content_of_an_amended_record_answers_what_is_stored_now(
    cast: Cast, api: Api, stored: dict[str, Any]
) -> None:
    client = api(cast.patient_user)
    amended = change(client, stored).json()
    again = client.post(STRENGTH, stored, format="json")
    assert (again.status_code, again.json(), again["ETag"]) == (200, amended, '"2"')
    problem(client.post(STRENGTH, {**stored, "grade": "4"}, format="json"), 409, "id-in-use")


def test_the_same_content_in_another_form_is_the_same(cast: Cast, api: Api, stored: dict[str, Any]) -> None:
    client = api(cast.patient_user)
    same = {**stored, "note": "", "confirm": True, "position": None, "status": "measured"}
    assert client.post(STRENGTH, same, format="json").status_code == 200
    assert client.post(STRENGTH, {**same, "performed_at": stored["performed_at"].replace("+00:00", "Z")},
                       format="json").status_code == 200  # fmt: skip


def test_the_id_of_a_record_that_one_cannot_see_says_nothing_of_it(cast: Cast, api: Api) -> None:
    hidden = document("strength", "mrc", cast.other_patient.pk, id=str(new_id()), note="secret")
    made = api(cast.other_therapist).post(STRENGTH, hidden, format="json")
    assert made.status_code == 201
    client = api(cast.patient_user)
    own = document("strength", "mrc", cast.patient.pk, id=hidden["id"])
    taken = client.post(STRENGTH, own, format="json")
    problem(taken, 409, "id-in-use")
    mine = document("strength", "mrc", cast.patient.pk, id=str(new_id()))
    client.post(STRENGTH, mine, format="json")
    own_conflict = client.post(STRENGTH, {**mine, "note": "other"}, format="json")
    assert own_conflict.content == taken.content
    odd = {**own, "grade": "2", "position": "against_gravity"}
    assert client.post(STRENGTH, odd, format="json").content == taken.content
