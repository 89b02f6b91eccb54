"""A girth is larger or smaller in summaries as on its own page: muscle, fat and swelling all make a limb larger."""

from datetime import datetime

import pytest

from rehab.analytics.summaries import SeriesOf
from tests.conftest import Cast
from tests.summaries import caseload_payload, looked, of_patient, patient_payload, series_of, stored
from tests.web.test_summary_words import sheet_of, tags, words_of


def girth(state: str) -> SeriesOf:
    [calf] = [one for one in patient_payload().series if one.kind == "girth"]
    return series_of(**calf.model_dump() | {"state": state})


@pytest.mark.parametrize(
    ("state", "tag", "lead"),
    [
        ("improved", "Larger (beyond measurement error)", "1 limb girth is larger than at the start"),
        ("declined", "Smaller (beyond measurement error)", "1 limb girth is smaller than at the start"),
        ("provisional_declined", "Smaller, to be confirmed", "1 measurement looks different"),
    ],
)
def test_to_patients_and_therapists_alike(cast: Cast, now: datetime, state: str, tag: str, lead: str) -> None:
    summary = of_patient(cast.patient, now=now, series=(girth(state),))
    for user in (cast.patient_user, cast.therapist):
        sheet = sheet_of(user, summary)
        assert tags(sheet, "series") == [tag]
        assert any(line.startswith(lead) for line in sheet.lead)
        assert "better" not in words_of(sheet).lower()
        assert "worse" not in words_of(sheet).lower().replace("did something get worse", "")


def test_the_state_before_is_told_in_the_same_words(cast: Cast, now: datetime) -> None:
    one = girth("stable").model_copy(update={"state_before": "provisional_improved"})
    said = words_of(sheet_of(cast.therapist, of_patient(cast.patient, now=now, series=(one,))))
    assert "The week before: larger, to be confirmed." in said


def test_in_a_caseload_a_larger_limb_is_no_improvement(cast: Cast, now: datetime) -> None:
    nothing = {"alerts": (), "quality": ()}
    rows = (
        looked(cast.patient, reasons=("declined",), declined=(girth("declined"),), improved=(), **nothing),
        looked(cast.patient, reasons=("improved",), declined=(), improved=(girth("improved"),), **nothing),
    )
    payload = caseload_payload(*rows, patients_treated=2)
    sheet = sheet_of(cast.therapist, stored(payload, clinic=cast.clinic, therapist=cast.therapist, now=now))
    assert [part.key for part in sheet.parts] == ["first", "larger"]
    assert tags(sheet, "first") == ["Smaller (beyond measurement error)"]
    assert tags(sheet, "larger") == ["Larger (beyond measurement error)"]
    said = words_of(sheet)
    assert "Smaller: Calf" in said
    assert "Larger: Calf" in said
    assert not {"Declined", "Improved"} & set(said.split())
    assert not any("improved" in line for line in sheet.lead)


def test_beside_a_strength_that_declined_both_are_named(cast: Cast, now: datetime) -> None:
    weak = series_of(state="declined")
    one = looked(cast.patient, reasons=("declined",), declined=(weak, girth("declined")), improved=(), alerts=())
    payload = caseload_payload(one, patients_treated=1)
    sheet = sheet_of(cast.therapist, stored(payload, clinic=cast.clinic, therapist=cast.therapist, now=now))
    assert tags(sheet, "first") == ["Declined"]
    lines = sheet.parts[0].items[0].lines
    assert lines[0].startswith("Declined: ")
    assert lines[1].startswith("Smaller: ")
