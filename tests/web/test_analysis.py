"""The page of analyses: what stands there, what it says when there is nothing, and setting a hint aside."""

import re
from collections.abc import Callable

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from rehab.models import HintDismissal
from rehab.reference.wording import forbidden_in
from rehab.services import patients
from tests.conftest import Cast
from tests.selectors.analyses.recording import NOW, ago, angle, force, girth, grade, grip, log, session

Browser = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def now_is_fixed() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def page(cast: Cast, browser_of: Browser, *, role: str = "therapist", language: str = "en") -> str:
    browser = browser_of(cast.user(role))
    if language != "en":
        browser.post("/language/", {"language": language, "next": "/"})
    answer = browser.get(f"/patients/{cast.patient.pk}/analysis/")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def rapid_loss(cast: Cast) -> None:
    for muscle in ("ANK_DF", "HIP_FLEX"):
        grade(cast, muscle, "right", "5", ago(6))
        grade(cast, muscle, "right", "3", ago(2))


def test_with_nothing_recorded_it_says_what_is_needed(cast: Cast, browser_of: Browser) -> None:
    text = page(cast, browser_of)
    for said in (
        "No pattern among the records of today.",
        "measure both sides the same way, within 7 days of each other",
        "Test at least 2 near and 2 far muscle groups of a limb within 7 days.",
        "5 valid morning–afternoon pairs are needed",
        "No session was logged in the last 8 weeks.",
        "No stimulation was logged in the last 8 weeks.",
    ):
        assert said in text


def test_hints_name_what_fired_what_is_missing_and_until_when(cast: Cast, browser_of: Browser) -> None:
    rapid_loss(cast)
    text = page(cast, browser_of)
    assert "Rapid loss in 2 groups over 4 days. Urgent review." in text
    assert "Red flag: rapid weakness" in text
    assert "Hip flexors, right: June 4, 2026 to June 8, 2026" in text
    assert "grade 5, June 4" in text
    assert "electromyography (EMG)" in text
    assert "July 6, 2026" in text


def test_the_same_in_chinese(cast: Cast, browser_of: Browser) -> None:
    rapid_loss(cast)
    text = page(cast, browser_of, language="zh-hans")
    assert "4 天内 2 组肌群肌力快速下降，需紧急评估。" in text
    assert "肌电图" in text


def test_sides_stand_beside_the_ratio(cast: Cast, browser_of: Browser) -> None:
    patients.amend(cast.patient.pk, {"involved_side": "right"}, expected_version=1, by=cast.therapist, now=NOW)
    for side, newtons, cm, degrees in (("left", 240, 43.0, 135), ("right", 180, 40.5, 110)):
        force(cast, "KNE_EXT", side, newtons, ago(1))
        girth(cast, "THIGH_10", side, cm, ago(1))
        angle(cast, "KNE_FLEX", side, degrees, ago(1))
        grade(cast, "ANK_DF", side, "5" if side == "left" else "4+", ago(1))
    grip(cast, "left", 300, ago(1))
    text = page(cast, browser_of)
    for said in (
        "240 N", "180 N", "Symmetry index (involved of uninvolved): 75 %", "Right weaker by 25 %",
        "Uninvolved minus involved: 2.5 cm", "Motion lost on the involved side: 25°", "Right weaker by 0.67 grades",
        "1 more measure is not compared: The other side was not measured the same way.",
    ):  # fmt: skip
        assert said in text


def test_without_an_involved_side_it_says_so(cast: Cast, browser_of: Browser) -> None:
    grip(cast, "left", 300, ago(1))
    grip(cast, "right", 300, ago(1))
    text = page(cast, browser_of)
    assert "The involved side is not stated, so there is no ratio of the sides." in text
    assert "No ratio: the involved side is not stated." in text
    assert "Sides alike within 0.5 %" in text


def test_two_pairs_so_far(cast: Cast, browser_of: Browser) -> None:
    for days in (4, 2):
        grip(cast, "right", 360, ago(days), hour=8, hours_since_waking=1, hours_since_anticholinesterase=1.5)
        grip(cast, "right", 250, ago(days), hour=16)
    text = page(cast, browser_of)
    assert "5 valid morning–afternoon pairs in 21 days are needed; 2 so far." in text
    assert "2 tests of these days do not say how long after waking up they were." in text
    assert "360 N 250 N 31 % 1.5 h / –" in text


