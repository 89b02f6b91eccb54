"""Programmes, excused days, templates, screening lists and adherence over HTTP."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.ids import new_id
from accounts.models import User
from rehab.models import ExerciseSession
from rehab.reference.checklists import CHECKLISTS
from rehab.services import excusals, program_items, program_templates
from tests.conftest import Cast
from tests.documents import document
from tests.programs import ITEM, MONDAY, WEEKLY, cleared, items_of, moment, session, written

Api = Callable[[User | None], APIClient]
V1 = "/api/v1"


def sent(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {"patient": str(cast.patient.pk), "title": "Knee", "items": [ITEM, WEEKLY], **changes}


def test_a_programme_is_written_read_amended_and_ended(cast: Cast, api: Api) -> None:
    client, chosen = api(cast.therapist), str(new_id())
    made = client.post(f"{V1}/programs/", sent(cast, id=chosen), format="json")
    assert (made.status_code, made["ETag"], made["Location"]) == (201, '"1"', f"{V1}/programs/{chosen}/")
    assert client.post(f"{V1}/programs/", sent(cast, id=chosen), format="json").status_code == 200
    other = client.post(f"{V1}/programs/", sent(cast, id=chosen, title="Hip"), format="json")
    assert (other.status_code, other.json()["type"]) == (409, "urn:rehab:problem:id-in-use")
    path = f"{V1}/programs/{chosen}/"
    read = api(cast.patient_user).get(path).json()
    assert read == made.json()
    band = read["items"][0]
    assert (band["dose"], band["dose_unit"], band["weekdays"]) == (30, "repetitions", ["mon", "wed", "fri"])
    item = f"{path}items/{band['id']}/"
    change = {"reason": "goes well", "changes": {"weekdays": [], "times_per_week": 5}}
    assert client.patch(item, change, format="json").status_code == 428
    assert client.patch(item, change, format="json", headers={"If-Match": '"2"'}).status_code == 412
    amended = client.patch(item, change, format="json", headers={"If-Match": '"1"'})
    assert (amended.status_code, amended["ETag"], amended.json()["times_per_week"]) == (200, '"2"', 5)
    assert amended.json()["change"]["reason"] == "goes well"
    assert client.get(item, headers={"If-None-Match": '"2"'}).status_code == 304
    before, now = client.get(f"{item}versions/").json()
    assert (before["document"]["weekdays"], before["replaced_on"]) == (["mon", "wed", "fri"], now["valid_from"])
    assert now["replaced_on"] is None
    added = client.post(f"{path}items/", {"modality": "breathing", "sets": 3, "reps": 8, "times_per_week": 7},
                        format="json")  # fmt: skip
    assert (added.status_code, added.json()["dose"]) == (201, 24)
    ended = client.post(f"{item}end/", {"reason": "goal reached"}, format="json", headers={"If-Match": '"2"'})
    assert ended.json()["ended_on"] is not None
    retitled = client.patch(path, {"reason": "typing error", "changes": {"title": "Knee, left"}}, format="json",
                            headers={"If-Match": '"1"'})  # fmt: skip
    assert (retitled.json()["title"], len(retitled.json()["items"])) == ("Knee, left", 3)
    over = client.post(f"{path}end/", {"reason": "discharged"}, format="json", headers={"If-Match": '"2"'})
    assert (over.status_code, over.json()["status"]) == (200, "ended")
    assert [row["document"]["title"] for row in client.get(f"{path}versions/").json()] == ["Knee", *["Knee, left"] * 2]
    assert client.get(f"{V1}/programs/", {"status": "active"}).json()["results"] == []
    assert len(client.get(f"{V1}/programs/", {"patient": str(cast.patient.pk)}).json()["results"]) == 1


def test_a_screening_list_blocks_the_start_and_says_what_lacks(cast: Cast, api: Api) -> None:
    client = api(cast.therapist)
    fes = {"modality": "fes", "minutes": 20, "times_per_week": 3}
    answer = client.post(f"{V1}/programs/", sent(cast, items=[fes]), format="json")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:rehab:problem:not-cleared")
    assert len(answer.json()["errors"]) == len(CHECKLISTS["fes"])
    assert answer.json()["errors"][0]["pointer"] == "/items/0/modality"
    # Logging is never blocked.
    logged = document("sessions", "fes", cast.patient.pk)
    assert api(cast.patient_user).post(f"{V1}/sessions/", logged, format="json").status_code == 201
    answers = {"patient": str(cast.patient.pk), "checklist": "fes", "answers": dict.fromkeys(CHECKLISTS["fes"], "no")}
    made = client.post(f"{V1}/checklists/", answers, format="json")
    assert (made.status_code, made.json()["cleared"], made.json()["valid"]) == (201, True, True)
    assert client.post(f"{V1}/programs/", sent(cast, items=[fes]), format="json").status_code == 201
    yes = {**answers, "answers": {**answers["answers"], "fes_skin": "yes"}}  # type: ignore[dict-item]
    second = client.post(f"{V1}/checklists/", yes, format="json").json()
    assert (second["cleared"], [item["code"] for item in second["applying"]]) == (False, ["fes_skin"])
    listed = client.get(f"{V1}/checklists/", {"patient": str(cast.patient.pk)}).json()["results"]
    assert [row["valid"] for row in listed] == [True, False]
    assert client.get(made["Location"]).json()["superseded_at"] is not None
    zh = client.post(f"{V1}/programs/", sent(cast, items=[fes]), format="json", headers={"Accept-Language": "zh-hans"})
    assert "皮肤" in zh.content.decode()


def test_a_session_names_its_item(cast: Cast, api: Api) -> None:
    program = written(cast.patient, ITEM, WEEKLY, by=cast.therapist)
    band, aerobic = items_of(program)
    [other] = items_of(written(cast.other_patient, by=cast.other_therapist))
    client = api(cast.patient_user)
    body = document("sessions", "resistance_band", cast.patient.pk)
    made = client.post(f"{V1}/sessions/", {**body, "program_item": str(band.pk)}, format="json")
    assert (made.status_code, made.json()["program_item"]) == (201, str(band.pk))
    assert ExerciseSession.objects.get().program_item_id == band.pk
    for wrong, code in ((other.pk, "unknown_code"), (new_id(), "unknown_code"), (aerobic.pk, "inconsistent")):
        refused = client.post(f"{V1}/sessions/", {**body, "program_item": str(wrong)}, format="json")
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, code)
        assert refused.json()["errors"][0]["pointer"] == "/program_item"
        changes = {"reason": "wrong item", "changes": {"program_item": str(wrong)}}
        path = f"{V1}/sessions/{made.json()['id']}/"
        amended = client.patch(path, changes, format="json", headers={"If-Match": '"1"'})
        assert amended.json()["errors"][0]["pointer"] == "/changes/program_item"
        item = {**body, "kind": "sessions", "id": str(new_id()), "program_item": str(wrong)}
        batch = client.post(f"{V1}/batch/", {"records": [item]}, format="json").json()
        assert batch["results"][0]["problem"]["errors"][0]["code"] == code
    cleared_ = {"reason": "was an extra one", "changes": {"program_item": None}}
    assert client.patch(path, cleared_, format="json", headers={"If-Match": '"1"'}).json()["program_item"] is None


def test_today_and_adherence(cast: Cast, api: Api) -> None:
    program = written(cast.patient, ITEM, WEEKLY, by=cast.therapist)
    band, _aerobic = items_of(program)
    row = session(cast.patient, MONDAY, by=cast.patient_user, item=band.pk)
    session(cast.patient, MONDAY, by=cast.patient_user, variant="aerobic")
    query = {"patient": str(cast.patient.pk), "on": MONDAY.isoformat()}
    found = api(cast.caregiver).get(f"{V1}/programs/today/", query).json()
    first, second = found["items"]
    assert (first["item"]["id"], first["done"], first["left"]) == (str(band.pk), True, False)
    assert first["sessions"] == [str(row.pk)]
    assert (second["week_done"], second["week_due"], second["week_left"], second["left"]) == (1, 3, 2, True)
    week = found["adherence"]["week"]
    assert [week[name] for name in ("planned", "completed", "missed", "left", "last_on")] == [6, 2, 0, 4, "2026-03-08"]
    assert "session_pct" not in week
    report = api(cast.therapist).get(f"{V1}/analytics/adherence/", {**query, "on": "2026-03-09"}).json()
    rolling = report["rolling"]
    # Monday done, Wednesday and Friday not; one of three by the week; what is due on Monday is not missed yet.
    assert (rolling["due"], rolling["completed"], round(rolling["session_pct"], 1)) == (6, 2, 33.3)
    last = report["last_week"]
    assert [last[name] for name in ("due", "completed", "partial", "missed", "first_on")] == [6, 2, 0, 4, "2026-03-02"]
    assert (round(last["session_pct"], 1), report["week"]["left"], report["streak"]["days"]) == (33.3, 6, 0)
    bad = api(cast.therapist).get(f"{V1}/analytics/adherence/", {"patient": str(cast.patient.pk), "on": "yesterday"})
    assert bad.json()["errors"][0]["pointer"] == "?on"
    assert api(cast.therapist).get(f"{V1}/programs/today/").status_code == 400


def test_excused_days_and_templates(cast: Cast, api: Api) -> None:
    client = api(cast.therapist)
    days = {"patient": str(cast.patient.pk), "first_on": "2026-03-02", "last_on": "2026-03-04", "reason": "unwell"}
    made = client.post(f"{V1}/excusals/", days, format="json")
    assert (made.status_code, made.json()["withdrawn"]) == (201, False)
    gone = client.post(f"{made['Location']}withdraw/", headers={"If-Match": '"1"'})
    assert (gone.status_code, gone.json()["withdrawn"], gone["ETag"]) == (200, True, '"2"')
    again = client.post(f"{made['Location']}withdraw/", headers={"If-Match": '"1"'})
    assert (again.status_code, again["ETag"]) == (412, '"2"')
    assert client.get(made["Location"], headers={"If-None-Match": '"2"'}).status_code == 304
    template = client.post(f"{V1}/program-templates/", {"title": "Knee", "items": [ITEM]}, format="json")
    assert template.status_code == 201
    program = client.post(
        f"{V1}/programs/", {"patient": str(cast.patient.pk), "template": template.json()["id"]}, format="json"
    )
    assert (program.status_code, program.json()["title"], len(program.json()["items"])) == (201, "Knee", 1)
    path = template["Location"]
    assert client.get(path, headers={"If-None-Match": '"1"'}).status_code == 304
    retired = client.post(f"{path}retire/", {"reason": "not used"}, format="json", headers={"If-Match": '"1"'})
    assert retired.json()["retired"] is True
    assert client.get(f"{V1}/program-templates/", {"retired": "false"}).json()["results"] == []
    assert len(client.get(f"{V1}/program-templates/", {"retired": "true"}).json()["results"]) == 1


HOSTILE: list[Any] = [
    None, True, 0, -1, 1e308, 2**70, "", "\x00", "\ud800", "x" * 5000, [], [[]], {}, {"$ne": 1}, "2026-02-30",
    "0001-01-01", "9999-12-31", "'; DROP TABLE rehab_program; --",
]  # fmt: skip


@pytest.mark.parametrize("address", ["programs", "excusals", "checklists", "program-templates"])
def test_hostile_documents_are_refused_not_stumbled_over(cast: Cast, api: Api, address: str) -> None:
    client = api(cast.therapist)
    good: dict[str, dict[str, Any]] = {
        "programs": sent(cast, note="", start_on="2026-03-02", end_on=None, template=None),
        "excusals": {"patient": str(cast.patient.pk), "first_on": "2026-03-02", "last_on": "2026-03-04",
                     "reason": "unwell"},
        "checklists": {"patient": str(cast.patient.pk), "checklist": "fes", "answers": {"fes_skin": "no"}},
        "program-templates": {"title": "T", "items": [ITEM], "clinic": None, "program": None},
    }  # fmt: skip
    for body in HOSTILE:
        if body != "\ud800":
            assert client.post(f"{V1}/{address}/", body, format="json").status_code == 400, body
    for name in [*good[address], "id", "unknown"]:
        for value in HOSTILE:
            if value == "\ud800":
                continue  # no JSON writer sends it
            answer = client.post(f"{V1}/{address}/", {**good[address], name: value}, format="json")
            assert answer.status_code in (201, 400, 404), (name, value, answer.content)
            assert answer.status_code != 404 or name in ("template", "program", "clinic", "patient")


@pytest.mark.parametrize("name", [*ITEM, "times_per_week", "motion", "minutes", "hold_s", "parameters", "start_on"])
def test_hostile_items_are_refused_not_stumbled_over(cast: Cast, api: Api, name: str) -> None:
    client = api(cast.therapist)
    program = written(cast.patient, by=cast.therapist, on=datetime.now(UTC).date())
    [item] = items_of(program)
    path = f"{V1}/programs/{program.pk}/items/"
    for value in HOSTILE:
        if value == "\ud800":
            continue
        assert client.post(path, {**ITEM, name: value}, format="json").status_code in (201, 400), value
        version = client.get(f"{path}{item.pk}/")["ETag"]
        change = {"reason": "goes well", "changes": {name: value}}
        answer = client.patch(f"{path}{item.pk}/", change, format="json", headers={"If-Match": version})
        assert answer.status_code in (200, 400), value


def test_lists_cost_the_same_however_many_rows(cast: Cast, api: Api) -> None:
    client, now = api(cast.therapist), moment(cast.patient, MONDAY)
    paths = [f"{V1}/{name}/" for name in ("programs", "excusals", "checklists", "program-templates")]
    counts: list[list[int]] = []
    for many in (5, 30):
        for n in range(many):
            program = written(cast.patient, ITEM, WEEKLY, by=cast.therapist)
            days = {"patient": str(cast.patient.pk), "first_on": "2026-03-02", "last_on": "2026-03-02"}
            excusals.excuse({**days, "reason": "unwell"}, by=cast.therapist, now=now)
            cleared(cast.patient, "fes", by=cast.therapist, now=now + timedelta(minutes=n))
            program_templates.create({"title": "T", "program": str(program.pk)}, by=cast.therapist, now=now)
        counts.append([])
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(path, {"limit": "200"})
            assert len(answer.json()["results"]) == (5 if many == 5 else 35)
            counts[-1].append(len(captured))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 3


@pytest.mark.parametrize("name", ["programs", "excusals", "checklists", "program-templates"])
def test_each_row_is_shown_once(cast: Cast, api: Api, name: str) -> None:
    now = moment(cast.patient, MONDAY)
    for _n in range(9):
        if name == "programs":
            written(cast.patient, by=cast.therapist)
        elif name == "excusals":
            days = {"patient": str(cast.patient.pk), "first_on": "2026-03-02", "last_on": "2026-03-02"}
            excusals.excuse({**days, "reason": "unwell"}, by=cast.therapist, now=now)
        elif name == "checklists":
            cleared(cast.patient, "fes", by=cast.therapist, now=now)
        else:
            program_templates.create({"title": "T", "items": [ITEM]}, by=cast.therapist, now=now)
    seen, address = [], f"{V1}/{name}/?limit=4"
    while address:
        page = api(cast.therapist).get(address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert (len(seen), len(set(seen))) == (9, 9)


def test_an_item_of_a_stranger_is_not_found(cast: Cast, api: Api) -> None:
    program = written(cast.patient, by=cast.therapist)
    other = written(cast.patient, by=cast.therapist)
    path = f"{V1}/programs/{program.pk}/items/{items_of(other)[0].pk}/"
    assert api(cast.therapist).get(path).status_code == 404
    assert program_items.is_over(program, today=MONDAY) is False
