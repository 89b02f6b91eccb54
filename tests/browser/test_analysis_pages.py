"""The page of analyses in a browser: accessible and readable on phone and desktop in both languages."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from rehab.services import patients, records
from rehab.services.kinds import KINDS
from tests.browser.conftest import Axe, PageAs, shoot
from tests.conftest import Cast
from tests.documents import FES_VECTOR, document

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _log(cast: Cast, now: datetime, kind: str, variant: str, days: int, *, hour: int = 0, **fields: Any) -> None:
    at = (now - timedelta(days=days)).replace(hour=1, minute=0) + timedelta(hours=hour)
    made = document(kind, variant, cast.patient.pk, performed_at=at.isoformat(), confirm=True, **fields)
    records.create(KINDS[kind], made, by=cast.therapist, source="portal", now=now)


def _filled(cast: Cast, now: datetime) -> None:
    """Record what gives every section something to show."""
    patients.amend(cast.patient.pk, {"involved_side": "right"}, expected_version=1, by=cast.therapist, now=now)
    for muscle in ("HIP_FLEX", "HIP_ABD", "ANK_DF", "HALLUX_EXT"):
        for side in ("left", "right"):
            far = muscle in ("ANK_DF", "HALLUX_EXT")
            for days, grade in ((100, "5"), (93, "5"), (9, "3" if far else "5"), (2, "3" if far else "5")):
                _log(cast, now, "strength", "mrc", days, scale="MRC6", muscle=muscle, side=side, grade=grade)
    for days in (16, 13, 10, 7, 4, 2):
        for hour, newtons in ((0, 352.0), (9, 248.0)):
            _log(
                cast, now, "strength", "grip", days, hour=hour, side="right", hours_since_waking=1.0 + hour,
                hours_since_anticholinesterase=0.5 + hour / 3, trials=[{"value": newtons, "unit": "N"}] * 3,
                device="A dynamometer with a rather long name",
            )  # fmt: skip
    _log(cast, now, "strength", "grip", 3, side="left", trials=[{"value": 400.0, "unit": "N"}] * 3,
         device="A dynamometer with a rather long name")  # fmt: skip
    for motion, angle in (("KNE_FLEX", 90), ("KNE_EXT", 12)):
        _log(cast, now, "rom", "rom", 3, motion=motion, side="right", rom_type="PROM", value_deg=angle)
        _log(
            cast, now, "rom", "rom", 3, motion=motion, side="left", rom_type="PROM", value_deg=135 if angle > 20 else 0
        )
    for side, cm in (("left", 43.0), ("right", 40.5)):
        _log(cast, now, "girth", "girth", 3, site="THIGH_10", side=side, readings=[{"value": cm, "unit": "cm"}])
    for days in range(0, 50, 3):
        effort = None if days in (24, 27) else 4
        _log(cast, now, "sessions", "aerobic", days + 1, hour=2, duration_min=20 + days % 4 * 10, session_rpe=effort)
    _log(cast, now, "sessions", "fes", 5, details=FES_VECTOR)
    _log(cast, now, "sessions", "fes", 12, details={**FES_VECTOR, "ramp_up_s": None})


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [360, 1280])
def test_full_and_empty(
    cast: Cast, page_as: PageAs, axe_violations: Axe, now: datetime, language: str, width: int
) -> None:
    page = page_as(cast.therapist, language=language, width=width)
    at = f"/patients/{cast.patient.pk}/analysis/"
    page.goto(at)
    assert axe_violations(page) == []
    shoot(page, f"analysis-empty-{language}-{width}")
    _filled(cast, now)
    page.goto(at)
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true }")
    assert axe_violations(page) == []
    shoot(page, f"analysis-full-{language}-{width}")
    page.goto(f"{at}hints/PROG_DISTAL/dismiss/")
    assert axe_violations(page) == []
    page.locator("main form button").click()
    assert axe_violations(page) == []
    shoot(page, f"analysis-dismiss-{language}-{width}")


def test_setting_a_hint_aside_without_scripts(cast: Cast, page_as: PageAs, now: datetime) -> None:
    _filled(cast, now)
    page = page_as(cast.therapist, javascript=False)
    page.goto(f"/patients/{cast.patient.pk}/")
    page.get_by_role("link", name="Analysis").click()
    page.get_by_role("link", name="Set aside").first.click()
    page.get_by_label("Reason").fill("Known ALS, in follow-up. " * 8)
    page.get_by_role("button", name="Set aside").click()
    expect(page.get_by_text("The hint is set aside until there are new data.")).to_be_visible()
    expect(page.get_by_text("1 hint set aside")).to_be_visible()
    shoot(page, "analysis-set-aside")
