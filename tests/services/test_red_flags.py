"""Red flags of a record: kept with it, answered in the reader's language, and evaluated again when it is amended."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.ids import new_id
from accounts.models import Event, User
from rehab.models import Alert, AlertCause, CheckIn
from rehab.services import patients, red_flags
from rehab.services.red_flags import findings
from tests.conftest import Cast
from tests.documents import document

Api = Callable[[User | None], APIClient]
URL = "/api/v1/check-ins/"


def sent(cast: Cast, *new: str, unchanged: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
    flags = {"new_or_worse": list(new), "unchanged": list(unchanged)}
    return document("check-ins", "check-ins", cast.patient.pk, red_flags=flags, id=str(new_id()), **changes)


def known(cast: Cast, now: datetime, version: int = 1, **changes: Any) -> None:
    patients.amend(cast.patient.pk, changes, expected_version=version, by=cast.therapist, now=now)


def test_an_emergency_is_answered_with_level_and_text_and_the_clinics_own_number(cast: Cast, api: Api) -> None:
    client = api(cast.patient_user)
    answer = client.post(URL, sent(cast, "ces_saddle", "ces_pain"), format="json")
    assert answer.status_code == 201
    [flag] = answer.json()["derived"]["red_flags"]
    assert (flag["flag"], flag["level"], flag["answers"]) == ("CES", "emergency", ["ces_pain", "ces_saddle"])
    assert flag["text"] == [
        "You reported back or leg pain or a spine problem; new numbness around the saddle area.",
        "This can need urgent medical care. Call 120 or go to an emergency department now.",
        "This app does not monitor you in real time.",
    ]
    path = f"{URL}{answer.json()['id']}/"
    assert client.get(path).json() == answer.json()
    assert client.get(URL, {"patient": str(cast.patient.pk)}).json()["results"] == [answer.json()]
    chinese = client.get(path, headers={"Accept-Language": "zh-hans"}).json()["derived"]["red_flags"][0]["text"]
    assert chinese[1] == "这种情况可能需要紧急医疗救治。请立即拨打 120，或马上前往医院急诊。"


def test_nothing_is_said_when_nothing_was_raised(cast: Cast, api: Api) -> None:
    body = sent(cast)
    body["red_flags"] = {"none_of_these": True}
    assert "red_flags" not in api(cast.patient_user).post(URL, body, format="json").json()["derived"]


def test_a_session_is_asked_too(cast: Cast, api: Api) -> None:
    body = document("sessions", "aerobic", cast.patient.pk, red_flags={"new_or_worse": ["stop_chest_pain"]})
    derived = api(cast.patient_user).post("/api/v1/sessions/", body, format="json").json()["derived"]
    assert {(flag["flag"], flag["level"]) for flag in derived["red_flags"]} == {
        ("CARDIAC", "emergency"),
        ("DVT_PE", "emergency"),
    }


@pytest.mark.parametrize(
    ("deficits", "level"), [(None, "review"), ([], "review"), (["bowel"], "review"), (["bladder"], None)]
)
def test_as_before_raises_nothing_only_if_it_is_on_record(
    cast: Cast, api: Api, now: datetime, deficits: list[str] | None, level: str | None
) -> None:
    if deficits is not None:
        known(cast, now, baseline_deficits=deficits, conditions=["cauda_equina"])
    derived = api(cast.patient_user).post(URL, sent(cast, unchanged=("ces_bladder",)), format="json").json()["derived"]
    assert [flag["level"] for flag in derived.get("red_flags", [])] == ([level] if level else [])


def test_new_or_worse_is_an_emergency_whatever_was_known(cast: Cast, api: Api, now: datetime) -> None:
    known(cast, now, baseline_deficits=["bladder"], conditions=["cauda_equina"])
    derived = api(cast.patient_user).post(URL, sent(cast, "ces_bladder"), format="json").json()["derived"]
    assert [flag["level"] for flag in derived["red_flags"]] == ["emergency"]


def test_rhabdomyolysis_needs_the_muscle_after_exercise_and_the_urine(cast: Cast, api: Api) -> None:
    client = api(cast.patient_user)
    both = client.post(URL, sent(cast, "rhabdo_muscle", "rhabdo_urine"), format="json").json()["derived"]["red_flags"]
    one = client.post(URL, sent(cast, "rhabdo_muscle"), format="json").json()["derived"]["red_flags"]
    assert [flag["level"] for flag in (*both, *one)] == ["emergency", "review"]


def test_an_amendment_is_evaluated_again(cast: Cast, api: Api) -> None:
    client = api(cast.patient_user)
    made = client.post(URL, sent(cast, "stroke_face"), format="json").json()
    body = {"reason": "ticked the wrong box", "changes": {"red_flags": {"new_or_worse": ["skin_wound"]}}}
    changed = client.patch(f"{URL}{made['id']}/", body, format="json", headers={"If-Match": '"1"'}).json()
    assert [flag["flag"] for flag in changed["derived"]["red_flags"]] == ["SKIN"]
    versions = client.get(f"{URL}{made['id']}/versions/").json()
    assert versions[0]["document"]["derived"]["red_flags"][0]["flag"] == "STROKE"


def alerts_of(cast: Cast) -> list[tuple[str, str, str]]:
    found = Alert.objects.filter(patient=cast.patient).order_by("rule", "id")
    return list(found.values_list("rule", "level", "status"))


def test_an_alert_is_raised_once_with_the_record_and_taken_back_with_it(cast: Cast, api: Api) -> None:
    client, body = api(cast.patient_user), sent(cast, "stroke_face")
    for status in (201, 200):
        assert client.post(URL, body, format="json").status_code == status
    assert alerts_of(cast) == [("STROKE", "emergency", "open")]
    amendment = {"reason": "ticked the wrong box", "changes": {"red_flags": {"new_or_worse": ["skin_wound"]}}}
    changed = client.patch(f"{URL}{body['id']}/", amendment, format="json", headers={"If-Match": '"1"'})
    assert changed.status_code == 200
    assert alerts_of(cast) == [("SKIN", "review", "open"), ("STROKE", "emergency", "open")]
    mark = {"reason": "somebody else's"}
    client.post(f"{URL}{body['id']}/enter-in-error/", mark, format="json", headers={"If-Match": '"2"'})
    # A red flag stays open until a clinician closes it: no patient takes one back.
    assert {status for _rule, _level, status in alerts_of(cast)} == {"open"}
    assert set(AlertCause.objects.values_list("withdrawn_at", flat=True)).isdisjoint({None})


def test_what_comes_in_a_batch_raises_too_and_only_once(cast: Cast, api: Api) -> None:
    session = document("sessions", "aerobic", cast.patient.pk, red_flags={"new_or_worse": ["stop_fall"]})
    items = [{**sent(cast, "infection_wound"), "kind": "check-ins"},
             {**session, "id": str(new_id()), "kind": "sessions"}]  # fmt: skip
    answers = [
        api(cast.patient_user).post("/api/v1/batch/", {"records": items}, format="json").json()["results"]
        for _attempt in range(2)
    ]
    assert [flag["text"][1] for result in answers[0] for flag in result["red_flags"]] == [
        "Please contact your care team today. If you cannot reach them, go to urgent care today.",
        "Please show this to your therapist before your next session.",
    ]
    assert [result["outcome"] for result in answers[1]] == ["same", "same"]
    assert alerts_of(cast) == [("FRACTURE_FALL", "review", "open"), ("INFECTION", "same_day", "open")]


def test_a_record_whose_alert_cannot_be_raised_is_not_kept(
    cast: Cast, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_options: Any) -> None:
        raise RuntimeError("no alert")

    monkeypatch.setattr("rehab.services.alerts.raise_all", fail)
    with pytest.raises(RuntimeError, match="no alert"):
        api(cast.patient_user).post(URL, sent(cast, "stroke_face"), format="json")
    assert not CheckIn.objects.exists()


def test_what_is_known_beforehand_is_audited_and_refused_if_it_is_no_deficit(cast: Cast, api: Api) -> None:
    client = api(cast.therapist)
    path = f"/api/v1/patients/{cast.patient.pk}/"
    before = client.get(path).json()
    assert (before["baseline_deficits"], before["injury_at_or_above_t6"]) == (None, None)
    changes = {"baseline_deficits": ["bladder", "sensation"], "injury_at_or_above_t6": True}
    changed = client.patch(path, {"changes": changes}, format="json", headers={"If-Match": '"1"'})
    assert {name: changed.json()[name] for name in changes} == changes
    told = Event.objects.filter(action="patient.amended").latest("id")
    assert told.changes == {"fields": ["baseline_deficits", "injury_at_or_above_t6"]}
    wrong = client.patch(path, {"changes": {"baseline_deficits": ["nose"]}}, format="json", headers={"If-Match": '"2"'})
    assert wrong.status_code == 400
    assert wrong.json()["errors"][0]["code"] == "unknown_code"
    enrolled = client.post("/api/v1/patients/", {"name": "New", "baseline_deficits": []}, format="json").json()
    assert enrolled["baseline_deficits"] == []


def test_every_flag_of_a_record_is_a_cause_with_what_made_it_fire(cast: Cast) -> None:
    derived = red_flags.evaluated(["stroke_face", "skin_burn", "unknown"], [], cast.patient)
    record = type("Row", (), {"derived": json.loads(json.dumps({"red_flags": derived})), "pk": new_id(),
                              "performed_at": datetime.now().astimezone()})()  # fmt: skip
    causes = findings(record, cast.patient)
    assert [(cause.rule, cause.level, cause.evidence["answers"]) for cause in causes] == [
        ("STROKE", "emergency", ["stroke_face"]),
        ("SKIN", "review", ["skin_burn"]),
    ]
