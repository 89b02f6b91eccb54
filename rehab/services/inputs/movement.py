"""Weight bearing, stretching, balance and gait, aerobic, breathing and other sessions.

Weight-bearing names vary by hospital, so target and measured load are the data; more than 10 points or 10 kg over the
target asks to confirm (project convention). Gait speed: Perera 2006, J Am Geriatr Soc 54:743-749.
"""

from typing import Annotated, Any, Literal

from annotated_types import Interval
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rehab.analytics import sessions as formulas
from rehab.errors import Problem
from rehab.reference.motions import MOTIONS
from rehab.services.inputs.base import Mass, Name, Note, Side, Ui
from rehab.services.inputs.checks import invalid, number, only, outside
from rehab.services.inputs.details import SessionDetails

LOAD_KG = (0.0, 400.0)
BODY_MASS_KG = (2.0, 400.0)
#: No human runs as fast as this (project input limit); it keeps a mistyped time out of the speeds.
SPEED_MAX_METRES_PER_SECOND = 15.0
OVER_TARGET_POINTS = 10.0
OVER_TARGET_KG = 10.0
#: Prescribed share of body weight by name, % (NWB none, TTWB about 20 at most, PWB 20-50, FWB all).
TARGET_LIMITS_PCT = {"nwb": (0.0, 0.0), "ttwb": (0.0, 20.0), "pwb": (20.0, 50.0)}


class WeightBearingDetails(SessionDetails):
    wb_status: Annotated[Literal["nwb", "ttwb", "pwb", "wbat", "fwb"], Ui(_("Prescribed weight bearing"))]
    side: Annotated[Side | None, Ui(_("Side"))] = None
    target_pct_bw: Annotated[float | None, Interval(ge=0, le=100), Ui(_("Target"), unit=_("% of body weight"))] = None
    target: Annotated[Mass | None, Ui(_("Target load"))] = None
    measured_max: Annotated[Mass | None, Ui(_("Highest load measured"))] = None
    body_mass: Annotated[Mass | None, Ui(_("Body mass of that day"))] = None
    method: Annotated[Literal["scale", "insole", "plate", "estimate"] | None, Ui(_("Measured with"), more=True)] = None
    aid: Annotated[Name | None, Ui(_("Walking aid"), more=True)] = None
    distance_m: Annotated[float | None, Interval(ge=0, le=50_000), Ui(_("Distance"), unit="m", more=True)] = None

    def problems(self) -> list[Problem]:
        limits = TARGET_LIMITS_PCT.get(self.wb_status)
        return only(
            outside("/details/target_pct_bw", _("Target"), self.target_pct_bw, *limits, "%")
            if limits and self.target_pct_bw is not None
            else None,
            *(
                outside(f"/details/{name}/value", label, mass.canonical, *limits_kg, "kg")
                for name, label, mass, limits_kg in (
                    ("target", _("Target load"), self.target, LOAD_KG),
                    ("measured_max", _("Highest load measured"), self.measured_max, LOAD_KG),
                    ("body_mass", _("Body mass"), self.body_mass, BODY_MASS_KG),
                )
                if mass is not None
            ),
        )

    @property
    def measured_pct(self) -> float | None:
        if self.measured_max is None or self.body_mass is None:
            return None
        return formulas.percent_body_weight(load_kg=self.measured_max.canonical, body_mass_kg=self.body_mass.canonical)

    def oddities(self) -> list[Problem]:
        found = []
        measured_pct = self.measured_pct
        if measured_pct is not None and self.target_pct_bw is not None:
            found.append((measured_pct, self.target_pct_bw, OVER_TARGET_POINTS, "%"))
        if self.measured_max is not None and self.target is not None:
            found.append((self.measured_max.canonical, self.target.canonical, OVER_TARGET_KG, "kg"))
        return [
            Problem(
                "/details/measured_max/value",
                "unusual",
                format_lazy(
                    _(
                        "Highest load measured: {value} {unit}, more than {margin} {unit} over the target of "
                        "{target} {unit}. Please confirm that it is right."
                    ),
                    value=number(round(value, 1)), margin=number(margin), target=number(round(target, 1)), unit=unit,
                ),
            )
            for value, target, margin, unit in found
            if value - target > margin
        ]  # fmt: skip

    def derive(self, *, duration_min: float | None) -> dict[str, Any]:
        return {} if self.measured_pct is None else {"measured_pct_bw": self.measured_pct}


