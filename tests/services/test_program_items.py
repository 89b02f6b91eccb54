"""Items of a programme through the services: what is kept, refused and versioned."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from accounts.ids import new_id
from accounts.models import Event
from rehab.errors import Invalid, NotFound, VersionConflict
from rehab.models import Program, ProgramItem, ProgramItemVersion
from rehab.selectors import programs as selectors
from rehab.services import program_items
from tests.conftest import Cast
from tests.programs import ITEM, MONDAY, items_of, pointers, start, written


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


def test_an_amendment_keeps_the_version_before_with_its_days(cast: Cast) -> None:
    program = written(cast.patient, by=cast.therapist)
    [item] = items_of(program)
    program_items.amend(
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
    amend: dict[str, Any] = {"expected_version": 1, "by": cast.therapist, "now": start(cast)}
    program_items.amend(program.pk, item.pk, {"reps": 12}, reason="goes well", **amend)
    with pytest.raises(VersionConflict) as raised:
        program_items.amend(program.pk, item.pk, {"reps": 8}, reason="too much", **amend)
    assert raised.value.current == 2
    # Both had read version 1 when the first one wrote: the condition of the update decides.
    with pytest.raises(VersionConflict):
        program_items._change_item(stale, cast.patient, {"dose": 24.0}, "program_item.amended", {}, reason="too much",
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
        program_items.amend(
            program.pk, item.pk, changes, reason="goes well", expected_version=1, by=cast.therapist, now=start(cast)
        )
    assert pointers(raised) == expected
    assert ProgramItem.objects.get(pk=item.pk).version == 1


def test_an_item_of_another_programme_is_not_found(cast: Cast) -> None:
    one, two = (written(cast.patient, by=cast.therapist) for _ in range(2))
    with pytest.raises(NotFound):
        program_items.amend(
            one.pk, items_of(two)[0].pk, {"reps": 5}, reason="too much", expected_version=1, by=cast.therapist,
            now=start(cast),
        )  # fmt: skip


def test_a_programme_holds_forty_items(cast: Cast) -> None:
    program = written(cast.patient, *[ITEM] * 40, by=cast.therapist)
    with pytest.raises(Invalid) as raised:
        program_items.add(program.pk, ITEM, by=cast.therapist, now=start(cast))
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
    made = program_items.add(program.pk, ITEM, by=cast.therapist, now=start(cast))
    assert (made.created, len(calls)) == (True, 2)
