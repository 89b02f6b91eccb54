"""A check-in: how somebody is today, in under a minute. Everything may be left out, but something must be said.

Scales and their sources: ``rehab.reference.symptoms``. The time of day of the myasthenia items is that of
``performed_at``; they are asked only where the condition applies, and taken from whoever sends them.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from annotated_types import Interval, MaxLen
from django.utils.translation import gettext_lazy as _
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from rehab.analytics.symptoms import spasm_severity_is_asked
from rehab.errors import Problem
from rehab.services.inputs.base import Document, Nrs, RecordInput, Ui
from rehab.services.inputs.checks import invalid
from rehab.services.inputs.red_flags import RedFlagAnswers

BodySite = Literal[
    "head", "face", "neck", "shoulder", "upper_arm", "elbow", "forearm", "wrist", "hand", "chest", "abdomen",
    "upper_back", "lower_back", "saddle", "hip", "buttock", "thigh", "knee", "lower_leg", "ankle", "foot",
]  # fmt: skip
BodySide = Literal["left", "right", "both", "midline"]


def _check_no_bool(value: Any) -> Any:
    # True is 1 for Python, so for a choice among numbers too.
    if isinstance(value, bool):
        raise PydanticCustomError("int_type", "is not a number")
    return value


Step = Annotated[Literal[0, 1, 2, 3], BeforeValidator(_check_no_bool)]
SpasmFrequency = Annotated[Literal[0, 1, 2, 3, 4], BeforeValidator(_check_no_bool)]
SpasmSeverity = Annotated[Literal[1, 2, 3], BeforeValidator(_check_no_bool)]
ProximalSign = Literal["stairs", "rising", "arms_overhead", "winged_scapula", "waddling_gait"]


class PainEntry(Document):
    """Pain at one place: change is followed within the same site, side and context."""

    nrs: Annotated[Nrs, Ui(_("How strong is the pain?"), unit="0-10", hint=_("0 no pain, 10 worst imaginable."))]
    site: Annotated[BodySite | None, Ui(_("Where"))] = None
    side: Annotated[BodySide | None, Ui(_("Side"), more=True)] = None
    context: Annotated[Literal["rest", "movement", "night", "during_session"] | None, Ui(_("When"), more=True)] = None


class SymptomEntry(Document):
    """One of the mapped symptoms at one place; ``none`` says that it was asked and is absent."""

    symptom: Annotated[Literal["fasciculation", "cramps", "paraesthesia", "numbness"], Ui(_("Symptom"))]
    severity: Annotated[Literal["none", "mild", "moderate", "severe"], Ui(_("How strong"))]
    site: Annotated[BodySite | None, Ui(_("Where"))] = None
    side: Annotated[BodySide | None, Ui(_("Side"))] = None


class Myasthenia(Document):
    """Own items, 0 none to 3 severe; not MG-ADL."""

    ptosis: Annotated[Step | None, Ui(_("Drooping eyelids"), more=True)] = None
    diplopia: Annotated[Step | None, Ui(_("Double vision"), more=True)] = None
    chewing: Annotated[Step | None, Ui(_("Trouble chewing"), more=True)] = None
    swallowing: Annotated[Step | None, Ui(_("Trouble swallowing"), more=True)] = None
    speech: Annotated[Step | None, Ui(_("Trouble speaking"), more=True)] = None
    breathing: Annotated[Step | None, Ui(_("Trouble breathing"), more=True)] = None
    neck: Annotated[Step | None, Ui(_("Weak neck"), more=True)] = None
    limbs: Annotated[Step | None, Ui(_("Weak arms or legs"), more=True)] = None
    hours_since_pyridostigmine: Annotated[
        float | None, Interval(ge=0, le=168), Ui(_("Hours since the last pyridostigmine"), unit="h", more=True)
    ] = None


class CheckInInput(RecordInput):
    pain: Annotated[tuple[PainEntry, ...], MaxLen(10), Ui(_("Pain"))] = ()
    fatigue: Annotated[
        Nrs | None, Ui(_("How tired are you?"), unit="0-10", hint=_("0 no fatigue, 10 worst imaginable."))
    ] = None
    fatigue_period: Annotated[Literal["last_24_h", "now"], Ui(_("Tired when?"))] = "last_24_h"
    red_flags: Annotated[RedFlagAnswers | None, Ui(_("Warning signs"))] = None
    myasthenia: Myasthenia | None = None
    spasm_frequency: Annotated[SpasmFrequency | None, Ui(_("How often spasms come"), more=True)] = None
    spasm_severity: Annotated[
        SpasmSeverity | None, Ui(_("How strong the spasms are"), hint=_("Only if there were any."), more=True)
    ] = None
    symptoms: Annotated[tuple[SymptomEntry, ...], MaxLen(20), Ui(_("Other symptoms"), more=True)] = ()
    proximal_signs: Annotated[
        tuple[ProximalSign, ...], MaxLen(5), Ui(_("What is harder because of weakness?"), more=True)
    ] = ()
    mood: Annotated[
        Nrs | None, Ui(_("Mood"), unit="0-10", hint=_("0 very low, 10 very good."), more=True)
    ] = None  # fmt: skip
    motivation: Annotated[Nrs | None, Ui(_("Motivation"), unit="0-10", hint=_("0 none, 10 high."), more=True)] = None
    sleep_hours: Annotated[float | None, Interval(ge=0, le=24), Ui(_("Sleep last night"), unit="h", more=True)] = None
    sleep_quality: Annotated[
        Nrs | None, Ui(_("How well you slept"), unit="0-10", hint=_("0 very badly, 10 very well."), more=True)
    ] = None
    protein: Annotated[bool | None, Ui(_("Protein with every main meal"), more=True)] = None
    activity: Annotated[bool | None, Ui(_("Moved or exercised today"), more=True)] = None
    immobilised: Annotated[
        bool | None, Ui(_("In bed most of the day, or in a cast or splint"), more=True)
    ] = None  # fmt: skip

    def problems(self) -> list[Problem]:
        found: list[Problem] = []
        if not self._says_something():
            found.append(invalid("", "empty", _("Check-in: answer at least one question.")))
        if self.spasm_severity is not None and not spasm_severity_is_asked(frequency=self.spasm_frequency or 0):
            message = _("How strong the spasms are: asked only if there were any.")
            found.append(invalid("/spasm_severity", "not_allowed", message))
        return found

    def _says_something(self) -> bool:
        if self.note.strip() or (self.red_flags is not None and self.red_flags.is_answered):
            return True
        said = self.model_dump(exclude_defaults=True, exclude={*RecordInput.model_fields, "red_flags", "myasthenia"})
        myasthenia = self.myasthenia.model_dump(exclude_none=True) if self.myasthenia else {}
        return bool(said.keys() - {"fatigue_period"} or myasthenia)

    def columns(self) -> dict[str, Any]:
        return {
            "pain_max": max((entry.nrs for entry in self.pain), default=None),
            "fatigue": self.fatigue,
            "fatigue_period": "" if self.fatigue is None else self.fatigue_period,
        }

    def derive(self) -> dict[str, Any]:
        return {"pain_max": self.columns()["pain_max"]} if len(self.pain) > 1 else {}


VARIANTS: Mapping[str, type[CheckInInput]] = {"check-ins": CheckInInput}