class StretchDetails(SessionDetails):
    type: Annotated[Literal["static", "pnf", "dynamic", "splint", "active", "passive"], Ui(_("Type"))]
    motion: Annotated[str | None, Ui(_("Motion"))] = None
    side: Annotated[Side | None, Ui(_("Side"))] = None
    reps: Annotated[int | None, Interval(ge=1, le=500), Ui(_("Repetitions"))] = None
    hold_s: Annotated[float | None, Interval(ge=0, le=86_400), Ui(_("Hold"), unit="s")] = None

    def problems(self) -> list[Problem]:
        if self.motion is None or self.motion in MOTIONS:
            return []
        message = format_lazy(_("Motion: {value} is not a known code."), value=self.motion)
        return [invalid("/details/motion", "unknown_code", message)]

    def repetitions(self) -> int | None:
        return self.reps

    def derive(self, *, duration_min: float | None) -> dict[str, Any]:
        if self.reps is None or self.hold_s is None:
            return {}
        return {"total_hold_s": self.reps * self.hold_s}


class BalanceGaitDetails(SessionDetails):
    task: Annotated[Name, Ui(_("Task"))]
    distance_m: Annotated[float | None, Interval(ge=0, le=50_000), Ui(_("Distance"), unit="m")] = None
    time_s: Annotated[float | None, Interval(gt=0, le=86_400), Ui(_("Time"), unit="s")] = None
    steps: Annotated[int | None, Interval(ge=0, le=100_000), Ui(_("Steps"))] = None
    loss_of_balance_n: Annotated[int | None, Interval(ge=0, le=200), Ui(_("Lost balance"), unit=_("times"))] = None
    falls_n: Annotated[int | None, Interval(ge=0, le=50), Ui(_("Falls"), unit=_("times"))] = None
    surface: Annotated[
        Literal["floor", "carpet", "foam", "uneven", "stairs", "ramp", "treadmill"] | None,
        Ui(_("Surface"), more=True),
    ] = None
    aid: Annotated[Name | None, Ui(_("Walking aid"), more=True)] = None
    assistance: Annotated[
        Literal["independent", "supervision", "minimal", "moderate", "maximal", "dependent"] | None,
        Ui(_("Help needed"), more=True),
    ] = None

    def problems(self) -> list[Problem]:
        speed = self._speed()
        if speed is None or speed <= SPEED_MAX_METRES_PER_SECOND:
            return []
        message = format_lazy(
            _("Time: {value} m/s would be faster than {high} m/s. Check distance and time."),
            value=number(speed),
            high=number(SPEED_MAX_METRES_PER_SECOND),
        )
        return [invalid("/details/time_s", "inconsistent", message)]

    def _speed(self) -> float | None:
        if self.distance_m is None or self.time_s is None:
            return None
        return formulas.gait_speed(distance_metres=self.distance_m, time_seconds=self.time_s)

    def derive(self, *, duration_min: float | None) -> dict[str, Any]:
        speed = self._speed()
        return {} if speed is None else {"gait_speed_metres_per_second": speed}


class AerobicDetails(SessionDetails):
    activity: Annotated[
        Literal["walking", "cycling", "arm_ergometer", "treadmill", "rowing", "wheelchair", "other"],
        Ui(_("Activity")),
    ]
    distance_m: Annotated[float | None, Interval(ge=0, le=500_000), Ui(_("Distance"), unit="m")] = None
    heart_rate_mean: Annotated[
        int | None, Interval(ge=30, le=230), Ui(_("Mean heart rate"), unit="/min", more=True)
    ] = None
    heart_rate_max: Annotated[
        int | None, Interval(ge=30, le=230), Ui(_("Highest heart rate"), unit="/min", more=True)
    ] = None
    power_w: Annotated[float | None, Interval(ge=0, le=1000), Ui(_("Power"), unit="W", more=True)] = None


class BreathingDetails(SessionDetails):
    exercise: Annotated[
        Literal[
            "diaphragmatic",
            "inspiratory_trainer",
            "expiratory_trainer",
            "incentive_spirometer",
            "cough",
            "other",
        ],
        Ui(_("Exercise")),
    ]
    sets: Annotated[int | None, Interval(ge=1, le=50), Ui(_("Sets"))] = None
    reps: Annotated[int | None, Interval(ge=1, le=200), Ui(_("Breaths in each set"))] = None
    load_cmh2o: Annotated[float | None, Interval(ge=0, le=200), Ui(_("Resistance"), unit="cmH₂O", more=True)] = None

    def repetitions(self) -> int | None:
        return None if self.reps is None else self.reps * (self.sets or 1)


class OtherDetails(SessionDetails):
    description: Annotated[Note, Ui(_("What was done"), rows=2)]
