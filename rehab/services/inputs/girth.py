"""Limb girth: two readings, a third if they differ by more than 0.5 cm; the mean counts. Girth is not muscle mass.

Protocol: Harrelson 1998 (J Sport Rehabil 7:300); Tunc 2007 (doi:10.1177/0003319707307844).
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from annotated_types import MaxLen, MinLen
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rehab.analytics import girth as formulas
from rehab.errors import Problem
from rehab.reference.girth import GIRTH_SITES
from rehab.services.inputs.base import Length, Name, RecordInput, Side, Ui, canonical
from rehab.services.inputs.checks import invalid, only, outside

DISTANCE_CM = (0.0, 60.0)


class GirthInput(RecordInput):
    site: Annotated[str, Ui(_("Site"))]
    side: Annotated[Side, Ui(_("Side"))]
    readings: Annotated[tuple[Length, ...], MinLen(1), MaxLen(3), Ui(_("Readings"))]
    distance: Annotated[
        Length | None,
        Ui(_("Distance from the landmark"), hint=_("If it differs from the site's own."), more=True),
    ] = None
    landmark: Annotated[
        Literal[
            "superior_patellar_pole",
            "medial_joint_line",
            "tibial_tuberosity",
            "olecranon",
            "lateral_epicondyle",
        ]
        | None,
        Ui(_("Landmark used"), more=True),
    ] = None
    position: Annotated[Literal["supine", "sitting", "standing"] | None, Ui(_("Position"), more=True)] = None
    oedema: Annotated[bool | None, Ui(_("Swelling (oedema)"), more=True)] = None
    tester: Annotated[Name | None, Ui(_("Tester"), hint=_("If somebody else than you measured."), more=True)] = None

    def problems(self) -> list[Problem]:
        site = GIRTH_SITES.get(self.site)
        if site is None:
            message = format_lazy(_("Site: {value} is not a known code."), value=self.site)
            return [invalid("/site", "unknown_code", message)]
        return only(
            *(
                outside(
                    f"/readings/{i}/value",
                    _("Girth"),
                    reading.canonical,
                    site.hard_min_cm,
                    site.hard_max_cm,
                    "cm",
                )
                for i, reading in enumerate(self.readings)
            ),
            outside(
                "/distance/value",
                _("Distance from the landmark"),
                canonical(self.distance),
                *DISTANCE_CM,
                "cm",
            ),
        )

    def oddities(self) -> list[Problem]:
        readings = [reading.canonical for reading in self.readings]
        if len(readings) == 2 and formulas.needs_third_reading(first_cm=readings[0], second_cm=readings[1]):
            return [
                Problem(
                    "/readings",
                    "unusual",
                    _("Readings: they differ by more than 0.5 cm. Please take a third, or confirm."),
                )
            ]
        return []

    def columns(self) -> dict[str, Any]:
        mean = formulas.mean_girth_cm(readings_cm=[reading.canonical for reading in self.readings])
        return {"site": self.site, "side": self.side, "girth_cm": mean, "series_value": mean}

    def derive(self) -> dict[str, Any]:
        return {"girth_cm": self.columns()["girth_cm"], "readings": len(self.readings)}

    def series(self) -> tuple[Any, ...]:
        return (
            self.site,
            self.side,
            self.distance and round(self.distance.canonical, 1),
            self.landmark,
            self.position,
        )


VARIANTS: Mapping[str, type[GirthInput]] = {"girth": GirthInput}
