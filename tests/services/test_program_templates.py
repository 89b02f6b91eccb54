"""Templates of programmes through the services."""

from typing import Any

import pytest

from accounts.models import Event
from rehab.errors import Invalid, NotCleared, NotFound, NotPermitted, VersionConflict
from rehab.services import program_templates
from tests.conftest import Cast
from tests.programs import FES, ITEM, WEEKLY, items_of, pointers, start, written


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


def test_an_item_of_a_template_is_amended_alone(cast: Cast) -> None:
    sent = {"title": "T", "items": [ITEM, WEEKLY]}
    template = program_templates.create(sent, by=cast.therapist, now=start(cast)).template
    options: dict[str, Any] = {"reason": "goes well", "by": cast.colleague, "now": start(cast)}
    changed = program_templates.amend_item(template.pk, 2, {"minutes": 30}, expected_version=1, **options)
    assert (changed.version, [item["minutes"] for item in changed.items]) == (2, [None, 30])
    event = Event.objects.get(action="program_template.amended", target_id=template.pk)
    assert (event.changes["fields"], event.changes["item"]) == (["items"], 2)
    with pytest.raises(VersionConflict):
        program_templates.amend_item(template.pk, 2, {"minutes": 35}, expected_version=1, **options)
    for number in (0, 3):
        with pytest.raises(NotFound):
            program_templates.amend_item(template.pk, number, {"minutes": 35}, expected_version=2, **options)
    for changes, expected in (
        ({"minutes": 30}, {"/changes": "nothing_changed"}),
        ({"minutes": 0}, {"/changes/minutes": "greater_than"}),
        ({"times_per_week": None}, {"/changes/weekdays": "missing"}),
        ({"start_on": "2026-03-02"}, {"/changes/start_on": "none_required"}),
    ):
        with pytest.raises(Invalid) as raised:
            program_templates.amend_item(template.pk, 2, changes, expected_version=2, **options)
        assert pointers(raised) == expected
    with pytest.raises(NotFound):
        program_templates.amend_item(
            template.pk, 1, {"reps": 12}, reason="goes well", expected_version=2, by=cast.other_therapist,
            now=start(cast),
        )  # fmt: skip


def test_items_of_a_template_are_added_and_left_out(cast: Cast) -> None:
    template = program_templates.create({"title": "T", "items": [ITEM]}, by=cast.therapist, now=start(cast)).template
    options: dict[str, Any] = {"reason": "goes well", "by": cast.therapist, "now": start(cast)}
    with pytest.raises(Invalid) as raised:
        program_templates.add_item(template.pk, {**WEEKLY, "times_per_week": None}, expected_version=1, **options)
    assert pointers(raised) == {"/weekdays": "missing"}
    with pytest.raises(Invalid) as raised:
        program_templates.remove_item(template.pk, 1, expected_version=1, **options)
    assert pointers(raised) == {"": "empty"}
    assert len(program_templates.add_item(template.pk, WEEKLY, expected_version=1, **options).items) == 2
    with pytest.raises(VersionConflict):
        program_templates.remove_item(template.pk, 1, expected_version=1, **options)
    with pytest.raises(NotFound):
        program_templates.remove_item(template.pk, 3, expected_version=2, **options)
    [left] = program_templates.remove_item(template.pk, 1, expected_version=2, **options).items
    assert left["modality"] == "aerobic"
