"""Goals and assessments in a browser: accessible on phone and desktop in both languages, usable without JavaScript."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from rehab.models import Assessment
from rehab.services import goals, records
from rehab.services.kinds import KINDS
from tests.browser.conftest import Axe, PageAs, shoot
from tests.conftest import Cast
from tests.documents import DOCUMENTS, document, recorder_of
from tests.goals import goal_document, review_document

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ASSESSED = [variant for kind, variant in DOCUMENTS if recorder_of(kind) == "therapist" and kind == "assessments"]


def _filled(cast: Cast, now: datetime) -> dict[str, str]:
    """Write goals that run, were rated and corrected, have ended, and one of every assessment."""
    today = goals.local_today(cast.patient, now=now)
    by = cast.therapist
    running, long, wrong = (
        goals.create(goal_document(cast.patient.pk, today=today, **changes), by=by, now=now).goal
        for changes in ({"baseline_level": -2}, {"title": "A goal said at some length, " * 7}, {"importance": 3})
    )
    first = goals.review(running.pk, review_document(on=today, level=-1), by=by, now=now).review
    correction = review_document(on=today, level=1, corrects=str(first.pk), reason="read the wrong line")
    goals.review(running.pk, correction, by=by, now=now)
    goals.close(wrong.pk, status="entered_in_error", reason="another patient's", expected_version=1, by=by, now=now)
    ahead = (today + timedelta(days=9)).isoformat()
    soon = goals.create(goal_document(cast.patient.pk, today=today, period_start=ahead), by=by, now=now).goal
    home = f"/patients/{cast.patient.pk}/"
    made = {
        variant: records.create(
            KINDS["assessments"], document("assessments", variant, cast.patient.pk), by=by, source="portal", now=now
        ).record.pk
        for variant in ASSESSED
    }
    return {
        "goals": f"{home}goals/",
        "goal-new": f"{home}goals/new/",
        "goal-edit": f"/goals/{soon.pk}/edit/",
        "goal-edit-begun": f"/goals/{long.pk}/edit/",
        "goal-review": f"/goals/{running.pk}/review/",
        "goal-close": f"/goals/{running.pk}/close/",
        "patient": home,
        "log": f"{home}log/",
        **{f"log-{variant}": f"{home}log/assessments/{variant}/" for variant in ASSESSED},
        **{f"record-{variant}": f"/records/assessments/{pk}/" for variant, pk in made.items()},
    }


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_passes_axe(
    cast: Cast, now: datetime, page_as: PageAs, axe_violations: Axe, width: int, language: str
) -> None:
    own = page_as(cast.patient_user, language=language, width=width)
    own.goto(f"/patients/{cast.patient.pk}/goals/")
    found = axe_violations(own)
    shoot(own, f"{language}-{width}-own-empty")
    page = page_as(cast.therapist, language=language, width=width)
    for name, address in _filled(cast, now).items():
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        if name == "goals":
            for summary in page.locator("summary").all():
                summary.click()
        found += axe_violations(page)
        shoot(page, f"{language}-{width}-{name}")
        if name in ("goal-new", "log-respiratory", "log-isncsci_motor", "goal-review"):
            page.locator("main form button.button:not(.button--secondary)").first.click()
            found += axe_violations(page)
            shoot(page, f"{language}-{width}-{name}-errors")
    own.goto(f"/patients/{cast.patient.pk}/goals/")
    found += axe_violations(own)
    shoot(own, f"{language}-{width}-own-goals")
    own.goto("/portal/")
    found += axe_violations(own)
    shoot(own, f"{language}-{width}-portal")
    assert found == []


def test_an_examination_of_twenty_muscles_is_entered_on_a_phone_without_javascript(cast: Cast, page_as: PageAs) -> None:
    page = page_as(cast.therapist, javascript=False)
    page.goto(f"/patients/{cast.patient.pk}/log/assessments/isncsci_motor/")
    for side in ("Right", "Left"):
        fields = page.get_by_label(f"· {side}")
        expect(fields).to_have_count(10)
        for field in fields.all():
            box = field.bounding_box()
            assert box is not None
            assert box["width"] >= 120
            assert box["height"] >= 48
            field.select_option("NT" if side == "Left" and field == fields.last else "4")
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ISNCSCI")
    stored = Assessment.objects.get()
    assert stored.derived["uems"] == 40
