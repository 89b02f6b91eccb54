"""What only a clinician assesses: muscle tone, totals of function scales, breathing; and those of ``key_muscles``.

Modified Ashworth: Bohannon & Smith 1987, Phys Ther 67:206-207. Breathing and blood pressure: the limits of input are a
convention of this project; what raises a red flag is decided in ``rehab.analytics.red_flags``.
"""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Interval
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from rehab.errors import Problem
from rehab.reference.function_scales import FUNCTION_SCALES
from rehab.reference.muscles import MUSCLES
from rehab.reference.symptoms import mas_applies, mas_rank
from rehab.services.inputs.assessment import AssessmentInput
from rehab.services.inputs.base import Mass, Name, Side, Ui
from rehab.services.inputs.checks import invalid, number, odd, only, outside
from rehab.services.inputs.key_muscles import IsncsciMotor, MrcSumScore

BODY_MASS_KG = (2.0, 400.0)
#: Input limits of scales that are measured in metres or seconds; they are no norms.
MEASURED_LIMITS = {"m": (0.0, 2000.0), "s": (0.1, 3600.0)}
USUAL_VITAL_CAPACITY_ML_PER_KG = (0.0, 100.0)
USUAL_SYSTOLIC_MMHG = (60.0, 220.0)
USUAL_BREATH_COUNT = (0.0, 80.0)


class ModifiedAshworth(AssessmentInput):
    """Tone of one muscle group, moved by the examiner. The rank 0-5 sorts; it is no interval."""

    assessment: Literal["mas"]
    muscle: Annotated[str, Ui(_("Muscle group"))]
    side: Annotated[Side, Ui(_("Side"))]
    ashworth: Annotated[Literal["0", "1", "1+", "2", "3", "4"], Ui(_("Tone"))]
    position: Annotated[Literal["supine", "prone", "side_lying", "sitting"] | None, Ui(_("Position"), more=True)] = None
    rater: Annotated[
        Name | None,
        Ui(_("Rater"), hint=_("If somebody else than you assessed. Only ratings by one person compare."), more=True),
    ] = None

    method_code: ClassVar[str] = "mrc"
    limbs: ClassVar[frozenset[str]] = frozenset({"upper", "lower"})

    def problems(self) -> list[Problem]:
        muscle = MUSCLES.get(self.muscle)
        if muscle is None:
            message = format_lazy(_("Muscle group: {value} is not a known code."), value=self.muscle)
            return [invalid("/muscle", "unknown_code", message)]
        if self.method_code not in muscle.methods or muscle.limb not in self.limbs:
            message = format_lazy(
                _("Muscle group: tone is graded in muscles of the limbs, not {value}."), value=self.muscle
            )
            return [invalid("/muscle", "method_does_not_fit", message)]
        return []

    def oddities_with(self, conditions: Collection[str]) -> list[Problem]:
        if not conditions or any(mas_applies(condition=condition) for condition in conditions):
            return []
        return [
            Problem(
                "/ashworth",
                "not_applicable",
                _(
                    "Tone: the Modified Ashworth Scale does not apply where the lower motor neuron alone is damaged, "
                    "as in this patient's conditions. Please confirm that it is right."
                ),
            )
        ]

    def columns(self) -> dict[str, Any]:
        rank = float(mas_rank(grade=self.ashworth))
        return {**super().columns(), "muscle": self.muscle, "side": self.side, "series_value": rank}

    def derive(self) -> dict[str, Any]:
        return {"rank": mas_rank(grade=self.ashworth)}

    def series(self) -> tuple[Any, ...]:
        return (self.muscle, self.side, self.position, self.rater)


class FunctionScaleTotal(AssessmentInput):
    """The total of a scale, or the time or distance of a test. Items belong to the scale's own form and stay there."""

    assessment: Literal["function_scale"]
    scale: Annotated[
        Literal[
            "scim", "fim", "barthel", "alsfrs_r", "mg_adl", "six_minute_walk", "ten_metre_walk", "timed_up_and_go",
            "five_sit_to_stand", "berg",
        ],
        Ui(
            _("Scale or test"),
            hint=_("Only the result is kept. Check the terms of the form before use; some forms are licensed."),
        ),
    ]  # fmt: skip
    value: Annotated[float, Ui(_("Total, seconds or metres"), hint=_("As the scale or test is defined."))]
    form_version: Annotated[
        Name | None, Ui(_("Version of the form"), hint=_("If it differs from the one that is named here."), more=True)
    ] = None
    aid: Annotated[Name | None, Ui(_("Walking aid"), more=True)] = None

    def problems(self) -> list[Problem]:
        scale = FUNCTION_SCALES[self.scale]
        label = scale.name(get_language() or "en")
        if scale.minimum is None or scale.maximum is None:
            return only(outside("/value", label, self.value, *MEASURED_LIMITS[scale.unit], scale.unit))
        if found := outside("/value", label, self.value, scale.minimum, scale.maximum, ""):
            message = format_lazy(
                _("{label}: {value} is not possible. Allowed: {low} to {high}."),
                label=label, value=number(self.value), low=scale.minimum, high=scale.maximum,
            )  # fmt: skip
            return [Problem(found.pointer, found.code, message)]
        if not self.value.is_integer():
            message = format_lazy(
                _("{label}: the total is a whole number, not {value}."), label=label, value=self.value
            )
            return [invalid("/value", "not_whole", message)]
        return []

    def columns(self) -> dict[str, Any]:
        return {**super().columns(), "scale": self.scale, "series_value": self.value}

    def derive(self) -> dict[str, Any]:
        scale = FUNCTION_SCALES[self.scale]
        return {
            "form_version": self.form_version or scale.version,
            "unit": scale.unit,
            "minimum": scale.minimum,
            "maximum": scale.maximum,
            "better": scale.better,
        }

    def series(self) -> tuple[Any, ...]:
        return (self.scale, self.form_version or FUNCTION_SCALES[self.scale].version, self.aid)


