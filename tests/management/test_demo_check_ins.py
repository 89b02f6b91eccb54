"""The check-ins of the stories: deterministic, readable, and as their condition has it."""

from datetime import date, datetime
from typing import Any

from rehab.analytics.symptoms import pain_change
from rehab.management.demo import central, check_ins, disuse, muscle, nerve
from rehab.management.demo.shapes import Story
from rehab.management.demo.stories import STORIES
from rehab.services import documents
from rehab.services.kinds import KINDS
from rehab.services.red_flags import evaluated

FIRST = date(2026, 8, 1)


def documents_of(story: Story, *, seed: int = 1) -> list[dict[str, Any]]:
    return [one.document for one in check_ins.planned(story, seed=seed, first=FIRST)]


def test_the_same_seed_and_day_give_the_same_and_every_document_is_read() -> None:
    for story in STORIES:
        found = documents_of(story)
        assert found == documents_of(story)
        assert bool(found) == (story.account and story.key in check_ins.TOLD)
        for document in found:
            documents.parse(KINDS["check-ins"], {key: value for key, value in document.items() if key != "kind"})
    keys = {story.key for story in STORIES}
    assert {*check_ins.TOLD, *check_ins.KNOWN, *(key for key, _day in check_ins.REPORTED)} <= keys


def test_people_check_in_two_or_three_times_a_week() -> None:
    for story in STORIES:
        days = {document["performed_at"][:10] for document in documents_of(story)}
        assert not days or 1.3 * 16 <= len(days) <= 3.1 * 16, story.key


def test_in_myasthenia_the_lids_are_heavier_in_the_afternoon_and_breathing_stays_untouched() -> None:
    by_half: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for document in documents_of(muscle.MYASTHENIA):
        by_half[datetime.fromisoformat(document["performed_at"]).hour >= 12].append(document["myasthenia"])
    assert all(
        morning["ptosis"] < afternoon["ptosis"]
        for morning, afternoon in zip(by_half[False], by_half[True], strict=True)
    )
    assert {items[name] for items in (*by_half[True], *by_half[False]) for name in ("breathing", "swallowing")} == {0}


def test_pain_falls_by_more_than_matters_after_the_fracture_and_at_the_shoulder_after_the_stroke() -> None:
    for story in (disuse.FRACTURE, central.STROKE):
        ratings = [document["pain"][0]["nrs"] for document in documents_of(story)]
        assert pain_change(baseline=ratings[0], current=ratings[-1]).change == "important_decrease"


def test_what_was_there_before_raises_nothing_and_what_is_new_does() -> None:
    known = check_ins.KNOWN[nerve.CAUDA_EQUINA.key]["baseline_deficits"]
    patient: Any = type("Known", (), {"baseline_deficits": known, "conditions": nerve.CAUDA_EQUINA.conditions,
                                      "injury_at_or_above_t6": None})()  # fmt: skip
    raised = [
        [flag["level"] for flag in evaluated(flags["new_or_worse"], flags["unchanged"], patient)]
        for flags in (document["red_flags"] for document in documents_of(nerve.CAUDA_EQUINA))
    ]
    assert [levels for levels in raised if levels] == [["same_day"]]
