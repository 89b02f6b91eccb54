"""Tests with a force meter: hand-held dynamometry, grip, pinch.

Sources: Bohannon, usual practice of hand-held dynamometry; ASHT grip protocol (Mathiowetz et al. 1984, J Hand Surg
9A:222-226).
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Interval
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rehab.analytics import strength as formulas
from rehab.errors import Problem
from rehab.services.inputs.base import (
    Length,
    Mass,
    Name,
    Side,
    Ui,
    canonical,
)
from rehab.services.inputs.checks import only, outside
from rehab.services.inputs.force_test import ForceTest, RepeatedForceTest

LEVER_ARM_CM = (1.0, 100.0)
BODY_MASS_KG = (2.0, 400.0)


class HandHeldTest(RepeatedForceTest):
    """Hand-held dynamometry. ``make`` and ``break`` are never pooled; torque needs the lever arm."""

    method: Literal["hhd"]
    test_type: Annotated[Literal["make", "break"], Ui(_("Type of test"))]
    aggregate: Annotated[Literal["max", "mean"], Ui(_("Figure that counts"), more=True)] = "max"
    lever_arm: Annotated[
        Length | None, Ui(_("Lever arm"), hint=_("From the joint axis to the centre of the pad."), more=True)
    ] = None
    pad_site: Annotated[Name | None, Ui(_("Pad site"), more=True)] = None
    joint_angle_degrees: Annotated[
        float | None, Interval(ge=-30, le=180), Ui(_("Joint angle"), unit="°", more=True)
    ] = None
    stabilisation: Annotated[Literal["hand", "belt", "frame"] | None, Ui(_("Stabilisation"), more=True)] = None
    body_mass: Annotated[Mass | None, Ui(_("Body mass of that day"), more=True)] = None
    tester_overpowered: Annotated[bool, Ui(_("The tester was overpowered"), more=True)] = False

    method_code = "hhd"

    @property
    def how(self) -> Literal["max", "mean"]:
        return self.aggregate

    @property
    def torque_newton_metres(self) -> float | None:
        if self.lever_arm is None or self.force_newtons is None:
            return None
        return formulas.torque_newton_metres(
            force_newtons=self.force_newtons, lever_arm_metres=self.lever_arm.canonical / 100
        )

    def own_problems(self) -> list[Problem]:
        return [
            *super().own_problems(),
            *only(
                outside("/lever_arm/value", _("Lever arm"), canonical(self.lever_arm), *LEVER_ARM_CM, "cm"),
                outside("/body_mass/value", _("Body mass"), canonical(self.body_mass), *BODY_MASS_KG, "kg"),
            ),
        ]

    def oddities(self) -> list[Problem]:
        return [] if self.stabilisation == "frame" else super().oddities()

    def columns(self) -> dict[str, Any]:
        return {**super().columns(), "torque_newton_metres": self.torque_newton_metres}

    def derive(self) -> dict[str, Any]:
        found, torque = super().derive(), self.torque_newton_metres
        if torque is not None:
            found["torque_newton_metres"] = torque
        if self.body_mass is not None and self.force_newtons is not None:
            mass = self.body_mass.canonical
            found["force_newtons_per_kg"] = formulas.normalised_by_mass(value=self.force_newtons, body_mass_kg=mass)
            if torque is not None:
                found["torque_newton_metres_per_kg"] = formulas.normalised_by_mass(value=torque, body_mass_kg=mass)
        return found

    def series(self) -> tuple[Any, ...]:
        arm = self.lever_arm and round(self.lever_arm.canonical, 1)
        pad = self.pad_site or arm
        return (
            self.test_type, *super().series(), self.joint_angle_degrees, pad, self.stabilisation, self.device, self.how
        )  # fmt: skip


class GripTest(RepeatedForceTest):
    """Grip. "kg" on a grip meter is kilogram-force (kgf). Protocols differ and are never pooled."""

    method: Literal["grip"]
    muscle: Annotated[Literal["HAND_GRIP"], Ui(_("Muscle group"))] = "HAND_GRIP"
    side: Annotated[Side, Ui(_("Side"))]
    protocol: Annotated[
        Literal["asht_mean_of_3", "southampton_best_of_6", "nih_toolbox_one_trial"],
        Ui(_("Protocol"), more=True),
    ] = "asht_mean_of_3"
    handle_position: Annotated[int | None, Interval(ge=1, le=5), Ui(_("Handle position"), more=True)] = None

    method_code = "grip_dynamometer"

    #: Trials on this hand that a complete protocol has; Southampton's six are three a hand, alternating.
    trials_of: ClassVar[Mapping[str, int]] = {
        "asht_mean_of_3": 3,
        "southampton_best_of_6": 3,
        "nih_toolbox_one_trial": 1,
    }

    @property
    def how(self) -> Literal["max", "mean"]:
        return "mean" if self.protocol == "asht_mean_of_3" else "max"

    def oddities(self) -> list[Problem]:
        expected = self.trials_of[self.protocol]
        found = super().oddities()
        if self.trials is not None and len(self.trials) != expected:
            found.append(
                Problem(
                    "/trials",
                    "unusual",
                    format_lazy(
                        _("Trials: this protocol has {expected} a hand, {value} were given. Please confirm."),
                        expected=expected,
                        value=len(self.trials),
                    ),
                )
            )
        return found

    def series(self) -> tuple[Any, ...]:
        return (self.protocol, *super().series(), self.handle_position, self.device)


class PinchTest(ForceTest):
    """Key (lateral) pinch with a gauge."""

    method: Literal["pinch"]
    muscle: Annotated[Literal["HAND_PINCH"], Ui(_("Muscle group"))] = "HAND_PINCH"
    side: Annotated[Side, Ui(_("Side"))]
    aggregate: Annotated[Literal["max", "mean"], Ui(_("Figure that counts"), more=True)] = "mean"

    method_code = "pinch_gauge"

    @property
    def how(self) -> Literal["max", "mean"]:
        return self.aggregate

    def series(self) -> tuple[Any, ...]:
        return (*super().series(), self.how, self.device)
