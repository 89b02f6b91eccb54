"""A patient's series in Chromium: on a phone and a desk, in both languages, with axe and without a script."""

from datetime import datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from rehab.analytics.series import token_of
from rehab.models import RomMeasurement
from rehab.services import records
from rehab.services.kinds import KINDS
from tests.browser.conftest import PageAs
from tests.conftest import Cast
from tests.documents import document

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_passes_axe_and_fits(
    cast: Cast, now: datetime, page_as: PageAs, axe_violations: Axe, width: int, language: str
) -> None:
    for day in range(0, 98, 7):
        at = (now - timedelta(days=98 - day)).isoformat()
        sent = document("rom", "rom", cast.patient.pk, performed_at=at, value_deg=80 + day / 3, confirm=True)
        records.create(KINDS["rom"], sent, by=cast.therapist, source="api", now=now)
    listed = f"/patients/{cast.patient.pk}/series/"
    series = listed + token_of(RomMeasurement.objects.order_by("id")[0].series_key) + "/"
    wrong: list[str] = []
    for who, paths in (
        (cast.patient_user, [listed, series]),
        (cast.therapist, [listed, series, f"{series}baseline/", "/dashboard/"]),
    ):
        page = page_as(who, language=language, width=width)
        for path in paths:
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            wrong += axe_violations(page)
        page.goto(series)
        expect(page.locator("svg.chart:visible")).to_have_count(1)
        page.locator("summary").click()
        wrong += axe_violations(page)
    assert wrong == []
