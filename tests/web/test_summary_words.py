"""Summaries in words: what is said to whom, and what never is."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, get_args

import pytest
from django.utils import translation

from accounts.models import User
from rehab.analytics import summaries as shapes
from rehab.analytics.series import token_of
from rehab.analytics.series_descriptions import SeriesDescription
from rehab.models import Summary
from rehab.reference.wording import forbidden_in
from rehab.selectors import summaries
from rehab.web.series import words as series_words
from rehab.web.summaries import measured, phrases, presenters
from rehab.web.summaries.sheet import Sheet
from tests.conftest import Cast
from tests.summaries import (
    WEEK,
    adherence_of,
    caseload_payload,
    clinic_payload,
    empty_payload,
    looked,
    of_patient,
    patient_payload,
    series_of,
    stored,
)

LANGUAGES = ("en", "zh-hans")
Payload = shapes.PatientSummary | shapes.CaseloadSummary | shapes.ClinicSummary


def sheet_of(user: User, summary: Summary, version: int | None = None) -> Sheet:
    sheet = presenters.sheet(summaries.get(user, summary.pk, version), user=user)
    assert sheet is not None
    return sheet


def words_of(sheet: Sheet) -> str:
    return "\n".join(_texts(sheet))


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list)):
        for member in value:
            yield from _texts(member)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _texts(getattr(value, name))


def tags(sheet: Sheet, key: str) -> list[str]:
    [part] = [part for part in sheet.parts if part.key == key]
    return [tag.text for item in part.items for tag in item.tags]


def test_to_the_patient_in_plain_words(cast: Cast, now: datetime) -> None:
    sheet = sheet_of(cast.patient_user, of_patient(cast.patient, now=now))
    assert sheet.title == "Your week"
    assert sheet.lead[0] == "You did 3 of 4 planned sessions."
    assert tags(sheet, "series") == [
        "Worse",
        "Smaller, to be confirmed",
        "Better",
        "No change beyond measurement error",
    ]
    said = words_of(sheet)
    assert f"Talk to {cast.therapist.name} at {cast.clinic.name}." in said
    assert "In an emergency call 120." in said
    assert "180 N → 240 N" in said
    assert [part.key for part in sheet.parts] == ["plan", "series", "symptoms", "goals", "next"]


def test_to_a_caregiver_it_speaks_of_the_patient(cast: Cast, now: datetime) -> None:
    sheet = sheet_of(cast.caregiver, of_patient(cast.patient, now=now))
    assert cast.patient.name in sheet.subtitle
    assert sheet.lead[0] == "3 of 4 planned sessions were done."
    assert "You did" not in words_of(sheet)


def test_to_a_therapist_with_figures_alerts_and_doubts(cast: Cast, now: datetime) -> None:
    sheet = sheet_of(cast.therapist, of_patient(cast.patient, now=now))
    assert tags(sheet, "series")[:2] == ["Declined", "Smaller, to be confirmed"]
    said = words_of(sheet)
    for words in ("Measurement error: 49 N [grip_general].", "Rising: +7.3 N per week", "Pain during exercise",
                  "Rests on a single reading", "Monotony", "Dose done of prescribed: 70"):  # fmt: skip
        assert words in said
    assert sheet.contact == ()


def test_in_the_units_of_the_reader(cast: Cast, now: datetime) -> None:
    User.objects.filter(pk=cast.patient_user.pk).update(force_unit="kgf", length_unit="in")
    user = User.objects.get(pk=cast.patient_user.pk)
    said = words_of(sheet_of(user, of_patient(cast.patient, now=now)))
    assert "18.4 kgf → 24.5 kgf" in said
    assert "14.2 in → 13.2 in" in said
    assert "240 N" not in said


def test_a_day_is_two_lines_and_what_is_due(cast: Cast, now: datetime) -> None:
    sheet = sheet_of(cast.patient_user, of_patient(cast.patient, now=now, period="day", ends_on=WEEK))
    assert sheet.title == "Your day"
    assert len(sheet.lead) == 2
    assert [part.key for part in sheet.parts] == ["next"]


@pytest.mark.parametrize(
    ("changes", "lead"),
    [
        ({}, "Nothing was logged in this time."),
        ({"notes": ("discharged",), "counts": patient_payload().counts}, "The care at the clinic has ended."),
        ({"notes": ("one_record",)}, "There is one entry from this time."),
        ({"notes": ("only_skipped",)}, "Every session that was logged is marked as skipped."),
    ],
)
def test_with_little_to_say_it_says_that(cast: Cast, now: datetime, changes: dict[str, Any], lead: str) -> None:
    summary = stored(empty_payload(**changes), clinic=cast.clinic, patient=cast.patient, now=now)
    for user in (cast.patient_user, cast.caregiver, cast.therapist):
        sheet = sheet_of(user, summary)
        assert sheet.lead[0].startswith(lead)
        assert sheet.emergency


def test_below_three_due_sessions_there_is_no_percentage(cast: Cast, now: datetime) -> None:
    few = adherence_of(due=2, completed=1, missed=1, session_pct=None, dose_pct=None)
    sheet = sheet_of(cast.therapist, of_patient(cast.patient, now=now, adherence=few))
    [plan] = [part for part in sheet.parts if part.key == "plan"]
    assert plan.lines[0] == "1 of 2 planned sessions were done."


def test_a_state_that_cannot_be_given_says_why(cast: Cast, now: datetime) -> None:
    nothing = {"state": "insufficient_data", "baseline": None, "current": None, "delta": None, "trend": None,
               "threshold_value": None, "threshold_row": None, "state_before": None}  # fmt: skip
    found = tuple(
        series_of(**nothing, reason=reason)
        for reason in ("too_few_days", "only_visual_estimates", "no_threshold", "zero_baseline")
    )
    said = words_of(sheet_of(cast.patient_user, of_patient(cast.patient, now=now, series=found)))
    for words in ("two days are needed", "judged by eye", "is not known how much", "began at 0"):
        assert words in said


def test_what_was_confirmed_and_what_is_new(cast: Cast, now: datetime) -> None:
    found = (
        series_of(state="improved", state_before="provisional_improved"),
        series_of(state="stable", state_before="improved"),
        series_of(state="stable", state_before="stable", in_period=False),
    )
    [part] = [
        part
        for part in sheet_of(cast.patient_user, of_patient(cast.patient, now=now, series=found)).parts
        if part.key == "series"
    ]
    assert [item.lines[1] for item in part.items] == [
        "Confirmed by a measurement on another day.",
        "The week before: better.",
        "Last measured on March 8, 2026.",
    ]


def test_a_caseload_says_who_needs_a_look_first_and_why(cast: Cast, now: datetime) -> None:
    better = looked(cast.patient, reasons=("improved",), declined=(), alerts=(), quality=())
    payload = caseload_payload(looked(cast.patient), better, patients_treated=14)
    sheet = sheet_of(cast.therapist, stored(payload, clinic=cast.clinic, therapist=cast.therapist, now=now))
    assert sheet.lead[0] == "1 of your 14 patients needs a look first."
    assert [part.key for part in sheet.parts] == ["first", "better", "quality"]
    assert tags(sheet, "first") == ["Same-day alert open", "Declined", "Fewer sessions done"]
    said = words_of(sheet)
    assert "Declined: Ankle dorsiflexors (tibialis anterior), left." in said
    assert "1 of 4 planned sessions was done." in said or "1 of 4 planned sessions were done." in said


def test_a_caseload_in_which_nothing_happened(cast: Cast, now: datetime) -> None:
    for treated, words in ((14, "No alert, decline or fall in adherence"), (0, "You treated no patient")):
        payload = caseload_payload(patients_treated=treated, starts_on=WEEK - timedelta(days=treated))
        sheet = sheet_of(cast.therapist, stored(payload, clinic=cast.clinic, therapist=cast.therapist, now=now))
        assert sheet.lead[0].startswith(words)
        assert sheet.parts == ()


def test_a_clinic_hides_small_counts(cast: Cast, now: datetime) -> None:
    sheet = sheet_of(cast.admin, stored(clinic_payload(), clinic=cast.clinic, now=now))
    tables = {part.key: part.table for part in sheet.parts if part.table}
    assert tables["adherence"].rows[0] == ("0–20 %", "not shown")
    assert [row[0] for row in tables["outcomes"].rows] == ["Stroke"]
    [outcomes] = [part for part in sheet.parts if part.key == "outcomes"]
    assert outcomes.lines == ("Not shown, as a group would be too small: Motor neuron disease (ALS).",)
    hidden = dict.fromkeys(("patients", "patients_active", "records", "sessions", "alerts_raised"))
    tiny = clinic_payload(**hidden, adherence=(), outcomes=(), starts_on=WEEK.replace(month=2, day=1))
    sheet = sheet_of(cast.admin, stored(tiny, clinic=cast.clinic, now=now))
    assert sheet.lead[0].startswith("There are fewer than 5 patients")


def test_where_every_bar_is_hidden_there_is_a_sentence(cast: Cast, now: datetime) -> None:
    buckets = [shapes.Bucket(low_pct=low, high_pct=low + 20, patients=None) for low in range(0, 100, 20)]
    payload = clinic_payload(adherence=buckets)
    sheet = sheet_of(cast.admin, stored(payload, clinic=cast.clinic, now=now))
    [part] = [part for part in sheet.parts if part.key == "adherence"]
    assert (part.table, part.bars) == (None, None)
    assert part.lines == ("Not shown, as some groups would be too small.",)


def test_a_large_count_that_is_hidden_is_not_called_small(cast: Cast, now: datetime) -> None:
    """17 of 20 are hidden because of the other 3: "fewer than 5" would not be true."""
    hidden = shapes.Outcome(condition="stroke", patients=20, with_improved=None, with_declined=None, stable=None)
    payload = clinic_payload(patients=20, patients_active=None, records=None, sessions=None, outcomes=(hidden,))
    sheet = sheet_of(cast.admin, stored(payload, clinic=cast.clinic, now=now))
    tables = {part.key: part.table for part in sheet.parts if part.table}
    assert tables["counts"].rows[:2] == (("Patients", "20"), ("Patients who logged something", "not shown"))
    assert tables["outcomes"].rows[0][1:] == ("20", "not shown", "not shown", "not shown")


def test_the_last_day_does_not_say_that_no_summary_follows(cast: Cast, now: datetime) -> None:
    """Those of its week and its four weeks do."""
    for period in ("day", "week", "four_weeks"):
        said = words_of(
            sheet_of(cast.patient_user, of_patient(cast.patient, now=now, period=period, notes=["discharged"]))
        )
        assert "The care at the clinic has ended" in said
        assert "after this one" not in said


def test_a_load_of_four_digits_is_written_out(cast: Cast, now: datetime) -> None:
    load = shapes.Load(weekly=1260.0, monotony=0.754, strain=3395.4, change_pct=-12.5)
    sheet = sheet_of(cast.therapist, of_patient(cast.patient, now=now, load=load))
    [table] = [part.table for part in sheet.parts if part.key == "load" and part.table]
    assert [value for _name, value in table.rows] == ["1260", "0.754", "3395", "-12.5"]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("strength|mrc|mrc8|hip_abd|left|", "Hip abductors, left"),
        ("strength|hhd|KNE_EXT|right|make||", "Knee extensors (quadriceps), right"),
        ("girth||calf_max|left|||", "Calf, largest, left"),
        ("rom||kne_flex|left||prom|||universal_goniometer|mean", "Knee flexion, left"),
        ("assessments|mrc_sum", ""),
    ],
)
def test_a_series_that_is_only_named_is_told_by_its_place(key: str, name: str) -> None:
    """A doubt about a series that the caseload does not hold. The scale of a graded muscle stands before it, and some
    motions have the code of a muscle."""
    assert measured.name_of_token(token_of(key)) == name


def every_payload(cast: Cast) -> list[Payload]:
    states = tuple(
        series_of(state=state, state_before=before, reason=None)
        for state in get_args(shapes.State)
        for before in get_args(shapes.State)
    )
    doubts = tuple(shapes.Quality(code=code, series=None, on=WEEK) for code in get_args(shapes.QualityCode))
    notes = get_args(shapes.Note)
    periods: tuple[Any, ...] = ("day", "week", "four_weeks")
    patients = [
        patient_payload(period=period, series=states, quality=doubts, notes=notes, starts_on=WEEK) for period in periods
    ]
    every = looked(cast.patient, reasons=get_args(shapes.Reason), quality=doubts)
    return [*patients, empty_payload(starts_on=WEEK.replace(month=2)), caseload_payload(every), clinic_payload()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_summary_says_what_may_not_be_said(cast: Cast, now: datetime, language: str) -> None:
    with translation.override(language):
        for payload in every_payload(cast):
            of = {"patient": {"patient": cast.patient}, "therapist": {"therapist": cast.therapist}, "clinic": {}}
            summary = stored(payload, clinic=cast.clinic, now=now, version=2, **of[payload.audience])  # type: ignore[arg-type]  # by audience
            readers = [cast.therapist]
            if payload.audience == "patient":
                readers += [cast.patient_user, cast.caregiver]
            for user in readers:
                for version in (1, 2):
                    said = words_of(sheet_of(user, summary, version))
                    assert forbidden_in(said) == []


def test_every_code_has_words() -> None:
    for words, codes in (
        (phrases.STATES, shapes.State),
        (phrases.PLAIN_STATES, shapes.State),
        (phrases.NOTES, shapes.Note),
        (phrases.QUALITY, shapes.QualityCode),
        (phrases.REASONS, shapes.Reason),
    ):
        assert set(words) == set(get_args(codes))
    assert {str(phrases.PLAIN_STATES[state]) for state in ("provisional_improved", "provisional_declined")} == {
        "Better, please repeat to confirm",
        "Worse, please repeat to confirm",
    }
    assert str(phrases.PLAIN_STATES["stable"]) == "No change beyond measurement error"


def test_a_median_between_two_grades_is_named_by_both(cast: Cast) -> None:
    grades = SeriesDescription(
        kind="strength", measure="mrc", code="KNE_EXT", side="left", unit="mrc_rank", better="higher", ordinal=True,
        quantity="", fields=(), how=(("scale", "MRC8"),),
    )  # fmt: skip
    for grade, words in ((4.0, "grade 4"), (11 / 3, "grade 4-"), (23 / 6, "grade 4- to 4"), (10 / 3, "grade 3 to 4-")):
        assert series_words.value(grades, grade, cast.patient_user, stated_in="grade") == words
    tone = replace(grades, kind="assessments", measure="mas", unit="mas_rank", how=())
    assert series_words.value(tone, 1.5, cast.patient_user) == "grade 1 to 1+"


def test_where_nothing_was_done_there_is_no_empty_drawing_and_no_load(cast: Cast, now: datetime) -> None:
    none = tuple(shapes.Week(starts_on=WEEK - timedelta(weeks=n), sessions=0, minutes=None) for n in (1, 0))
    rest = shapes.Load(weekly=0.0, monotony=None, strain=None, change_pct=None)
    payload = empty_payload(weeks=none, load=rest, adherence=adherence_of(due=6, completed=0, session_pct=0.0))
    sheet = sheet_of(cast.therapist, stored(payload, clinic=cast.clinic, now=now, patient=cast.patient))
    [plan] = [part for part in sheet.parts if part.key == "plan"]
    assert plan.bars is None
    assert plan.lines[0] == "0 of 6 planned sessions were done."
    assert "load" not in [part.key for part in sheet.parts]
