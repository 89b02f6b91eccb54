"""Programme pages: writing, changing, excusing, screening."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.ids import new_id
from rehab.models import ChecklistAnswers, Excusal, Program, ProgramItem
from rehab.reference.checklists import CHECKLISTS
from rehab.services import program_items
from tests.conftest import Cast
from tests.programs import WEEKLY, items_of, written
from tests.web.programs import DAILY, EVERY_DAY, Browser, started, text_of, today, typed_item

__all__ = ["started"]


def test_without_a_programme_the_home_says_nothing_of_one(cast: Cast, browser_of: Browser) -> None:
    assert "programme" not in text_of(browser_of(cast.patient_user).get("/portal/"))
    assert "The whole programme" in text_of(browser_of(cast.therapist).get(f"/patients/{cast.patient.pk}/"))


def test_a_therapist_writes_a_programme_on_a_phone(cast: Cast, browser_of: Browser) -> None:
    browser, own = browser_of(cast.therapist), f"/patients/{cast.patient.pk}"
    assert "No programme goes on" in text_of(browser.get(f"{own}/programs/"))
    form = {"id": str(new_id()), "title": "Knee", "start_on": "2026-03-02", "end_on": "", "note": ""}
    for _twice in range(2):
        assert browser.post(f"{own}/programs/new/", form).status_code == 302
    program = Program.objects.get()
    at = f"/programs/{program.pk}"
    sent = typed_item(parameters=["session_rpe"], hold_s="2,5")
    assert browser.post(f"{at}/items/new/", sent).status_code == 302
    assert browser.post(f"{at}/items/new/", sent).status_code == 302
    assert browser.post(f"{at}/items/new/", {**sent, "reps": "12"}).status_code == 422
    item = ProgramItem.objects.get()
    assert (item.dose, item.weekdays, item.details["hold_s"]) == (30, 0b101, 2.5)
    shown = text_of(browser.get(f"{own}/programs/"))
    assert "3 × 10 repetitions · hold 2.5 s · Mon, Wed" in shown
    assert "Write down: How hard was it?" in shown


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"modality": ""}, "Kind of session"),
        ({"weekdays": []}, "How often: choose days, or a number of times a week, not both."),
        ({"reps": ""}, "Sets and repetitions: give both, or neither."),
        ({"reps": "many"}, "“many” is not a whole number"),
        ({"end_on": "2026-02-01"}, "is before the first day"),
        ({"start_on": ""}, "First day"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    cast: Cast, browser_of: Browser, started: Program, changes: dict[str, Any], expected: str
) -> None:
    day = today(cast).isoformat()
    sent = {**typed_item(start_on=day), **changes}
    answer = browser_of(cast.therapist).post(f"/programs/{started.pk}/items/new/", sent)
    assert answer.status_code == 422
    assert expected in text_of(answer)
    assert ProgramItem.objects.count() == 1


def test_an_item_is_changed_and_a_lost_race_keeps_what_was_typed(
    cast: Cast, browser_of: Browser, started: Program
) -> None:
    browser, [item] = browser_of(cast.therapist), items_of(started)
    path = f"/programs/{started.pk}/items/{item.pk}"
    html = browser.get(f"{path}/edit/").content.decode()
    assert 'name="modality"' not in html
    form = typed_item(weekdays=EVERY_DAY, start_on=item.start_on.isoformat(), version="1", reason="goes well")
    unchanged = browser.post(f"{path}/edit/", form)
    assert (unchanged.status_code, "Nothing was changed yet." in text_of(unchanged)) == (422, True)
    program_items.amend(started.pk, item.pk, {"reps": 12}, reason="goes well", expected_version=1, by=cast.therapist,
                        now=datetime.now(UTC))  # fmt: skip
    lost = browser.post(f"{path}/edit/", {**form, "reps": "15"})
    assert (lost.status_code, "Somebody changed this meanwhile" in text_of(lost)) == (409, True)
    assert "Your form differs from what is stored now in: Repetitions in each set." in text_of(lost)
    assert 'value="15"' in lost.content.decode()
    assert browser.post(f"{path}/edit/", {**form, "reps": "15", "version": "2"}).status_code == 302
    shown = text_of(browser_of(cast.patient_user).get(f"{path}/"))
    assert shown.index("Version 3") < shown.index("Version 2") < shown.index("Version 1")
    assert "on no day: changed again on the same day" in shown
    assert browser.post(f"{path}/end/", {"reason": "goal reached", "version": "3"}).status_code == 302
    assert browser.get(f"{path}/edit/").status_code == 404


def test_a_programme_is_changed_and_ended(cast: Cast, browser_of: Browser, started: Program) -> None:
    browser, path = browser_of(cast.therapist), f"/programs/{started.pk}"
    form = {"title": "Knee, left", "note": "", "end_on": "", "reason": "typing error", "version": "1"}
    assert browser.post(f"{path}/edit/", form).status_code == 302
    assert browser.post(f"{path}/edit/", {**form, "version": "2"}).status_code == 422  # nothing changed
    assert browser.post(f"{path}/edit/", {**form, "title": "Hip"}).status_code == 409
    assert browser.post(f"{path}/end/", {"reason": "discharged", "version": "1"}).status_code == 409
    assert browser.post(f"{path}/end/", {"reason": "discharged", "version": "2"}).status_code == 302
    over = browser.post(f"{path}/end/", {"reason": "discharged", "version": "3"})
    assert "This programme is over" in text_of(over)
    assert "Earlier programmes" in text_of(browser.get(f"/patients/{cast.patient.pk}/programs/"))


def test_a_screening_list_blocks_and_is_answered(cast: Cast, browser_of: Browser, started: Program) -> None:
    browser, own = browser_of(cast.therapist), f"/patients/{cast.patient.pk}"
    fes = typed_item(modality="fes", start_on=today(cast).isoformat())
    blocked = browser.post(f"/programs/{started.pk}/items/new/", fes)
    assert blocked.status_code == 422
    assert "Screening list, not answered yet: Over malignancy" in text_of(blocked)
    assert f"{own}/checklists/fes/" in blocked.content.decode()
    answers = {"id": str(new_id()), "note": "", **dict.fromkeys(CHECKLISTS["fes"], "no"), "fes_osteoporosis": "yes"}
    for _twice in range(2):
        assert browser.post(f"{own}/checklists/fes/", answers).status_code == 302
    assert ChecklistAnswers.objects.get().answered_by == cast.therapist
    shown = text_of(browser.get(f"{own}/programs/"))
    assert "Answered by Therapist" in shown
    assert "Severe osteoporosis" in shown
    assert browser.post(f"/programs/{started.pk}/items/new/", fes).status_code == 302
    assert browser.get(f"{own}/checklists/yoga/").status_code == 404
    assert "check every item before you save it" in text_of(browser.get(f"{own}/checklists/fes/"))
    patient = browser_of(cast.patient_user).get(f"{own}/programs/").content.decode()
    assert "osteoporosis" not in patient
    assert "Screening" not in patient


def test_days_are_excused_and_counted_again(cast: Cast, browser_of: Browser, started: Program) -> None:
    browser, own = browser_of(cast.therapist), f"/patients/{cast.patient.pk}"
    day = today(cast).isoformat()
    form = {"id": str(new_id()), "first_on": day, "last_on": day, "reason": "unwell"}
    assert browser.post(f"{own}/excuse/", {**form, "last_on": "2026-01-01"}).status_code == 422
    assert browser.post(f"{own}/excuse/", form).status_code == 302
    assert "Excused" in text_of(browser_of(cast.patient_user).get("/portal/"))
    excusal = Excusal.objects.get()
    for _twice in range(2):
        assert browser.post(f"/excusals/{excusal.pk}/withdraw/").status_code == 302
    assert "Excused" not in text_of(browser_of(cast.patient_user).get("/portal/"))


def test_pages_cost_the_same_however_many_items(cast: Cast, browser_of: Browser) -> None:
    counts: list[list[int]] = []
    for many in (2, 20):
        for _n in range(many):
            written(cast.patient, DAILY, WEEKLY, by=cast.therapist, on=today(cast))
        counts.append([])
        for role, path in (("therapist", f"/patients/{cast.patient.pk}/programs/"), ("patient_user", "/portal/")):
            with CaptureQueriesContext(connection) as captured:
                assert browser_of(cast.user(role)).get(path).status_code == 200
            counts[-1].append(len(captured))
    assert counts[0] == counts[1]
