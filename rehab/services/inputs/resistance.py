"""Resistance bands and weights.

Force of a band is the maker's figure at the peak elongation, interpolated between 100 and 200 % only, and shown with
"about" (± 30 %): flat bands measured below it (Uchida et al. 2016, J Phys Ther Sci 28:1266, doi:10.1589/jpts.28.1266).
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from annotated_types import Interval, MaxLen, MinLen
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import StringConstraints

from rehab.analytics import sessions as formulas
from rehab.errors import Problem, pointer_to
from rehab.reference import bands
from rehab.reference.muscles import MUSCLES
from rehab.services.inputs.base import AnySide, Document, Mass, Name, Nrs, Ui, canonical
from rehab.services.inputs.checks import invalid, odd, only, outside
from rehab.services.inputs.details import SessionDetails

WEIGHT_KG = (0.0, 1000.0)
USUAL_WEIGHT_KG = (0.0, 300.0)
USUAL_ELONGATION_PCT = (0.0, 300.0)
FORCE_TOLERANCE_PCT = 30

Repetitions = Annotated[int, Interval(ge=0, le=500)]


class ResistanceExercise(Document):
    exercise: Annotated[Name | None, Ui(_("Exercise"))] = None
    muscle: Annotated[str | None, Ui(_("Muscle group"))] = None
    side: Annotated[AnySide | None, Ui(_("Side"))] = None
    reps: Annotated[tuple[Repetitions, ...], MinLen(1), MaxLen(20), Ui(_("Repetitions in each set"))]
    hold_s: Annotated[float | None, Interval(ge=0, le=600), Ui(_("Hold"), unit="s", more=True)] = None
    tempo: Annotated[
        Annotated[str, StringConstraints(pattern=r"^[0-9]{1,2}(-[0-9]{1,2}){3}$")] | None,
        Ui(_("Tempo"), unit="s", hint=_("Lowering-pause-lifting-pause, for example 3-1-2-0."), more=True),
    ] = None
    rest_s: Annotated[float | None, Interval(ge=0, le=3600), Ui(_("Rest between sets"), unit="s", more=True)] = None
    rir: Annotated[int | None, Interval(ge=0, le=10), Ui(_("Repetitions left in reserve"), unit="0-10", more=True)] = (
        None
    )
    set_rpe: Annotated[Nrs | None, Ui(_("Effort of the sets"), unit="0-10", more=True)] = None
    rom_full: Annotated[bool | None, Ui(_("Through the full range"), more=True)] = None
    compensation: Annotated[bool | None, Ui(_("Other muscles helped (compensation)"), more=True)] = None

    def problems(self, at: str) -> list[Problem]:
        found = []
        if self.muscle is not None and self.muscle not in MUSCLES:
            message = format_lazy(_("Muscle group: {value} is not a known code."), value=self.muscle)
            found.append(invalid(f"{at}/muscle", "unknown_code", message))
        if self.rir is not None and self.set_rpe is not None:
            found.append(
                invalid(f"{at}/set_rpe", "not_allowed", _("Effort: give repetitions in reserve or RPE, not both."))
            )
        return found

    def derive(self) -> dict[str, Any]:
        found: dict[str, Any] = {"sets": len(self.reps), "repetitions": sum(self.reps)}
        if self.tempo is not None:
            found["time_under_tension_s"] = formulas.time_under_tension(repetitions_per_set=self.reps, tempo=self.tempo)
        return found


class BandExercise(ResistanceExercise):
    product: Annotated[str | None, Ui(_("Band"))] = None
    peak_elongation_pct: Annotated[
        float | None,
        Interval(ge=0, le=600),
        Ui(_("Greatest stretch"), unit="%", hint=_("100 % is twice the resting length.")),
    ] = None
    bands_in_parallel: Annotated[int, Interval(ge=1, le=4), Ui(_("Bands side by side"), more=True)] = 1

    def problems(self, at: str) -> list[Problem]:
        found = super().problems(at)
        if self.product is not None and self.product not in bands.BAND_PRODUCTS:
            message = format_lazy(_("Band: {value} is not a known product."), value=self.product)
            found.append(invalid(f"{at}/product", "unknown_code", message))
        return found

    @property
    def force_newtons(self) -> float | None:
        """Force of one band at peak elongation; None where the maker gives no figure."""
        if self.product is None or self.peak_elongation_pct is None:
            return None
        return bands.force_newtons(product_code=self.product, elongation_pct=self.peak_elongation_pct)

    @property
    def volume_load(self) -> float | None:
        return formulas.band_volume_load(
            repetitions_per_set=self.reps,
            force_newtons=self.force_newtons,
            bands_in_parallel=self.bands_in_parallel,
        )

    def derive(self) -> dict[str, Any]:
        found, force = super().derive(), self.force_newtons
        if force is None:
            return found
        found["force_newtons_about"] = force * self.bands_in_parallel
        found["force_tolerance_pct"] = FORCE_TOLERANCE_PCT
        found["volume_load"] = self.volume_load
        found["source"] = bands.BAND_PRODUCTS[self.product or ""].source
        if self.hold_s:
            found["isometric_impulse_newton_seconds"] = formulas.isometric_impulse(
                repetitions_per_set=self.reps,
                force_newtons=force,
                hold_seconds=self.hold_s,
                bands_in_parallel=self.bands_in_parallel,
            )
        return found


class WeightExercise(ResistanceExercise):
    equipment: Annotated[Literal["free_weight", "machine", "cuff", "body_weight"], Ui(_("Equipment"))]
    load: Annotated[Mass | None, Ui(_("Load"))] = None

    def problems(self, at: str) -> list[Problem]:
        return super().problems(at) + only(
            outside(f"{at}/load/value", _("Load"), canonical(self.load), *WEIGHT_KG, "kg")
        )


def _problems_of(exercises: Sequence[ResistanceExercise]) -> list[Problem]:
    return [p for i, done in enumerate(exercises) for p in done.problems(pointer_to("details", "exercises", i))]


class BandDetails(SessionDetails):
    exercises: Annotated[tuple[BandExercise, ...], MinLen(1), MaxLen(20), Ui(_("Exercises"))]

    def problems(self) -> list[Problem]:
        return _problems_of(self.exercises)

    def oddities(self) -> list[Problem]:
        return only(
            *(
                odd(
                    pointer_to("details", "exercises", i, "peak_elongation_pct"),
                    _("Greatest stretch"),
                    done.peak_elongation_pct,
                    *USUAL_ELONGATION_PCT,
                    "%",
                )
                for i, done in enumerate(self.exercises)
                if done.peak_elongation_pct is not None
            )
        )

    def sums(self, *, duration_min: float | None) -> dict[str, float | None]:
        """Volume load only within one product: forces of two products are not comparable."""
        loads = [done.volume_load for done in self.exercises]
        if None in loads or len({done.product for done in self.exercises}) != 1:
            return {"volume_load": None}
        return {"volume_load": sum(load for load in loads if load is not None)}

    def repetitions(self) -> int | None:
        return sum(sum(done.reps) for done in self.exercises)

    def derive(self, *, duration_min: float | None) -> dict[str, Any]:
        return {"exercises": [done.derive() for done in self.exercises]}


class WeightsDetails(SessionDetails):
    exercises: Annotated[tuple[WeightExercise, ...], MinLen(1), MaxLen(20), Ui(_("Exercises"))]

    def problems(self) -> list[Problem]:
        return _problems_of(self.exercises)

    def oddities(self) -> list[Problem]:
        return only(
            *(
                odd(
                    pointer_to("details", "exercises", i, "load", "value"),
                    _("Load"),
                    done.load.canonical,
                    *USUAL_WEIGHT_KG,
                    "kg",
                )
                for i, done in enumerate(self.exercises)
                if done.load is not None
            )
        )

    def repetitions(self) -> int | None:
        return sum(sum(done.reps) for done in self.exercises)

    def derive(self, *, duration_min: float | None) -> dict[str, Any]:
        return {"exercises": [done.derive() for done in self.exercises]}
