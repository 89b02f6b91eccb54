"""What of an answered questionnaire, and of its alert, reaches whom, through every address there is."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from rest_framework.test import APIClient

from accounts.ids import new_id
from accounts.models import User
from rehab.models import Alert, QuestionnaireResponse
from rehab.services import people, responders
from tests.api.questionnaires import URL, listed
from tests.conftest import Cast
from tests.questionnaires import ITEM_9, VALUES, answer, answers, document, switch_on

Api = Callable[[User | None], APIClient]


# --- Who sees what


@pytest.mark.parametrize("role", ["patient_user", "colleague"])
def test_the_patient_and_who_answers_see_item_9(on: Cast, api: Api, fired: str, role: str) -> None:
    client = api(on.user(role))
    for found in (client.get(f"{URL}{fired}/").json(), listed(client, patient=str(on.patient.pk))[fired]):
        assert found["answers"][ITEM_9] == 2
        assert found["item_9"] == {"shown": True, "answer": 2, "visible_to": ["Colleague"]}
        band = None if role == "patient_user" else "moderate"  # for clinicians
        assert (found["score"]["of"], found["score"]["total"], found["score"]["band"]) == ("phq9", 14, band)
    version = client.get(f"{URL}{fired}/versions/").json()[0]
    assert version["document"]["answers"][ITEM_9] == 2


def test_another_therapist_sees_what_the_other_eight_make(on: Cast, api: Api, fired: str) -> None:
    client = api(on.therapist)
    for found in (client.get(f"{URL}{fired}/").json(), listed(client, patient=str(on.patient.pk))[fired]):
        assert found["instrument"] == "phq9"
        assert found["answers"] == answers("phq8", *VALUES[:8])
        assert found["item_9"] == {"shown": False, "answer": None, "visible_to": ["Colleague"]}
        assert found["score"] == {
            "of": "phq8", "total": 12, "maximum": 24, "prorated": False, "missing": [], "band": None,
            "screen_positive": True, "method_version": "1", "source": "Kroenke 2009, J Affect Disord 114:163-173",
        }  # fmt: skip
        assert found["crisis"] is None


def test_who_answers_is_not_shown_the_message_for_the_patient(on: Cast, api: Api, fired: str) -> None:
    assert api(on.colleague).get(f"{URL}{fired}/").json()["crisis"] is None


@pytest.mark.parametrize("value", [0, 1, 2, 3, None])
def test_to_another_therapist_every_answer_to_item_9_looks_the_same(
    on: Cast, api: Api, now: datetime, value: int | None
) -> None:
    """Whatever item 9 says, no byte of any answer differs, but for ids and times."""
    bodies = []
    client = api(on.therapist)
    for last in (0, value):
        made = answer(on.patient, "phq9", *VALUES[:8], last, by=on.patient_user, now=now)
        for path in (f"{URL}{made}/", f"{URL}{made}/versions/"):
            reply = client.get(path)
            stored = QuestionnaireResponse.objects.get(pk=made)
            text = reply.content.decode().replace(str(made), "").replace(str(stored.follows_id), "")
            bodies.append((text, reply.get("ETag")))
    assert bodies[:2] == bodies[2:]


def test_who_answers_sees_of_strangers_only_what_fired(on: Cast, api: Api, now: datetime, fired: str) -> None:
    calm = str(answer(on.patient, "phq9", 3, 3, *[0] * 7, by=on.patient_user, now=now))
    client = api(on.colleague)
    assert set(listed(client)) == {fired}
    assert set(listed(client, patient=str(on.patient.pk))) == {fired}
    assert client.get(f"{URL}{calm}/").status_code == 404
    assert client.get(f"/api/v1/patients/{on.patient.pk}/").status_code == 404


def test_who_answers_and_treats_sees_item_9_of_all(on: Cast, api: Api, now: datetime, fired: str) -> None:
    calm = str(answer(on.patient, "phq9", 3, 3, *[0] * 7, by=on.patient_user, now=now))
    people.add_therapist(patient_id=on.patient.pk, therapist_id=on.colleague.pk, by=on.therapist, now=now)
    found = listed(api(on.colleague))
    assert (found[calm]["answers"][ITEM_9], found[fired]["answers"][ITEM_9]) == (0, 2)


def test_a_caregiver_sees_nothing_at_all(on: Cast, api: Api, fired: str) -> None:
    client = api(on.caregiver)
    assert listed(client) == {}
    assert client.get(URL, {"patient": str(on.patient.pk)}).status_code == 403
    nothing = client.get(f"{URL}{new_id()}/").content
    for path in (f"{URL}{fired}/", f"{URL}{fired}/versions/"):
        reply = client.get(path)
        assert (reply.status_code, reply.content) == (404, nothing)


def test_a_caregiver_who_answers_for_the_clinic_sees_what_fired(on: Cast, api: Api, now: datetime, fired: str) -> None:
    invitation = people.invite_caregiver(
        patient_id=on.patient.pk, email=on.colleague.email, permissions=[], language="en", by=on.patient_user, now=now
    )
    people.accept(invitation, by=on.colleague, now=now)
    assert set(listed(api(on.colleague), patient=str(on.patient.pk))) == {fired}


@pytest.mark.parametrize("role", ["admin", "other_therapist", "other_patient_user"])
def test_strangers_find_nothing(on: Cast, api: Api, fired: str, role: str) -> None:
    client = api(on.user(role))
    assert listed(client) == {}
    assert client.get(URL, {"patient": str(on.patient.pk)}).status_code == 404
    assert client.get(f"{URL}{fired}/").status_code == 404


def test_who_answers_elsewhere_sees_nothing_here(on: Cast, api: Api, now: datetime, fired: str) -> None:
    switch_on(on.other_clinic, admin=on.other_therapist, responder=on.other_therapist, now=now)
    assert listed(api(on.other_therapist)) == {}


def test_who_answers_no_more_sees_nothing_more(on: Cast, api: Api, now: datetime, fired: str) -> None:
    client = api(on.colleague)
    responders.end(clinic_id=on.clinic.pk, user_id=on.colleague.pk, by=on.admin, now=now)
    assert client.get(f"{URL}{fired}/").status_code == 404
    found = api(on.therapist).get(f"{URL}{fired}/").json()
    assert found["item_9"] == {"shown": False, "answer": None, "visible_to": []}


@pytest.mark.parametrize("role", ["patient_user", "caregiver", "therapist", "colleague", "admin"])
def test_no_other_address_tells_of_questionnaires(on: Cast, api: Api, fired: str, role: str) -> None:
    client = api(on.user(role))
    stored = QuestionnaireResponse.objects.get(pk=fired)
    texts = [
        client.get(path).content.decode()
        for path in (
            f"/api/v1/timeline/?patient={on.patient.pk}",
            f"/api/v1/timeline/?patient={on.patient.pk}&kind=questionnaire-responses",
            f"/api/v1/patients/{on.patient.pk}/",
            "/api/v1/patients/",
            "/api/v1/me/",
            f"/api/v1/strength/{fired}/",
        )
    ]
    for text in texts:
        assert fired not in text
        assert str(stored.follows_id) not in text
        assert ITEM_9 not in text


@pytest.mark.parametrize("role", ["patient_user", "caregiver", "therapist", "colleague"])
def test_a_batch_takes_and_tells_nothing(on: Cast, api: Api, now: datetime, fired: str, role: str) -> None:
    """A guess with the id of a stored response is refused without a look at it."""
    client = api(on.user(role))
    stored = QuestionnaireResponse.objects.get(pk=fired)
    replies = []
    for last in range(4):
        sent = document(on.patient, "phq9", *VALUES[:8], last, at=stored.performed_at, id=fired,
                        follows=str(stored.follows_id))  # fmt: skip
        item = {**sent, "kind": "questionnaire-responses"}
        replies.append(client.post("/api/v1/batch/", {"records": [item]}, format="json").json())
    told = [reply["results"][0].pop("red_flags", None) is not None for reply in replies]
    assert told == [False, *[role == "patient_user"] * 3]  # it says what was sent, and nothing of what is stored
    assert replies[0] == replies[1] == replies[2] == replies[3]
    assert replies[0]["results"][0]["problem"]["errors"][0]["pointer"] == "/kind"
    assert ITEM_9 not in json.dumps(replies)


@pytest.mark.parametrize("role", ["caregiver", "therapist"])
def test_nobody_guesses_by_sending_it_again(on: Cast, api: Api, fired: str, role: str) -> None:
    client = api(on.user(role))
    stored = QuestionnaireResponse.objects.get(pk=fired)
    for last in range(4):
        sent = document(on.patient, "phq9", *VALUES[:8], last, at=stored.performed_at, id=fired,
                        follows=str(stored.follows_id))  # fmt: skip
        assert client.post(URL, sent, format="json").status_code == 403


def test_the_list_cannot_be_narrowed_by_item_9(on: Cast, api: Api, fired: str) -> None:
    for name in ("self_harm_answer", "self_harm_answer__gte", "answers"):
        assert api(on.therapist).get(URL, {name: "1"}).status_code == 400


def test_the_logs_hold_no_answer(
    on: Cast, api: Api, now: datetime, caplog: pytest.LogCaptureFixture, fired: str
) -> None:
    caplog.set_level("DEBUG")
    client = api(on.patient_user)
    client.post(URL, document(on.patient, "phq9", *VALUES, at=now), format="json")
    client.get(f"{URL}{fired}/")
    told = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert ITEM_9 not in told
    assert "self_harm" not in told


# --- The alert over HTTP


@pytest.mark.parametrize("role", ["patient_user", "caregiver", "therapist", "admin", "other_therapist"])
def test_the_alert_is_not_there_for_anybody_else(on: Cast, api: Api, fired: str, role: str) -> None:
    client = api(on.user(role))
    alert = Alert.objects.get()
    nothing = client.get(f"/api/v1/alerts/{new_id()}/")
    found = client.get(f"/api/v1/alerts/{alert.pk}/")
    assert (found.status_code, found.content) == (404, nothing.content)
    for step, body in (("acknowledge", {}), ("close", {"reason": "done"}), ("assign", {"therapist": str(new_id())})):
        sent = client.post(f"/api/v1/alerts/{alert.pk}/{step}/", body, format="json", headers={"If-Match": '"1"'})
        assert sent.status_code == 404
    assert str(alert.pk) not in client.get("/api/v1/alerts/").content.decode()
    assert str(alert.pk) not in client.get("/api/v1/alerts/", {"patient": str(on.patient.pk)}).content.decode()
    assert str(alert.pk) not in client.get("/api/v1/alerts/", {"rule": "SELF_HARM"}).content.decode()


def test_who_answers_handles_the_alert(on: Cast, api: Api, fired: str) -> None:
    client = api(on.colleague)
    [alert] = client.get("/api/v1/alerts/").json()["results"]
    assert (alert["rule"], alert["level"], alert["status"]) == ("SELF_HARM", "same_day", "open")
    [cause] = alert["causes"]
    assert (cause["source_kind"], cause["source_id"], cause["evidence"]) == ("questionnaire-responses", fired, {})
    assert client.get(f"/api/v1/{cause['source_kind']}/{cause['source_id']}/").json()["answers"][ITEM_9] == 2
    path = f"/api/v1/alerts/{alert['id']}/"
    seen = client.post(f"{path}acknowledge/", {}, format="json", headers={"If-Match": '"1"'})
    assert (seen.status_code, seen.json()["status"]) == (200, "acknowledged")
    done = client.post(
        f"{path}close/", {"reason": "Phoned the patient."}, format="json", headers={"If-Match": seen["ETag"]}
    )
    assert (done.status_code, done.json()["status"]) == (200, "closed")
