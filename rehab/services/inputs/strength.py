"""Strength tests: MRC grade, repetition maximum, and those of ``dynamometry``.

Sources: Medical Research Council Memorandum 45 (1976); Epley 1985; Brzycki 1993 (JOPERD 64:88-90).
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Interval
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rehab.analytics import strength as formulas
from rehab.errors import Problem
from rehab.reference.scales import MRC_GRADES, mrc_rank
from rehab.services.inputs.base import (
    Mass,
    Name,
    Ui,
    canonical,
)
from rehab.services.inputs.checks import invalid, odd, only, outside
from rehab.services.inputs.dynamometry import GripTest, HandHeldTest, PinchTest
from rehab.services.inputs.muscle_test import StrengthInput

LOAD_KG = (0.1, 1000.0)


class MrcTest(StrengthInput):
    """A manual muscle test. ``MRC6`` has 0-5, ``MRC8`` adds 4- and 4+, ``MRC11`` the other expanded grades."""

    method: Literal["mrc"]
    scale: Annotated[Literal["MRC6", "MRC8", "MRC11"], Ui(_("Scale"))]
    grade: Annotated[Literal["0", "1", "2", "3-", "3", "3+", "4-", "4", "4+", "5-", "5"] | None, Ui(_("Grade"))] = None

    method_code = "mrc"
    result_fields = ("grade",)

    def own_problems(self) -> list[Problem]:
        if self.grade is None or self.grade in MRC_GRADES[self.scale]:
            return []
        return [
            invalid(
                "/grade",
                "not_in_scale",
                format_lazy(
                    _("Grade: {value} is not a grade of {scale}. Allowed: {allowed}."),
                    value=self.grade,
                    scale=self.scale,
                    allowed=", ".join(MRC_GRADES[self.scale]),
                ),
            )
        ]

    def oddities(self) -> list[Problem]:
        if self.grade == "2" and self.position == "against_gravity":
            return [
                Problem(
                    "/position",
                    "unusual",
                    _("Position: grade 2 means movement with gravity eliminated. Please confirm that it is right."),
                )
            ]
        return []

    def columns(self) -> dict[str, Any]:
        rank = None if self.grade is None else float(mrc_rank(scale=self.scale, grade=self.grade))
        return {**super().columns(), "grade": self.grade or "", "series_value": rank}

    def derive(self) -> dict[str, Any]:
        return {} if self.grade is None else {"rank": mrc_rank(scale=self.scale, grade=self.grade)}

    def series(self) -> tuple[Any, ...]:
        return (self.scale, *super().series())


class RepetitionMaximumTest(StrengthInput):
    """A load lifted ``repetitions`` times. Only constant loads (weights, machines), never bands; 1-10 repetitions.

    The estimates of one repetition maximum: Epley for 2-10 (1 → the load itself), Brzycki for 1-10.
    """

    method: Literal["rm"]
    exercise: Annotated[Name | None, Ui(_("Exercise"), more=True)] = None
    equipment: Annotated[Literal["free_weight", "machine"], Ui(_("Equipment"))]
    load: Annotated[Mass | None, Ui(_("Load"))] = None
    repetitions: Annotated[int | None, Interval(ge=1, le=10), Ui(_("Repetitions"), unit="1-10")] = None

    method_code = "hhd"  # any limb or trunk muscle that can be tested against resistance
    result_fields = ("load", "repetitions")
    formula: ClassVar[str] = "epley_1985"

    def own_problems(self) -> list[Problem]:
        return only(outside("/load/value", _("Load"), canonical(self.load), *LOAD_KG, "kg"))

    def oddities(self) -> list[Problem]:
        return only(odd("/load/value", _("Load"), canonical(self.load), LOAD_KG[0], 300, "kg"))

    def _estimates(self) -> dict[str, float]:
        if self.load is None or self.repetitions is None:
            return {}
        load_kg, repetitions = self.load.canonical, self.repetitions
        return {
            "one_rm_epley_kg": formulas.one_rm_epley(load_kg=load_kg, repetitions=repetitions),
            "one_rm_brzycki_kg": formulas.one_rm_brzycki(load_kg=load_kg, repetitions=repetitions),
        }

    def columns(self) -> dict[str, Any]:
        one_rm = self._estimates().get("one_rm_epley_kg")
        return {**super().columns(), "one_rm_kg": one_rm, "series_value": one_rm}

    def derive(self) -> dict[str, Any]:
        return {**self._estimates(), "series_formula": self.formula} if self.load else {}

    def series(self) -> tuple[Any, ...]:
        return (self.formula, self.equipment, self.exercise, *super().series())


VARIANTS: Mapping[str, type[StrengthInput]] = {
    "mrc": MrcTest,
    "hhd": HandHeldTest,
    "grip": GripTest,
    "pinch": PinchTest,
    "rm": RepetitionMaximumTest,
}
