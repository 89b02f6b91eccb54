"""The record pages in a browser: accessible on phone and desktop in both languages, usable without JavaScript."""

from datetime import datetime

import pytest
from playwright.sync_api import expect

from rehab.services import records
from rehab.services.kinds import KINDS
from tests.browser.conftest import Axe, PageAs, shoot
from tests.conftest import Cast
from tests.documents import DOCUMENTS, document, recorder_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _filled(cast: Cast, now: datetime) -> dict[str, str]:
    """Record one of every variant, amend one, mark one in error; return addresses by name."""
    made = {}
    for kind, variant in DOCUMENTS:
        document_ = document(kind, variant, cast.patient.pk, note="")
        made[variant] = records.create(KINDS[kind], document_, by=cast.therapist, source="portal", now=now).record
    long_note = "After the pool my left knee felt warm and a little swollen. " * 6
    records.amend(
        KINDS["strength"], made["hhd"].pk, {"side": "right", "note": long_note}, reason="typed the wrong side",
        expected_version=1, confirm=True, by=cast.patient_user, now=now,
    )  # fmt: skip
    records.enter_in_error(
        KINDS["girth"],
        made["girth"].pk,
        reason="tape over the trousers",
        expected_version=1,
        by=cast.therapist,
        now=now,
    )
    at = {variant: f"/records/{kind}/{made[variant].pk}/" for kind, variant in DOCUMENTS}
    return {
        "portal": "/portal/",
        "patient": f"/patients/{cast.patient.pk}/",
        "log": f"/patients/{cast.patient.pk}/log/",
        **{
            f"log-{variant}": f"/patients/{cast.patient.pk}/log/{kind}/{variant}/"
            for kind, variant in DOCUMENTS
            if recorder_of(kind) == "patient_user"
        },
        **{f"record-{variant}": at[variant] for variant in ("hhd", "rm", "resistance_band", "fes", "aquatic", "girth")},
        "versions": f"{at['hhd']}versions/",
        "amend": f"{at['fes']}amend/",
        "in-error": f"{at['rm']}in-error/",
    }


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_passes_axe(
    cast: Cast, now: datetime, page_as: PageAs, axe_violations: Axe, width: int, language: str
) -> None:
    page = page_as(cast.patient_user, language=language, width=width)
    page.goto("/portal/")
    found = axe_violations(page)
    shoot(page, f"{language}-{width}-portal-empty")
    addresses = _filled(cast, now)
    for name, address in addresses.items():
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        found += axe_violations(page)
        shoot(page, f"{language}-{width}-{name}")
    page.goto(addresses["log-hhd"])
    page.locator("#id_trials-0").fill("9000")
    page.locator("#id_trials-1").fill("strong")
    page.locator("#record-form button[class='button']").click()
    found += axe_violations(page)
    shoot(page, f"{language}-{width}-errors")
    page.goto(addresses["log-hhd"])
    page.locator("#id_trials-0").fill("900")
    page.locator("#id_trials-unit").select_option("N")
    page.locator("input[name=test_type][value=make]").check()
    page.locator("#record-form button[class='button']").click()
    found += axe_violations(page)
    shoot(page, f"{language}-{width}-odd")
    assert found == []


def test_a_session_is_logged_confirmed_and_amended_without_javascript(cast: Cast, page_as: PageAs) -> None:
    page = page_as(cast.patient_user, javascript=False)
    page.goto("/portal/")
    page.get_by_role("link", name="Weights").click()
    page.get_by_label("Set 1").fill("8")
    page.get_by_label("Free weight").check()
    page.get_by_label("Load", exact=False).first.fill("2,5")
    page.get_by_role("button", name="Add another – Exercises").click()
    expect(page.get_by_label("Set 1").first).to_have_value("8")
    second = page.get_by_role("group", name="Exercise 2")
    second.get_by_label("Set 1").fill("6")
    second.get_by_label("Machine").check()
    page.get_by_label("Duration (min)").fill("600")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Duration: 600 min is unusual")
    page.get_by_role("button", name="Yes, this is right – save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved: Weights.")
    page.get_by_role("link", name="Change it").click()
    page.get_by_label("Duration (min)").fill("60")
    page.get_by_label("Why is it changed?").fill("one nought too many")
    page.get_by_role("button", name="Save the change").click()
    expect(page.get_by_role("status")).to_contain_text("The change was saved.")
    expect(page.locator("main")).to_contain_text("60 min")
