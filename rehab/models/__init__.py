"""The tables. Typed tables on one abstract base; see docs/adr."""

from rehab.models.alerts import Alert, AlertCause, AlertMessage, AlertMute, AlertWatermark
from rehab.models.girth import GirthMeasurement
from rehab.models.patients import CareTeamMember, Patient
from rehab.models.programs import (
    ChecklistAnswers,
    Excusal,
    Program,
    ProgramItem,
    ProgramItemVersion,
    ProgramTemplate,
)
from rehab.models.records import Measurement, Record, RecordVersion
from rehab.models.rom import RomMeasurement
from rehab.models.sessions import ExerciseSession
from rehab.models.strength import StrengthTest

__all__ = [
    "Alert",
    "AlertCause",
    "AlertMessage",
    "AlertMute",
    "AlertWatermark",
    "CareTeamMember",
    "ChecklistAnswers",
    "Excusal",
    "ExerciseSession",
    "GirthMeasurement",
    "Measurement",
    "Patient",
    "Program",
    "ProgramItem",
    "ProgramItemVersion",
    "ProgramTemplate",
    "Record",
    "RecordVersion",
    "RomMeasurement",
    "StrengthTest",
]
