"""Exercise and treatment sessions: what all have in common, and one shape of ``details`` per modality.

Session RPE: Foster et al. 2001, J Strength Cond Res 15:109-115, doi:10.1519/00124278-200102000-00019; load = RPE ×
minutes. A skipped session needs a reason and no details.
"""

import uuid
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from annotated_types import Interval, MaxLen
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from rehab.analytics import sessions as formulas
from rehab.errors import Problem, pointer_to
from rehab.reference.muscles import MUSCLES
from rehab.services.inputs.aquatic import AquaticDetails
from rehab.services.inputs.base import AnySide, Document, Note, Nrs, RecordInput, Ui
from rehab.services.inputs.checks import invalid, odd, only
from rehab.services.inputs.details import SessionDetails
from rehab.services.inputs.fes import FesDetails
from rehab.services.inputs.movement import (
    AerobicDetails,
    BalanceGaitDetails,
    BreathingDetails,
    OtherDetails,
    StretchDetails,
    WeightBearingDetails,
)
from rehab.services.inputs.red_flags import RedFlagAnswers
from rehab.services.inputs.resistance import BandDetails, WeightsDetails

USUAL_MINUTES = (1.0, 180.0)


class TargetMuscle(Document):
    muscle: Annotated[str, Ui(_("Muscle group"))]
    side: Annotated[AnySide, Ui(_("Side"))]


class SessionInput(RecordInput):
    status: Annotated[Literal["completed", "partial", "skipped", "stopped_early"], Ui(_("How it went"))] = "completed"
    reason: Annotated[
        Literal["pain", "fatigue", "time", "equipment", "unwell", "symptom_flag", "other"] | None,
        Ui(_("Reason"), hint=_("If the session was not completed.")),
    ] = None
    duration_min: Annotated[float | None, Interval(gt=0, le=1440), Ui(_("Duration"), unit="min")] = None
    session_rpe: Annotated[
        Nrs | None,
        Ui(_("How hard was it?"), unit="0-10", hint=_("0 rest, 3 moderate, 5 hard, 7 very hard, 10 maximal.")),
    ] = None
    pain_before: Annotated[Nrs | None, Ui(_("Pain before"), unit="0-10")] = None
    pain_during_max: Annotated[Nrs | None, Ui(_("Worst pain during"), unit="0-10")] = None
    pain_after: Annotated[Nrs | None, Ui(_("Pain after"), unit="0-10")] = None
    red_flags: Annotated[RedFlagAnswers | None, Ui(_("Warning signs"))] = None
    pain_next_morning: Annotated[Nrs | None, Ui(_("Pain the next morning"), unit="0-10", more=True)] = None
    fatigue_before: Annotated[Nrs | None, Ui(_("Fatigue before"), unit="0-10", more=True)] = None
    fatigue_after: Annotated[Nrs | None, Ui(_("Fatigue after"), unit="0-10", more=True)] = None
    setting: Annotated[Literal["home", "clinic", "pool"] | None, Ui(_("Place"), more=True)] = None
    supervision: Annotated[
        Literal["none", "carer", "therapist", "remote"] | None, Ui(_("Who was with you"), more=True)
    ] = None
    adverse_event: Annotated[Note, Ui(_("Anything that went wrong"), more=True, rows=2)] = ""
    target_muscles: Annotated[tuple[TargetMuscle, ...], MaxLen(20), Ui(_("Muscles trained"), more=True)] = ()
    modality: Literal[
        "resistance_band", "weights", "aquatic", "fes", "weight_bearing", "rom_stretch", "balance_gait", "aerobic",
        "breathing", "other",
    ]  # fmt: skip
    details: SessionDetails | None = None
    program_item: Annotated[
        uuid.UUID | None, Field(description="Item of the patient's programme that it was done for.")
    ] = None

    def problems(self) -> list[Problem]:
        found: list[Problem] = []
        skipped, unfinished = self.status == "skipped", self.status != "completed"
        if unfinished and self.reason is None:
            found.append(invalid("/reason", "missing", _("Reason: say why the session was not completed.")))
        if not unfinished and self.reason is not None:
            found.append(invalid("/reason", "not_allowed", _("Reason: a completed session has none.")))
        if skipped and (self.details is not None or self.duration_min is not None or self.session_rpe is not None):
            found.append(invalid("/details", "not_allowed", _("A skipped session has no duration, effort or details.")))
        if not skipped and self.details is None:
            found.append(invalid("/details", "missing", _("Details: say what was done.")))
        for i, target in enumerate(self.target_muscles):
            if target.muscle not in MUSCLES:
                message = format_lazy(_("Muscle group: {value} is not a known code."), value=target.muscle)
                found.append(invalid(pointer_to("target_muscles", i, "muscle"), "unknown_code", message))
        return found + (self.details.problems() if self.details else [])

    def oddities(self) -> list[Problem]:
        found = only(
            odd("/duration_min", _("Duration"), self.duration_min, *USUAL_MINUTES, "min")
            if self.duration_min is not None
            else None
        )
        return found + (self.details.oddities() if self.details else [])

    def columns(self) -> dict[str, Any]:
        sums = self.details.sums(duration_min=self.duration_min) if self.details else {}
        return {
            "modality": self.modality,
            "session_status": self.status,
            "duration_minutes": self.duration_min,
            "session_load": self._load(),
            "volume_load": sums.get("volume_load"),
            "pulses": sums.get("pulses"),
            "charge_millicoulombs": sums.get("charge_millicoulombs"),
            "repetitions": self.details.repetitions() if self.details else None,
            "program_item_id": self.program_item,
        }

    def _load(self) -> float | None:
        if self.session_rpe is None or self.duration_min is None:
            return None
        return formulas.session_load(rpe=self.session_rpe, duration_minutes=self.duration_min)

    def derive(self) -> dict[str, Any]:
        own = self.details.derive(duration_min=self.duration_min) if self.details else {}
        load = self._load()
        return own if load is None else {"session_load": load, **own}


class BandSession(SessionInput):
    modality: Literal["resistance_band"]
    details: BandDetails | None = None


class WeightsSession(SessionInput):
    modality: Literal["weights"]
    details: WeightsDetails | None = None


class AquaticSession(SessionInput):
    modality: Literal["aquatic"]
    details: AquaticDetails | None = None


class FesSession(SessionInput):
    modality: Literal["fes"]
    details: FesDetails | None = None


class WeightBearingSession(SessionInput):
    modality: Literal["weight_bearing"]
    details: WeightBearingDetails | None = None


class StretchSession(SessionInput):
    modality: Literal["rom_stretch"]
    details: StretchDetails | None = None


class BalanceGaitSession(SessionInput):
    modality: Literal["balance_gait"]
    details: BalanceGaitDetails | None = None


class AerobicSession(SessionInput):
    modality: Literal["aerobic"]
    details: AerobicDetails | None = None


class BreathingSession(SessionInput):
    modality: Literal["breathing"]
    details: BreathingDetails | None = None


class OtherSession(SessionInput):
    modality: Literal["other"]
    details: OtherDetails | None = None


VARIANTS: Mapping[str, type[SessionInput]] = {
    "resistance_band": BandSession,
    "weights": WeightsSession,
    "aquatic": AquaticSession,
    "fes": FesSession,
    "weight_bearing": WeightBearingSession,
    "rom_stretch": StretchSession,
    "balance_gait": BalanceGaitSession,
    "aerobic": AerobicSession,
    "breathing": BreathingSession,
    "other": OtherSession,
}
