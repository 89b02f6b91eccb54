"""Range of motion by the neutral-zero method (AAOS 1965, 1994; Ryf & Weymann 1995).

``value_deg`` is on the motion's own scale, from ``reference.motions``: ``direction`` (negative = neutral not reached)
or ``deficit`` (positive = extension deficit, negative = hyperextension). The limits of each motion are input limits,
wide enough for contracture and hypermobility, not norms.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from annotated_types import Interval, MaxLen
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rehab.errors import Problem
from rehab.reference.motions import MOTIONS, JointMotion
from rehab.selectors.records import Reading
from rehab.services.inputs.base import AnySide, Name, Nrs, RecordInput, Ui
from rehab.services.inputs.checks import invalid, number, outside

AAOS_MARGIN_DEGREES = 15
ACTIVE_OVER_PASSIVE_DEGREES = 5
SIDE_DIFFERENCE_DEGREES = 20
WEEK_CHANGE_DEGREES = 30

Instrument = Literal["universal_goniometer", "inclinometer", "smartphone_app", "imu_video", "visual_estimate", "tape"]
EndFeel = Literal["soft", "firm", "hard", "early_soft", "early_firm", "early_hard", "springy_block", "spasm", "empty"]
RomLimit = Literal[
    "pain", "stiffness", "weakness", "spasm_spasticity", "swelling", "soft_tissue_contact", "apprehension",
    "precaution", "none",
]  # fmt: skip


class RomInput(RecordInput):
    motion: Annotated[str, Ui(_("Motion"))]
    side: Annotated[AnySide, Ui(_("Side"))]
    digit: Annotated[Literal["thumb", "index", "middle", "ring", "little"] | None, Ui(_("Digit"))] = None
    rom_type: Annotated[Literal["AROM", "AAROM", "PROM"], Ui(_("Type of motion"))]
    status: Annotated[Literal["measured", "wnl", "not_tested", "unable", "refused"], Ui(_("Result"))] = "measured"
    value_deg: Annotated[float | None, Ui(_("Angle"), unit="°")] = None
    instrument: Annotated[Instrument, Ui(_("Instrument"), more=True)] = "universal_goniometer"
    position: Annotated[
        Literal["supine", "prone", "side_lying", "sitting", "standing", "weight_bearing"] | None,
        Ui(_("Position"), more=True),
    ] = None
    neighbour_position: Annotated[
        Literal["knee_flexed", "knee_extended", "hip_flexed", "hip_extended", "abducted_90", "abducted_0"] | None,
        Ui(_("Position of the neighbour joint"), more=True),
    ] = None
    end_feel: Annotated[EndFeel | None, Ui(_("End-feel"), hint=_("Passive motion only."), more=True)] = None
    limiting_factor: Annotated[RomLimit | None, Ui(_("What limited it"), more=True)] = None
    pain_nrs: Annotated[Nrs | None, Ui(_("Pain at end range"), unit="0-10", more=True)] = None
    painful_arc_from_deg: Annotated[
        float | None, Interval(ge=-180, le=200), Ui(_("Painful arc from"), unit="°", more=True)
    ] = None
    painful_arc_to_deg: Annotated[
        float | None, Interval(ge=-180, le=200), Ui(_("Painful arc to"), unit="°", more=True)
    ] = None
    trials_deg: Annotated[tuple[float, ...], MaxLen(6), Ui(_("Trials"), unit="°", more=True)] = ()
    aggregate: Annotated[Literal["mean", "max"], Ui(_("Figure that counts"), more=True)] = "mean"
    rater: Annotated[Name | None, Ui(_("Rater"), hint=_("If somebody else than you measured."), more=True)] = None
    device: Annotated[Name | None, Ui(_("Device"), more=True)] = None
    splint_or_cast: Annotated[bool, Ui(_("With a splint or cast"), more=True)] = False

    def problems(self) -> list[Problem]:
        motion = MOTIONS.get(self.motion)
        if motion is None:
            message = format_lazy(_("Motion: {value} is not a known code."), value=self.motion)
            return [invalid("/motion", "unknown_code", message)]
        found = [*self._side_problems(motion), *self._value_problems(motion)]
        if self.end_feel is not None and self.rom_type != "PROM":
            found.append(invalid("/end_feel", "not_allowed", _("End-feel: only passive motion (PROM) has one.")))
        if (self.painful_arc_from_deg is None) != (self.painful_arc_to_deg is None):
            found.append(invalid("/painful_arc_to_deg", "incomplete", _("Painful arc: give both ends, or neither.")))
        return found

    def _side_problems(self, motion: JointMotion) -> list[Problem]:
        found = []
        if motion.has_side != (self.side in ("left", "right")):
            found.append(
                invalid(
                    "/side",
                    "side_does_not_fit",
                    _("Side: state left or right.") if motion.has_side else _("Side: this motion has none."),
                )
            )
        if motion.needs_digit != (self.digit is not None) or (motion.needs_digit and self.digit == "thumb"):
            found.append(
                invalid(
                    "/digit",
                    "digit_does_not_fit",
                    _("Digit: state index, middle, ring or little.")
                    if motion.needs_digit
                    else _("Digit: this motion has none."),
                )
            )
        return found

    def _value_problems(self, motion: JointMotion) -> list[Problem]:
        measured = self.status == "measured"
        if measured != (self.value_deg is not None):
            message = (
                _("Angle: a measured motion needs one.") if measured else _("Angle: only a measured motion has one.")
            )
            return [invalid("/value_deg", "missing" if measured else "not_allowed", message)]
        values = [("/value_deg", self.value_deg)]
        values += [(f"/trials_deg/{i}", trial) for i, trial in enumerate(self.trials_deg)]
        return [
            problem
            for pointer, value in values
            if value is not None
            and (problem := outside(pointer, motion.name_en, value, motion.hard_min, motion.hard_max, "°"))
        ]

    def oddities(self) -> list[Problem]:
        motion = MOTIONS[self.motion]
        if self.value_deg is None or motion.aaos_to is None:
            return []
        beyond = (
            self.value_deg < motion.aaos_to - AAOS_MARGIN_DEGREES
            if motion.scale == "deficit"
            else self.value_deg > motion.aaos_to + AAOS_MARGIN_DEGREES
        )
        if not beyond:
            return []
        return [
            Problem(
                "/value_deg",
                "unusual",
                format_lazy(
                    _("Angle: {value}° is more than {margin}° beyond the AAOS figure of {aaos}°. Please confirm."),
                    value=number(self.value_deg),
                    margin=AAOS_MARGIN_DEGREES,
                    aaos=number(motion.aaos_to),
                ),
            )
        ]

    def oddities_against(self, earlier: Iterable[Reading], *, performed_on: date) -> list[Problem]:
        """Compare with readings of the same motion: active over passive, side difference, change within a week."""
        if self.value_deg is None:
            return []
        reaches = -1 if MOTIONS[self.motion].scale == "deficit" else 1
        messages: dict[str, Any] = {}
        for reading in earlier:
            if reading.digit != (self.digit or ""):
                continue
            days = abs((performed_on - reading.performed_on).days)
            difference = self.value_deg - reading.angle_degrees
            same_side, same_type = reading.side == self.side, reading.rom_type == self.rom_type
            if same_side and days == 0 and {self.rom_type, reading.rom_type} == {"AROM", "PROM"}:
                active_over = reaches * (difference if self.rom_type == "AROM" else -difference)
                if active_over > ACTIVE_OVER_PASSIVE_DEGREES:
                    messages["active"] = (
                        _(
                            "Angle: {value}°, yet {other}° was recorded the same day: active is better than passive "
                            "by more than {limit}°. Please confirm."
                        ),
                        reading,
                        ACTIVE_OVER_PASSIVE_DEGREES,
                    )
            elif same_type and not same_side and days == 0 and abs(difference) > SIDE_DIFFERENCE_DEGREES:
                messages["side"] = (
                    _("Angle: {value}°, the other side {other}°: they differ by more than {limit}°. Please confirm."),
                    reading,
                    SIDE_DIFFERENCE_DEGREES,
                )
            elif same_type and same_side and 0 < days <= 7 and abs(difference) > WEEK_CHANGE_DEGREES:
                messages["week"] = (
                    _("Angle: {value}°, {other}° within 7 days of it: a change of more than {limit}°. Please confirm."),
                    reading,
                    WEEK_CHANGE_DEGREES,
                )
        return [
            Problem(
                "/value_deg",
                "unusual",
                format_lazy(text, value=number(self.value_deg), other=number(reading.angle_degrees), limit=limit),
            )
            for text, reading, limit in messages.values()
        ]

    def columns(self) -> dict[str, Any]:
        return {
            "motion": self.motion,
            "side": self.side,
            "digit": self.digit or "",
            "rom_type": self.rom_type,
            "rom_status": self.status,
            "angle_degrees": self.value_deg,
            "series_value": self.value_deg,
        }

    def derive(self) -> dict[str, Any]:
        motion = MOTIONS[self.motion]
        return {"scale": motion.scale, "better": motion.better}

    def series(self) -> tuple[Any, ...]:
        return (
            self.motion, self.side, self.digit, self.rom_type, self.position, self.neighbour_position,
            self.instrument, self.aggregate,
        )  # fmt: skip


VARIANTS: Mapping[str, type[RomInput]] = {"rom": RomInput}