class RespiratoryMeasures(AssessmentInput):
    """Breathing muscles and blood pressure of one moment. Pressures are given as positive numbers.

    Compared with the patient's own baseline when red flags are evaluated: the latest earlier record marked
    ``baseline``, or the first. A normal oxygen saturation does not exclude weak breathing muscles: it is not asked for.
    """

    assessment: Literal["respiratory"]
    vital_capacity_ml: Annotated[
        float | None, Interval(ge=0, le=10_000), Ui(_("Vital capacity"), unit="mL", hint=_("The best of the attempts."))
    ] = None
    body_mass: Annotated[Mass | None, Ui(_("Body mass"), hint=_("Needed with the vital capacity."))] = None
    mip_cmh2o: Annotated[
        float | None, Interval(ge=0, le=300), Ui(_("Maximal inspiratory pressure (MIP)"), unit="cmH₂O")
    ] = None
    mep_cmh2o: Annotated[
        float | None, Interval(ge=0, le=400), Ui(_("Maximal expiratory pressure (MEP)"), unit="cmH₂O")
    ] = None
    single_breath_count: Annotated[
        int | None,
        Interval(ge=0, le=200),
        Ui(_("Single breath count"), hint=_("How far the patient counts aloud in one breath, two numbers a second.")),
    ] = None
    systolic_mmhg: Annotated[float | None, Interval(ge=30, le=300), Ui(_("Systolic blood pressure"), unit="mmHg")] = (
        None
    )
    baseline: Annotated[
        bool,
        Ui(
            _("Compare later measurements with this one"),
            hint=_("Otherwise they are compared with an earlier one marked so, or with the first."),
        ),
    ] = False
    position: Annotated[Literal["sitting", "supine"] | None, Ui(_("Position"), more=True)] = None

    measures: ClassVar[tuple[str, ...]] = (
        "vital_capacity_ml",
        "mip_cmh2o",
        "mep_cmh2o",
        "single_breath_count",
        "systolic_mmhg",
    )

    def problems(self) -> list[Problem]:
        found: list[Problem | None] = []
        if all(getattr(self, name) is None for name in self.measures):
            found.append(invalid("", "missing", _("Give at least one measurement.")))
        if self.vital_capacity_ml is not None and self.body_mass is None:
            message = _("Body mass: needed with the vital capacity, which is judged per kilogram.")
            found.append(invalid("/body_mass", "missing", message))
        if self.body_mass is not None:
            found.append(outside("/body_mass/value", _("Body mass"), self.body_mass.canonical, *BODY_MASS_KG, "kg"))
        return only(*found)

    def oddities(self) -> list[Problem]:
        return only(
            odd("/vital_capacity_ml", _("Vital capacity"), self._per_kg(), *USUAL_VITAL_CAPACITY_ML_PER_KG, "mL/kg"),
            odd("/single_breath_count", _("Single breath count"), self.single_breath_count, *USUAL_BREATH_COUNT, ""),
            odd("/systolic_mmhg", _("Systolic blood pressure"), self.systolic_mmhg, *USUAL_SYSTOLIC_MMHG, "mmHg"),
        )

    def _per_kg(self) -> float | None:
        if self.vital_capacity_ml is None or self.body_mass is None:
            return None
        return self.vital_capacity_ml / self.body_mass.canonical

    def columns(self) -> dict[str, Any]:
        return {
            **super().columns(),
            **{name: getattr(self, name) for name in self.measures},
            "vital_capacity_ml_per_kg": self._per_kg(),
            "is_baseline": self.baseline,
            "series_value": self.vital_capacity_ml,
        }

    def derive(self) -> dict[str, Any]:
        per_kg = self._per_kg()
        return {} if per_kg is None else {"vital_capacity_ml_per_kg": per_kg}

    def series(self) -> tuple[Any, ...]:
        return ("vital_capacity_ml", self.position)


VARIANTS: Mapping[str, type[AssessmentInput]] = {
    "mas": ModifiedAshworth,
    "isncsci_motor": IsncsciMotor,
    "mrc_sum": MrcSumScore,
    "function_scale": FunctionScaleTotal,
    "respiratory": RespiratoryMeasures,
}
