"""What every test with a force meter has: its trials, and for some the repetitions of a test of fatigue.

Force: more than 0 up to 1500 N is accepted, above 700 N hand-held asks to confirm (project input limits).
"""

from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Interval, MaxLen, MinLen
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rehab.analytics import fatigability
from rehab.analytics import strength as formulas
from rehab.errors import Problem
from rehab.reference import units
from rehab.services.inputs.base import Force, Name, Ui
from rehab.services.inputs.checks import invalid, odd, only, outside
from rehab.services.inputs.muscle_test import StrengthInput

FORCE_MAX_N = 1500.0
FORCE_USUAL_MAX_N = 700.0
MOST_REPETITIONS = 60

Trials = Annotated[tuple[Force, ...], MinLen(1), MaxLen(6)]


class ForceTest(StrengthInput):
    """What tests with a force meter share: every trial is kept, ``aggregate`` says which figure counts."""

    trials: Annotated[Trials | None, Ui(_("Trials"))] = None
    device: Annotated[Name | None, Ui(_("Device"), more=True)] = None

    result_fields = ("trials",)

    @property
    def how(self) -> Literal["max", "mean"]:
        raise NotImplementedError(type(self))  # each method fixes its own aggregate

    @property
    def force_newtons(self) -> float | None:
        if self.trials is None:
            return None
        return formulas.aggregate(trials=[trial.canonical for trial in self.trials], how=self.how)

    def own_problems(self) -> list[Problem]:
        return only(
            *(
                outside(f"/trials/{i}/value", _("Force"), trial.canonical, 0, FORCE_MAX_N, "N", above_low=True)
                for i, trial in enumerate(self.trials or ())
            )
        )

    def oddities(self) -> list[Problem]:
        return only(
            *(
                odd(f"/trials/{i}/value", _("Force"), trial.canonical, 0, FORCE_USUAL_MAX_N, "N")
                for i, trial in enumerate(self.trials or ())
            )
        )

    def columns(self) -> dict[str, Any]:
        force = self.force_newtons
        return {**super().columns(), "force_newtons": force, "series_value": force}

    def derive(self) -> dict[str, Any]:
        return {} if self.trials is None else {"force_newtons": self.force_newtons, "aggregate": self.how}


class RepeatedForceTest(ForceTest):
    """A test that may end in repetitions at a fixed pace, for how much strength falls within them.

    ``repetitions`` are numbers in the unit of the trials, in order. They do not count in the series: it compares the
    trials.
    """

    repetitions: Annotated[
        tuple[float, ...] | None,
        MinLen(fatigability.MIN_REPETITIONS),
        MaxLen(MOST_REPETITIONS),
        Ui(
            _("Repetitions at a fixed pace"),
            hint=_("10 to 60 forces in order, in the unit of the trials, with spaces between them."),
            more=True,
            rows=2,
        ),
    ] = None
    pace_seconds: Annotated[
        float | None, Interval(ge=0.5, le=60), Ui(_("Pace, from one repetition to the next"), unit="s", more=True)
    ] = None

    #: What a test of fatigue needs: all of it, or none.
    fatigue_fields: ClassVar[tuple[str, ...]] = ("repetitions", "pace_seconds")

    @property
    def repetitions_newtons(self) -> list[float]:
        """Return the repetitions in N; none if there are none, or if no one unit says what they are in."""
        found = {trial.unit for trial in self.trials or ()}
        if len(found) != 1:
            return []
        [unit] = found
        return [units.to_canonical(quantity="force", value=value, unit=unit) for value in self.repetitions or ()]

    def own_problems(self) -> list[Problem]:
        return [*super().own_problems(), *self._fatigue_problems()]

    def _fatigue_problems(self) -> list[Problem]:
        if self.repetitions is None:
            if self.pace_seconds is None:
                return []
            return [invalid("/repetitions", "missing", _("Give the forces of the repetitions, or leave out the pace."))]
        if self.trials is None:
            return [invalid("/repetitions", "not_allowed", _("A test that was not possible has no result."))]
        if len({trial.unit for trial in self.trials}) > 1:
            message = _("The repetitions are in the unit of the trials: give all trials in one unit.")
            return [invalid("/repetitions", "units_differ", message)]
        if self.pace_seconds is None:
            message = _("Give the pace: how many seconds from one repetition to the next.")
            return [invalid("/pace_seconds", "missing", message)]
        return only(
            *(
                outside(f"/repetitions/{i}", format_lazy(_("Repetition {n}"), n=i + 1), newtons, 0, FORCE_MAX_N, "N")
                for i, newtons in enumerate(self.repetitions_newtons)
            )
        )

    def derive(self) -> dict[str, Any]:
        found = super().derive()
        if self.repetitions_newtons:
            found["within_session_decrement_pct"] = fatigability.within_session_decrement_pct(
                repetitions=self.repetitions_newtons
            )
        return found
