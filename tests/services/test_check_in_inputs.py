"""Reading check-ins: something must be said, nothing else is needed, and each scale keeps to its range."""

from typing import Any, get_args
from uuid import UUID

import pytest

from rehab.errors import Invalid
from rehab.reference import symptoms
from rehab.reference.red_flags import ANSWERS, QUESTIONS
from rehab.services import documents
from rehab.services.inputs import check_ins
from rehab.services.inputs.red_flags import CODES
from rehab.services.kinds import KINDS
from rehab.web.records.shapes import shape_of
from tests.services.reading import PATIENT

AT = "2026-03-02T08:00:00Z"


def parsed(**document: Any) -> Any:
    return documents.parse(KINDS["check-ins"], {"patient": str(PATIENT), "performed_at": AT, **document})


def refused(**document: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as raised:
        parsed(**document)
    return {problem.pointer: problem.code for problem in raised.value.problems}


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"fatigue_period": "now"},
        {"note": "  "},
        {"red_flags": {}},
        {"red_flags": {"none_of_these": False}},
        {"myasthenia": {}},
        {"pain": [], "symptoms": []},
    ],
)
def test_nothing_at_all_is_refused(document: dict[str, Any]) -> None:
    assert refused(**document) == {"": "empty"}


@pytest.mark.parametrize(
    "document",
    [
        {"fatigue": 0},
        {"pain": [{"nrs": 0}]},
        {"red_flags": {"none_of_these": True}},
        {"red_flags": {"unchanged": ["ces_bladder"]}},
        {"myasthenia": {"ptosis": 0}},
        {"spasm_frequency": 0},
        {"protein": False},
        {"immobilised": False},
        {"sleep_hours": 0},
        {"proximal_signs": ["stairs"]},
        {"note": "Tired."},
    ],
)
def test_any_one_answer_is_enough(document: dict[str, Any]) -> None:
    assert parsed(**document)


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({"pain": [{"nrs": 11}]}, "/pain/0/nrs"),
        ({"pain": [{"nrs": 3.5}]}, "/pain/0/nrs"),
        ({"pain": [{"nrs": 3, "site": "moon"}]}, "/pain/0/site"),
        ({"pain": [{"nrs": 3, "context": "sport"}]}, "/pain/0/context"),
        ({"pain": [{"site": "knee"}]}, "/pain/0/nrs"),
        ({"fatigue": -1}, "/fatigue"),
        ({"fatigue": 3, "fatigue_period": "last_week"}, "/fatigue_period"),
        ({"spasm_frequency": 5}, "/spasm_frequency"),
        ({"spasm_frequency": True}, "/spasm_frequency"),
        ({"spasm_frequency": 2, "spasm_severity": 0}, "/spasm_severity"),
        ({"symptoms": [{"symptom": "itch", "severity": "mild"}]}, "/symptoms/0/symptom"),
        ({"mood": 11}, "/mood"),
        ({"sleep_hours": 25}, "/sleep_hours"),
        ({"myasthenia": {"ptosis": False}}, "/myasthenia/ptosis"),
        ({"myasthenia": {"ptosis": 4}}, "/myasthenia/ptosis"),
        ({"myasthenia": {"hours_since_pyridostigmine": -1}}, "/myasthenia/hours_since_pyridostigmine"),
        ({"red_flags": {"new_or_worse": ["ces_nose"]}}, "/red_flags/new_or_worse/0"),
        ({"red_flags": {"new_or_worse": ["stop"]}}, "/red_flags/new_or_worse/0"),
        ({"red_flags": {"unchanged": ["none_of_these"]}}, "/red_flags/unchanged/0"),
    ],
)
def test_what_is_not_on_a_scale_is_refused_at_its_place(document: dict[str, Any], pointer: str) -> None:
    assert list(refused(**document)) == [pointer]


def test_how_strong_spasms_are_is_asked_only_if_there_were_any() -> None:
    assert refused(spasm_severity=2) == {"/spasm_severity": "not_allowed"}
    assert refused(spasm_frequency=0, spasm_severity=2) == {"/spasm_severity": "not_allowed"}
    assert parsed(spasm_frequency=1, spasm_severity=2)
    assert parsed(spasm_frequency=4)


def test_the_worst_pain_and_fatigue_with_its_period_stand_in_columns() -> None:
    found = parsed(pain=[{"nrs": 2, "site": "knee"}, {"nrs": 7}], fatigue=4, fatigue_period="now")
    assert found.columns() == {"pain_max": 7, "fatigue": 4, "fatigue_period": "now"}
    assert found.derive() == {"pain_max": 7}
    assert parsed(mood=3).columns() == {"pain_max": None, "fatigue": None, "fatigue_period": ""}


def test_the_codes_are_those_of_the_tables() -> None:
    assert get_args(check_ins.BodySite) == tuple(symptoms.BODY_REGIONS)
    assert set(get_args(check_ins.BodySide)) == set(symptoms.SIDES)
    contexts = get_args(get_args(check_ins.PainEntry.model_fields["context"].annotation)[0])
    assert contexts == tuple(symptoms.PAIN_CONTEXTS)
    assert get_args(check_ins.CheckInInput.model_fields["fatigue_period"].annotation) == tuple(symptoms.FATIGUE_PERIODS)
    mapped = get_args(check_ins.SymptomEntry.model_fields["symptom"].annotation)
    assert mapped == symptoms.MAPPED_SYMPTOMS
    items = [name for name in check_ins.Myasthenia.model_fields if name != "hours_since_pyridostigmine"]
    assert [f"mg_{name}" for name in items] == list(symptoms.MG_ITEMS)
    for scale, field in (("spasm_freq", "spasm_frequency"), ("spasm_severity", "spasm_severity")):
        shape = shape_of(check_ins.CheckInInput, field)
        assert shape
        assert shape.values == tuple(grade.rank for grade in symptoms.SCALES[scale].grades)
    assert frozenset(ANSWERS) < CODES
    assert {code for code in CODES if code in QUESTIONS} == {code for code in QUESTIONS if code != "stop"}


def test_sessions_ask_too_and_say_so_only_if_they_were_answered() -> None:
    sent = {"patient": str(UUID(int=PATIENT.int)), "performed_at": AT, "modality": "other"}
    without = documents.parse(KINDS["sessions"], {**sent, "details": {"description": "Qigong"}})
    asked = {**sent, "details": {"description": "Qigong"}, "red_flags": {"new_or_worse": ["stop_faint"]}}
    assert without.model_dump()["red_flags"] is None
    assert documents.digest_of(documents.parse(KINDS["sessions"], asked)) != documents.digest_of(without)
    assert {kind.name for kind in KINDS.values() if kind.asks_red_flags} == {"sessions", "check-ins"}
