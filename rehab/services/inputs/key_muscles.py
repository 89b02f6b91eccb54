"""Motor examinations of many muscles at once: the ISNCSCI key muscles and the MRC sum score.

ISNCSCI: ASIA/ISCoS 2019, Rupp et al. 2021, Top Spinal Cord Inj Rehabil 27(2):1-22. MRC sum score: Kleyweg 1991, Muscle
Nerve 14:1103-1109; De Jonghe 2002, JAMA 288:2859-2867. A muscle that is left out counts as not testable.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _

from rehab.analytics import totals
from rehab.errors import Problem
from rehab.reference.muscles import ISNCSCI_KEY_MUSCLES, MRC_SUM_MUSCLES
from rehab.services.inputs.assessment import AssessmentInput, muscle_label
from rehab.services.inputs.base import Document, Ui
from rehab.services.inputs.checks import invalid

IsncsciGrade = Literal["0", "1", "2", "3", "4", "5", "0*", "1*", "2*", "3*", "4*", "NT", "NT*"]
SumGrade = Literal["0", "1", "2", "3", "4", "5", "NT"]
NOT_TESTABLE = "NT"
_NOT_EXAMINED = _("NT: could not be tested. What is left open counts as NT, and its total is then not determined.")


def _key(level: str) -> Ui:
    return Ui(muscle_label(ISNCSCI_KEY_MUSCLES[level], before=f"{level} "))


def _group(muscle: str) -> Ui:
    return Ui(muscle_label(muscle))


class KeyMuscles(Document):
    """Grades of one side; ``*``: a condition other than the spinal cord injury is present."""

    C5: Annotated[IsncsciGrade | None, _key("C5")] = None
    C6: Annotated[IsncsciGrade | None, _key("C6")] = None
    C7: Annotated[IsncsciGrade | None, _key("C7")] = None
    C8: Annotated[IsncsciGrade | None, _key("C8")] = None
    T1: Annotated[IsncsciGrade | None, _key("T1")] = None
    L2: Annotated[IsncsciGrade | None, _key("L2")] = None
    L3: Annotated[IsncsciGrade | None, _key("L3")] = None
    L4: Annotated[IsncsciGrade | None, _key("L4")] = None
    L5: Annotated[IsncsciGrade | None, _key("L5")] = None
    S1: Annotated[IsncsciGrade | None, _key("S1")] = None


class SumGroups(Document):
    """Grades of one side, without plus and minus."""

    SHO_ABD: Annotated[SumGrade | None, _group("SHO_ABD")] = None
    ELB_FLEX: Annotated[SumGrade | None, _group("ELB_FLEX")] = None
    WRI_EXT: Annotated[SumGrade | None, _group("WRI_EXT")] = None
    HIP_FLEX: Annotated[SumGrade | None, _group("HIP_FLEX")] = None
    KNE_EXT: Annotated[SumGrade | None, _group("KNE_EXT")] = None
    ANK_DF: Annotated[SumGrade | None, _group("ANK_DF")] = None


class _BothSides(AssessmentInput):
    """Muscles of the right and the left side; a subclass says which."""

    right: Any
    left: Any

    def graded(self) -> Iterator[tuple[Literal["right", "left"], str, str]]:
        """Yield side, muscle and grade of everything that was stated."""
        sides: tuple[Literal["right", "left"], ...] = ("right", "left")
        for side in sides:
            for name, grade in getattr(self, side).model_dump().items():
                if grade is not None:
                    yield side, name, grade

    def problems(self) -> list[Problem]:
        if any(not grade.startswith(NOT_TESTABLE) for _side, _name, grade in self.graded()):
            return []
        return [invalid("", "missing", _("Grades: at least one muscle needs a grade from 0 to 5."))]


class IsncsciMotor(_BothSides):
    """Key muscles of both sides, tested supine by a trained examiner. UEMS and LEMS stay apart; there is no total."""

    assessment: Literal["isncsci_motor"]
    right: Annotated[KeyMuscles, Ui(_("Right"), hint=_NOT_EXAMINED)]
    left: Annotated[KeyMuscles, Ui(_("Left"))]

    def scores(self) -> totals.MotorScores:
        on = self.performed_at.date()
        return totals.isncsci_motor_scores(
            grades=[
                totals.KeyMuscleGrade(id=f"{side} {level}", on=on, level=level, side=side, grade=grade)
                for side, level, grade in self.graded()
            ]
        )

    def derive(self) -> dict[str, Any]:
        """``None`` is "not determinable": a muscle of that side and limb is NT, NT* or was left out."""
        found = self.scores()
        parts = {name: getattr(found, name) for name in ("uer", "uel", "ler", "lel", "uems", "lems")}
        return {**parts, "n_tested": found.n, "method": found.method}


class MrcSumScore(_BothSides):
    """Six groups on both sides, 0-60. The words about weakness belong to critical illness alone."""

    assessment: Literal["mrc_sum"]
    right: Annotated[SumGroups, Ui(_("Right"), hint=_NOT_EXAMINED)]
    left: Annotated[SumGroups, Ui(_("Left"))]
    critical_illness: Annotated[
        bool,
        Ui(_("During critical illness (intensive care)"), hint=_("The limits 48 and 36 are defined there only.")),
    ] = False

    def score(self) -> totals.MrcSum:
        on, stated = self.performed_at.date(), {(side, muscle): grade for side, muscle, grade in self.graded()}
        sides: tuple[Literal["right", "left"], ...] = ("right", "left")
        return totals.mrc_sum_score(
            grades=[
                totals.GroupGrade(
                    id=f"{side} {muscle}",
                    on=on,
                    muscle=muscle,
                    side=side,
                    scale="MRC6",
                    grade=None if grade == NOT_TESTABLE else grade,
                )
                for side in sides
                for muscle in MRC_SUM_MUSCLES
                for grade in (stated.get((side, muscle), NOT_TESTABLE),)
            ],
            critical_illness=self.critical_illness,
        )

    def columns(self) -> dict[str, Any]:
        return {**super().columns(), "series_value": self.score().total}

    def derive(self) -> dict[str, Any]:
        found = self.score()
        return {
            "total": found.total,
            "prorated": found.prorated,
            "label": found.label,
            "n_tested": found.n_tested,
            "method": found.method,
        }
