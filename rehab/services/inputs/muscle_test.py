"""What every strength test has: muscle, side, position, and a result or why there is none."""

from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Interval
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rehab.errors import Problem
from rehab.reference.muscles import MUSCLES
from rehab.services.inputs.base import (
    AnySide,
    Name,
    Nrs,
    RecordInput,
    Ui,
)
from rehab.services.inputs.checks import invalid, only

Position = Literal[
    "supine", "prone", "side_lying", "sitting", "standing", "gravity_eliminated", "against_gravity", "other"
]
LimitingFactor = Literal["none", "pain", "fatigue", "spasticity", "stiffness", "fear", "other"]
NotTestableReason = Literal[
    "pain", "immobilised", "contracture", "precaution", "cannot_follow", "refused", "absent_limb", "other"
]


class StrengthInput(RecordInput):
    """What every strength test has."""

    muscle: Annotated[str, Ui(_("Muscle group"))]
    side: Annotated[AnySide, Ui(_("Side"))]
    status: Annotated[Literal["measured", "not_testable"], Ui(_("Result"))] = "measured"
    not_testable_reason: Annotated[NotTestableReason | None, Ui(_("Why it could not be tested"))] = None
    position: Annotated[Position | None, Ui(_("Position"), more=True)] = None
    pain_during: Annotated[Nrs | None, Ui(_("Pain during the test"), unit="0-10", more=True)] = None
    spasticity_present: Annotated[bool | None, Ui(_("Spasticity present"), more=True)] = None
    limiting_factor: Annotated[LimitingFactor | None, Ui(_("What limited it"), more=True)] = None
    tester: Annotated[Name | None, Ui(_("Tester"), hint=_("If somebody else than you tested."), more=True)] = None
    # Context, for mornings against afternoons: it never tells two series apart.
    hours_since_waking: Annotated[
        float | None, Interval(ge=0, le=24), Ui(_("Hours since waking up"), unit="h", more=True)
    ] = None
    hours_since_exercise: Annotated[
        float | None, Interval(ge=0, le=72), Ui(_("Hours since the last exercise"), unit="h", more=True)
    ] = None
    hours_since_anticholinesterase: Annotated[
        float | None,
        Interval(ge=0, le=72),
        Ui(_("Hours since the last anticholinesterase"), unit="h", hint=_("Such as pyridostigmine."), more=True),
    ] = None

    method: Literal["mrc", "hhd", "grip", "pinch", "rm"]

    #: The muscles of ``reference.muscles`` that list this are tested with this method.
    method_code: ClassVar[str]
    #: Fields that hold the result: all of them when measured, none when not testable.
    result_fields: ClassVar[tuple[str, ...]]

    def problems(self) -> list[Problem]:
        muscle = MUSCLES.get(self.muscle)
        found: list[Problem | None] = []
        if muscle is None:
            found.append(
                invalid(
                    "/muscle",
                    "unknown_code",
                    format_lazy(_("Muscle group: {value} is not a known code."), value=self.muscle),
                )
            )
        elif self.method_code not in muscle.methods:
            found.append(
                invalid(
                    "/muscle",
                    "method_does_not_fit",
                    format_lazy(_("Muscle group: {value} is not tested with this method."), value=self.muscle),
                )
            )
        elif muscle.limb == "trunk" and muscle.code != "NECK_SCM" and self.side not in ("none", "both"):
            found.append(
                invalid(
                    "/side",
                    "side_does_not_fit",
                    _("Side: this muscle group has no side. Allowed: none, both."),
                )
            )
        elif muscle.limb in ("upper", "lower") and self.side == "none":
            found.append(invalid("/side", "side_missing", _("Side: state left, right or both.")))
        return [*only(*found), *self._status_problems(), *self.own_problems()]

    def _status_problems(self) -> list[Problem]:
        measured = self.status == "measured"
        found = [
            invalid(
                f"/{name}",
                "missing" if measured else "not_allowed",
                _("A result is needed, or state that it was not testable, and why.")
                if measured
                else _("A test that was not possible has no result."),
            )
            for name in self.result_fields
            if (getattr(self, name) is not None) != measured
        ]
        if measured == (self.not_testable_reason is not None):
            found.append(
                invalid(
                    "/not_testable_reason",
                    "not_allowed" if measured else "missing",
                    _("A reason is given only if the test was not possible.")
                    if measured
                    else _("Say why the test was not possible."),
                )
            )
        return found

    def own_problems(self) -> list[Problem]:
        return []

    def columns(self) -> dict[str, Any]:
        """``series_value`` is None where nothing was measured."""
        return {
            "muscle": self.muscle,
            "side": self.side,
            "method": self.method,
            "test_status": self.status,
        }

    def series(self) -> tuple[Any, ...]:
        return (self.muscle, self.side, self.position)
