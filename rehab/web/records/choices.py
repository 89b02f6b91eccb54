"""The words for every value that can be chosen: those of its field, else those that hold in any field.

``tests/web/test_records_choices.py`` holds that no value of any document is without words.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise, lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from rehab.reference import symptoms
from rehab.web.records.labels import LABELS


def _term_name(term: symptoms.Term | symptoms.Scale) -> str:
    return term.name(get_language() or "en")


def _grade_text(grade: symptoms.Grade) -> str:
    return grade.text(get_language() or "en")


_term = lazy(_term_name, str)
_grade = lazy(_grade_text, str)


def _graded(field: str, code: str) -> dict[tuple[str, Any], str]:
    """Return the steps of a scale by their rank, in the language of the reader."""
    return {(field, grade.rank): _grade(grade) for grade in symptoms.SCALES[code].grades}


def _of_symptoms() -> dict[tuple[str, Any], str]:
    tables = {
        "site": symptoms.BODY_REGIONS,
        "context": symptoms.PAIN_CONTEXTS,
        "fatigue_period": symptoms.FATIGUE_PERIODS,
    }
    found: dict[tuple[str, Any], str] = {
        (field, code): _term(term) for field, table in tables.items() for code, term in table.items()
    }
    for item in symptoms.MG_ITEMS:
        found |= _graded(item.removeprefix("mg_"), item)
    for code in symptoms.MAPPED_SYMPTOMS:
        found["symptom", code] = _term(symptoms.SCALES[code])
    severities = {("severity", grade.code): _grade(grade) for grade in symptoms.SCALES["cramps"].grades}
    return found | severities | _graded("spasm_frequency", "spasm_freq") | _graded("spasm_severity", "spasm_severity")


#: Where a field gives a value words of its own.
LABELS_OF: Mapping[tuple[str, Any], str | Promise] = {
    **_of_symptoms(),
    ("side", "midline"): _("Middle"),
    ("proximal_signs", "stairs"): _("Climbing stairs"),
    ("proximal_signs", "rising"): _("Rising from a chair or the floor"),
    ("proximal_signs", "arms_overhead"): _("Lifting the arms overhead"),
    ("proximal_signs", "winged_scapula"): _("A shoulder blade sticks out"),
    ("proximal_signs", "waddling_gait"): _("The walk sways from side to side"),
    ("side", "none"): _("No side"),
    ("side", "both"): pgettext_lazy("sides", "Both"),
    ("modality", "other"): _("Other exercise"),
    ("limiting_factor", "none"): pgettext_lazy("what limited it", "Nothing"),
    ("supervision", "none"): _("Nobody"),
    ("contraction_grade", "none"): pgettext_lazy("contraction", "None"),
    ("innervation", "partial"): pgettext_lazy("innervation", "Partial"),
    ("skin_before", "red"): _("Red"),
    ("skin_before", "broken"): _("Broken"),
    ("equipment", "belt"): _("Buoyancy belt"),
    ("parameters", "duration_min"): _("Duration"),
    ("parameters", "session_rpe"): _("How hard was it?"),
    ("parameters", "pain_before"): _("Pain before"),
    ("parameters", "pain_during_max"): _("Worst pain during"),
    ("parameters", "pain_after"): _("Pain after"),
    ("parameters", "pain_next_morning"): _("Pain the next morning"),
    ("parameters", "fatigue_before"): _("Fatigue before"),
    ("parameters", "fatigue_after"): _("Fatigue after"),
    ("parameters", "adverse_event"): _("Anything that went wrong"),
    **{("grade", grade): grade for grade in ("0", "1", "2", "3-", "3", "3+", "4-", "4", "4+", "5-", "5")},
}


def words_for(field: str, value: str | int) -> str:
    """Return the words of a value in a field; the value itself where it has none."""
    return str(LABELS_OF.get((field, value)) or LABELS.get(str(value)) or value)
