"""Programmes through the services: what is kept, refused, versioned, and blocked by a screening list."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from accounts.ids import new_id
from accounts.models import Event
from rehab.errors import IdInUse, Invalid, NotCleared, NotFound, NotPermitted, VersionConflict
from rehab.models import Program, ProgramItem, ProgramItemVersion
from rehab.selectors import programs as selectors
from rehab.services import checklists, excusals, program_templates, programs
from tests.conftest import Cast
from tests.programs import ITEM, MONDAY, WEEKLY, cleared, items_of, moment, written

FES = {"modality": "fes", "muscle": "KNE_EXT", "side": "left", "minutes": 20, "times_per_week": 5}


def pointers(error: Any) -> dict[str, str]:
    return {problem.pointer: problem.code for problem in error.value.problems}


def start(cast: Cast, *, days: int = 0, hour: int = 9) -> datetime:
    return moment(cast.patient, MONDAY + timedelta(days=days), hour)


def test_a_programme_with_items_is_kept_and_read_back(cast: Cast) -> None:
    program = written(cast.patient, ITEM, WEEKLY, by=cast.therapist)
    band, aerobic = items_of(program)
    assert programs.item_document(band)["weekdays"] == ["mon", "wed", "fri"]
    assert (band.weekdays, band.times_per_week, band.dose, band.dose_unit) == (0b10101, 0, 30, "repetitions")
    assert (aerobic.weekdays, aerobic.times_per_week, aerobic.dose, aerobic.dose_unit) == (0, 3, 25, "minutes")
    assert (band.start_on, band.valid_from, band.version) == (MONDAY, MONDAY, 1)
    event = Event.objects.get(target_id=program.pk)
    assert (event.action, event.patient_id) == ("program.created", cast.patient.pk)
    assert event.changes["items"] == [str(band.pk), str(aerobic.pk)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"weekdays": [], "times_per_week": None}, {"/items/0/weekdays": "missing"}),
        ({"times_per_week": 2}, {"/items/0/weekdays": "missing"}),
        ({"weekdays": ["mon", "mon"]}, {"/items/0/weekdays": "repeated"}),
        ({"weekdays": ["monday"]}, {"/items/0/weekdays/0": "literal_error"}),
        ({"weekdays": [], "times_per_week": 15}, {"/items/0/times_per_week": "less_than_equal"}),
        ({"reps": None}, {"/items/0/reps": "missing"}),
        ({"sets": 21}, {"/items/0/sets": "less_than_equal"}),
        ({"muscle": "NOPE"}, {"/items/0/muscle": "unknown_code"}),
        ({"motion": "NOPE"}, {"/items/0/motion": "unknown_code"}),
        ({"modality": "yoga"}, {"/items/0/modality": "literal_error"}),
        ({"modality": "other", "name": " "}, {"/items/0/name": "missing"}),
        ({"start_on": "2026-03-05", "end_on": "2026-03-04"}, {"/items/0/end_on": "out_of_range"}),
        ({"start_on": "2026-03-01"}, {"/items/0/start_on": "out_of_range"}),
        ({"start_on": "2300-01-01"}, {"/items/0/start_on": "date_out_of_range"}),
        ({"unknown": 1}, {"/items/0/unknown": "extra_forbidden"}),
        ({"parameters": ["session_rpe", "session_rpe"]}, {"/items/0/parameters": "repeated"}),
        ({"minutes": "25"}, {"/items/0/minutes": "float_type"}),
    ],
)
def test_an_item_that_cannot_be_is_refused_with_a_pointer(
    cast: Cast, changes: dict[str, Any], expected: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as raised:
        written(cast.patient, {**ITEM, **changes}, by=cast.therapist)
    assert pointers(raised) == expected
    assert Program.objects.count() == ProgramItem.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": ""}, {"/title": "string_too_short"}),
        ({"title": None}, {"/title": "missing"}),
        ({"end_on": "2026-03-01"}, {"/end_on": "out_of_range"}),
        ({"template": "x"}, {"/template": "uuid_parsing"}),
        ({"id": "7d5b6d3a-64b2-4d3f-9c9c-2f4f0d3b2a11"}, {"/id": "uuid_version"}),
    ],
)
def test_a_programme_that_cannot_be_is_refused(cast: Cast, changes: dict[str, Any], expected: dict[str, str]) -> None:
    with pytest.raises(Invalid) as raised:
        written(cast.patient, by=cast.therapist, **changes)
    assert pointers(raised) == expected


def test_only_who_may_plan_writes(cast: Cast) -> None:
    program = written(cast.patient, by=cast.therapist)
    for user in (cast.patient_user, cast.caregiver):
        with pytest.raises(NotPermitted):
            written(cast.patient, by=user)
        with pytest.raises(NotPermitted):
            programs.end(program.pk, reason="goal reached", expected_version=1, by=user, now=start(cast))
    with pytest.raises(NotFound):
        written(cast.patient, by=cast.colleague)


def test_the_same_id_again_answers_what_is_stored(cast: Cast) -> None:
    chosen, item_id = str(new_id()), str(new_id())
    first = written(cast.patient, {**ITEM, "id": item_id}, by=cast.therapist, id=chosen)
    again = written(cast.patient, {**ITEM, "id": item_id}, by=cast.therapist, id=chosen)
    assert (again.pk, Program.objects.count(), ProgramItem.objects.count()) == (first.pk, 1, 1)
    with pytest.raises(IdInUse):
        written(cast.patient, {**ITEM, "id": item_id}, by=cast.therapist, id=chosen, note="other")
    with pytest.raises(IdInUse):
        written(cast.patient, {**ITEM, "id": item_id}, by=cast.therapist)
    sent = {**WEEKLY, "id": str(new_id())}
    made = [programs.add_item(first.pk, sent, by=cast.therapist, now=start(cast)) for _ in range(2)]
    assert [one.created for one in made] == [True, False]
    with pytest.raises(IdInUse):
        programs.add_item(first.pk, {**sent, "minutes": 30}, by=cast.therapist, now=start(cast))


def test_an_amendment_keeps_the_version_before_with_its_days(cast: Cast) -> None:
    program = written(cast.patient, by=cast.therapist)
    [item] = items_of(program)
    programs.amend_item(
        program.pk, item.pk, {"reps": 12}, reason="goes well", expected_version=1, by=cast.therapist,
        now=start(cast, days=7),
    )  # fmt: skip
    [before], after = list(selectors.item_versions(item.pk)), ProgramItem.objects.get(pk=item.pk)
    assert (before.version, before.dose, before.valid_from) == (1, 30, MONDAY)
    assert before.replaced_on == after.valid_from == MONDAY + timedelta(days=7)
    assert (after.version, after.dose, after.change_reason) == (2, 36, "goes well")
    assert Event.objects.filter(action="program_item.amended", target_id=item.pk).count() == 1


def test_of_two_amendments_of_one_version_one_wins(cast: Cast) -> None:
    program = written(cast.patient, by=cast.therapist)
    [item] = items_of(program)
    stale, _seen = selectors.get_item(viewer=cast.therapist, program_id=program.pk, item_id=item.pk)
    amend = {"expected_version": 1, "by": cast.therapist, "now": start(cast)}
    programs.amend_item(program.pk, item.pk, {"reps": 12}, reason="goes well", **amend)
    with pytest.raises(VersionConflict) as raised:
        programs.amend_item(program.pk, item.pk, {"reps": 8}, reason="too much", **amend)
    assert raised.value.current == 2
    # Both had read version 1 when the first one wrote: the condition of the update decides.
    with pytest.raises(VersionConflict):
        programs._change_item(stale, cast.patient, {"dose": 24.0}, "program_item.amended", {}, reason="too much",
                              by=cast.therapist, now=start(cast))  # fmt: skip
    assert ProgramItemVersion.objects.filter(item=item).count() == 1
    assert ProgramItem.objects.get(pk=item.pk).dose == 36


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"modality": "fes"}, {"/changes/modality": "not_allowed"}),
        ({"id": str(new_id())}, {"/changes/id": "not_allowed"}),
        ({"reps": 10}, {"/changes": "nothing_changed"}),
        ({"reps": 0}, {"/changes/reps": "greater_than_equal"}),
        ({"weekdays": []}, {"/changes/weekdays": "missing"}),
        ({"end_on": "2026-02-01"}, {"/changes/end_on": "out_of_range"}),
        ({"start_on": "2026-02-01"}, {"/changes/start_on": "out_of_range"}),
        ({}, {"/changes": "missing"}),
        ([], {"/changes": "missing"}),
    ],
)
def test_an_amendment_that_cannot_be_is_refused(cast: Cast, changes: Any, expected: dict[str, str]) -> None:
    program = written(cast.patient, by=cast.therapist)
    [item] = items_of(program)
    with pytest.raises(Invalid) as raised:
        programs.amend_item(
            program.pk, item.pk, changes, reason="goes well", expected_version=1, by=cast.therapist, now=start(cast)
        )
    assert pointers(raised) == expected
    assert ProgramItem.objects.get(pk=item.pk).version == 1


def test_a_reason_is_asked_for(cast: Cast) -> None:
    program = written(cast.patient, by=cast.therapist)
    with pytest.raises(Invalid) as raised:
        programs.end(program.pk, reason="  ", expected_version=1, by=cast.therapist, now=start(cast))
    assert pointers(raised) == {"/reason": "out_of_range"}


def test_what_is_over_stays_as_it_is(cast: Cast) -> None:
    program = written(cast.patient, by=cast.therapist)
    [item] = items_of(program)
    now = start(cast, days=3)
    ended = programs.end_item(
        program.pk, item.pk, reason="goal reached", expected_version=1, by=cast.therapist, now=now
    )
    assert (ended.ended_on, ended.version) == (MONDAY + timedelta(days=3), 2)
    with pytest.raises(Invalid):
        programs.end_item(program.pk, item.pk, reason="goal reached", expected_version=2, by=cast.therapist, now=now)
    over = programs.end(program.pk, reason="discharged", expected_version=1, by=cast.therapist, now=now)
    assert (over.status, over.ended_on) == ("ended", MONDAY + timedelta(days=3))
    [before] = selectors.versions(program.pk)
    assert (before.version, before.document["title"]) == (1, "Knee after fracture")
    for call in (
        lambda: programs.add_item(program.pk, ITEM, by=cast.therapist, now=now),
        lambda: programs.amend(
            program.pk, {"title": "x"}, reason="goes well", expected_version=2, by=cast.therapist, now=now
        ),
        lambda: programs.end(program.pk, reason="discharged", expected_version=2, by=cast.therapist, now=now),
    ):
        with pytest.raises(Invalid) as raised:
            call()
        assert pointers(raised) == {"": "ended"}


def test_the_last_day_moves_but_not_into_the_past(cast: Cast) -> None:
    program = written(cast.patient, by=cast.therapist)
    amend: dict[str, Any] = {"reason": "goes well", "by": cast.therapist, "now": start(cast, days=10)}
    with pytest.raises(Invalid) as raised:
        programs.amend(program.pk, {"end_on": "2026-03-11"}, expected_version=1, **amend)
    assert pointers(raised) == {"/changes/end_on": "out_of_range"}
    programs.amend(program.pk, {"end_on": "2026-03-12"}, expected_version=1, **amend)
    amend["now"] = start(cast, days=11)
    with pytest.raises(Invalid) as raised:  # it is over
        programs.amend(program.pk, {"end_on": None}, expected_version=2, **amend)
    assert pointers(raised) == {"": "ended"}


def test_an_item_of_another_programme_is_not_found(cast: Cast) -> None:
    one, two = (written(cast.patient, by=cast.therapist) for _ in range(2))
    with pytest.raises(NotFound):
        programs.amend_item(
            one.pk, items_of(two)[0].pk, {"reps": 5}, reason="too much", expected_version=1, by=cast.therapist,
            now=start(cast),
        )  # fmt: skip


def test_a_programme_holds_forty_items(cast: Cast) -> None:
    program = written(cast.patient, *[ITEM] * 40, by=cast.therapist)
    with pytest.raises(Invalid) as raised:
        programs.add_item(program.pk, ITEM, by=cast.therapist, now=start(cast))
    assert pointers(raised) == {"": "too_long"}


def test_an_item_takes_the_next_place_when_somebody_took_it_first(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    program = written(cast.patient, by=cast.therapist)
    save, calls = ProgramItem.save, []

    def beaten(self: ProgramItem, **kwargs: Any) -> None:
        calls.append(self.position)
        if len(calls) == 1:
            raise IntegrityError("program_item_position_once")
        save(self, **kwargs)

    monkeypatch.setattr(ProgramItem, "save", beaten)
    made = programs.add_item(program.pk, ITEM, by=cast.therapist, now=start(cast))
    assert (made.created, len(calls)) == (True, 2)


# --- Screening lists


@pytest.mark.parametrize("modality", ["fes", "aquatic"])
def test_an_unanswered_list_blocks_the_start_and_names_every_item(cast: Cast, modality: str) -> None:
    with pytest.raises(NotCleared) as raised:
        written(cast.patient, ITEM, {**FES, "modality": modality}, by=cast.therapist)
    problems = raised.value.problems
    assert len(problems) == {"fes": 17, "aquatic": 12}[modality]
    assert {(problem.pointer, problem.code) for problem in problems} == {("/items/1/modality", "unanswered")}
    assert any("thrombosis" in str(problem.message) for problem in problems)
    assert Program.objects.count() == 0


def test_unknown_is_no_answer_and_a_contraindication_blocks(cast: Cast) -> None:
    now = start(cast)
    cleared(cast.patient, "fes", by=cast.therapist, now=now, fes_pregnancy="unknown", fes_malignancy="yes")
    with pytest.raises(NotCleared) as raised:
        written(cast.patient, FES, by=cast.therapist)
    assert [problem.code for problem in raised.value.problems] == ["unanswered", "contraindication"]


def test_a_precaution_does_not_block_and_the_latest_answers_hold(cast: Cast) -> None:
    now = start(cast)
    first = cleared(cast.patient, "fes", by=cast.therapist, now=now, fes_skin="yes")
    cleared(cast.patient, "fes", by=cast.therapist, now=now + timedelta(hours=1), fes_insensate_skin="yes")
    first.refresh_from_db()
    assert first.superseded_at == now + timedelta(hours=1)
    program = written(cast.patient, FES, by=cast.therapist)
    # What is running goes on when a contraindication turns up: the alert tells of the sessions.
    cleared(cast.patient, "fes", by=cast.therapist, now=now + timedelta(hours=2), fes_skin="yes")
    [item] = items_of(program)
    programs.amend_item(
        program.pk, item.pk, {"minutes": 25}, reason="goes well", expected_version=1, by=cast.therapist,
        now=start(cast, days=1),
    )  # fmt: skip
    with pytest.raises(NotCleared):
        programs.add_item(program.pk, FES, by=cast.therapist, now=start(cast, days=1))


def test_a_repetition_is_answered_though_the_list_stands_against_it_now(cast: Cast) -> None:
    cleared(cast.patient, "fes", by=cast.therapist, now=start(cast))
    chosen, sent = str(new_id()), {**FES, "id": str(new_id())}
    program = written(cast.patient, FES, by=cast.therapist, id=chosen)
    added = programs.add_item(program.pk, sent, by=cast.therapist, now=start(cast))
    cleared(cast.patient, "fes", by=cast.therapist, now=start(cast, days=1), fes_skin="yes")
    assert written(cast.patient, FES, by=cast.therapist, id=chosen).pk == program.pk
    again = programs.add_item(program.pk, sent, by=cast.therapist, now=start(cast))
    assert (again.item.pk, again.created) == (added.item.pk, False)


def test_answers_are_checked_and_kept_once(cast: Cast) -> None:
    now, chosen = start(cast), str(new_id())
    sent = {"id": chosen, "patient": str(cast.patient.pk), "checklist": "fes", "answers": {"fes_skin": "no"}}
    made = [checklists.answer(sent, by=cast.therapist, now=now).created for _ in range(2)]
    assert made == [True, False]
    with pytest.raises(IdInUse):
        checklists.answer({**sent, "note": "x"}, by=cast.therapist, now=now)
    with pytest.raises(Invalid) as raised:
        checklists.answer({**sent, "id": None, "answers": {"aquatic_wound": "no"}}, by=cast.therapist, now=now)
    assert pointers(raised) == {"/answers/aquatic_wound": "unknown_code"}
    with pytest.raises(Invalid):
        checklists.answer({**sent, "id": None, "answers": {"fes_skin": "maybe"}}, by=cast.therapist, now=now)
    with pytest.raises(NotPermitted):
        checklists.answer({**sent, "id": None}, by=cast.patient_user, now=now)


# --- Templates


def test_a_template_makes_programmes_and_is_retired(cast: Cast) -> None:
    source = written(cast.patient, ITEM, {**WEEKLY, "end_on": "2026-05-01"}, by=cast.therapist)
    now = start(cast)
    sent = {"title": "Knee, weeks 1-4", "program": str(source.pk)}
    template = program_templates.create(sent, by=cast.therapist, now=now).template
    assert [item["modality"] for item in template.items] == ["resistance_band", "aerobic"]
    assert template.items[1]["end_on"] is None
    made = written(cast.patient, by=cast.therapist, title=None, items=[], template=str(template.pk))
    assert made.title == "Knee, weeks 1-4"
    assert [(item.modality, item.dose) for item in items_of(made)] == [("resistance_band", 30), ("aerobic", 25)]
    changed = program_templates.amend(
        template.pk, {"items": [WEEKLY]}, reason="shorter", expected_version=1, by=cast.colleague, now=now
    )
    assert (changed.version, len(changed.items)) == (2, 1)
    with pytest.raises(VersionConflict):
        program_templates.retire(template.pk, reason="not used", expected_version=1, by=cast.therapist, now=now)
    program_templates.retire(template.pk, reason="not used", expected_version=2, by=cast.therapist, now=now)
    with pytest.raises(Invalid) as raised:
        written(cast.patient, by=cast.therapist, title=None, items=[], template=str(template.pk))
    assert pointers(raised) == {"/template": "retired"}
    with pytest.raises(Invalid):
        program_templates.amend(
            template.pk, {"title": "x"}, reason="again", expected_version=3, by=cast.therapist, now=now
        )


def test_a_template_of_another_clinic_is_not_found(cast: Cast) -> None:
    sent = {"title": "T", "items": [ITEM]}
    template = program_templates.create(sent, by=cast.other_therapist, now=start(cast)).template
    with pytest.raises(NotFound):
        written(cast.patient, by=cast.therapist, title=None, items=[], template=str(template.pk))
    with pytest.raises(NotFound):
        program_templates.create({**sent, "clinic": str(cast.other_clinic.pk)}, by=cast.therapist, now=start(cast))
    with pytest.raises(NotPermitted):
        program_templates.create(sent, by=cast.patient_user, now=start(cast))


def test_a_template_of_what_stands_against_a_screening_list_is_blocked_too(cast: Cast) -> None:
    sent = {"title": "T", "items": [FES]}
    template = program_templates.create(sent, by=cast.therapist, now=start(cast)).template
    with pytest.raises(NotCleared):
        written(cast.patient, by=cast.therapist, title=None, items=[], template=str(template.pk))


# --- Excused days


def test_excused_days_are_withdrawn_not_deleted(cast: Cast) -> None:
    sent = {"patient": str(cast.patient.pk), "first_on": "2026-03-02", "last_on": "2026-03-04", "reason": "unwell"}
    made = excusals.excuse({**sent, "id": str(new_id())}, by=cast.therapist, now=start(cast))
    again = excusals.excuse({**sent, "id": str(made.excusal.pk)}, by=cast.therapist, now=start(cast))
    assert (again.created, again.excusal.pk) == (False, made.excusal.pk)
    with pytest.raises(IdInUse):
        excusals.excuse({**sent, "id": str(made.excusal.pk), "reason": "clinic closed"}, by=cast.therapist,
                        now=start(cast))  # fmt: skip
    with pytest.raises(VersionConflict):
        excusals.withdraw(made.excusal.pk, expected_version=2, by=cast.therapist, now=start(cast))
    excusals.withdraw(made.excusal.pk, expected_version=1, by=cast.therapist, now=start(cast))
    with pytest.raises(Invalid):
        excusals.withdraw(made.excusal.pk, expected_version=2, by=cast.therapist, now=start(cast))
    assert list(selectors.excusals_of(cast.patient.pk, since=date(2026, 1, 1))) == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"last_on": "2026-03-01"}, "/last_on"),
        ({"last_on": "2028-03-01"}, "/last_on"),
        ({"reason": "x"}, "/reason"),
        ({"first_on": 20260302}, "/first_on"),
        ({"first_on": "2026-02-30"}, "/first_on"),
    ],
)
def test_excused_days_that_cannot_be(cast: Cast, changes: dict[str, Any], pointer: str) -> None:
    sent = {"patient": str(cast.patient.pk), "first_on": "2026-03-02", "last_on": "2026-03-04", "reason": "unwell"}
    with pytest.raises(Invalid) as raised:
        excusals.excuse({**sent, **changes}, by=cast.therapist, now=start(cast))
    assert pointers(raised).keys() == {pointer}
