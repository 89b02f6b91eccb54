"""Whatever becomes of a document that reports a warning sign, the answer says what to do (``red_flags``)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.ids import new_id
from accounts.models import User
from rehab.models import Alert, CheckIn
from rehab.services import patients
from tests.conftest import Cast
from tests.documents import document
from tests.emergencies import CALL, CRISIS, UNNAMED, check_in, told, words
from tests.questionnaires import ITEM_9

Api = Callable[[User | None], APIClient]
CHECK_INS = "/api/v1/check-ins/"


# --- Refused


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"fatigue": 11}, 400),
        ({"nonsense": 1}, 400),
        ({"performed_at": "2999-01-01T00:00:00Z"}, 400),
        ({"performed_at": None}, 400),
        ({"id": "no id"}, 400),
    ],
)
def test_what_cannot_be_is_refused_with_the_text(cast: Cast, api: Api, changes: Any, status: int) -> None:
    reply = api(cast.patient_user).post(CHECK_INS, check_in(cast, "stroke_face") | changes, format="json")
    assert reply.status_code == status
    assert told(reply.json()) == [("STROKE", "emergency")]
    assert CALL in words(reply.json())
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(
    "answers",
    [
        {"new_or_worse": ["stroke_face", "unheard_of"]},
        {"new_or_worse": ["stroke_face", 7, None, ["x"], {}]},
        {"new_or_worse": ["stroke_face"], "unchanged": "x"},
        {"new_or_worse": "stroke_face"},
    ],
)
def test_answers_that_are_half_understood_are_told_as_far_as_they_are(cast: Cast, api: Api, answers: Any) -> None:
    reply = api(cast.patient_user).post(CHECK_INS, check_in(cast) | {"red_flags": answers}, format="json")
    assert reply.status_code == 400
    assert told(reply.json()) == [("STROKE", "emergency")]


def test_the_words_are_those_of_the_language(cast: Cast, api: Api) -> None:
    sent = check_in(cast, "stroke_face", fatigue=11)
    reply = api(cast.patient_user).post(CHECK_INS, sent, format="json", headers={"Accept-Language": "zh-hans"})
    assert "请立即拨打 120，或马上前往医院急诊。" in words(reply.json())


def test_nothing_is_told_where_nothing_is_reported(cast: Cast, api: Api) -> None:
    nothing: list[Any] = [{"none_of_these": True}, {"new_or_worse": []}, None, [], "text"]
    for answers in nothing:
        sent = check_in(cast, fatigue=11) | {"red_flags": answers}
        reply = api(cast.patient_user).post(CHECK_INS, sent, format="json")
        assert (reply.status_code, "red_flags" in reply.json()) == (400, False)


def test_what_is_known_of_the_patient_counts_for_those_who_see_them(cast: Cast, api: Api) -> None:
    """A sign alone is for the same day; with known disease of the spine, or where nothing is known, for now."""
    sent = check_in(cast, "ces_bladder", fatigue=11)
    assert told(api(cast.caregiver).post(CHECK_INS, sent, format="json").json()) == [("CES", "same_day")]
    patients.amend(
        cast.patient.pk, {"conditions": ["cauda_equina"]}, expected_version=1, by=cast.therapist, now=timezone.now()
    )
    assert told(api(cast.caregiver).post(CHECK_INS, sent, format="json").json()) == [("CES", "emergency")]


@pytest.mark.parametrize("role", ["other_patient_user", "admin"])
def test_a_stranger_learns_nothing_of_the_patient(cast: Cast, api: Api, role: str) -> None:
    client = api(cast.user(role))
    replies = [
        client.post(CHECK_INS, check_in(cast, "ces_bladder", patient=patient), format="json")
        for patient in (str(cast.patient.pk), str(new_id()))
    ]
    assert [reply.status_code for reply in replies] == [404, 404]
    assert replies[0].content == replies[1].content
    assert told(replies[0].json()) == [("CES", "emergency")]
    assert UNNAMED in words(replies[0].json())


def test_a_caregiver_who_may_not_log_reads_the_text(cast: Cast, api: Api) -> None:
    cast.caregiver.care_roles.update(permissions=[])
    reply = api(cast.caregiver).post(CHECK_INS, check_in(cast, "stroke_face"), format="json")
    assert reply.status_code == 403
    assert CALL in words(reply.json())


@pytest.mark.parametrize("token", ["", "Token wrongwrongwrongwrong"])
def test_who_cannot_sign_in_reads_the_text_without_a_number(cast: Cast, token: str) -> None:
    client = APIClient(headers={"Authorization": token} if token else {})
    reply = client.post(CHECK_INS, check_in(cast, "stroke_face"), format="json")
    assert reply.status_code == 401
    assert UNNAMED in words(reply.json())
    item_9 = client.post("/api/v1/questionnaire-responses/", {"answers": {ITEM_9: 1}}, format="json")
    assert item_9.status_code == 401
    assert CRISIS in words(item_9.json())
    assert "call your local emergency number" in words(item_9.json())


def test_a_long_body_of_nobody_is_not_read(cast: Cast) -> None:
    sent = check_in(cast, "stroke_face", note="x" * 70_000)
    reply = APIClient().post(CHECK_INS, sent, format="json")
    assert (reply.status_code, "red_flags" in reply.json()) == (401, False)


def test_with_the_database_gone_the_text_comes_all_the_same(
    cast: Cast, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_args: Any, **_options: Any) -> Any:
        raise OperationalError("the database is gone")

    client = api(cast.patient_user)
    client.raise_request_exception = False
    monkeypatch.setattr("rehab.selectors.patients.get", gone)
    reply = client.post(CHECK_INS, check_in(cast, "stroke_face"), format="json")
    assert (reply.status_code, reply["Content-Type"]) == (500, "application/problem+json")
    assert told(reply.json()) == [("STROKE", "emergency")]
    monkeypatch.setattr("rehab.selectors.tokens.user_of", gone)
    assert UNNAMED in words(client.post(CHECK_INS, check_in(cast, "stroke_face"), format="json").json())


# --- Odd, in conflict, repeated


@pytest.mark.parametrize("kind", ["check-ins", "sessions"])
def test_an_emergency_is_not_held_back_to_be_confirmed(cast: Cast, api: Api, kind: str) -> None:
    """An hour ahead asks to be confirmed; the phone's clock is wrong, the stroke may be right."""
    code, variant = {"check-ins": ("stroke_face", "check-ins"), "sessions": ("stop_faint", "aerobic")}[kind]
    at = (timezone.now() + timedelta(hours=1)).isoformat()
    sent = document(kind, variant, cast.patient.pk, red_flags={"new_or_worse": [code]}, performed_at=at)
    reply = api(cast.patient_user).post(f"/api/v1/{kind}/", sent, format="json")
    assert reply.status_code == 201
    found = reply.json()
    assert CALL in words(found["derived"])
    assert (found["confirmed"], found["derived"]["unconfirmed"]) == (
        [], [{"pointer": "/performed_at", "code": "unusual"}],
    )  # fmt: skip
    assert {alert.level for alert in Alert.objects.all()} == {"emergency"}


