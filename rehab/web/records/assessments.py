"""Assessments by clinicians in words: what was assessed, the result in a line, and what follows from it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from rehab.reference.function_scales import FUNCTION_SCALES
from rehab.reference.symptoms import SCALES
from rehab.web.records.words import Fact, plain, rounded

Details = Mapping[str, Any]
#: Single breath count has no unit.
_MEASURES = (
    ("vital_capacity_ml", "mL"),
    ("mip_cmh2o", "cmH₂O"),
    ("mep_cmh2o", "cmH₂O"),
    ("single_breath_count", ""),
    ("systolic_mmhg", "mmHg"),
)


def _language() -> str:
    return get_language() or "en"


def short_value(details: Details, derived: Details) -> str:
    """Return the result of an assessment in a line."""
    return {
        "mas": _tone,
        "isncsci_motor": _motor_scores,
        "mrc_sum": _sum_score,
        "function_scale": _function,
        "respiratory": _breathing,
    }[details["assessment"]](details, derived)


def _tone(details: Details, _derived: Details) -> str:
    return _("grade %(grade)s") % {"grade": details["ashworth"]}


def _motor_scores(_details: Details, derived: Details) -> str:
    return " · ".join(f"{name.upper()} {_of(derived[name], 50)}" for name in ("uems", "lems"))


def _of(score: float | None, most: int) -> str:
    return _("not determinable") if score is None else f"{plain(score)}/{most}"


def _sum_score(_details: Details, derived: Details) -> str:
    if derived["total"] is not None:
        return _of(derived["total"], 60)
    tested = ngettext("%(n)s of 12 groups tested", "%(n)s of 12 groups tested", derived["n_tested"]) % {
        "n": derived["n_tested"]
    }
    if derived["prorated"] is None:
        return _("no total: %(tested)s") % {"tested": tested}
    return _("no total: %(tested)s; prorated %(value)s/60") % {"tested": tested, "value": rounded(derived["prorated"])}


def _function(details: Details, derived: Details) -> str:
    if derived["unit"] != "score":
        return f"{plain(details['value'])} {derived['unit']}"
    return _of(details["value"], derived["maximum"])


def _breathing(details: Details, derived: Details) -> str:
    names = {
        "vital_capacity_ml": _("VC"),
        "mip_cmh2o": _("MIP"),
        "mep_cmh2o": _("MEP"),
        "single_breath_count": _("breath count"),
        "systolic_mmhg": _("systolic"),
    }
    parts = []
    for name, unit in _MEASURES:
        if details.get(name) is not None:
            text = f"{names[name]} {plain(details[name])} {unit}".strip()
            if name == "vital_capacity_ml" and "vital_capacity_ml_per_kg" in derived:
                text += f" ({rounded(derived['vital_capacity_ml_per_kg'])} mL/kg)"
            parts.append(text)
    return " · ".join(parts)


def facts(details: Details, derived: Details) -> list[Fact]:
    """Return what follows from an assessment, and what to know about its scale."""
    return {
        "mas": _facts_of_tone,
        "isncsci_motor": _facts_of_motor_scores,
        "mrc_sum": _facts_of_sum_score,
        "function_scale": _facts_of_function,
        "respiratory": _facts_of_breathing,
    }[details["assessment"]](details, derived)


def _facts_of_tone(details: Details, _derived: Details) -> list[Fact]:
    scale = SCALES["mas"]
    meaning = next(grade.text(_language()) for grade in scale.grades if grade.code == details["ashworth"])
    return [
        Fact("/meaning", _("Meaning"), meaning),
        Fact("/change", _("Change that matters"), scale.change(_language())),
        Fact("/source", _("Source"), scale.source),
    ]


def _facts_of_motor_scores(_details: Details, derived: Details) -> list[Fact]:
    labels = {
        "uer": _("Upper extremity, right (UER)"),
        "uel": _("Upper extremity, left (UEL)"),
        "uems": _("Upper extremities (UEMS)"),
        "ler": _("Lower extremity, right (LER)"),
        "lel": _("Lower extremity, left (LEL)"),
        "lems": _("Lower extremities (LEMS)"),
    }
    scores = [
        Fact(f"/{name}", label, _of(derived[name], 50 if name in ("uems", "lems") else 25))
        for name, label in labels.items()
    ]
    return [*scores, Fact("/n_tested", _("Key muscles tested"), f"{derived['n_tested']}/20")]


def _facts_of_sum_score(_details: Details, derived: Details) -> list[Fact]:
    found = [
        Fact("/total", _("Total"), _("no total") if derived["total"] is None else _of(derived["total"], 60)),
        Fact("/n_tested", _("Groups tested"), f"{derived['n_tested']}/12"),
    ]
    if derived["prorated"] is not None:
        text = _("%(value)s/60: the mean of the tested groups × 12, no measured total") % {
            "value": rounded(derived["prorated"])
        }
        found.append(Fact("/prorated", _("Prorated"), text))
    words = {
        "significant_weakness": _("Below 48: significant weakness, the criterion used in critical illness"),
        "severe_weakness": _("Below 36: severe weakness, the criterion used in critical illness"),
    }
    if derived["label"] is not None:
        found.append(Fact("/label", _("In critical illness"), words[derived["label"]]))
    return found


def _facts_of_function(details: Details, derived: Details) -> list[Fact]:
    scale = FUNCTION_SCALES[details["scale"]]
    found = [Fact("/licence", _("Terms of use"), scale.licence(_language()))]
    if derived["form_version"]:
        found.insert(0, Fact("/form_version", _("Version of the form"), derived["form_version"]))
    if derived["minimum"] is not None:
        better = _("higher is better") if derived["better"] == "higher" else _("lower is better")
        found.insert(0, Fact("/range", _("Range"), f"{derived['minimum']} – {derived['maximum']}; {better}"))
    return found


def _facts_of_breathing(_details: Details, derived: Details) -> list[Fact]:
    if "vital_capacity_ml_per_kg" not in derived:
        return []
    text = f"{rounded(derived['vital_capacity_ml_per_kg'])} mL/kg"
    return [Fact("/vital_capacity_ml_per_kg", _("Vital capacity per kilogram"), text)]
