"""Today on the patient's home, logged in one go, and how it went: in counts, and without judging."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from accounts.ids import new_id
from accounts.models import User
from rehab.models import ExerciseSession, Program
from rehab.reference import wording
from rehab.reference.checklists import CHECKLISTS
from tests.conftest import Cast
from tests.programs import MONDAY, WEEKLY, cleared, items_of, session, written
from tests.web.pages import inputs_of
from tests.web.programs import EVERY_DAY, Browser, started, text_of, today

__all__ = ["started"]


def test_today_is_logged_in_one_go(cast: Cast, browser_of: Browser, started: Program) -> None:
    browser, [item] = browser_of(cast.patient_user), items_of(started)
    home = browser.get("/portal/").content.decode()
    path = f"/patients/{cast.patient.pk}/log/sessions/resistance_band/?item={item.pk}"
    assert f'href="{path}"' in home
    form = inputs_of(browser.get(path).content.decode())
    assert [form[f"details-exercises-0-reps-{n}"] for n in range(3)] == ["10", "10", "10"]
    assert form["details-exercises-0-muscle"] == "KNE_EXT"
    made = browser.post(path, form)
    assert made.status_code == 302
    row = ExerciseSession.objects.get()
    assert (row.program_item_id, row.repetitions) == (item.pk, 30)
    assert "Part of the programme Knee band" in text_of(browser.get(made["Location"]))
    said = text_of(browser.get("/portal/"))
    assert "Done" in said
    assert "You did 1 of 11 sessions in the last 4 weeks." in said
    amend = browser.get(f"{made['Location']}amend/").content.decode()
    browser.post(f"{made['Location']}amend/", {**inputs_of(amend), "note": "x", "change_reason": "forgot it"})
    row.refresh_from_db()
    assert (row.note, row.program_item_id) == ("x", item.pk)


@pytest.mark.parametrize(
    ("modality", "asked", "expected"),
    [
        ("weights", {"sets": 2, "reps": 8}, {"details-exercises-0-reps-1": "8"}),
        ("fes", {"muscle": "ANK_DF", "side": "right", "minutes": 20},
         {"details-channels-0-muscle": "ANK_DF", "duration_min": "20"}),
        ("rom_stretch", {"motion": "ANK_DF", "side": "left", "sets": 2, "reps": 3, "hold_s": 30},
         {"details-motion": "ANK_DF", "details-reps": "6", "details-hold_s": "30"}),
        ("breathing", {"sets": 3, "reps": 8}, {"details-sets": "3", "details-reps": "8"}),
        ("balance_gait", {"name": "10 m walk"}, {"details-task": "10 m walk"}),
        ("other", {"name": "Qigong"}, {"details-description": "Qigong"}),
        ("aerobic", {"minutes": 25}, {"duration_min": "25"}),
        ("aquatic", {"minutes": 40}, {"duration_min": "40"}),
        ("weight_bearing", {"minutes": 15}, {"duration_min": "15"}),
    ],
)  # fmt: skip
def test_every_kind_of_item_fills_its_form(
    cast: Cast, browser_of: Browser, modality: str, asked: dict[str, Any], expected: dict[str, str]
) -> None:
    if modality in CHECKLISTS:
        cleared(cast.patient, modality, by=cast.therapist, now=datetime.now(UTC))
    program = written(cast.patient, {"modality": modality, "weekdays": EVERY_DAY, **asked}, by=cast.therapist,
                      on=today(cast))  # fmt: skip
    [item] = items_of(program)
    path = f"/patients/{cast.patient.pk}/log/sessions/{modality}/?item={item.pk}"
    form = inputs_of(browser_of(cast.patient_user).get(path).content.decode())
    assert {name: form.get(name) for name in expected} == expected


def test_the_address_of_a_form_names_only_the_patients_own_items(
    cast: Cast, browser_of: Browser, started: Program
) -> None:
    [other] = items_of(written(cast.other_patient, by=cast.other_therapist))
    browser, [item] = browser_of(cast.patient_user), items_of(started)
    own = f"/patients/{cast.patient.pk}/log/sessions"
    for path in (f"{own}/resistance_band/?item={other.pk}", f"{own}/weights/?item={item.pk}",
                 f"{own}/resistance_band/?item=x", f"{own}/resistance_band/?item={new_id()}"):  # fmt: skip
        assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    ("on", "four_weeks"),
    # A Wednesday, and a Sunday that is not over: what is done today counts in the 28 days, what is left does not yet.
    [(18, "3 of 8 (38 %)"), (22, "4 of 9 (44 %)")],
)
def test_every_page_tells_the_running_week_and_the_one_before(
    cast: Cast, browser_of: Browser, time_machine: TimeMachineFixture, on: int, four_weeks: str
) -> None:
    time_machine.move_to(datetime(2026, 3, on, 12, tzinfo=UTC), tick=False)
    written(cast.patient, {**WEEKLY, "times_per_week": 4}, by=cast.therapist)
    for days in (7, 8, 11, 15):
        session(cast.patient, MONDAY + timedelta(days=days), by=cast.patient_user, variant="aerobic")
    own = f"/patients/{cast.patient.pk}/programs/"
    for role, path in (("patient_user", "/portal/"), ("patient_user", own), ("caregiver", own)):
        said = text_of(browser_of(cast.user(role)).get(path))
        assert "This week: 1 of 4 done, 3 left. Last week: 3 of 4 done." in said
        assert "%" not in said
    assert "1 of 4 this week, 3 left" in text_of(browser_of(cast.patient_user).get("/portal/"))
    said = text_of(browser_of(cast.therapist).get(own))
    assert "This ISO week, so far 1 of 4, 3 left" in said
    assert "Last whole ISO week 3 of 4 (75 %), 1 not done" in said
    assert f"28 days {four_weeks}, 5 not done" in said
    said = text_of(browser_of(cast.therapist).get("/dashboard/"))
    assert f"{four_weeks} This week: 1 of 4, 3 left Last week: 3 of 4 (75 %), 1 not done" in said


def test_a_patient_reads_what_was_logged_this_week(
    cast: Cast, browser_of: Browser, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(datetime(2026, 3, 18, 12, tzinfo=UTC), tick=False)
    page = f"/patients/{cast.patient.pk}/programs/"
    own = browser_of(cast.patient_user)
    assert "No session is logged this week yet." in text_of(own.get(page))
    monday = MONDAY + timedelta(days=14)
    for days in (0, 1):
        session(cast.patient, monday + timedelta(days=days), by=cast.patient_user, variant="aerobic")
    session(cast.patient, monday - timedelta(days=1), by=cast.patient_user, variant="aerobic")
    session(cast.patient, monday, by=cast.patient_user, variant="fes")
    for user in (cast.patient_user, cast.caregiver):
        said = text_of(browser_of(user).get(page))
        assert "Endurance 2 sessions, 50 min" in said
        assert "Knee extensors (quadriceps), Left 1 session, 7.6 min with current" in said
        assert "Effort (0 to 10) times minutes, all sessions added up: 210." in said
    breathing = session(cast.patient, monday, by=cast.patient_user, variant="breathing", duration_min=None)
    said = text_of(own.get(page))
    assert "Breathing 1 session, 1 without its minutes" in said
    assert "not known, because a session lacks how hard it was" in said
    assert breathing.duration_minutes is None
    assert "more than planned" not in said  # nothing was planned
    assert not re.search("[Mm]onoton|[Ss]train|pulse|charge", said)
    assert "Logged this week" not in text_of(browser_of(cast.therapist).get(page))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_judges_or_reassures(cast: Cast, browser_of: Browser, started: Program, language: str) -> None:
    session(cast.patient, today(cast) - timedelta(days=1), by=cast.patient_user)
    written(cast.patient, WEEKLY, by=cast.therapist, on=today(cast) - timedelta(days=20))
    User.objects.filter(pk__in=[cast.patient_user.pk, cast.caregiver.pk]).update(language=language)
    for role in ("patient_user", "caregiver"):
        for path in ("/portal/", f"/patients/{cast.patient.pk}/", f"/patients/{cast.patient.pk}/programs/"):
            said = text_of(browser_of(cast.user(role)).get(path))
            assert wording.forbidden_in(said) == []
            assert not re.search(r"only \d|missed|failed|should have|bad|poor|仅|不足|未达标|落后", said)
