"""The programme pages in a browser: accessible on phone and desktop in both languages, with long text and errors."""

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from rehab.services import excusals, program_items, program_templates, programs
from tests.browser.conftest import Axe, PageAs, shoot
from tests.conftest import Cast
from tests.programs import ITEM, WEEKLY, cleared, items_of, session, written

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Slowly, with the heel on the mat and the toes pulled up, as shown in the clinic on the last visit. " * 4


def _full(cast: Cast, now: datetime) -> dict[str, str]:
    """Write a programme with everything in it; return addresses by name."""
    by, day = cast.therapist, timedelta(days=1)
    first = (now - 10 * day).date()
    cleared(cast.patient, "fes", by=by, now=now - 11 * day, fes_insensate_skin="yes")
    cleared(cast.patient, "aquatic", by=by, now=now - 11 * day, aquatic_wound="yes", aquatic_gut="unknown")
    every_day = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    items = [
        {**ITEM, "weekdays": every_day, "hold_s": 5, "instructions": LONG, "progression": LONG},
        {**WEEKLY, "name": "Bicycle", "parameters": ["session_rpe", "pain_after"]},
        {"modality": "fes", "muscle": "KNE_EXT", "side": "left", "minutes": 20, "weekdays": every_day,
         "precautions": "Look at the skin before and after."},
        {**WEEKLY, "name": "Walking outside, at least to the corner and back, with the stick, slowly",
         "times_per_week": 4},
    ]  # fmt: skip
    program = written(cast.patient, *items, by=by, on=first, title="Knee after fracture, weeks 1 to 12", note=LONG)
    band, bicycle, _fes, walk = items_of(program)
    for n in range(1, 11, 2):
        session(cast.patient, first + n * day, by=cast.patient_user, item=band.pk, reps=[10, 10, 8], hour=5)
    session(cast.patient, now.date(), by=cast.patient_user, variant="aerobic", item=walk.pk, hour=0)
    session(cast.patient, now.date(), by=cast.patient_user, variant="fes", hour=0)
    program_items.amend(program.pk, band.pk, {"reps": 12}, reason="Goes well.", expected_version=1, by=by, now=now)
    program_items.end(program.pk, bicycle.pk, reason="Bicycle broken.", expected_version=1, by=by, now=now)
    days = {"first_on": first.isoformat(), "last_on": (first + day).isoformat(), "reason": "Clinic closed."}
    excused = excusals.excuse({"patient": str(cast.patient.pk), **days}, by=by, now=now).excusal
    kept = program_templates.create({"title": "Knee, weeks 1-4", "program": str(program.pk)}, by=by, now=now).template
    over = written(cast.patient, by=by, on=first, title="Before the operation")
    programs.end(over.pk, reason="Operation.", expected_version=1, by=by, now=now)
    own, program_ = f"/patients/{cast.patient.pk}", f"/programs/{program.pk}"
    return {
        "portal": "/portal/",
        "patient": f"{own}/",
        "programs": f"{own}/programs/",
        "program-new": f"{own}/programs/new/",
        "checklist": f"{own}/checklists/aquatic/",
        "excusal-new": f"{own}/excuse/",
        "program-edit": f"{program_}/edit/",
        "program-end": f"{program_}/end/",
        "program-template-save": f"{program_}/template/",
        "item-new": f"{program_}/items/new/",
        "item": f"{program_}/items/{band.pk}/",
        "item-edit": f"{program_}/items/{band.pk}/edit/",
        "caseload": "/dashboard/",
        "templates": "/program-templates/",
        "template-edit": f"/program-templates/{kept.pk}/edit/",
        "template-item-new": f"/program-templates/{kept.pk}/items/new/",
        "template-item-edit": f"/program-templates/{kept.pk}/items/1/edit/",
        "template-item-remove": f"/program-templates/{kept.pk}/items/1/remove/",
        "excusal-withdraw": f"/excusals/{excused.pk}/withdraw/",
        "log": f"{own}/log/sessions/resistance_band/?item={band.pk}",
    }


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_is_accessible(
    cast: Cast, now: datetime, page_as: PageAs, axe_violations: Axe, language: str, width: int
) -> None:
    empty = page_as(cast.therapist, language, width)
    empty.goto(f"/patients/{cast.patient.pk}/programs/")
    found = axe_violations(empty)
    shoot(empty, f"{language}-{width}-programs-empty")
    empty.goto("/program-templates/")
    found += axe_violations(empty)
    shoot(empty, f"{language}-{width}-templates-empty")
    empty = page_as(cast.patient_user, language, width)
    empty.goto(f"/patients/{cast.patient.pk}/programs/")
    found += axe_violations(empty)
    shoot(empty, f"{language}-{width}-programs-patient-empty")
    addresses = _full(cast, now)
    pages: dict[str, User] = dict.fromkeys(addresses, cast.therapist)
    pages |= {"portal": cast.patient_user, "log": cast.patient_user}
    for name, address in addresses.items():
        page = page_as(pages[name], language, width)
        page.goto(address)
        found += axe_violations(page)
        shoot(page, f"{language}-{width}-{name}")
        page.context.close()
    page = page_as(cast.patient_user, language, width)
    page.goto(addresses["programs"])
    found += axe_violations(page)
    shoot(page, f"{language}-{width}-programs-patient")
    for name in ("item-new", "excusal-new", "item-edit", "template-item-edit"):
        page = page_as(cast.therapist, language, width)
        page.goto(addresses[name])
        page.locator("main form button.button").last.click()
        found += axe_violations(page)
        shoot(page, f"{language}-{width}-{name}-errors")
        page.context.close()
    assert found == []


def test_an_item_is_written_changed_and_done_without_scripts(cast: Cast, now: datetime, page_as: PageAs) -> None:
    page = page_as(cast.therapist, javascript=False)
    page.goto(f"/patients/{cast.patient.pk}/programs/new/")
    page.get_by_label("Title").fill("Knee")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Add to the programme").click()
    page.get_by_label("Kind of session").select_option("resistance_band")
    page.get_by_label("Name").fill("Knee band")
    page.get_by_label("Sets", exact=False).first.fill("3")
    page.get_by_label("Repetitions in each set").fill("10")
    for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"):
        page.get_by_label(day, exact=True).check()
    page.get_by_role("button", name="Save").click()
    assert "3 × 10 repetitions · every day" in page.locator("main").inner_text()
    home = page_as(cast.patient_user, javascript=False)
    home.goto("/portal/")
    home.get_by_role("link", name="Log it").click()
    assert home.get_by_label("Set 1").input_value() == "10"
    home.locator("main form button.button").last.click()
    home.goto("/portal/")
    text = home.locator("main").inner_text()
    assert "You did 1 of 1 session in the last 4 weeks." in text
    assert "Log it again" in text
