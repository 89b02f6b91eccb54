"""Screening lists through the services: what they block, and how answers are kept."""

from datetime import timedelta

import pytest

from accounts.ids import new_id
from rehab.errors import IdInUse, Invalid, NotCleared, NotPermitted
from rehab.models import Program
from rehab.services import checklists, program_items
from tests.conftest import Cast
from tests.programs import FES, ITEM, cleared, items_of, pointers, start, written


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
    program_items.amend(
        program.pk, item.pk, {"minutes": 25}, reason="goes well", expected_version=1, by=cast.therapist,
        now=start(cast, days=1),
    )  # fmt: skip
    with pytest.raises(NotCleared):
        program_items.add(program.pk, FES, by=cast.therapist, now=start(cast, days=1))


def test_a_repetition_is_answered_though_the_list_stands_against_it_now(cast: Cast) -> None:
    cleared(cast.patient, "fes", by=cast.therapist, now=start(cast))
    chosen, sent = str(new_id()), {**FES, "id": str(new_id())}
    program = written(cast.patient, FES, by=cast.therapist, id=chosen)
    added = program_items.add(program.pk, sent, by=cast.therapist, now=start(cast))
    cleared(cast.patient, "fes", by=cast.therapist, now=start(cast, days=1), fes_skin="yes")
    assert written(cast.patient, FES, by=cast.therapist, id=chosen).pk == program.pk
    again = program_items.add(program.pk, sent, by=cast.therapist, now=start(cast))
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
