"""Pages of templates: kept from a programme, changed as a whole and item by item, retired."""

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.ids import new_id
from rehab.models import Program, ProgramTemplate
from rehab.services import program_templates
from tests.conftest import Cast
from tests.programs import ITEM, WEEKLY, written
from tests.web.programs import EVERY_DAY, Browser, started, text_of, typed_item

__all__ = ["started"]


@pytest.fixture
def template(cast: Cast) -> ProgramTemplate:
    sent = {"title": "Knee, weeks 1-4", "items": [{**ITEM, "weekdays": EVERY_DAY}, WEEKLY]}
    return program_templates.create(sent, by=cast.therapist, now=datetime.now(UTC)).template


def changed_item(**changes: Any) -> dict[str, Any]:
    """What a browser sends of the form of the template's first item."""
    sent = typed_item(weekdays=EVERY_DAY, version="1", reason="goes well", **changes)
    return {name: value for name, value in sent.items() if name not in ("id", "modality", "start_on", "end_on")}


def test_a_template_is_kept_used_and_retired(cast: Cast, browser_of: Browser, started: Program) -> None:
    browser, own = browser_of(cast.therapist), f"/patients/{cast.patient.pk}"
    form = {"id": str(new_id()), "title": "Knee, weeks 1-4"}
    assert browser.post(f"/programs/{started.pk}/template/", form).status_code == 302
    template = ProgramTemplate.objects.get()
    assert "3 × 10 repetitions · every day" in text_of(browser.get("/program-templates/"))
    new = {"id": str(new_id()), "title": "", "template": str(template.pk), "start_on": "2026-03-02", "end_on": "",
           "note": ""}  # fmt: skip
    assert browser.post(f"{own}/programs/new/", new).status_code == 302
    assert Program.objects.filter(title="Knee, weeks 1-4").count() == 1
    path = f"/program-templates/{template.pk}"
    change = {"title": "Knee, weeks 1-6", "note": "", "reason": "longer", "version": "1"}
    assert browser.post(f"{path}/edit/", change).status_code == 302
    assert browser.post(f"{path}/edit/", {**change, "title": "x"}).status_code == 409
    assert browser.post(f"{path}/retire/", {"reason": "not used", "version": "1"}).status_code == 409
    assert browser.post(f"{path}/retire/", {"reason": "not used", "version": "2"}).status_code == 302
    assert "No templates yet" in text_of(browser.get("/program-templates/"))


def test_an_item_of_a_template_is_changed(cast: Cast, browser_of: Browser, template: ProgramTemplate) -> None:
    browser = browser_of(cast.colleague)  # of the clinic, on no care team
    path = f"/program-templates/{template.pk}/items/1/edit/"
    assert f'href="{path}"' in browser.get("/program-templates/").content.decode()
    form = browser.get(path).content.decode()
    assert 'value="Knee band"' in form
    for name in ("modality", "start_on", "end_on"):
        assert f'name="{name}"' not in form
    unchanged = browser.post(path, changed_item())
    assert (unchanged.status_code, "Nothing was changed yet." in text_of(unchanged)) == (422, True)
    assert browser.post(path, changed_item(reps="12", name="Knee band, red")).status_code == 302
    template.refresh_from_db()
    band, aerobic = template.items
    assert (template.version, band["reps"], band["name"], band["modality"]) == (
        2,
        12,
        "Knee band, red",
        "resistance_band",
    )
    assert (aerobic["modality"], aerobic["times_per_week"]) == ("aerobic", 3)
    assert "Knee band, red · Resistance band" in text_of(browser.get("/program-templates/"))
    made = written(cast.patient, by=cast.therapist, title=None, items=[], template=str(template.pk))
    assert made.title == "Knee, weeks 1-4"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"reps": "0"}, "Repetitions in each set: 0 is not possible. Allowed: 1 – 500."),
        ({"reps": "many"}, "“many” is not a whole number"),
        ({"sets": ""}, "Sets and repetitions: give both, or neither."),
        ({"weekdays": []}, "How often: choose days, or a number of times a week, not both."),
        ({"reason": ""}, "Why?"),
    ],
)
def test_what_is_wrong_with_an_item_keeps_what_was_typed(
    cast: Cast, browser_of: Browser, template: ProgramTemplate, changes: dict[str, Any], expected: str
) -> None:
    path = f"/program-templates/{template.pk}/items/1/edit/"
    answer = browser_of(cast.therapist).post(path, {**changed_item(name="Long typed name", hold_s="2,5"), **changes})
    assert (answer.status_code, expected in text_of(answer)) == (422, True)
    html = answer.content.decode()
    assert 'value="Long typed name"' in html
    assert 'value="2,5"' in html
    template.refresh_from_db()
    assert template.version == 1


