"""Repetitions at a fixed pace on the pages: typed into one input by clinicians, shown with the decrease."""

import re
from collections.abc import Callable

import pytest
from django import forms
from django.test import Client

from accounts.models import User
from rehab.web.records.fields import NumbersField
from tests.conftest import Cast
from tests.web.pages import inputs_of, names_of, problems_of

Browser = Callable[[User | None], Client]
FALLING = "200 190 195 190 180 175 170 165 160 150"
NUMBERS = [200.0, 190.0, 195.0]


@pytest.mark.parametrize(
    "text",
    [
        "200 190 195",
        "200, 190, 195",
        "200,190,195",
        "200\r\n190\r\n195\r\n",
        "200;190;195",
        "２００，１９０、195",
        " 200.0 190  195, ",
    ],
)
def test_numbers_are_read_as_people_write_them(text: str) -> None:
    assert NumbersField().clean(text) == NUMBERS


def test_nothing_typed_is_nothing() -> None:
    assert NumbersField().clean(" ") is None


@pytest.mark.parametrize("text", ["200 abc", "12,5 13", "1e3 2", "200 19O", "1/2"])
def test_what_is_no_number_or_could_be_two_is_asked_back(text: str) -> None:
    with pytest.raises(forms.ValidationError):
        NumbersField().clean(text)


def typed(browser: Client, cast: Cast, **fields: str) -> tuple[str, dict[str, str]]:
    url = f"/patients/{cast.patient.pk}/log/strength/hhd/"
    shown = inputs_of(browser.get(url).content.decode())
    values = {"muscle": "KNE_EXT", "side": "left", "test_type": "make", "trials-0": "200", "trials-unit": "N"}
    return url, {**shown, **values, **fields}


def test_the_decrease_stands_on_the_page_of_the_record(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.therapist)
    url, values = typed(browser, cast, repetitions=FALLING, pace_seconds="3")
    answer = browser.post(url, values)
    assert answer.status_code == 302, problems_of(answer.content.decode())
    text = " ".join(re.sub(r"<[^>]+>", " ", browser.get(answer["Location"]).content.decode()).split())
    assert "Decrease over the repetitions (best of the first 3 to best of the last 3) 17.5 %" in text
    assert "Repetitions at a fixed pace 200, 190, 195, 190, 180, 175, 170, 165, 160, 150" in text
    assert "Pace, from one repetition to the next 3 s" in text
    form = inputs_of(browser.get(f"{answer['Location']}amend/").content.decode())
    assert form["repetitions"] == FALLING


@pytest.mark.parametrize(
    ("repetitions", "said"),
    [
        ("200 190", "Too few. Allowed: at least 10."),
        (FALLING.replace("150", "1600"), "Repetition 10: 1600 N is not possible."),
        (FALLING.replace("150", "15O"), "“15O” is not a number"),
        (FALLING.replace("150", "150,5"), "“150,5” could be one number or two."),
    ],
)
def test_what_was_typed_is_kept_and_named(cast: Cast, browser_of: Browser, repetitions: str, said: str) -> None:
    browser = browser_of(cast.therapist)
    url, values = typed(browser, cast, repetitions=repetitions, pace_seconds="3")
    answer = browser.post(url, values)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert said in html
    assert inputs_of(html)["repetitions"] == repetitions


def test_patients_are_not_asked_and_keep_what_a_clinician_recorded(cast: Cast, browser_of: Browser) -> None:
    patient, therapist = browser_of(cast.patient_user), browser_of(cast.therapist)
    for variant in ("hhd", "grip"):
        url = f"/patients/{cast.patient.pk}/log/strength/{variant}/"
        assert "repetitions" in names_of(therapist.get(url).content.decode())
        assert not {"repetitions", "pace_seconds"} & names_of(patient.get(url).content.decode())
    assert "repetitions" in names_of(patient.get(f"/patients/{cast.patient.pk}/log/strength/rm/").content.decode())
