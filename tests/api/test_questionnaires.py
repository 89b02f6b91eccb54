"""Questionnaires over HTTP: answering in two steps, marking in error, lists, responders, reference."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.ids import new_id
from accounts.models import User
from rehab.models import QuestionnaireResponse
from rehab.reference.wording import forbidden_in
from tests.api.questionnaires import URL, listed
from tests.conftest import Cast
from tests.questionnaires import ITEM_9, VALUES, answer, answers, document

Api = Callable[[User | None], APIClient]


# --- Two steps


def test_two_steps_and_the_crisis_message_at_once(on: Cast, api: Api, now: datetime) -> None:
    client = api(on.patient_user)
    first = client.post(URL, document(on.patient, "phq2", 3, 2, at=now), format="json")
    assert (first.status_code, first["ETag"], first.json()["follow_up"]) == (201, '"1"', "phq9")
    assert (first.json()["crisis"], first.json()["item_9"]) == (None, None)
    sent = document(on.patient, "phq9", None, None, *[1] * 6, 1, at=now, follows=first.json()["id"])
    second = client.post(URL, sent, format="json")
    assert second.status_code == 201
    assert second["Location"] == f"{URL}{sent['id']}/"
    found = second.json()
    assert found["answers"] == answers("phq9", 3, 2, *[1] * 7)
    assert found["score"] == {
        "of": "phq9", "total": 12, "maximum": 27, "prorated": False, "missing": [], "band": None,
        "screen_positive": None, "method_version": "1", "source": "Kroenke 2001, J Gen Intern Med 16:606-613",
    }  # fmt: skip
    assert found["item_9"] == {"shown": True, "answer": 1, "visible_to": ["Colleague"]}
    assert found["crisis"][0] == "You told us about thoughts of being better off dead or of hurting yourself."
    assert "call 120" in " ".join(found["crisis"])
    assert forbidden_in(" ".join(found["crisis"])) == []
    again = client.post(URL, sent, format="json")
    assert (again.status_code, again.json()) == (200, found)
    assert client.get(f"{URL}{sent['id']}/").json() == found


def test_the_crisis_message_follows_the_language(on: Cast, api: Api, now: datetime, fired: str) -> None:
    found = api(on.patient_user).get(f"{URL}{fired}/", headers={"Accept-Language": "zh-hans"}).json()
    assert "请立即拨打 120" in " ".join(found["crisis"])


def test_a_refusal_carries_the_crisis_message(on: Cast, api: Api, now: datetime) -> None:
    sent = document(on.patient, "phq9", *VALUES, at=now)
    answer_ = api(on.patient_user).post(URL, sent, format="json")
    assert answer_.status_code == 400
    [flag] = answer_.json()["red_flags"]
    assert (flag["flag"], flag["level"]) == ("SELF_HARM", "same_day")
    assert "call 120" in " ".join(flag["text"])


def test_other_answers_under_one_id_carry_it_too(on: Cast, api: Api, now: datetime) -> None:
    client = api(on.patient_user)
    short = client.post(URL, document(on.patient, "phq2", 3, 3, at=now), format="json").json()
    sent = document(on.patient, "phq9", None, None, *[3] * 6, 0, at=now, follows=short["id"], id=str(new_id()))
    assert client.post(URL, sent, format="json").status_code == 201
    again = client.post(URL, {**sent, "answers": {**sent["answers"], ITEM_9: 3}}, format="json")
    assert (again.status_code, again.json()["red_flags"][0]["flag"]) == (409, "SELF_HARM")


# --- Changing


def test_marking_in_error_keeps_both_versions(on: Cast, api: Api, fired: str) -> None:
    client = api(on.patient_user)
    path = f"{URL}{fired}/enter-in-error/"
    assert client.post(path, {"reason": "not me"}, format="json").status_code == 428
    stale = client.post(path, {"reason": "not me"}, format="json", headers={"If-Match": '"7"'})
    assert (stale.status_code, stale["ETag"]) == (412, '"1"')
    done = client.post(path, {"reason": "my son typed"}, format="json", headers={"If-Match": '"1"'})
    assert (done.status_code, done["ETag"], done.json()["record_status"]) == (200, '"2"', "entered_in_error")
    again = client.post(path, {"reason": "not me"}, format="json", headers={"If-Match": '"2"'})
    assert again.status_code == 409
    versions = client.get(f"{URL}{fired}/versions/").json()
    assert [(each["version"], each["record_status"], each["reason"]) for each in versions] == [
        (1, "final", ""),
        (2, "entered_in_error", "my son typed"),
    ]
    assert versions[0]["document"] == versions[1]["document"]
    assert client.get(f"{URL}{fired}/", headers={"If-None-Match": '"2"'}).status_code == 304


def test_the_list_is_narrowed_and_paged(on: Cast, api: Api, now: datetime, fired: str) -> None:
    client = api(on.therapist)
    assert set(listed(client, instrument="phq9")) == {fired}
    assert listed(client, record_status="entered_in_error") == {}
    first = client.get(URL, {"limit": "1"}).json()
    second = client.get(first["next"]).json()
    assert {row["id"] for page in (first, second) for row in page["results"]} == set(listed(client))
    assert second["next"] is None


def test_the_list_costs_the_same_for_many(on: Cast, api: Api, now: datetime) -> None:
    def cost(role: str) -> tuple[int, int]:
        client = api(on.user(role))
        with CaptureQueriesContext(connection) as captured:
            found = client.get(URL, {"limit": "200", "patient": str(on.patient.pk)}).json()
        return len(captured), len(found["results"])

    made = [answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now) for _each in range(3)]
    few = {role: cost(role) for role in ("patient_user", "therapist", "colleague")}
    template = QuestionnaireResponse.objects.get(pk=made[0])
    rows = []
    for _each in range(100):
        template.pk = new_id()
        rows.append(QuestionnaireResponse(**{f.attname: getattr(template, f.attname) for f in template._meta.fields}))
    QuestionnaireResponse.objects.bulk_create(rows)
    for role, (queries, count) in few.items():
        assert cost(role) == (queries, count + 100)
        assert queries <= 7


# --- Responders and reference


def test_an_administrator_names_who_answers(cast: Cast, api: Api) -> None:
    client = api(cast.admin)
    url = f"/api/v1/clinics/{cast.clinic.pk}/responders/"
    assert client.get(url).json() == {"questionnaires": "off", "results": []}
    early = client.patch(url, {"questionnaires": "with_item_9"}, format="json")
    assert (early.status_code, early.json()["errors"][0]["code"]) == (400, "nobody_answers")
    made = client.post(url, {"user": str(cast.colleague.pk)}, format="json")
    assert (made.status_code, made.json()["name"]) == (201, "Colleague")
    assert client.post(url, {"user": str(cast.colleague.pk)}, format="json").status_code == 400
    assert client.post(url, {"user": str(cast.patient_user.pk)}, format="json").status_code == 404
    assert client.post(url, {"user": str(cast.colleague.pk), "x": 1}, format="json").status_code == 400
    chosen = client.patch(url, {"questionnaires": "with_item_9"}, format="json").json()
    assert (chosen["questionnaires"], [row["name"] for row in chosen["results"]]) == ("with_item_9", ["Colleague"])
    assert client.delete(made["Location"]).status_code == 204
    assert client.delete(made["Location"]).status_code == 404
    assert client.get(url).json() == {"questionnaires": "without_item_9", "results": []}


def test_the_reference_gives_items_bands_and_sources(cast: Cast, api: Api) -> None:
    client = api(cast.patient_user)
    found = {row["code"]: row for row in client.get("/api/v1/reference/questionnaires/").json()["results"]}
    assert list(found) == ["phq2", "phq8", "phq9", "gad2", "gad7"]
    phq9 = found["phq9"]
    assert (phq9["maximum"], phq9["screen_positive_from"], phq9["total_loinc"]) == (27, 10, "44261-6")
    assert [(band["from"], band["band"]) for band in phq9["bands"]] == [
        (0, "minimal"), (5, "mild"), (10, "moderate"), (15, "moderately_severe"), (20, "severe"),
    ]  # fmt: skip
    assert phq9["items"][8]["loinc"] == ITEM_9
    assert (phq9["offered_in_this_language"], phq9["reason_not_offered"]) == (True, "")
    assert found["phq2"]["bands"] == []
    chinese = client.get("/api/v1/reference/questionnaires/", headers={"Accept-Language": "zh-hans"}).json()
    assert chinese["results"][0]["offered_in_this_language"] is False
    assert "不得自行翻译" in chinese["results"][0]["reason_not_offered"]
    assert chinese["results"][0]["items"] == found["phq2"]["items"]