def test_a_lost_race_for_an_item_says_what_is_stored_now(
    cast: Cast, browser_of: Browser, template: ProgramTemplate
) -> None:
    program_templates.amend(template.pk, {"items": [WEEKLY, ITEM]}, reason="other order", expected_version=1,
                            by=cast.colleague, now=datetime.now(UTC))  # fmt: skip
    path = f"/program-templates/{template.pk}/items/1/edit/"
    lost = browser_of(cast.therapist).post(path, changed_item(reps="12"))
    said = text_of(lost)
    assert (lost.status_code, "Somebody changed this meanwhile" in said) == (409, True)
    assert "Stored now: Endurance · 25 min · 3 times a week" in said
    assert 'value="12"' in lost.content.decode()


def test_an_item_that_is_not_there_is_not_found(cast: Cast, browser_of: Browser, template: ProgramTemplate) -> None:
    browser, path = browser_of(cast.therapist), f"/program-templates/{template.pk}/items"
    for n in (0, 3, 99999999999999999999):
        assert browser.get(f"{path}/{n}/edit/").status_code == 404
        assert browser.post(f"{path}/{n}/edit/", changed_item(reps="12")).status_code == 404
    program_templates.retire(template.pk, reason="not used", expected_version=1, by=cast.therapist,
                             now=datetime.now(UTC))  # fmt: skip
    retired = browser.post(f"{path}/1/edit/", {**changed_item(reps="12"), "version": "2"})
    assert (retired.status_code, "This template is retired" in text_of(retired)) == (422, True)


def test_items_are_added_and_left_out(cast: Cast, browser_of: Browser, template: ProgramTemplate) -> None:
    browser, path = browser_of(cast.therapist), f"/program-templates/{template.pk}/items"
    sent = changed_item(name="Slow breathing") | {"modality": "breathing"}
    wrong = browser.post(f"{path}/new/", {**sent, "weekdays": []})
    assert (wrong.status_code, "How often: choose days" in text_of(wrong)) == (422, True)
    assert 'value="Slow breathing"' in wrong.content.decode()
    assert browser.post(f"{path}/new/", sent).status_code == 302
    assert browser.post(f"{path}/new/", sent).status_code == 409  # sent twice: it is there once
    removal = {"reason": "not used", "version": "2"}
    assert "Stored now: Endurance" in text_of(browser.get(f"{path}/2/remove/"))
    assert browser.post(f"{path}/2/remove/", {**removal, "reason": ""}).status_code == 422
    assert browser.post(f"{path}/2/remove/", removal).status_code == 302
    template.refresh_from_db()
    assert [item["modality"] for item in template.items] == ["resistance_band", "breathing"]
    assert browser.post(f"{path}/2/remove/", {**removal, "version": "3"}).status_code == 302
    last = browser.post(f"{path}/1/remove/", {**removal, "version": "4"})
    assert (last.status_code, "It is the only item. Retire the template instead." in text_of(last)) == (422, True)


def test_a_template_holds_forty_items(cast: Cast, browser_of: Browser) -> None:
    sent = {"title": "Long", "items": [ITEM] * 40}
    full = program_templates.create(sent, by=cast.therapist, now=datetime.now(UTC)).template
    answer = browser_of(cast.therapist).post(
        f"/program-templates/{full.pk}/items/new/", changed_item() | {"modality": "breathing"}
    )
    assert (answer.status_code, "A template holds at most 40 items." in text_of(answer)) == (422, True)
