"""The kinds of record: each joins a table with the documents that may stand in it. One entry here adds a kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from rehab.models import (
    Assessment,
    CheckIn,
    ExerciseSession,
    GirthMeasurement,
    Patient,
    Record,
    RomMeasurement,
    StrengthTest,
)
from rehab.services import red_flags, respiratory_flags
from rehab.services.alerts import Cause
from rehab.services.inputs import assessments, check_ins, girth, rom, sessions, strength
from rehab.services.inputs.base import RecordInput


@dataclass(frozen=True)
class Kind:
    """``discriminator`` is the field that chooses among ``variants``; None where there is only one.

    ``permission`` is what it takes to record one: clinicians alone may record what only they measure. ``raises`` says
    which red flags a stored record of the kind raises (``rehab.services.flagging``).
    """

    name: str
    label: str | Promise
    model: type[Record]
    variants: Mapping[str, type[RecordInput]]
    discriminator: str | None = None
    permission: Permission = Permission.LOG_RECORDS
    raises: Callable[[Record, Patient], list[Cause]] | None = None

    @property
    def asks_red_flags(self) -> bool:
        return any("red_flags" in variant.model_fields for variant in self.variants.values())


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("strength", _("Strength"), StrengthTest, strength.VARIANTS, "method"),
        Kind("rom", _("Range of motion"), RomMeasurement, rom.VARIANTS),
        Kind("girth", _("Limb girth"), GirthMeasurement, girth.VARIANTS),
        Kind(
            "sessions",
            _("Exercise session"),
            ExerciseSession,
            sessions.VARIANTS,
            "modality",
            raises=red_flags.findings,
        ),
        Kind("check-ins", _("Check-in"), CheckIn, check_ins.VARIANTS, raises=red_flags.findings),
        Kind(
            "assessments",
            _("Assessment by a clinician"),
            Assessment,
            assessments.VARIANTS,
            "assessment",
            permission=Permission.ASSESS,
            raises=respiratory_flags.causes_of,
        ),
    )
}
