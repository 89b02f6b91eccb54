"""The pages of a patient's series: what is said, in whose units, to whom."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.ids import new_id
from accounts.models import User
from rehab.analytics.series import token_of
from rehab.models import Patient, SeriesBaseline
from rehab.services import preferences, records
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document

Browser = Callable[[User | None], Client]
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
NOW = START + timedelta(days=112)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def measured(kind: str, variant: str, patient: Patient, by: User, day: int, **fields: Any) -> str:
    at = (START + timedelta(days=day)).isoformat()
    sent = document(kind, variant, patient.pk, performed_at=at, confirm=True, **fields)
    row: Any = records.create(KINDS[kind], sent, by=by, source="api", now=NOW).record
    return token_of(row.series_key)


def angles(cast: Cast, values: Mapping[int, float], **fields: Any) -> str:
    for day, value in values.items():
        series = measured("rom", "rom", cast.patient, cast.therapist, day, value_deg=value, **fields)
    return series


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def page(browser: Client, cast: Cast, series: str) -> str:
    return text_of(browser.get(reverse("series", args=[cast.patient.pk, series])))


STEADY_GAIN = {day: 80 + day / 3 for day in range(0, 112, 7)}


def test_a_patient_reads_the_state_with_threshold_and_source_in_plain_words(cast: Cast, browser_of: Browser) -> None:
    text = page(browser_of(cast.patient_user), cast, angles(cast, STEADY_GAIN))
    assert "The last readings are better than the baseline by more than the measurement error." in text
    assert "Measurement error 7°" in text
    assert "[ROM_FALLBACK_SAME]" in text
    assert "Rising: +2.33° per week (95 % interval +2.33° to +2.33°)." in text
    assert "change/1, trend/1" in text
    assert "Set a new baseline" not in text


def test_a_change_within_the_error_is_not_called_no_change(cast: Cast, browser_of: Browser) -> None:
    text = page(browser_of(cast.patient_user), cast, angles(cast, {0: 100, 7: 100, 90: 103, 97: 103}))
    assert "No change beyond measurement error" in text
    assert "No clear trend: +0.225° per week, from too few days (4) for an interval." in text
    assert "Too few readings for a trend" in text  # of the last 12 weeks


@pytest.mark.parametrize(
    ("values", "fields", "sentence"),
    [
        ({0: 100}, {}, "Readings on at least two days are needed"),
        ({0: 100, 50: 80}, {}, "One reading is worse than the baseline"),
        ({0: 100, 50: 120}, {}, "One reading is better than the baseline"),
        ({0: 100, 50: 120}, {"instrument": "visual_estimate"}, "Estimates by eye are kept, but not compared."),
        ({0: 2, 7: 2, 50: 20, 57: 20}, {"motion": "KNE_EXT"}, "On this scale lower is better."),
    ],
)
def test_what_else_can_be_said(
    cast: Cast, browser_of: Browser, values: dict[int, float], fields: dict[str, Any], sentence: str
) -> None:
    assert sentence in page(browser_of(cast.therapist), cast, angles(cast, values, **fields))


def test_a_measure_without_known_error_says_so(cast: Cast, browser_of: Browser) -> None:
    for day in (0, 30):
        series = measured("strength", "pinch", cast.patient, cast.therapist, day)
    assert "The measurement error of this measure is not known" in page(browser_of(cast.therapist), cast, series)


def test_grades_have_names_and_steps(cast: Cast, browser_of: Browser) -> None:
    for day, grade in ((0, "3"), (7, "3"), (60, "4+"), (67, "4+")):
        series = measured("strength", "mrc", cast.patient, cast.therapist, day, grade=grade)
    text = page(browser_of(cast.therapist), cast, series)
    assert "Baseline grade 3 Now grade 4+ Difference +1.3 grades Measurement error 1 grade" in text
    assert "Steps up: 1, steps down: 0. Grades have no slope. Most pairs of days point up." in text


@pytest.mark.parametrize(("unit", "shown"), [("N", "100 N"), ("kgf", "10.2 kgf"), ("lbf", "22.5 lbf")])
def test_values_are_in_the_readers_unit(cast: Cast, browser_of: Browser, unit: str, shown: str) -> None:
    preferences.change({"force_unit": unit}, by=cast.therapist, now=NOW)
    for day in (0, 30):
        series = measured("strength", "hhd", cast.patient, cast.therapist, day, trials=[{"value": 100, "unit": "N"}])
    text = page(browser_of(cast.therapist), cast, series)
    assert f"Baseline {shown} Now {shown}" in text
    listed = text_of(browser_of(cast.therapist).get(reverse("series-list", args=[cast.patient.pk])))
    assert f"{shown} → {shown}" in listed


def test_the_chart_is_named_described_and_drawn_without_styles(cast: Cast, browser_of: Browser) -> None:
    series = angles(cast, STEADY_GAIN)
    html = browser_of(cast.patient_user).get(reverse("series", args=[cast.patient.pk, series])).content.decode()
    assert html.count('role="img"') == 2
    assert html.count("<desc ") == 2
    assert "16 days from March 2, 2026 to June 15, 2026, between 80° and 115°." in html
    assert html.count('class="chart__dot"') == 2 * len(STEADY_GAIN)
    assert html.count('class="chart__band"') == html.count('class="chart__trend"') == 2
    assert "style=" not in html
    assert "<script" not in html


def test_the_list_puts_what_changed_first_in_each_group(cast: Cast, browser_of: Browser) -> None:
    angles(cast, {100: 90, 107: 90}, side="right")
    angles(cast, {0: 100, 7: 100, 60: 80, 67: 80})
    measured("girth", "girth", cast.patient, cast.therapist, 5)
    html = browser_of(cast.patient_user).get(reverse("series-list", args=[cast.patient.pk])).content.decode()
    order = [html.index(text) for text in ("Range of motion</caption>", "Declined", "Limb girth</caption>")]
    assert order == sorted(order)
    assert html.index("Knee flexion, left") < html.index("Knee flexion, right")


def girths(cast: Cast, values: Mapping[int, float], *, swollen: Collection[int] = ()) -> str:
    for day, value in values.items():
        series = measured("girth", "girth", cast.patient, cast.therapist, day, site="CALF_MAX",
                          readings=[{"value": value, "unit": "cm"}], oedema=day in swollen)  # fmt: skip
    return series


@pytest.mark.parametrize(
    ("values", "tag", "sentence"),
    [
        ({0: 36, 7: 36, 60: 40, 67: 40}, "Larger (beyond measurement error)", "larger than the baseline by more"),
        ({0: 40, 7: 40, 60: 36, 67: 36}, "Smaller (beyond measurement error)", "smaller than the baseline by more"),
        ({0: 36, 60: 40}, "Larger, to be confirmed", "One reading is larger than the baseline"),
        ({0: 40, 60: 36}, "Smaller, to be confirmed", "One reading is smaller than the baseline"),
        ({0: 40, 60: 40}, "No change beyond measurement error", "No change beyond measurement error"),
    ],
)
def test_a_girth_is_larger_or_smaller_and_not_better_or_worse(
    cast: Cast, browser_of: Browser, values: dict[int, float], tag: str, sentence: str
) -> None:
    series = girths(cast, values)
    pages = [
        page(browser_of(cast.therapist), cast, series),
        text_of(browser_of(cast.therapist).get(reverse("series-list", args=[cast.patient.pk]))),
    ]
    assert sentence in pages[0]
    for text in pages:
        assert tag in text
        for word in ("better", "worse", "Improved", "Declined"):
            assert word not in text


def test_girths_of_a_swollen_limb_are_shown_and_not_compared(cast: Cast, browser_of: Browser) -> None:
    series = girths(cast, {0: 36, 7: 36, 60: 40, 67: 40.5}, swollen=(60, 67))
    text = page(browser_of(cast.patient_user), cast, series)
    assert "2 readings are left out, because swelling was recorded with them." in text
    assert "40.5 cm Swelling recorded, not compared" in text
    assert "State No change beyond measurement error" in text
    listed = text_of(browser_of(cast.patient_user).get(reverse("series-list", args=[cast.patient.pk])))
    assert "40.5 cm · May 8, 2026 · swelling recorded" in listed


def test_nothing_but_swelling_is_said_and_shown(cast: Cast, browser_of: Browser) -> None:
    text = page(browser_of(cast.therapist), cast, girths(cast, {0: 36, 60: 40}, swollen=(0, 60)))
    assert "only readings taken while the limb was swollen" in text
    assert text.count("Swelling recorded, not compared") == 2


def test_nothing_measured_yet(cast: Cast, browser_of: Browser) -> None:
    text = text_of(browser_of(cast.patient_user).get(reverse("series-list", args=[cast.patient.pk])))
    assert "Nothing was measured yet." in text


def test_the_pages_of_the_patient_lead_there(cast: Cast, browser_of: Browser) -> None:
    address = reverse("series-list", args=[cast.patient.pk])
    assert address in browser_of(cast.patient_user).get(reverse("portal")).content.decode()
    assert address in browser_of(cast.therapist).get(reverse("patient", args=[cast.patient.pk])).content.decode()


@pytest.mark.parametrize("series", ["a", "%00", "é", token_of("rom||nothing")])
def test_no_such_series_is_not_found(cast: Cast, browser_of: Browser, series: str) -> None:
    assert browser_of(cast.therapist).get(f"/patients/{cast.patient.pk}/series/{series}/").status_code == 404


def send(browser: Client, cast: Cast, series: str, **fields: str) -> Any:
    typed = {"id": str(new_id()), "reason": "surgery", "starts_on": "2026-04-01", "value": "", "note": "", **fields}
    return browser.post(reverse("baseline-set", args=[cast.patient.pk, series]), typed)


def test_a_baseline_is_set_in_the_readers_unit_and_ended(cast: Cast, browser_of: Browser) -> None:
    preferences.change({"force_unit": "kgf"}, by=cast.therapist, now=NOW)
    for day in (0, 30, 37):
        series = measured("strength", "hhd", cast.patient, cast.therapist, day, trials=[{"value": 100, "unit": "N"}])
    browser = browser_of(cast.therapist)
    answer = send(browser, cast, series, value="20", note="plate removed")
    assert (answer.status_code, answer["Location"]) == (302, reverse("series", args=[cast.patient.pk, series]))
    row = SeriesBaseline.objects.get()
    assert row.value == pytest.approx(196.133)
    text = page(browser, cast, series)
    assert "Value 20 kgf Reason Surgery: plate removed" in text
    assert "Declined" in text
    own = page(browser_of(cast.patient_user), cast, series)
    assert "Reason Surgery" in own
    assert "End this baseline" not in own
    ending = reverse("baseline-end", args=[row.pk])
    assert "End this baseline?" in text_of(browser.get(ending))
    assert browser.post(ending, {"version": "1"}).status_code == 302
    assert "The first readings are the baseline." in page(browser, cast, series)
    assert "had ended before" in text_of(browser.post(ending, {"version": "1"}, follow=True))


def test_a_baseline_of_grades_is_chosen_by_name(cast: Cast, browser_of: Browser) -> None:
    series = measured("strength", "mrc", cast.patient, cast.therapist, 0, grade="4")
    browser = browser_of(cast.therapist)
    html = browser.get(reverse("baseline-set", args=[cast.patient.pk, series])).content.decode()
    assert '<option value="6">4-</option>' in html
    assert send(browser, cast, series, value="6").status_code == 302
    assert "Value grade 4-" in page(browser, cast, series)
    assert send(browser, cast, series).status_code == 302
    assert "First readings from that day on" in page(browser, cast, series)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"starts_on": "2027-01-01"}, "2027-01-01 is not possible"),
        ({"starts_on": ""}, "This field is required."),
        ({"value": "900"}, "900 ° is not possible"),
        ({"value": "x"}, "Enter a number."),
        ({"value": "nan"}, "Enter a number."),
        ({"reason": "whim"}, "Select a valid choice."),
        ({"note": "x" * 501}, "at most 500"),
    ],
)
def test_what_cannot_be_is_said_at_the_field(
    cast: Cast, browser_of: Browser, fields: dict[str, str], message: str
) -> None:
    answer = send(browser_of(cast.therapist), cast, angles(cast, {0: 100}), **fields)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert SeriesBaseline.objects.count() == 0


def test_the_same_form_sent_with_other_content_is_a_conflict(cast: Cast, browser_of: Browser) -> None:
    series, chosen, browser = angles(cast, {0: 100}), str(new_id()), browser_of(cast.therapist)
    assert [send(browser, cast, series, id=chosen).status_code for _ in range(2)] == [302, 302]
    assert send(browser, cast, series, id=chosen, value="90").status_code == 409
    assert SeriesBaseline.objects.count() == 1


def test_more_series_and_days_cost_no_more_statements(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.patient_user)
    costs = []
    for days in (range(3), range(3, 60)):
        for motion in ("KNE_FLEX", "HIP_FLEX") if days.start else ("KNE_FLEX",):
            series = angles(cast, dict.fromkeys(days, 90), motion=motion)
        paths = [reverse("series-list", args=[cast.patient.pk]), reverse("series", args=[cast.patient.pk, series])]
        for path in paths:
            browser.get(path)
            with CaptureQueriesContext(connection) as captured:
                browser.get(path)
            costs.append(len(captured))
    assert costs[:2] == costs[2:]
    assert max(costs) <= 10
