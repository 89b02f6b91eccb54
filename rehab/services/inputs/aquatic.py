"""Aquatic sessions. The share of body weight carried holds for static standing only, never for walking or jogging.

Schneider et al. 2007, Phys Med Rehab Kuror 17:88-93, doi:10.1055/s-2007-960475. Water temperature: 20-40 °C accepted,
below 26 or above 36 °C asks to confirm (project input limits).
"""

from typing import Annotated, Any, Literal

from annotated_types import Interval, MaxLen
from django.utils.translation import gettext_lazy as _

from rehab.analytics import sessions as formulas
from rehab.errors import Problem
from rehab.reference.immersion import (
    WATER_TEMPERATURE_ACCEPT_CELSIUS,
    WATER_TEMPERATURE_USUAL_CELSIUS,
    percent_carried,
)
from rehab.services.inputs.base import Mass, Temperature, Ui, canonical
from rehab.services.inputs.checks import odd, only, outside
from rehab.services.inputs.details import SessionDetails

BODY_MASS_KG = (2.0, 400.0)


class AquaticDetails(SessionDetails):
    activity: Annotated[
        Literal[
            "standing", "walking", "jogging", "deep_water", "upper_limb", "lower_limb", "trunk", "balance", "halliwick",
            "bad_ragaz", "swim", "relaxation",
        ],
        Ui(_("Activity")),
    ]  # fmt: skip
    immersion_level: Annotated[
        Literal["popliteal", "asis", "xiphisternum", "sternoclavicular_c7"] | None,
        Ui(_("Depth of the water")),
    ] = None
    water_temp: Annotated[Temperature | None, Ui(_("Water temperature"))] = None
    equipment: Annotated[
        tuple[Literal["float", "belt", "paddles", "noodle"], ...], MaxLen(4), Ui(_("Equipment"), more=True)
    ] = ()
    entry: Annotated[Literal["steps", "hoist", "ramp"] | None, Ui(_("Way into the water"), more=True)] = None
    heart_rate: Annotated[int | None, Interval(ge=30, le=230), Ui(_("Heart rate"), unit="/min", more=True)] = None
    body_mass: Annotated[Mass | None, Ui(_("Body mass of that day"), more=True)] = None
    reference_sex: Annotated[
        Literal["female", "male"] | None,
        Ui(_("Reference row"), hint=_("The measured shares differ between women and men."), more=True),
    ] = None

    def problems(self) -> list[Problem]:
        return only(
            outside(
                "/details/water_temp/value",
                _("Water temperature"),
                canonical(self.water_temp),
                *WATER_TEMPERATURE_ACCEPT_CELSIUS,
                "°C",
            ),
            outside("/details/body_mass/value", _("Body mass"), canonical(self.body_mass), *BODY_MASS_KG, "kg"),
        )

    def oddities(self) -> list[Problem]:
        return only(
            odd(
                "/details/water_temp/value",
                _("Water temperature"),
                canonical(self.water_temp),
                *WATER_TEMPERATURE_USUAL_CELSIUS,
                "°C",
            )
        )

    def derive(self, *, duration_min: float | None) -> dict[str, Any]:
        if self.activity != "standing" or self.immersion_level is None:
            return {}
        share = percent_carried(level=self.immersion_level, sex=self.reference_sex)
        found: dict[str, Any] = {
            "carried_pct_about": share.mean_pct,
            "carried_population": share.population,
            "source": share.source,
        }
        if self.body_mass is not None:
            found["carried_load_kg_about"] = formulas.carried_load_kg(
                body_mass_kg=self.body_mass.canonical, carried_pct=share.mean_pct
            )
        return found
