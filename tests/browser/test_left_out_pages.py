"""Girths over swelling, and repetitions at a fixed pace, in Chromium: on a phone and a desk, in both languages."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from rehab.analytics.series import token_of
from rehab.services import records
from rehab.services.kinds import KINDS
from tests.browser.conftest import PageAs
from tests.conftest import Cast
from tests.documents import document

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FALLING = [200.0, 190.0, 195.0, 190.0, 180.0, 175.0, 170.0, 165.0, 160.0, 150.0]


def recorded(cast: Cast, now: datetime, kind: str, variant: str, days_ago: int, **fields: Any) -> Any:
    at = (now - timedelta(days=days_ago)).isoformat()
    sent = document(kind, variant, cast.patient.pk, performed_at=at, confirm=True, **fields)
    return records.create(KINDS[kind], sent, by=cast.therapist, source="api", now=now).record


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_passes_axe_and_fits(
    cast: Cast, now: datetime, page_as: PageAs, axe_violations: Axe, width: int, language: str
) -> None:
    for days, left, right in ((90, 36.0, 36.0), (83, 36.1, 36.1), (20, 40.0, 34.0), (13, 41.0, 34.1)):
        for side, cm in (("left", left), ("right", right)):
            girth = recorded(
                cast, now, "girth", "girth", days, site="CALF_MAX", side=side,
                readings=[{"value": cm, "unit": "cm"}], oedema=side == "left" and days < 60,
            )  # fmt: skip
            if side == "left":
                swollen = girth
    for days, angle in ((90, 100.0), (83, 101.0), (20, 107.0), (13, 108.0)):
        shoulder = recorded(
            cast,
            now,
            "rom",
            "rom",
            days,
            motion="SHO_ABD",
            value_deg=angle,
            instrument="inclinometer",
            rater="Anna" if days > 60 else "Ben",
        )
    force = recorded(
        cast, now, "strength", "hhd", 2, trials=[{"value": 200, "unit": "N"}], repetitions=FALLING, pace_seconds=3
    )
    listed = f"/patients/{cast.patient.pk}/series/"
    wrong: list[str] = []
    for who, more in (
        (cast.patient_user, []),
        (cast.therapist, [f"/records/strength/{force.pk}/amend/", f"/patients/{cast.patient.pk}/log/strength/grip/"]),
    ):
        page = page_as(who, language=language, width=width)
        series = [f"{listed}{token_of(row.series_key)}/" for row in (swollen, girth, shoulder)]
        for path in [listed, *series, f"/records/strength/{force.pk}/", *more]:
            page.goto(path)
            for summary in page.locator("main details:not([open]) > summary").all():
                summary.click()
            wrong += axe_violations(page)
    assert wrong == []
