"""Programmes through the services: what is kept, refused, and stays when it is over."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.ids import new_id
from accounts.models import Event
from rehab.errors import IdInUse, Invalid, NotFound, NotPermitted
from rehab.models import Program, ProgramItem
from rehab.selectors import programs as selectors
from rehab.services import program_items, programs
from tests.conftest import Cast
from tests.programs import ITEM, MONDAY, WEEKLY, items_of, pointers, start, written


def test_a_programme_with_items_is_kept_and_read_back(cast: Cast) -> None:
    program = written(cast.patient, ITEM, WEEKLY, by=cast.therapist)
    band, aerobic = items_of(program)
    assert program_items.item_document(band)["weekdays"] == ["mon", "wed", "fri"]
    assert (band.weekdays, band.times_per_week, band.dose, band.dose_unit) == (0b10101, 0, 30, "repetitions")
    assert (aerobic.weekdays, aerobic.times_per_week, aerobic.dose, aerobic.dose_unit) == (0, 3, 25, "minutes")
    assert (band.start_on, band.valid_from, band.version) == (MONDAY, MONDAY, 1)
    event = Event.objects.get(target_id=program.pk)
    assert (event.action, event.patient_id) == ("program.created", cast.patient.pk)
    assert event.changes["items"] == [str(band.pk), str(aerobic.pk)]


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
    made = [program_items.add(first.pk, sent, by=cast.therapist, now=start(cast)) for _ in range(2)]
    assert [one.created for one in made] == [True, False]
    with pytest.raises(IdInUse):
        program_items.add(first.pk, {**sent, "minutes": 30}, by=cast.therapist, now=start(cast))


def test_a_reason_is_asked_for(cast: Cast) -> None:
    program = written(cast.patient, by=cast.therapist)
    with pytest.raises(Invalid) as raised:
        programs.end(program.pk, reason="  ", expected_version=1, by=cast.therapist, now=start(cast))
    assert pointers(raised) == {"/reason": "out_of_range"}


def test_what_is_over_stays_as_it_is(cast: Cast) -> None:
    program = written(cast.patient, by=cast.therapist)
    [item] = items_of(program)
    now = start(cast, days=3)
    ended = program_items.end(
        program.pk, item.pk, reason="goal reached", expected_version=1, by=cast.therapist, now=now
    )
    assert (ended.ended_on, ended.version) == (MONDAY + timedelta(days=3), 2)
    with pytest.raises(Invalid):
        program_items.end(program.pk, item.pk, reason="goal reached", expected_version=2, by=cast.therapist, now=now)
    over = programs.end(program.pk, reason="discharged", expected_version=1, by=cast.therapist, now=now)
    assert (over.status, over.ended_on) == ("ended", MONDAY + timedelta(days=3))
    [before] = selectors.versions(program.pk)
    assert (before.version, before.document["title"]) == (1, "Knee after fracture")
    for call in (
        lambda: program_items.add(program.pk, ITEM, by=cast.therapist, now=now),
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