def test_weeks_of_load_and_dose(cast: Cast, browser_of: Browser) -> None:
    session(cast, ago(8), minutes=20, rpe=5)
    session(cast, ago(15), minutes=20, rpe=None)
    log(cast, "sessions", "fes", ago(22))
    text = page(cast, browser_of)
    assert "week of June 1, 2026" in text
    assert "a session lacks its effort or duration" in text
    assert "Knee extensors (quadriceps), left, channel 1" in text
    assert "15960" in text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_on_it_reassures_or_promises(cast: Cast, browser_of: Browser, language: str) -> None:
    rapid_loss(cast)
    assert forbidden_in(page(cast, browser_of, language=language)) == []


def test_the_link_to_it_is_for_clinicians(cast: Cast, browser_of: Browser) -> None:
    address = f"/patients/{cast.patient.pk}/analysis/"
    for role, there in (("therapist", True), ("patient_user", False), ("caregiver", False)):
        text = browser_of(cast.user(role)).get(f"/patients/{cast.patient.pk}/").content.decode()
        assert (address in text) == there, role


def test_no_page_of_the_patient_speaks_of_a_hint(cast: Cast, browser_of: Browser) -> None:
    rapid_loss(cast)
    for role in ("patient_user", "caregiver"):
        for address in ("/portal/", f"/patients/{cast.patient.pk}/"):
            text = browser_of(cast.user(role)).get(address).content.decode()
            for word in ("Rapid loss", "attern hint", "RAPID_", "ACUTE_", "hint-dismiss", "/analysis/"):
                assert word not in text


# --- Setting aside
def form(cast: Cast, browser: Client) -> dict[str, str]:
    text = browser.get(address(cast)).content.decode()
    found = re.search(r'name="id" value="([^"]+)"', text)
    assert found
    return {"id": found[1], "reason": "Known relapse, seen today."}


def address(cast: Cast, key: str = "ACUTE_SUBACUTE") -> str:
    return f"/patients/{cast.patient.pk}/analysis/hints/{key}/dismiss/"


def test_a_hint_is_set_aside_once_however_often_the_form_is_sent(cast: Cast, browser_of: Browser) -> None:
    rapid_loss(cast)
    browser = browser_of(cast.therapist)
    typed = form(cast, browser)
    for _attempt in range(2):
        assert browser.post(address(cast), typed)["Location"] == f"/patients/{cast.patient.pk}/analysis/#hints"
    assert HintDismissal.objects.count() == 1
    text = page(cast, browser_of)
    assert "1 hint set aside" in text
    assert "Known relapse, seen today." in text
    assert browser.post(address(cast), {**typed, "reason": "Another one."}).status_code == 409


def test_without_a_reason_it_asks_again(cast: Cast, browser_of: Browser) -> None:
    rapid_loss(cast)
    browser = browser_of(cast.therapist)
    for reason in ("", "ab"):
        answer = browser.post(address(cast), {**form(cast, browser), "reason": reason})
        assert answer.status_code == 422
    assert "Say why, in 3 to 500 characters." in answer.content.decode()
    assert not HintDismissal.objects.exists()


def test_a_hint_that_does_not_hold_is_not_there(cast: Cast, browser_of: Browser) -> None:
    assert browser_of(cast.therapist).get(address(cast, "DISUSE")).status_code == 404


def test_the_statements_do_not_grow_with_the_records(cast: Cast, browser_of: Browser) -> None:
    def cost() -> int:
        browser = browser_of(cast.therapist)
        with CaptureQueriesContext(connection) as captured:
            browser.get(f"/patients/{cast.patient.pk}/analysis/")
        return len(captured)

    rapid_loss(cast)
    grip(cast, "right", 360, ago(2))
    session(cast, ago(2))
    cost()  # what a series is, is looked up once in the life of a process
    few = cost()
    for days in range(1, 40):
        grip(cast, "right", 360, ago(days), hour=10)
        session(cast, ago(days), hour=11)
    assert cost() == few <= 22