def test_what_was_kept_unconfirmed_can_be_confirmed_later(cast: Cast, api: Api) -> None:
    client = api(cast.patient_user)
    at = (timezone.now() + timedelta(hours=1)).isoformat()
    made = client.post(CHECK_INS, check_in(cast, "stroke_face", performed_at=at), format="json").json()
    change = {"reason": "it was so", "changes": {"red_flags": None}, "confirm": False}
    page, match = f"{CHECK_INS}{made['id']}/", {"If-Match": '"1"'}
    held = client.patch(page, change, format="json", headers=match)
    assert held.status_code == 422
    done = client.patch(page, change | {"confirm": True}, format="json", headers=match).json()
    assert done["confirmed"] == [{"pointer": "/performed_at", "code": "unusual"}]
    assert "unconfirmed" not in done["derived"]


def test_what_can_wait_for_a_day_waits_to_be_confirmed_and_is_told(cast: Cast, api: Api) -> None:
    at = (timezone.now() + timedelta(hours=1)).isoformat()
    reply = api(cast.patient_user).post(CHECK_INS, check_in(cast, "dvt_leg", performed_at=at), format="json")
    assert reply.status_code == 422
    assert told(reply.json()) == [("DVT_PE", "same_day")]
    assert not Alert.objects.exists()


def test_other_content_under_one_id_is_refused_with_the_text(cast: Cast, api: Api) -> None:
    client, id = api(cast.patient_user), str(new_id())
    assert client.post(CHECK_INS, check_in(cast, id=id), format="json").status_code == 201
    reply = client.post(CHECK_INS, check_in(cast, "stroke_face", id=id), format="json")
    assert reply.status_code == 409
    assert CALL in words(reply.json())


def test_a_repeat_tells_what_was_sent_whatever_became_of_the_record(cast: Cast, api: Api) -> None:
    client, sent = api(cast.patient_user), check_in(cast, "stroke_face", id=str(new_id()))
    first = client.post(CHECK_INS, sent, format="json")
    again = client.post(CHECK_INS, sent, format="json")
    assert (again.status_code, again.json()) == (200, first.json())
    page = f"{CHECK_INS}{sent['id']}/"
    change = {"reason": "ticked the wrong line", "changes": {"red_flags": None}}
    assert client.patch(page, change, format="json", headers={"If-Match": '"1"'}).status_code == 200
    assert "red_flags" not in client.get(page).json()["derived"]
    late = client.post(CHECK_INS, sent, format="json")
    assert (late.status_code, late.json()["version"]) == (200, 2)
    assert CALL in words(late.json()["derived"])


# --- Amended


@pytest.mark.parametrize(
    ("headers", "changes", "status"),
    [
        ({"If-Match": '"7"'}, {}, 412),
        ({}, {}, 428),
        ({"If-Match": '"1"'}, {"fatigue": 11}, 400),
        ({"If-Match": '"1"'}, {"patient": "x"}, 400),
    ],
)
def test_an_amendment_that_is_refused_tells_it_too(
    cast: Cast, api: Api, headers: Any, changes: Any, status: int
) -> None:
    client = api(cast.patient_user)
    made = client.post(CHECK_INS, check_in(cast), format="json").json()
    change = {"reason": "forgot", "changes": {"red_flags": {"new_or_worse": ["stroke_face"]}, **changes}}
    reply = client.patch(f"{CHECK_INS}{made['id']}/", change, format="json", headers=headers)
    assert reply.status_code == status
    assert CALL in words(reply.json())


def test_an_amendment_of_what_was_entered_in_error_tells_it_too(cast: Cast, api: Api) -> None:
    client = api(cast.patient_user)
    page = f"{CHECK_INS}{client.post(CHECK_INS, check_in(cast), format='json').json()['id']}/"
    mark = client.post(f"{page}enter-in-error/", {"reason": "not me"}, format="json", headers={"If-Match": '"1"'})
    assert mark.status_code == 200
    change = {"reason": "forgot", "changes": {"red_flags": {"new_or_worse": ["stroke_face"]}}}
    reply = client.patch(page, change, format="json", headers={"If-Match": '"2"'})
    assert reply.status_code == 409
    assert CALL in words(reply.json())
